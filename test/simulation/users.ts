import type { ApplicationAnswer } from '../../src/application/apply-for-coupon.ts';
import { TOKENS as T } from '../../src/bootstrap/tokens.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import { isOutage } from '../../src/domain/outage.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import type { Cluster } from './cluster.ts';
import type { Random } from './random.ts';
import type { Api } from './service.ts';
import { stackOf, type World } from './world.ts';

const MOST_PRESSES = 5;
const GIVES_UP_AFTER = 3_000;

type Heard = ApplicationAnswer['kind'] | 'unavailable' | 'nothing';

const WORTH_A_RETRY: ReadonlySet<Heard> = new Set<Heard>([
  'outcome-unknown',
  'rebuilding',
  'overloaded',
  'event-log-away',
  'unavailable',
  'nothing',
]);

/** People who press the button: twice, again after an error, on whichever process they reach, and look in between. */
export class Users {
  readonly #world: World;
  readonly #cluster: Cluster;
  readonly #random: Random;

  constructor(world: World, cluster: Cluster, random: Random) {
    this.#world = world;
    this.#cluster = cluster;
    this.#random = random;
  }

  /** A user who begins at a moment, and what he does after each answer. */
  arrive(campaignId: CampaignId, userId: UserId, at: number): void {
    const { timeline } = this.#world;
    timeline.at(at, () => this.#press(campaignId, userId, 1));
    if (this.#random.chance(0.15)) {
      timeline.at(at + this.#random.between(0, 60), () => this.#press(campaignId, userId, MOST_PRESSES));
    }
    if (this.#random.chance(0.5)) this.look(campaignId, userId, at + this.#random.between(0, 3_000));
  }

  look(campaignId: CampaignId, userId: UserId, at: number): void {
    this.#world.timeline.at(at, () => {
      this.#world.history.counts.looks += 1;
      this.#ask(async ({ parts }) => {
        const status = await parts.get(T.findApplication).execute(campaignId, userId);
        const sequence = 'sequence' in status ? status.sequence : null;
        this.#world.trace(() => `${userId} looks at ${campaignId}: ${status.kind} ${sequence ?? ''}`);
        if (sequence !== null) this.#world.history.told(campaignId, userId, sequence);
        return status.kind;
      });
    });
  }

  /** Applies and says, once there is an answer, which. */
  press(campaignId: CampaignId, userId: UserId, then: (heard: Heard) => void, api?: Api): void {
    this.#world.history.sent(campaignId, userId);
    this.#ask(
      async ({ parts }) => {
        const answer = await parts.get(T.applyForCoupon).execute(campaignId, userId);
        const sequence = answer.kind === 'accepted' ? answer.grant.sequence : null;
        this.#world.trace(() => `${userId} applies for ${campaignId}: ${answer.kind} ${sequence ?? ''}`);
        if (sequence !== null) this.#world.history.told(campaignId, userId, sequence);
        return answer.kind;
      },
      then,
      api,
    );
  }

  #press(campaignId: CampaignId, userId: UserId, presses: number): void {
    this.press(campaignId, userId, (heard) => {
      const again = WORTH_A_RETRY.has(heard) ? 0.75 : 0.12;
      if (presses >= MOST_PRESSES || !this.#random.chance(again)) return;
      this.#world.timeline.in(this.#random.between(20, 2_500), () => this.#press(campaignId, userId, presses + 1));
      if (this.#random.chance(0.3))
        this.look(campaignId, userId, this.#world.timeline.now + this.#random.between(0, 900));
    });
  }

  #ask<T extends string>(
    work: (api: Api) => Promise<T>,
    then: (heard: T | Heard) => void = () => undefined,
    api = this.#cluster.api(this.#random.integer(0, 5)),
  ): void {
    let heard = false;
    const hear = (answer: T | Heard): void => {
      if (!heard) then(answer);
      heard = true;
    };
    const { timeline, history } = this.#world;
    timeline.in(GIVES_UP_AFTER, () => hear('nothing'));
    if (!api.host.isAlive) timeline.in(1, () => hear('unavailable'));
    api.host.deliver(timeline.now + 1, () => {
      work(api).then(hear, (error: unknown) => {
        if (!isOutage(error)) history.violate('error', stackOf(error));
        hear('unavailable');
      });
    });
  }
}
