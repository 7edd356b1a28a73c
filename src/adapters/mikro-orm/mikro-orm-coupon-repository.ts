import { raw } from '@mikro-orm/mysql';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Coupon } from '../../domain/coupon.ts';
import { fromCursor, toCursor } from '../../domain/cursor.ts';
import type { Grant } from '../../domain/grant.ts';
import { type Page, type PageRequest, pageOf } from '../../domain/page.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { CouponRepository, IssueOutcome } from '../../domain/ports/coupon-repository.ts';
import { refusal } from '../../domain/refusal.ts';
import type { UserId } from '../../domain/user-id.ts';
import { issueBatch } from './coupon-batch.ts';
import { CouponRow, toCoupon } from './coupon-row.ts';
import type { Database } from './database.ts';
import { DUPLICATE_KEY, errorNumber, isDataError, serverMessage } from './driver-error.ts';

/** Each further one is needed only where another batch has committed a coupon between the look-up and the insert. */
const CAREFUL_ROUNDS = 5;

export class MikroOrmCouponRepository implements CouponRepository {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async issue(grants: readonly Grant[]): Promise<readonly IssueOutcome[]> {
    return grants.length === 0 ? [] : this.#issue(grants, 0);
  }

  async find(campaignId: CampaignId, userId: UserId): Promise<Coupon | null> {
    const row = await this.#database.read((em) => em.findOne(CouponRow, { campaignId, userId }));
    return row === null ? null : toCoupon(row);
  }

  /** By the unique key, once for each campaign: there are few campaigns, and a third index on coupons costs every insert. */
  async listOf(userId: UserId, { limit, cursor }: PageRequest): Promise<Page<Coupon>> {
    const [time = '', after = ''] = cursor === null ? [] : fromCursor(cursor, /^\d{1,14}$/, /^[a-z0-9-]{1,63}$/);
    const issuedAt = new Date(Number(time));
    const rows = await this.#database.read((em) =>
      em.execute<{ campaign_id: string; sequence: number; issued_at: string }[]>(
        `select c.campaign_id, c.sequence, c.issued_at
         from campaigns straight_join coupons c on c.campaign_id = campaigns.id and c.user_id = ?
         ${cursor === null ? '' : 'where c.issued_at < ? or (c.issued_at = ? and c.campaign_id > ?)'}
         order by c.issued_at desc, c.campaign_id limit ?`,
        [raw(userId), ...(cursor === null ? [] : [issuedAt, issuedAt, after]), limit + 1],
      ),
    );
    const coupons = rows.map((row) =>
      toCoupon({
        campaignId: row.campaign_id,
        sequence: row.sequence,
        userId,
        issuedAt: new Date(`${row.issued_at.replace(' ', 'T')}Z`),
      }),
    );
    return pageOf(coupons, limit, (last) => toCursor(String(last.issuedAt), last.campaignId));
  }

  async #issue(grants: readonly Grant[], round: number): Promise<readonly IssueOutcome[]> {
    try {
      const now = this.#clock.now();
      return await this.#database.transaction((em) => issueBatch(em, grants, now, round > 0));
    } catch (error) {
      if (errorNumber(error) === DUPLICATE_KEY && round < CAREFUL_ROUNDS) return this.#issue(grants, round + 1);
      if (!isDataError(error)) throw error;
      if (grants.length === 1) return [refusal('rejected', serverMessage(error))];
      return this.#halves(grants, round);
    }
  }

  /** The server refused some row: its neighbours become coupons, in transactions of their own. */
  async #halves(grants: readonly Grant[], round: number): Promise<readonly IssueOutcome[]> {
    const middle = Math.ceil(grants.length / 2);
    return [
      ...(await this.#issue(grants.slice(0, middle), round)),
      ...(await this.#issue(grants.slice(middle), round)),
    ];
  }
}
