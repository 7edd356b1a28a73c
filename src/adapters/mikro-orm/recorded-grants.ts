import type { SqlEntityManager } from '@mikro-orm/mysql';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Grant } from '../../domain/grant.ts';
import { type Refusal, refusal } from '../../domain/refusal.ts';
import type { UserId } from '../../domain/user-id.ts';

interface Holding {
  readonly userId: UserId | null;
  readonly sequence: number;
  readonly as: 'coupon' | 'failed-event' | 'burnt';
}

interface OpenEvent {
  readonly id: string;
  readonly userId: UserId;
  readonly sequence: number;
}

type Claim = Pick<Grant, 'userId' | 'sequence'>;
type Row = { readonly sequence: number; readonly userId: UserId | null };

/** What one campaign has recorded of the sequences and users of some grants, as far as it was loaded. */
export class RecordedGrants {
  readonly #bySequence = new Map<number, Holding[]>();
  readonly #byUser = new Map<UserId, Holding[]>();
  readonly #open: OpenEvent[] = [];

  add(holding: Holding): void {
    pushTo(this.#bySequence, holding.sequence, holding);
    if (holding.userId !== null) pushTo(this.#byUser, holding.userId, holding);
  }

  /** Whether this very grant is recorded as one of these. */
  has(claim: Claim, ...as: readonly Holding['as'][]): boolean {
    const holdings = this.#bySequence.get(claim.sequence) ?? [];
    return holdings.some((holding) => holding.userId === claim.userId && as.includes(holding.as));
  }

  /** What stands against the grant: somebody else's sequence, a burnt one, or another sequence of its user. */
  conflictOf(claim: Claim): Refusal | null {
    for (const { as, userId } of this.#bySequence.get(claim.sequence) ?? []) {
      if (as === 'burnt') return refusal('sequence-conflict', `sequence ${claim.sequence} is burnt`);
      if (userId !== claim.userId) {
        return refusal('sequence-conflict', `sequence ${claim.sequence} belongs to user ${userId}`);
      }
    }
    const other = this.#byUser.get(claim.userId)?.find(({ sequence }) => sequence !== claim.sequence);
    return other === undefined
      ? null
      : refusal('user-conflict', `user ${claim.userId} already has sequence ${other.sequence}`);
  }

  /** Whether a failed event holds the slot of this sequence or of this user. */
  isSlotTaken(claim: Claim): boolean {
    const holdings = [...(this.#bySequence.get(claim.sequence) ?? []), ...(this.#byUser.get(claim.userId) ?? [])];
    return holdings.some(({ as }) => as === 'failed-event');
  }

  /** The open failed events of exactly this grant, whether they hold its slot or not. */
  openEventsOf(claim: Claim): readonly string[] {
    return this.#open
      .filter(({ userId, sequence }) => userId === claim.userId && sequence === claim.sequence)
      .map(({ id }) => id);
  }

  /** Locking reads: a coupon that another batch is about to commit is waited for. */
  async loadCoupons(em: SqlEntityManager, id: CampaignId, claims: readonly Claim[]): Promise<void> {
    if (claims.length === 0) return;
    const columns = 'select sequence, cast(user_id as char) as userId from coupons where campaign_id = ? and';
    this.#addAll('coupon', [
      ...(await em.execute<Row[]>(`${columns} sequence in (?) for share`, [id, sequencesOf(claims)])),
      ...(await em.execute<Row[]>(`${columns} user_id in (?) for share`, [id, usersOf(claims)])),
    ]);
  }

  async loadBurnt(em: SqlEntityManager, id: CampaignId, claims: readonly Claim[]): Promise<void> {
    const columns = 'select sequence, cast(user_id as char) as userId from burnt_sequences where campaign_id = ? and';
    this.#addAll('burnt', [
      ...(await em.execute<Row[]>(`${columns} sequence in (?)`, [id, sequencesOf(claims)])),
      ...(await em.execute<Row[]>(`${columns} user_id in (?)`, [id, usersOf(claims)])),
    ]);
  }

  async loadOpenEvents(em: SqlEntityManager, id: CampaignId, claims: readonly Claim[]): Promise<void> {
    const columns =
      'select cast(id as char) as id, sequence, cast(user_id as char) as userId, holds_slot as holdsSlot from failed_events';
    type Event = OpenEvent & { readonly holdsSlot: number };
    const own = await em.execute<Event[]>(`${columns} where campaign_id = ? and status = 'open' and user_id in (?)`, [
      id,
      usersOf(claims),
    ]);
    this.#open.push(...own);
    this.#addAll('failed-event', [
      ...own.filter(({ holdsSlot }) => holdsSlot === 1),
      ...(await em.execute<Event[]>(`${columns} where campaign_id = ? and slot_sequence in (?)`, [
        id,
        sequencesOf(claims),
      ])),
    ]);
  }

  #addAll(as: Holding['as'], rows: readonly Row[]): void {
    for (const { userId, sequence } of rows) this.add({ as, userId, sequence: Number(sequence) });
  }
}

const sequencesOf = (claims: readonly Claim[]): number[] => claims.map(({ sequence }) => sequence);

const usersOf = (claims: readonly Claim[]): UserId[] => claims.map(({ userId }) => userId);

function pushTo<K>(map: Map<K, Holding[]>, key: K, holding: Holding): void {
  const present = map.get(key);
  if (present === undefined) map.set(key, [holding]);
  else present.push(holding);
}
