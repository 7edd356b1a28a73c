import type { CampaignRecord, Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { VoidedGrant, VoidOutcome, VoidRequest, Voids } from '../../domain/ports/voids.ts';
import type { UserId } from '../../domain/user-id.ts';
import { type CampaignShelf, type InMemoryRecords, isRecorded } from './records.ts';
import { close, closeSameGrant } from './records-failed-event.ts';

type RecordedShelf = CampaignShelf & { record: CampaignRecord };

export class InMemoryVoids implements Voids {
  readonly #records: InMemoryRecords;

  constructor(records: InMemoryRecords) {
    this.#records = records;
  }

  async voidEvent(id: string, request: VoidRequest): Promise<VoidOutcome> {
    const stored = this.#records.failedEvents.get(id);
    if (stored === undefined) return { kind: 'not-found' };
    const { event } = stored;
    if (event.status === 'reissued') return { kind: 'not-voidable', detail: 'it is reissued' };
    const grant = event.grant && grantOf(event.grant);
    const shelf = grant === null ? undefined : this.#records.find(grant.campaignId);
    const slot = event.holdsSlot && grant && shelf && isRecorded(shelf) ? { grant, shelf } : null;
    if (event.status === 'open') {
      const { reason, by, now } = request;
      close(shelf, stored, 'void', { at: now, actor: by, step: 'voided', detail: reason });
      if (slot !== null) {
        const detail = `failed event ${id} of the same grant was voided`;
        closeSameGrant(slot.shelf, slot.grant, 'void', { at: now, actor: by, step: 'closed', detail });
        burn(slot.shelf, slot.grant, request);
      }
    }
    return { kind: 'voided', grant, burnt: slot && { grant: slot.grant, record: { ...slot.shelf.record } } };
  }

  async untold(campaignId: CampaignId | null): Promise<readonly VoidedGrant[]> {
    const untold: (VoidedGrant & { readonly burntAt: Instant })[] = [];
    for (const shelf of this.#records.shelves()) {
      const { record, burnt } = shelf;
      if (record === null || record.archivedAt !== null || (campaignId !== null && record.id !== campaignId)) continue;
      for (const { sequence, userId, burntAt, toldAt } of burnt.values()) {
        if (userId !== null && toldAt === undefined) untold.push({ campaignId: record.id, userId, sequence, burntAt });
      }
    }
    return untold.toSorted((a, b) => a.burntAt - b.burntAt).map(grantOf);
  }

  async markTold({ campaignId, sequence }: VoidedGrant, now: Instant): Promise<void> {
    const burnt = this.#records.find(campaignId)?.burnt;
    const present = burnt?.get(sequence);
    if (present !== undefined && present.toldAt === undefined) burnt?.set(sequence, { ...present, toldAt: now });
  }

  async sequenceOf(campaignId: CampaignId, userId: UserId): Promise<number | null> {
    const burnt = this.#records.find(campaignId)?.burnt.values() ?? [];
    return [...burnt].find((each) => each.userId === userId)?.sequence ?? null;
  }
}

const grantOf = ({ campaignId, userId, sequence }: VoidedGrant): VoidedGrant => ({ campaignId, userId, sequence });

/** Nobody can get a sequence twice: one that is somebody's coupon, or burnt already, makes no room for another. */
function burn(shelf: RecordedShelf, { userId, sequence }: VoidedGrant, { reason, now }: VoidRequest): void {
  const isFree = !shelf.burnt.has(sequence) && !shelf.couponsBySequence.has(sequence);
  shelf.burnt.set(sequence, { sequence, userId, reason, burntAt: now });
  const { ceiling, version } = shelf.record;
  shelf.record = { ...shelf.record, ceiling: ceiling + (isFree ? 1 : 0), version: version + 1 };
}
