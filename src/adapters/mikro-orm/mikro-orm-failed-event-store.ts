import { raw, type SqlEntityManager } from '@mikro-orm/mysql';
import type { Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import { fromCursor, toCursor } from '../../domain/cursor.ts';
import type {
  Actor,
  FailedEvent,
  FailedEventFilter,
  FailedEventStep,
  Failure,
  FailureReason,
  OpenFailure,
} from '../../domain/failed-event.ts';
import { type Page, type PageRequest, pageOf } from '../../domain/page.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type {
  FailedEventStore,
  LeaseRequest,
  OpenCount,
  ReissueOutcome,
} from '../../domain/ports/failed-event-store.ts';
import type { UserId } from '../../domain/user-id.ts';
import { closeEvents } from './close-events.ts';
import type { Database } from './database.ts';
import { DUPLICATE_KEY, errorNumber, isDataError, serverMessage } from './driver-error.ts';
import { FailedEventRow, isFailedEventId, toFailedEvent } from './failed-event-row.ts';
import { stepsOf } from './failed-event-steps.ts';
import { keepFailures } from './keep-failures.ts';
import { leaseEvent, leaseEvents } from './lease-events.ts';
import { countAttempt, giveBack, lockLeased, reissueEvent } from './reissue-event.ts';

/** Each further one is needed only where somebody has kept one of the same events in between. */
const KEEP_ROUNDS = 5;

const CURSOR = /^[1-9][0-9]{0,18}$/;

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
    const after = cursor === null ? '0' : (fromCursor(cursor, CURSOR)[0] ?? '0');
    const { campaignId, status } = filter;
    const where = { id: { $gt: after }, ...(campaignId && { campaignId }), ...(status && { status }) };
    const rows = await this.#database.read((em) =>
      em.find(FailedEventRow, where, { orderBy: { id: 'asc' }, limit: limit + 1 }),
    );
    return pageOf(rows.map(toFailedEvent), limit, (last) => toCursor(last.id));
  }

  async find(id: string): Promise<FailedEvent | null> {
    if (!isFailedEventId(id)) return null;
    const row = await this.#database.read((em) => em.findOne(FailedEventRow, { id }));
    return row === null ? null : toFailedEvent(row);
  }

  async countOpen(campaignId: CampaignId | null): Promise<OpenCount> {
    const [row] = await this.#database.read((em) =>
      em.execute<[{ open: number; malformed: number }]>(
        `select count(*) as \`open\`, count(if(campaign_id is null or reason = 'malformed', 1, null)) as malformed
         from failed_events where status = 'open' ${campaignId === null ? '' : 'and campaign_id = ?'}`,
        campaignId === null ? [] : [campaignId],
      ),
    );
    return { reissuable: row.open - row.malformed, malformed: row.malformed };
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

  async history(id: string): Promise<readonly FailedEventStep[]> {
    return isFailedEventId(id) ? this.#database.read((em) => stepsOf(em, id)) : [];
  }

  async lease(request: LeaseRequest): Promise<readonly FailedEvent[]> {
    return this.#database.transaction((em) => leaseEvents(em, request));
  }

  async leaseOne(id: string, owner: string, now: Instant, until: Instant): Promise<FailedEvent | 'leased' | null> {
    return isFailedEventId(id) ? this.#database.transaction((em) => leaseEvent(em, id, owner, now, until)) : null;
  }

  async reissue(id: string, owner: string, now: Instant, retryAt: Instant, by: Actor): Promise<ReissueOutcome> {
    if (!isFailedEventId(id)) return { kind: 'lease-lost' };
    const attempt = { id, owner, now, retryAt, by };
    try {
      return await this.#database.transaction((em) => reissueEvent(em, attempt));
    } catch (error) {
      if (!isDataError(error)) throw error;
      const refused = { reason: 'rejected', detail: serverMessage(error) } as const;
      return this.#database.transaction((em) => countAttempt(em, attempt, refused));
    }
  }

  async postpone(id: string, owner: string, retryAt: Instant): Promise<void> {
    if (isFailedEventId(id)) await this.#database.transaction((em) => giveBack(em, { id, owner, retryAt }));
  }

  async closeReadmitted(id: string, owner: string, now: Instant, by: Actor): Promise<void> {
    if (!isFailedEventId(id)) return;
    const step = { at: now, actor: by, step: 'readmitted', detail: 'its user was admitted anew' } as const;
    await this.#database.transaction(async (em) => {
      if ((await lockLeased(em, { id, owner })) !== null) await closeEvents(em, [id], 'reissued', step);
    });
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
}
