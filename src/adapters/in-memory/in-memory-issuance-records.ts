import type { Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { CounterSample, Holder } from '../../domain/counter-standing.ts';
import type { Account, IssuanceRecords, Snapshot } from '../../domain/ports/issuance-records.ts';
import { refuseTooManyGaps } from '../../domain/snapshot-gaps.ts';
import type { CampaignShelf, InMemoryRecords, StoredFailedEvent } from './records.ts';
import { slotHolders } from './records-failed-event.ts';

export class InMemoryIssuanceRecords implements IssuanceRecords {
  readonly #records: InMemoryRecords;

  constructor(records: InMemoryRecords) {
    this.#records = records;
  }

  async raiseEpoch(id: CampaignId): Promise<number | null> {
    const shelf = this.#records.campaign(id);
    if (shelf.record.archivedAt !== null) return null;
    shelf.record = { ...shelf.record, epoch: shelf.record.epoch + 1 };
    return shelf.record.epoch;
  }

  async snapshot(id: CampaignId, epoch: number, now: Instant): Promise<Snapshot | null> {
    const shelf = this.#records.find(id);
    if (!shelf?.record || shelf.record.epoch !== epoch) return null;
    const used = usedSequences(shelf);
    const highest = highestOf(used);
    const gaps = highest - used.size;
    refuseTooManyGaps(id, gaps);
    for (let sequence = 1; sequence < highest; sequence += 1) {
      if (used.has(sequence)) continue;
      shelf.burnt.set(sequence, { sequence, userId: null, reason: `unused before epoch ${epoch}`, burntAt: now });
    }
    const { record } = shelf;
    shelf.record = {
      ...record,
      ceiling: record.ceiling + gaps,
      minimumEpoch: Math.max(record.minimumEpoch, epoch),
      version: record.version + 1,
    };
    return { record: { ...shelf.record }, highest, holders: holdersOf(shelf, highest) };
  }

  async highest(): Promise<ReadonlyMap<CampaignId, number>> {
    const highest = new Map<CampaignId, number>();
    for (const shelf of this.#records.shelves()) {
      if (shelf.record !== null) highest.set(shelf.record.id, highestOf(usedSequences(shelf)));
    }
    return highest;
  }

  async account(id: CampaignId, sample: CounterSample): Promise<Account> {
    const shelf = this.#records.find(id);
    if (shelf === undefined) return { issued: 0, failed: 0, burnt: 0, recorded: 0 };
    const recorded = usedSequences(shelf);
    for (const sequence of sample.pending) recorded.delete(sequence);
    return {
      issued: shelf.couponsBySequence.size,
      failed: shelf.open.size,
      burnt: shelf.burnt.size,
      recorded: [...recorded].filter((sequence) => sequence <= sample.counter).length,
    };
  }

  async unrecorded(id: CampaignId, holders: readonly Holder[]): Promise<readonly Holder[]> {
    const shelf = this.#records.find(id);
    if (shelf === undefined) return [...holders];
    const open = new Set([...shelf.open].filter(({ event }) => event.reason !== 'late-epoch').map(keyOfEvent));
    return holders.filter(
      ({ userId, sequence }) =>
        shelf.couponsBySequence.get(sequence)?.userId !== userId &&
        !shelf.burnt.has(sequence) &&
        !open.has(`${userId} ${sequence}`),
    );
  }
}

const keyOfEvent = ({ event: { grant } }: StoredFailedEvent): string => `${grant?.userId} ${grant?.sequence}`;

const usedSequences = (shelf: CampaignShelf): Set<number> =>
  new Set([
    ...shelf.couponsBySequence.keys(),
    ...shelf.burnt.keys(),
    ...slotHolders(shelf).map(({ grant }) => grant.sequence),
  ]);

const highestOf = (used: ReadonlySet<number>): number => {
  let highest = 0;
  for (const sequence of used) highest = Math.max(highest, sequence);
  return highest;
};

const HOLDERS_AT_ONCE = 1_000;

/** In the order in which whoever moves from one kind to another meanwhile is not missed. */
async function* holdersOf(shelf: CampaignShelf, highest: number): AsyncGenerator<readonly Holder[]> {
  const kinds: readonly (() => Holder[])[] = [
    () => slotHolders(shelf).map(({ grant }) => ({ userId: grant.userId, sequence: grant.sequence, voided: false })),
    () => [...shelf.couponsBySequence.values()].map(({ userId, sequence }) => ({ userId, sequence, voided: false })),
    () =>
      [...shelf.burnt.values()].flatMap(({ userId, sequence }) =>
        userId === null ? [] : [{ userId, sequence, voided: true }],
      ),
  ];
  for (const read of kinds) {
    const holders = read().filter(({ sequence }) => sequence <= highest);
    for (let from = 0; from < holders.length; from += HOLDERS_AT_ONCE) {
      yield holders.slice(from, from + HOLDERS_AT_ONCE);
    }
  }
}
