import { TOKENS as T } from '../../src/bootstrap/tokens.ts';
import type { CampaignTerms, TermsPatch } from '../../src/domain/campaign.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import { isOutage } from '../../src/domain/outage.ts';
import type { Cluster } from './cluster.ts';
import type { TermsChange } from './history.ts';
import { START } from './host.ts';
import type { Random } from './random.ts';
import type { Api } from './service.ts';
import { stackOf, type World } from './world.ts';

const AGAIN_AFTER = 1_000;
const FIRST_PAGE = { limit: 100, cursor: null };

/** One who creates campaigns, changes them while they run, and gives commands. */
export class Operator {
  readonly #world: World;
  readonly #cluster: Cluster;
  readonly #random: Random;

  constructor(world: World, cluster: Cluster, random: Random) {
    this.#world = world;
    this.#cluster = cluster;
    this.#random = random;
  }

  /** Asks until the campaign is open. */
  create(id: CampaignId, limit: number): void {
    const terms: CampaignTerms = { name: 'Welcome', limit, startsAt: null, endsAt: null };
    const change = this.#begin(id, terms);
    const ask = (): void => {
      this.#command(`creates ${id}`, async ({ parts }) => {
        const answer = await parts.get(T.openCampaign).execute({ id, ...terms });
        change.endedAt = this.#world.timeline.now;
        return answer;
      });
      this.#world.timeline.in(400, () => {
        if (change.endedAt === Number.POSITIVE_INFINITY) ask();
      });
    };
    ask();
  }

  change(id: CampaignId, at: number): void {
    this.#world.timeline.at(at, () => {
      const patch = this.#patch();
      const change = this.#begin(id, patch);
      this.#world.history.counts.changes += 1;
      this.#command(`changes ${id} ${JSON.stringify(patch)}`, async ({ parts }) => {
        const answer = await parts.get(T.changeCampaign).execute(id, patch);
        if (answer.kind === 'changed') {
          change.endedAt = this.#world.timeline.now;
          change.clamped = answer.clampedFrom !== undefined;
        }
        return answer.kind;
      });
    });
  }

  rebuild(id: CampaignId, at: number): void {
    this.#order(at, `rebuilds ${id}`, ({ parts }) => parts.get(T.rebuildCampaign).execute(id));
  }

  republish(id: CampaignId, at: number): void {
    this.#order(at, `republishes ${id}`, ({ parts }) => parts.get(T.republishGrants).execute(id));
  }

  republishUntilDone(id: CampaignId, at: number): void {
    let isDone = false;
    this.#order(at, `republishes ${id}`, async ({ parts }) => {
      const answer = await parts.get(T.republishGrants).execute(id);
      isDone = answer.kind === 'marked';
      return answer;
    });
    this.#world.timeline.at(at + AGAIN_AFTER, () => {
      if (!isDone) this.republishUntilDone(id, at + AGAIN_AFTER);
    });
  }

  reissueAll(at: number): void {
    this.#order(at, 'reissues all', ({ parts }) => parts.get(T.reissueFailedEvents).all(null));
  }

  /** Gives up one of the failed events there are, if there is one. */
  voidOne(at: number): void {
    const chance = this.#random.next();
    this.#order(at, 'voids', async ({ parts }) => {
      const { items } = await parts.get(T.listFailedEvents).execute({ campaignId: null, status: 'open' }, FIRST_PAGE);
      const event = items[Math.floor(chance * items.length)];
      return event ? parts.get(T.voidFailedEvent).execute(event.id, 'asked for') : 'nothing to void';
    });
  }

  #begin(id: CampaignId, { limit, startsAt, endsAt }: TermsPatch): TermsChange {
    const window = startsAt === undefined || endsAt === undefined ? {} : { window: { startsAt, endsAt } };
    const begunAt = this.#world.timeline.now;
    const change = { begunAt, endedAt: Number.POSITIVE_INFINITY, ...(limit === undefined ? {} : { limit }), ...window };
    this.#world.history.changed(id, change);
    return change;
  }

  #patch(): TermsPatch {
    if (this.#random.chance(0.7)) return { limit: this.#random.integer(2, 14) };
    const now = START + this.#world.timeline.now;
    return this.#random.pick<TermsPatch>([
      { startsAt: null, endsAt: null },
      { startsAt: null, endsAt: null },
      { startsAt: null, endsAt: Math.round(now) + this.#random.integer(-500, 3_000) },
      { startsAt: Math.round(now) + this.#random.integer(0, 2_000), endsAt: null },
    ]);
  }

  #order(at: number, what: string, work: (api: Api) => Promise<unknown>): void {
    this.#world.timeline.at(at, () => {
      this.#world.history.counts.commands += 1;
      this.#command(what, async (api) => JSON.stringify(await work(api)));
    });
  }

  #command(what: string, work: (api: Api) => Promise<string>): void {
    const api = this.#cluster.api(this.#random.integer(0, 5));
    const { timeline, history } = this.#world;
    api.host.deliver(timeline.now + 1, () => {
      this.#world.trace(() => `operator ${what} at ${api.host.name}`);
      work(api).then(
        (answer) => this.#world.trace(() => `operator hears: ${what}: ${answer}`),
        (error: unknown) => {
          this.#world.trace(() => `operator hears: ${what}: ${String(error)}`);
          if (!isOutage(error)) history.violate('error', stackOf(error));
        },
      );
    });
  }
}
