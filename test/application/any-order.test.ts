import { expect, it } from 'vitest';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { Grant } from '../../src/domain/grant.ts';
import { parseUserId, type UserId } from '../../src/domain/user-id.ts';
import type { InMemoryProcess } from '../support/in-memory-process.ts';
import { anOpenCampaign, anotherProcess, aWorld, type InMemoryWorld } from '../support/in-memory-world.ts';
import { seededNumbers } from '../support/seeded.ts';

const SCHEDULES = Number(process.env['SCHEDULES'] ?? 150);
const STEPS = 80;
const CALLS_OF_APPLICATIONS = ['counter.admit', 'publisher.publish'];
const CALLS_OF_LEADERS = [
  'session.fence',
  'session.close',
  'session.serve',
  'session.survivors',
  'progress.end',
  'issuance.snapshot',
  'session.replace',
  'counters.stale',
  'counters.change',
  'campaigns.settleVersion',
  'failedEvents.closeReadmitted',
];

/** Applications, changes, rounds of two leaders, and everything that goes wrong with stores and processes, in any order. */
class Schedule {
  readonly #random: () => number;
  readonly #world: InMemoryWorld;
  readonly #processes: readonly InMemoryProcess[];
  readonly #id: CampaignId;
  /** What each user was told. */
  readonly told = new Map<UserId, Set<number>>();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #held: (() => void)[] = [];
  readonly #late: Grant[] = [];
  #copies: ReturnType<InMemoryWorld['store']['copy']>[] = [];
  highestLimit = 8;

  constructor(seed: number, world: InMemoryWorld, processes: readonly InMemoryProcess[], id: CampaignId) {
    this.#random = seededNumbers(seed);
    this.#world = world;
    this.#processes = processes;
    this.#id = id;
  }

  async run(): Promise<void> {
    for (let step = 0; step < STEPS; step += 1) {
      this.#one();
      await this.#world.pass(this.#pick([0, 0, 50, 50, 400, 1_000]));
    }
    await this.#heal();
  }

  #pick<T>(of: readonly T[]): T {
    const picked = of[Math.floor(this.#random() * of.length)];
    if (picked === undefined) throw new RangeError('nothing to pick from');
    return picked;
  }

  #start(work: Promise<unknown>): void {
    const settled: Promise<unknown> = work.catch(() => undefined).then((): unknown => this.#underWay.delete(settled));
    this.#underWay.add(settled);
  }

  #one(): void {
    const chance = this.#random();
    if (chance < 0.5) this.#apply();
    else if (chance < 0.65) this.#lead();
    else if (chance < 0.69) this.#change();
    else if (chance < 0.79) this.#hold();
    else if (chance < 0.87) this.#held.splice(Math.floor(this.#random() * this.#held.length), 1)[0]?.();
    else if (chance < 0.91) this.#arriveLate();
    else this.#fault();
  }

  #apply(): void {
    const user = parseUserId(String(1 + Math.floor(this.#random() * 14)));
    const { applyForCoupon } = this.#pick(this.#processes);
    this.#start(
      applyForCoupon.execute(this.#id, user).then((answer) => {
        if (answer.kind !== 'accepted') return;
        this.told.set(user, (this.told.get(user) ?? new Set()).add(answer.grant.sequence));
      }),
    );
  }

  #lead(): void {
    const leader = this.#pick(this.#processes);
    this.#start(
      this.#pick([
        () => leader.keepOpen(),
        () => leader.keepOpen(),
        () => leader.settlePendingGrants.execute(),
        () => leader.compareTerms.execute(),
        () => leader.reissueFailedEvents.due(),
      ])(),
    );
  }

  #change(): void {
    const limit = this.#pick([4, 6, 8, 10, 12]);
    this.highestLimit = Math.max(this.highestLimit, limit);
    this.#start(this.#pick(this.#processes).changeCampaign.execute(this.#id, { limit }));
  }

  #hold(): void {
    const { calls } = this.#pick(this.#processes);
    const call = this.#pick(this.#random() < 0.5 ? CALLS_OF_APPLICATIONS : CALLS_OF_LEADERS);
    this.#held.push((this.#random() < 0.5 ? calls.stopBefore(call) : calls.stopAfter(call)).goOn);
  }

  /** A send that its client has given up may still arrive. */
  #arriveLate(): void {
    for (const grant of this.#late.splice(0)) this.#world.log.append(grant);
    const { meta, users, pending } = this.#world.store.get(this.#id);
    for (const [userId, grantedAt] of pending) {
      const sequence = users.get(userId);
      if (meta === null || sequence === undefined) continue;
      this.#late.push({ campaignId: this.#id, userId, sequence, epoch: meta.epoch, grantedAt });
    }
  }

  #fault(): void {
    const { store, log } = this.#world;
    this.#pick([
      () => this.#copies.push(store.copy()),
      () => store.restart(),
      () => store.restart(this.#pick([new Map(), ...this.#copies])),
      () => store.wipe(),
      () => store.lose(this.#id, this.#pick(['meta', 'users', 'pending'])),
      () => store.suffer(this.#pick(['none', 'none', 'away', 'replies-lost'])),
      () => log.suffer(this.#pick(['none', 'none', 'away', 'acknowledgements-lost'])),
      () => log.group('coupon-issuance').loseCommits(),
      () => this.#pick(this.#processes).calls.away('coupons', 'database'),
      () => this.#back(),
    ])();
  }

  #back(): void {
    for (const { calls } of this.#processes) calls.back('coupons');
  }

  async #heal(): Promise<void> {
    const world = this.#world;
    world.store.suffer('none');
    world.log.suffer('none');
    this.#back();
    for (const goOn of this.#held) goOn();
    await world.until(() => this.#underWay.size === 0, 300_000);
    const [leader] = this.#processes as [InMemoryProcess];
    for (let round = 0; round < 3; round += 1) {
      for (const goOn of this.#held) goOn();
      await world.finish(leader.keepOpen());
      await world.pass(5_000);
      await world.finish(leader.settlePendingGrants.execute());
      await world.finish(leader.compareTerms.execute());
      await world.finish(leader.reissueFailedEvents.due());
      await world.drain(leader);
      await world.pass(31_000);
    }
  }
}

async function everythingAgrees(world: InMemoryWorld, leader: InMemoryProcess, id: CampaignId, schedule: Schedule) {
  const coupons = new Map(world.coupons(id));
  for (const [user, sequences] of schedule.told) expect([user, [...sequences]]).toEqual([user, [coupons.get(user)]]);
  expect(coupons.size).toBeLessThanOrEqual(schedule.highestLimit);
  expect(await leader.accountForCampaigns.one(id)).toMatchObject({ unaccounted: 0, inFlight: 0, pending: 0 });
  const { users } = world.store.get(id);
  expect(new Map([...users].toSorted((a, b) => a[1] - b[1]))).toEqual(coupons);
  const { limit, ceiling, version } = (await leader.campaigns.find(id)) ?? {};
  expect(await leader.counter.standing(id)).toMatchObject({ kind: 'open', limit, ceiling, version });
}

it.each(Array.from({ length: SCHEDULES }, (_, index) => index + Number(process.env['FIRST'] ?? 1)))(
  'everybody who was told a sequence has that coupon, and nobody too many, after schedule %i',
  async (seed) => {
    const { world, process: first } = await aWorld();
    const second = await anotherProcess(world);
    second.consumer.start();
    const id = await anOpenCampaign(first, 8);
    const schedule = new Schedule(seed, world, [first, second], id);
    await schedule.run();
    await everythingAgrees(world, first, id, schedule);
  },
);
