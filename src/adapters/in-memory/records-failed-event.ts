import type { FailedEvent, FailedEventStatus, FailedEventStep, Failure, RawEvent } from '../../domain/failed-event.ts';
import { type Grant, sameGrant } from '../../domain/grant.ts';
import type { CampaignShelf, StoredFailedEvent } from './records.ts';

const copyOfBytes = (bytes: Uint8Array | null): Uint8Array | null => (bytes === null ? null : Uint8Array.from(bytes));

const copyOfRaw = (raw: RawEvent): RawEvent => ({
  ...raw,
  key: copyOfBytes(raw.key),
  value: copyOfBytes(raw.value),
  headers: raw.headers.map(([name, value]) => [name, Uint8Array.from(value)]),
});

/** Shares nothing with the original, so that neither side can change the other's. */
export const copyOf = <T extends Failure>(failure: T): T => ({
  ...failure,
  raw: copyOfRaw(failure.raw),
  grant: failure.grant === null ? null : { ...failure.grant },
});

/** A recreated topic starts its offsets again: only the content tells the events apart then. */
export const keyOf = ({ topic, partition, offset, digest }: RawEvent): string =>
  JSON.stringify([topic, partition, offset, digest]);

export const slotHolders = (shelf: CampaignShelf): (FailedEvent & { grant: Grant })[] =>
  [...shelf.open].map(({ event }) => event).filter(holdsSlotOfGrant);

const holdsSlotOfGrant = (event: FailedEvent): event is FailedEvent & { grant: Grant } =>
  event.holdsSlot && event.grant !== null;

type Claim = Pick<Grant, 'campaignId' | 'userId' | 'sequence'>;

type Closure = Exclude<FailedEventStatus, 'open'>;

/** Gives the lease back, too. */
export function close(
  shelf: CampaignShelf | undefined,
  stored: StoredFailedEvent,
  status: Closure,
  step: FailedEventStep,
): void {
  stored.event = { ...stored.event, status, updatedAt: step.at };
  stored.lease = null;
  stored.steps.push(step);
  shelf?.open.delete(stored);
}

export function closeSameGrant(shelf: CampaignShelf, grant: Claim, status: Closure, step: FailedEventStep): void {
  for (const stored of shelf.open) {
    if (stored.event.grant !== null && sameGrant(stored.event.grant, grant)) close(shelf, stored, status, step);
  }
}
