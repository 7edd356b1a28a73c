import { raw, type SqlEntityManager } from '@mikro-orm/mysql';
import type { Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import { fromCursor, toCursor } from '../../domain/cursor.ts';
import type { FailedEvent, FailedEventFilter, Failure, FailureReason, OpenFailure } from '../../domain/failed-event.ts';
import { type Page, type PageRequest, pageOf } from '../../domain/page.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { FailedEventStore, ReissueOutcome } from '../../domain/ports/failed-event-store.ts';
import type { UserId } from '../../domain/user-id.ts';
import type { Database } from './database.ts';
import { DUPLICATE_KEY, errorNumber, isDataError, serverMessage } from './driver-error.ts';
import { FailedEventRow, toFailedEvent } from './failed-event-row.ts';
import { keepFailures } from './keep-failures.ts';
import { countAttempt, reissueEvent } from './reissue-event.ts';

/** Each further one is needed only where somebody has kept one of the same events in between. */
const KEEP_ROUNDS = 5;

const ID = /^[1-9][0-9]{0,18}$/;

export class MikroOrmFailedEventStore implements FailedEventStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async keep(failures: readonly Failure[]): Promise<void> {
    if (failures.length > 0) await this.#keep(failures, 1);
  }

  async page(filter: FailedEventFilter, { limit, cursor }: PageRequest): Promise<Page<FailedEvent>> {
    const after = cursor === null ? '0' : (fromCursor(cursor, ID)[0] ?? '0');
    const { campaignId, status } = filter;
    const where = { id: { $gt: after }, ...(campaignId && { campaignId }), ...(status && { status }) };
    const rows = await this.#database.read((em) =>
      em.find(FailedEventRow, where, { orderBy: { id: 'asc' }, limit: limit + 1 }),
    );
    return pageOf(rows.map(toFailedEvent), limit, (last) => toCursor(last.id));
  }

  async find(id: string): Promise<FailedEvent | null> {
    if (!ID.test(id)) return null;
    const row = await this.#database.read((em) => em.findOne(FailedEventRow, { id }));
    return row === null ? null : toFailedEvent(row);
  }

  async countOpen(campaignId: CampaignId | null): Promise<number> {
    return this.#database.read((em) => em.count(FailedEventRow, { status: 'open', ...(campaignId && { campaignId }) }));
  }

  async openFailureOf(campaignId: CampaignId, userId: UserId): Promise<OpenFailure | null> {
    const rows = await this.#database.read((em) =>
      em.execute<{ sequence: number; reason: FailureReason }[]>(
        `select sequence, reason from failed_events
         where campaign_id = ? and status = 'open' and user_id = ? and sequence is not null
         order by holds_slot desc, reason = 'late-epoch' desc, id limit 1`,
        [campaignId, raw(userId)],
      ),
    );
    const [first] = rows;
    return first === undefined ? null : { userId, sequence: Number(first.sequence), reason: first.reason };
  }

  async due(now: Instant, most: number): Promise<readonly FailedEvent[]> {
    const rows = await this.#database.read((em) =>
      em.find(
        FailedEventRow,
        {
          status: 'open',
          campaignId: { $ne: null },
          $or: [{ nextAttemptAt: null }, { nextAttemptAt: { $lte: new Date(now) } }],
        },
        // MySQL sorts null first. What was put off goes to the end, or it would stand in the way of the others for ever.
        { orderBy: { nextAttemptAt: 'asc', id: 'asc' }, limit: most },
      ),
    );
    return rows.map(toFailedEvent);
  }

  async reissue(id: string, now: Instant, retryAt: Instant): Promise<ReissueOutcome> {
    if (!ID.test(id)) return { kind: 'not-reissuable', detail: 'there is no such failed event' };
    try {
      return await this.#database.transaction((em) => reissueEvent(em, id, now, retryAt));
    } catch (error) {
      if (!isDataError(error)) throw error;
      const detail = serverMessage(error);
      await this.#database.transaction((em) => countAttempt(em, id, { reason: 'rejected', detail }, now, retryAt));
      return { kind: 'still-failing', detail };
    }
  }

  async postpone(id: string, retryAt: Instant): Promise<void> {
    await this.#update(id, { nextAttemptAt: new Date(retryAt) });
  }

  async closeReadmitted(id: string, now: Instant): Promise<void> {
    await this.#update(id, { status: 'reissued', updatedAt: new Date(now) });
  }

  async #keep(failures: readonly Failure[], round: number): Promise<void> {
    const now = this.#clock.now();
    try {
      await this.#database.transaction((em: SqlEntityManager) => keepFailures(em, failures, now));
    } catch (error) {
      if (errorNumber(error) !== DUPLICATE_KEY || round === KEEP_ROUNDS) throw error;
      await this.#keep(failures, round + 1);
    }
  }

  async #update(id: string, change: Partial<Pick<FailedEventRow, 'nextAttemptAt' | 'status' | 'updatedAt'>>) {
    if (!ID.test(id)) return;
    await this.#database.transaction((em) => em.nativeUpdate(FailedEventRow, { id, status: 'open' }, change));
  }
}
