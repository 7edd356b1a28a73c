import { burntOf, type CampaignRecord } from './campaign.ts';
import type { Holder, OpenStanding } from './counter-standing.ts';
import { type Disagreement, type DisagreementKind, MOST_COUNTED } from './reconciliation.ts';
import type { UserId } from './user-id.ts';
import { UsersBySequence } from './users-by-sequence.ts';

/** Where the record keeps a sequence. */
export interface RecordedHolding {
  readonly place: 'coupon' | 'failed-event' | 'burnt';
  readonly sequence: number;
  /** Null: burnt before anybody was told it. */
  readonly userId: UserId | null;
  /** Of a void: the counter may not know of it yet. */
  readonly isUntold: boolean;
}

/** What the event log has of a campaign, and the first sequence from which on it must have everything. */
export interface LoggedUsers {
  readonly users: UsersBySequence;
  readonly from: number;
}

const BITS = { coupon: 1, 'failed-event': 2, burnt: 4 } as const;
const UNTOLD = 8;
const PLACES = 7;
const NAMES: readonly (readonly [number, string])[] = [
  [BITS.coupon, 'coupon'],
  [BITS['failed-event'], 'failed event'],
  [BITS.burnt, 'burnt'],
];

/** Every sequence up to a watermark in three places: each is filled in pages, then they are compared. */
export class SequenceComparison {
  readonly found: Disagreement[] = [];
  readonly #watermark: number;
  readonly #reached: number;
  readonly #counted = new UsersBySequence();
  readonly #recorded = new UsersBySequence();
  readonly #places: Uint8Array;
  /** Between the watermark and the sampled counter everything is still on its way; what is above may be wrong. */
  readonly #above: { readonly sequence: number; readonly user: bigint; readonly by: 'counter' | 'record' }[] = [];
  #coupons = 0;
  #burnt = 0;

  /** @param reached the sampled counter */
  constructor(watermark: number, reached: number) {
    this.#watermark = watermark;
    this.#reached = reached;
    this.#places = new Uint8Array(watermark + 1);
  }

