import type { Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { CounterSample, Holder } from '../../domain/counter-standing.ts';
import type { Account, IssuanceRecords, Snapshot } from '../../domain/ports/issuance-records.ts';
import type { CampaignShelf, InMemoryRecords } from './records.ts';
import { slotHolders } from './records-failed-event.ts';

export class InMemoryIssuanceRecords implements IssuanceRecords {
  readonly #records: InMemoryRecords;

  constructor(records: InMemoryRecords) {
    this.#records = records;
  }

  async raiseEpoch(id: CampaignId): Promise<number> {
    const shelf = this.#records.campaign(id);
    shelf.record = { ...shelf.record, epoch: shelf.record.epoch + 1 };
    return shelf.record.epoch;
  }

  async snapshot(id: CampaignId, epoch: number, now: Instant): Promise<Snapshot | null> {
    const shelf = this.#records.find(id);
    if (!shelf?.record || shelf.record.epoch !== epoch) return null;
    const holders = holdersOf(shelf);
    const used = usedSequences(shelf);
    let highest = 0;
    for (const sequence of used) highest = Math.max(highest, sequence);
    let gaps = 0;
    for (let sequence = 1; sequence < highest; sequence += 1) {
      if (used.has(sequence)) continue;
      shelf.burnt.set(sequence, { sequence, userId: null, reason: `unused before epoch ${epoch}`, burntAt: now });
      gaps += 1;
    }
    const { record } = shelf;
    shelf.record = {
      ...record,
      ceiling: record.ceiling + gaps,
      minimumEpoch: Math.max(record.minimumEpoch, epoch),
      version: record.version + 1,
    };
    return { record: { ...shelf.record }, highest, holders };
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
}

const usedSequences = (shelf: CampaignShelf): Set<number> =>
  new Set([
    ...shelf.couponsBySequence.keys(),
    ...shelf.burnt.keys(),
    ...slotHolders(shelf).map(({ grant }) => grant.sequence),
  ]);

function holdersOf(shelf: CampaignShelf): Holder[] {
  const holders: Holder[] = [];
  for (const { userId, sequence } of shelf.couponsBySequence.values()) {
    holders.push({ userId, sequence, voided: false });
  }
  for (const { grant } of slotHolders(shelf)) {
    holders.push({ userId: grant.userId, sequence: grant.sequence, voided: false });
  }
  for (const { userId, sequence } of shelf.burnt.values()) {
    if (userId !== null) holders.push({ userId, sequence, voided: true });
  }
  return holders;
}
