import { randomBytes } from 'node:crypto';
import { InMemoryCampaignRepository } from '../../src/adapters/in-memory/in-memory-campaign-repository.ts';
import { InMemoryCouponRepository } from '../../src/adapters/in-memory/in-memory-coupon-repository.ts';
import { InMemoryFailedEventStore } from '../../src/adapters/in-memory/in-memory-failed-event-store.ts';
import { InMemoryIncarnations } from '../../src/adapters/in-memory/in-memory-incarnations.ts';
import { InMemoryIssuanceRecords } from '../../src/adapters/in-memory/in-memory-issuance-records.ts';
import { InMemoryReconciliationReports } from '../../src/adapters/in-memory/in-memory-reconciliation-reports.ts';
import { InMemoryRecordedHoldings } from '../../src/adapters/in-memory/in-memory-recorded-holdings.ts';
import { InMemoryVoids } from '../../src/adapters/in-memory/in-memory-voids.ts';
import { InMemoryRecords } from '../../src/adapters/in-memory/records.ts';
import type { CampaignRecord, Instant } from '../../src/domain/campaign.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { Failure, RawEvent } from '../../src/domain/failed-event.ts';
import type { Grant } from '../../src/domain/grant.ts';
import type { CampaignChanges, CampaignRepository } from '../../src/domain/ports/campaign-repository.ts';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type { CouponRepository } from '../../src/domain/ports/coupon-repository.ts';
import type { FailedEventStore } from '../../src/domain/ports/failed-event-store.ts';
import type { Incarnations } from '../../src/domain/ports/incarnations.ts';
import type { IssuanceRecords } from '../../src/domain/ports/issuance-records.ts';
import type { ReconciliationReports } from '../../src/domain/ports/reconciliation-reports.ts';
import type { RecordedHoldings } from '../../src/domain/ports/recorded-holdings.ts';
import type { Voids } from '../../src/domain/ports/voids.ts';
import type { UserId } from '../../src/domain/user-id.ts';
import { randomCampaignId, randomName, randomUserId } from './random.ts';

/** A clock that moves only when a test moves it. */
export class SetClock implements Clock {
  time: Instant = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  now = (): Instant => this.time;
  monotonic = (): number => this.time;
}

/** Every port of the permanent record over one store. */
export interface PermanentRecord {
  readonly clock: SetClock;
  readonly campaigns: CampaignRepository & CampaignChanges;
  readonly coupons: CouponRepository;
  readonly failedEvents: FailedEventStore;
  readonly voids: Voids;
  readonly issuance: IssuanceRecords;
  readonly incarnations: Incarnations;
  readonly holdings: RecordedHoldings;
  readonly reports: ReconciliationReports;
  /** What a void leaves behind. */
  burn(campaignId: CampaignId, sequence: number, userId: UserId): Promise<void>;
}

export function inMemoryRecord(): PermanentRecord {
  const records = new InMemoryRecords();
  const clock = new SetClock();
  return {
    clock,
    campaigns: new InMemoryCampaignRepository(records),
    coupons: new InMemoryCouponRepository(records, clock),
    failedEvents: new InMemoryFailedEventStore(records, clock),
    voids: new InMemoryVoids(records),
    issuance: new InMemoryIssuanceRecords(records),
    incarnations: new InMemoryIncarnations(records),
    holdings: new InMemoryRecordedHoldings(records),
    reports: new InMemoryReconciliationReports(records),
    async burn(campaignId, sequence, userId) {
      const shelf = records.campaign(campaignId);
      shelf.burnt.set(sequence, { sequence, userId, reason: 'void', burntAt: clock.now() });
      shelf.record = { ...shelf.record, ceiling: shelf.record.ceiling + 1 };
    },
  };
}

export async function newCampaign(record: PermanentRecord, limit = 1_000): Promise<CampaignRecord> {
  const campaign = { id: randomCampaignId(), name: 'Welcome', limit, startsAt: null, endsAt: null };
  return (await record.campaigns.create(campaign, record.clock.now())).record;
}

export const aGrant = (campaignId: CampaignId, sequence: number, change: Partial<Grant> = {}): Grant => ({
  campaignId,
  userId: randomUserId(),
  sequence,
  epoch: 1,
  grantedAt: Date.UTC(2026, 0, 2),
  ...change,
});

export const aRawEvent = (change: Partial<RawEvent> = {}): RawEvent => ({
  topic: randomName('topic'),
  partition: 3,
  offset: '9007199254740993',
  key: randomBytes(8),
  value: Uint8Array.of(0, 127, 128, 255),
  headers: [
    ['ce_id', Buffer.from('1.1')],
    ['', Uint8Array.of(0xff, 0xfe)],
  ],
  length: 70_000,
  digest: randomBytes(32).toString('hex'),
  ...change,
});

/** A failed event of a grant that the counter confirmed. */
export const aFailure = (grant: Grant | null, change: Partial<Failure> = {}): Failure => ({
  raw: aRawEvent(),
  grant,
  reason: grant === null ? 'malformed' : 'rejected',
  detail: 'the data was refused',
  holdsSlot: grant !== null,
  ...change,
});