  addCounted(holders: readonly Holder[]): void {
    for (const { sequence, userId, voided } of holders) {
      const user = voided ? -BigInt(userId) : BigInt(userId);
      if (sequence <= this.#watermark) this.#counted.add(sequence, user);
      else if (sequence > this.#reached) this.#above.push({ sequence, user, by: 'counter' });
    }
  }

  addRecorded(holdings: readonly RecordedHolding[]): void {
    for (const { place, sequence, userId, isUntold } of holdings) {
      if (place === 'coupon') this.#coupons += 1;
      if (place === 'burnt') this.#burnt += 1;
      const user = userId === null ? 0n : BigInt(userId);
      if (sequence > this.#watermark) {
        if (sequence > this.#reached) this.#above.push({ sequence, user, by: 'record' });
        continue;
      }
      const before = this.#places[sequence] ?? 0;
      this.#places[sequence] = before | BITS[place] | (isUntold ? UNTOLD : 0);
      if (user !== 0n) this.#recorded.add(sequence, user);
    }
  }

  /** Compares the sequences from one to another, so that a million of them can be compared in pieces. */
  compare(from: number, to: number, log: LoggedUsers): void {
    for (let sequence = from; sequence <= Math.min(to, this.#watermark); sequence += 1) {
      if (!this.#agrees(sequence, log)) this.#explain(sequence, log);
    }
  }

  /** @param standing read after everything else, in the epoch of the sample */
  conclude(record: CampaignRecord, standing: OpenStanding): readonly Disagreement[] {
    for (const { sequence, user, by } of this.#above.toSorted((a, b) => a.sequence - b.sequence)) {
      if (sequence <= standing.counter) continue;
      const text = userText(user);
      const said = by === 'counter' ? { counter: text, record: null } : { counter: null, record: text };
      this.#report('above-counter', sequence, user, { ...said, log: null }, 'the counter has not counted so far');
    }
    this.#compareTerms(record, standing);
    return this.found;
  }

  /** What nearly every sequence does, in few steps. */
  #agrees(sequence: number, log: LoggedUsers): boolean {
    const place = this.#places[sequence] ?? 0;
    const counted = this.#counted.first(sequence);
    const user = this.#recorded.first(sequence);
    if (this.#counted.others(sequence).length > 0 || this.#recorded.others(sequence).length > 0) return false;
    if (place === BITS.burnt && user === 0n) return counted === 0n;
    if (sequence >= log.from && !log.users.has(sequence, user)) return false;
    if (place === BITS.coupon || place === BITS['failed-event']) return user !== 0n && counted === user;
    if (place === BITS.burnt) return counted === -user;
    return place === (BITS.burnt | UNTOLD) && (counted === -user || counted === user);
  }

  #explain(sequence: number, log: LoggedUsers): void {
    const place = (this.#places[sequence] ?? 0) & PLACES;
    const isUntold = ((this.#places[sequence] ?? 0) & UNTOLD) !== 0;
    const counted = this.#counted.first(sequence);
    const user = this.#recorded.first(sequence);
    const said = this.#said(sequence, place, log);
    const report = (kind: DisagreementKind, detail: string) =>
      this.#report(kind, sequence, user === 0n ? counted : user, said, detail);
    const names = NAMES.filter(([bit]) => (place & bit) !== 0).map(([, name]) => name);

    if (place === 0) report('not-recorded', 'no coupon, no failed event that holds the slot, and not burnt');
    if (names.length > 1 || this.#recorded.others(sequence).length > 0) {
      report('recorded-twice', `recorded as ${names.join(' and ')}`);
    }
    if (this.#counted.others(sequence).length > 0) report('counted-twice', 'the counter tells it to two users');
    if (place !== 0) this.#explainUsers(sequence, { place, isUntold, counted, user }, report);
    if (user !== 0n && sequence >= log.from && !log.users.has(sequence, user)) {
      report('no-event', 'the event log has no event of this user and sequence');
    }
  }

  #explainUsers(
    sequence: number,
    held: { readonly place: number; readonly isUntold: boolean; readonly counted: bigint; readonly user: bigint },
    report: (kind: DisagreementKind, detail: string) => void,
  ): void {
    const { place, isUntold, counted, user } = held;
    const isBurntOnly = place === BITS.burnt;
    if (user === 0n) {
      if (counted !== 0n) report('burnt-but-counted', 'burnt without a user, and the counter has one');
    } else if (counted === 0n) {
      report('not-counted', 'the counter tells it to nobody');
    } else if (!this.#recorded.has(sequence, absolute(counted))) {
      report('other-user', 'counter and record name different users');
    } else if (isBurntOnly && counted > 0n && !isUntold) {
      report('not-voided', 'voided in the record, and good in the counter');
    } else if (!isBurntOnly && counted < 0n && (place & BITS.burnt) === 0) {
      report('voided', 'voided in the counter, and good in the record');
    }
  }

  #said(sequence: number, place: number, log: LoggedUsers): Pick<Disagreement, 'counter' | 'record' | 'log'> {
    const names = NAMES.filter(([bit]) => (place & bit) !== 0).map(([, name]) => name);
    const users = textOf(this.#recorded, sequence);
    return {
      counter: textOf(this.#counted, sequence),
      record: names.length === 0 ? null : [names.join(' and '), users].filter(Boolean).join(' of '),
      log: sequence < log.from ? 'not compared' : textOf(log.users, sequence),
    };
  }

  #compareTerms(record: CampaignRecord, standing: OpenStanding): void {
    const counter = `version ${standing.version}: limit ${standing.limit}, ceiling ${standing.ceiling}`;
    const recorded = `version ${record.version}: limit ${record.limit}, ceiling ${record.ceiling}`;
    const isOther = standing.limit !== record.limit || standing.ceiling !== record.ceiling;
    if (standing.version === record.version && isOther) {
      this.#report('terms', null, 0n, { counter, record: recorded, log: null }, 'different terms under one version');
    }
    // Nothing here that changes with every grant: a disagreement is one only if the next comparison says the same.
    const used = {
      counter: null,
      record: `limit ${record.limit}, ceiling ${record.ceiling}, ${this.#burnt} burnt`,
      log: null,
    };
    if (burntOf(record) !== this.#burnt) {
      this.#report('ceiling', null, 0n, used, 'the ceiling is not limit and burnt sequences together');
    }
    if (this.#coupons + this.#burnt > record.ceiling) {
      this.#report('ceiling', null, 0n, used, 'there are more coupons and burnt sequences than the ceiling allows');
    }
    if (standing.epoch > record.epoch || standing.epoch < record.minimumEpoch) {
      const epochs = { counter: `epoch ${standing.epoch}`, log: null };
      const allowed = `epochs ${record.minimumEpoch} to ${record.epoch}`;
      this.#report('epoch', null, 0n, { ...epochs, record: allowed }, 'the counter is of an epoch that is not allowed');
    }
  }

  #report(
    kind: DisagreementKind,
    sequence: number | null,
    user: bigint,
    said: Pick<Disagreement, 'counter' | 'record' | 'log'>,
    detail: string,
  ): void {
    if (this.found.length >= MOST_COUNTED) return;
    const userId = user === 0n ? null : (String(absolute(user)) as UserId);
    this.found.push({ kind, sequence, userId, ...said, detail });
  }
}

const absolute = (user: bigint): bigint => (user < 0n ? -user : user);

const userText = (user: bigint): string | null => {
  if (user === 0n) return null;
  return user < 0n ? `user ${-user}, voided` : `user ${user}`;
};

/** What is said of a sequence, of two users in the order of their numbers. */
function textOf(users: UsersBySequence, sequence: number): string | null {
  const all = [users.first(sequence), ...users.others(sequence)]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map(userText)
    .filter((text) => text !== null);
  return all.length === 0 ? null : all.join(' and ');
}
