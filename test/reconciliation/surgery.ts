import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { UserId } from '../../src/domain/user-id.ts';

type MetaField = 'counter' | 'holes' | 'limit' | 'ceiling' | 'epoch' | 'pendingCount';
export type CampaignField = 'limit' | 'ceiling' | 'minimumEpoch';

/** Changes what is stored, past everything that keeps it right. */
export interface Surgery {
  /** A negative sequence is a void mark. */
  count(id: CampaignId, user: UserId, sequence: number): Promise<void>;
  uncount(id: CampaignId, user: UserId): Promise<void>;
  addToMeta(id: CampaignId, field: MetaField, by: number): Promise<void>;
  loseKey(id: CampaignId, part: 'meta' | 'users'): Promise<void>;
  addCoupon(id: CampaignId, sequence: number, user: UserId): Promise<void>;
  dropCoupon(id: CampaignId, sequence: number): Promise<void>;
  /** Known to the counter, where it has a user. */
  addBurnt(id: CampaignId, sequence: number, user: UserId | null): Promise<void>;
  dropBurnt(id: CampaignId, sequence: number): Promise<void>;
  /** An open failed event that holds a slot. */
  addHeld(id: CampaignId, sequence: number, user: UserId): Promise<void>;
  dropHeld(id: CampaignId, sequence: number): Promise<void>;
  addToCampaign(id: CampaignId, field: CampaignField, by: number): Promise<void>;
}

/** A clean campaign, with one sequence of each kind that is no coupon. */
export interface Patient {
  readonly id: CampaignId;
  readonly users: ReadonlyMap<number, UserId>;
  /** Sequences that are coupons. */
  readonly coupons: readonly number[];
  readonly held: number;
  readonly voided: number;
  /** Burnt before anybody was told it. */
  readonly hole: number;
  readonly counter: number;
}

/** Makes three of a campaign's coupons a failed event, a void and a hole, as the service itself would have left them. */
export async function prepare(
  surgery: Surgery,
  id: CampaignId,
  users: ReadonlyMap<number, UserId>,
  random: () => number,
): Promise<Patient> {
  const sequences = [...users.keys()].toSorted((a, b) => a - b);
  const pick = (): number => sequences.splice(Math.floor(random() * sequences.length), 1)[0] ?? 0;
  const [held, voided, hole] = [pick(), pick(), pick()];
  const userOf = (sequence: number) => users.get(sequence) as UserId;
  for (const sequence of [held, voided, hole]) await surgery.dropCoupon(id, sequence);
  await surgery.addHeld(id, held, userOf(held));
  await surgery.addBurnt(id, voided, userOf(voided));
  await surgery.count(id, userOf(voided), -voided);
  await surgery.addBurnt(id, hole, null);
  await surgery.uncount(id, userOf(hole));
  await surgery.addToMeta(id, 'holes', 1);
  await surgery.addToMeta(id, 'ceiling', 2);
  await surgery.addToCampaign(id, 'ceiling', 2);
  return { id, users, coupons: sequences, held, voided, hole, counter: users.size };
}
