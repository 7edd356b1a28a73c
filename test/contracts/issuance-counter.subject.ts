import { randomUUID } from 'node:crypto';
import type { CounterPart } from '../../src/adapters/in-memory/in-memory-counter-store.ts';
import { KnownIncarnation } from '../../src/application/known-incarnation.ts';
import type { CampaignRecord } from '../../src/domain/campaign.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { Grant } from '../../src/domain/grant.ts';
import type { CounterHoldings } from '../../src/domain/ports/counter-holdings.ts';
import type { CounterKeeper } from '../../src/domain/ports/counter-keeper.ts';
import type { CounterOpening } from '../../src/domain/ports/counter-opening.ts';
import type { Incarnation } from '../../src/domain/ports/incarnations.ts';
import type { IssuanceCounter, OpeningHours } from '../../src/domain/ports/issuance-counter.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import { randomCampaignId } from '../support/random.ts';

/** What one process holds of the counter. */
export interface CounterProcess {
  readonly counter: IssuanceCounter;
  readonly keeper: CounterKeeper;
  readonly holdings: CounterHoldings;
}

/** One server of the counter, and the processes around it. */
export interface CounterServer extends AsyncDisposable {
  readonly opening: CounterOpening;
  process(known: KnownIncarnation): Promise<CounterProcess>;
  /** Another server stands at the same address, with the same data. */
  replace(): Promise<void>;
  lose(campaignId: CampaignId, part: CounterPart): Promise<void>;
  suffer(fault: 'away' | 'replies-lost'): Promise<void>;
  recover(): Promise<void>;
}

const clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** An incarnation that no other test knows. */
export const newIncarnation = (): Incarnation => ({ installation: randomUUID(), number: 1 });

export async function knowing(incarnation: Incarnation): Promise<KnownIncarnation> {
  const known = new KnownIncarnation(
    { current: async () => incarnation, raise: () => Promise.reject(new Error('a process raises nothing')) },
    clock,
  );
  await known.refresh();
  return known;
}

export async function serve(server: CounterServer, incarnation = newIncarnation()): Promise<CounterProcess> {
  const session = await server.opening.begin();
  await session.serve(incarnation);
  await session.end();
  return server.process(await knowing(incarnation));
}

export const recordOf = (changes: Partial<CampaignRecord> = {}): CampaignRecord => {
  const limit = changes.limit ?? 3;
  return {
    id: randomCampaignId(),
    name: 'Welcome, {you} — "half" price\n',
    limit,
    startsAt: null,
    endsAt: null,
    ceiling: limit,
    epoch: 1,
    minimumEpoch: 1,
    version: 1,
    createdAt: 1_790_000_000_123,
    openedAt: null,
    openingToken: null,
    archivedAt: null,
    archivedGranted: null,
    ...changes,
  };
};

export async function open(keeper: CounterKeeper, changes: Partial<CampaignRecord> = {}): Promise<CampaignRecord> {
  const record = recordOf(changes);
  await keeper.prepare(record, 'token');
  if (!(await keeper.open(record.id, 'token'))) throw new Error('the campaign did not open');
  return record;
}

export async function grantTo(
  counter: IssuanceCounter,
  campaignId: CampaignId,
  userId: UserId,
  hours?: OpeningHours,
): Promise<Grant> {
  const admission = await counter.admit(campaignId, userId, hours);
  if (admission.kind !== 'granted') throw new Error(`not granted: ${JSON.stringify(admission)}`);
  return admission.grant;
}
