import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Coupon } from '../../domain/coupon.ts';
import { fromCursor, toCursor } from '../../domain/cursor.ts';
import type { Grant } from '../../domain/grant.ts';
import { type Page, type PageRequest, pageOf } from '../../domain/page.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { CouponRepository, IssueOutcome } from '../../domain/ports/coupon-repository.ts';
import type { UserId } from '../../domain/user-id.ts';
import type { InMemoryRecords } from './records.ts';
import { issueGrant } from './records-issuing.ts';

export class InMemoryCouponRepository implements CouponRepository {
  readonly #records: InMemoryRecords;
  readonly #clock: Clock;

  constructor(records: InMemoryRecords, clock: Clock) {
    this.#records = records;
    this.#clock = clock;
  }

  async issue(grants: readonly Grant[]): Promise<readonly IssueOutcome[]> {
    const now = this.#clock.now();
    return grants.map((grant) => issueGrant(this.#records.find(grant.campaignId), grant, now));
  }

  async find(campaignId: CampaignId, userId: UserId): Promise<Coupon | null> {
    const coupon = this.#records.find(campaignId)?.couponsByUser.get(userId);
    return coupon === undefined ? null : { ...coupon };
  }

  async listOf(userId: UserId, { limit, cursor }: PageRequest): Promise<Page<Coupon>> {
    const after = cursor === null ? null : positionOf(cursor);
    const coupons = [...this.#records.shelves()]
      .map((shelf) => shelf.couponsByUser.get(userId))
      .filter((coupon) => coupon !== undefined)
      .filter((coupon) => after === null || newestFirst(after, coupon) < 0)
      .toSorted(newestFirst)
      .map((coupon) => ({ ...coupon }));
    return pageOf(coupons, limit, (last) => toCursor(String(last.issuedAt), last.campaignId));
  }
}

type Position = { readonly issuedAt: number; readonly campaignId: string };

const newestFirst = (a: Position, b: Position): number =>
  b.issuedAt - a.issuedAt || (a.campaignId < b.campaignId ? -1 : Number(a.campaignId > b.campaignId));

function positionOf(cursor: string): Position {
  const [issuedAt = '', campaignId = ''] = fromCursor(cursor, /^\d{1,14}$/, /^[a-z0-9-]{1,63}$/);
  return { issuedAt: Number(issuedAt), campaignId };
}
