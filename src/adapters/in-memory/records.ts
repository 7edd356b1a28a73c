import type { CampaignRecord, Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Coupon } from '../../domain/coupon.ts';
import type { FailedEvent, FailedEventStep } from '../../domain/failed-event.ts';
import type { ReconciliationReport } from '../../domain/reconciliation.ts';
import type { UserId } from '../../domain/user-id.ts';

/** A sequence that will never be a coupon; the user is known where the grant was voided. */
interface BurntSequence {
  readonly sequence: number;
  readonly userId: UserId | null;
  readonly reason: string;
  readonly burntAt: Instant;
  /** When the counter was told of the void. */
  readonly toldAt?: Instant;
}

/** One failed event; `event` is replaced as a whole, never changed. */
export interface StoredFailedEvent {
  event: FailedEvent;
  nextAttemptAt: Instant | null;
  lease: Lease | null;
  readonly steps: FailedEventStep[];
}

/** Who works on a failed event, and until when nobody else does. */
interface Lease {
  readonly owner: string;
  readonly until: Instant;
}

/** Everything that is recorded under one campaign id, which a failed event may name before the campaign is there. */
export interface CampaignShelf {
  record: CampaignRecord | null;
  readonly couponsBySequence: Map<number, Coupon>;
  readonly couponsByUser: Map<UserId, Coupon>;
  readonly burnt: Map<number, BurntSequence>;
  readonly open: Set<StoredFailedEvent>;
}

/**
 * The permanent record in memory: what the adapters over it share, as those of MySQL share a database.
 * They are atomic because none of them awaits anything between reading and writing.
 */
export class InMemoryRecords {
  readonly installation: string;
  incarnation = 1;
  leader: object | null = null;
  readonly reconciliations = new Map<CampaignId, ReconciliationReport>();
  /** By id, in the order of keeping. */
  readonly failedEvents = new Map<string, StoredFailedEvent>();
  readonly keptEvents = new Set<string>();
  readonly #shelves = new Map<CampaignId, CampaignShelf>();

  constructor(installation = 'in-memory') {
    this.installation = installation;
  }

  shelf(id: CampaignId): CampaignShelf {
    let shelf = this.#shelves.get(id);
    if (shelf === undefined) {
      shelf = {
        record: null,
        couponsBySequence: new Map(),
        couponsByUser: new Map(),
        burnt: new Map(),
        open: new Set(),
      };
      this.#shelves.set(id, shelf);
    }
    return shelf;
  }

  find(id: CampaignId): CampaignShelf | undefined {
    return this.#shelves.get(id);
  }

  shelves(): IterableIterator<CampaignShelf> {
    return this.#shelves.values();
  }

  /** The campaign, for those who may rely on its being there. */
  campaign(id: CampaignId): CampaignShelf & { record: CampaignRecord } {
    const shelf = this.#shelves.get(id);
    if (shelf === undefined || !isRecorded(shelf)) throw new Error(`campaign ${id} is not recorded`);
    return shelf;
  }
}

export const isRecorded = (shelf: CampaignShelf): shelf is CampaignShelf & { record: CampaignRecord } =>
  shelf.record !== null;
