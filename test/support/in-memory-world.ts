import { InMemoryEventLog } from '../../src/adapters/in-memory/event-log.ts';
import { InMemoryCounterStore } from '../../src/adapters/in-memory/in-memory-counter-store.ts';
import { InMemoryRecords } from '../../src/adapters/in-memory/records.ts';
import type { CampaignTerms } from '../../src/domain/campaign.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { Grant } from '../../src/domain/grant.ts';
import { hasPassed } from '../../src/domain/ports/event-log-progress.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import { type InMemoryProcess, startProcess } from './in-memory-process.ts';
import { ManualTime } from './manual-time.ts';
import { randomCampaignId, randomName, randomUserId } from './random.ts';
import { RecordingJournal } from './recording-journal.ts';

const STEP = 50;

/** The servers of the service in memory: the counter, the event log, the permanent record, and one time for all. */
export class InMemoryWorld {
  readonly time = new ManualTime();
  readonly journal = new RecordingJournal();
  readonly records = new InMemoryRecords(randomName('installation'));
  readonly store = new InMemoryCounterStore(this.time);
  readonly log = new InMemoryEventLog('coupon_create', 3);

  /** Lets everything happen that waits for no time. */
  async rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }

  async pass(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += STEP) {
      this.time.advance(Math.min(STEP, milliseconds - passed));
      await this.rest();
    }
  }

  /** Lets time pass until the work is done. */
  async finish<T>(work: Promise<T>, within = 60_000): Promise<T> {
    let done = false;
    const end = (): void => {
      done = true;
    };
    work.then(end, end);
    for (let passed = 0; ; passed += STEP) {
      await this.rest();
      if (done) return work;
      if (passed >= within) throw new Error(`not done within ${within} ms`);
      this.time.advance(STEP);
    }
  }

  async until(isSo: () => boolean | Promise<boolean>, within = 60_000): Promise<void> {
    for (let passed = 0; !(await isSo()); passed += STEP) {
      if (passed >= within) throw new Error(`not so within ${within} ms`);
      await this.pass(STEP);
    }
  }

  /** Until the consumers have passed what lies in the log now. */
  async drain({ progress }: InMemoryProcess): Promise<void> {
    const end = this.log.end();
    await this.until(async () => hasPassed(await progress.committed(), end));
  }

  /** Every coupon of a campaign, as user and sequence, by sequence. */
  coupons(id: CampaignId): readonly (readonly [UserId, number])[] {
    const coupons = [...this.records.campaign(id).couponsBySequence.values()];
    return coupons.toSorted((a, b) => a.sequence - b.sequence).map(({ userId, sequence }) => [userId, sequence]);
  }

  /** How many events the log holds, duplicates included. */
  get published(): number {
    return [...this.log.end().values()].reduce((sum, end) => sum + Number(end), 0);
  }
}

export const someUsers = (count: number): readonly UserId[] => Array.from({ length: count }, () => randomUserId());

/** A world with its counter open, one process, and its consumer at work. */
export async function aWorld(mostInFlight?: number): Promise<{ world: InMemoryWorld; process: InMemoryProcess }> {
  const world = new InMemoryWorld();
  const process = startProcess(world, mostInFlight);
  await world.finish(process.keepOpen());
  process.consumer.start();
  return { world, process };
}

/** Another process of the world, which knows what it must know to ask the counter. */
export async function anotherProcess(world: InMemoryWorld): Promise<InMemoryProcess> {
  const process = startProcess(world);
  await process.known.refresh();
  return process;
}

export async function anOpenCampaign(
  process: InMemoryProcess,
  limit: number,
  terms: Partial<CampaignTerms> = {},
): Promise<CampaignId> {
  const id = randomCampaignId();
  const answer = await process.openCampaign.execute({
    id,
    name: 'Welcome',
    startsAt: null,
    endsAt: null,
    ...terms,
    limit,
  });
  if (answer !== 'created') throw new Error(`the campaign is ${answer}`);
  return id;
}

/** Applies for every user at once, and answers the sequence of each who was accepted. */
export async function applyAll(
  { applyForCoupon }: InMemoryProcess,
  id: CampaignId,
  users: readonly UserId[],
): Promise<ReadonlyMap<UserId, number>> {
  const answers = await Promise.all(users.map((user) => applyForCoupon.execute(id, user)));
  const accepted = new Map<UserId, number>();
  answers.forEach((answer, index) => {
    const user = users[index];
    if (answer.kind === 'accepted' && user !== undefined) accepted.set(user, answer.grant.sequence);
  });
  return accepted;
}

/** Makes the record refuse the data of every grant of a campaign, until the function that is answered is called. */
export function refuseData({ records }: InMemoryWorld, id: CampaignId): () => void {
  const shelf = records.campaign(id);
  const { ceiling } = shelf.record;
  shelf.record = { ...shelf.record, ceiling: 0 };
  return () => {
    shelf.record = { ...shelf.record, ceiling };
  };
}

/**
 * Grants a user something, loses it together with the counter, and lets its event arrive when the rebuild is over:
 * what remains of it is an open failed event that came too late for its epoch.
 */
export async function lateGrant(
  world: InMemoryWorld,
  process: InMemoryProcess,
  id: CampaignId,
  user: UserId,
): Promise<Grant> {
  const admission = await process.counter.admit(id, user);
  if (admission.kind !== 'granted') throw new Error(`the admission is ${admission.kind}`);
  world.store.lose(id, 'users');
  await world.finish(process.keepOpen());
  world.log.append(admission.grant);
  await world.drain(process);
  return admission.grant;
}
