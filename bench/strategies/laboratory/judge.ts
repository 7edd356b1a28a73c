/** What a user was told once. `error`: nothing certain, or no answer at all. */
export type Told = 'accepted' | 'already' | 'sold-out' | 'error';

/** Every answer to a user, by user. */
export type ToldByUser = ReadonlyMap<string, readonly Told[]>;

export interface Judgement {
  readonly stored: number;
  /** Coupons above the limit. */
  readonly oversold: number;
  /** Coupons that were left over although somebody was told that there are none. */
  readonly undersold: number;
  readonly usersWithTwo: number;
  /** Users without a coupon who were told 202, or told that they had applied already and never anything else. */
  readonly toldNotIssued: number;
  /** Users with a coupon who were told that it was sold out. */
  readonly issuedToldNo: number;
  /** Users who were told that they have it, or have applied already, and that it was sold out. */
  readonly toldBoth: number;
  /** Coupons of users who never applied. */
  readonly issuedToStrangers: number;
}

/** Compares what users were told with what was stored: `stored` has one entry for every coupon. */
export function judge(stored: readonly string[], told: ToldByUser, limit: number): Judgement {
  const coupons = new Map<string, number>();
  for (const userId of stored) coupons.set(userId, (coupons.get(userId) ?? 0) + 1);
  const answers = [...told.values()];
  const saidNo = answers.some((each) => each.includes('sold-out'));
  const count = (wrong: (each: readonly Told[], hasCoupon: boolean) => boolean): number =>
    [...told].filter(([userId, each]) => wrong(each, coupons.has(userId))).length;
  return {
    stored: stored.length,
    oversold: Math.max(0, stored.length - limit),
    undersold: saidNo ? Math.max(0, limit - stored.length) : 0,
    usersWithTwo: [...coupons.values()].filter((each) => each > 1).length,
    toldNotIssued: count((each, hasCoupon) => !hasCoupon && believes(each)),
    issuedToldNo: count((each, hasCoupon) => hasCoupon && each.includes('sold-out')),
    toldBoth: count((each) => saysYes(each) && each.includes('sold-out')),
    issuedToStrangers: stored.filter((userId) => !told.has(userId)).length,
  };
}

const saysYes = (told: readonly Told[]): boolean => told.includes('accepted') || told.includes('already');

/** Who was refused and then told that he had applied already knows that there is no coupon for him. */
const believes = (told: readonly Told[]): boolean =>
  told.includes('accepted') || (told.includes('already') && !told.includes('sold-out'));

/** What may never happen, by the name of its count. */
export const WRONGS = [
  'oversold',
  'undersold',
  'usersWithTwo',
  'toldNotIssued',
  'issuedToldNo',
  'toldBoth',
  'issuedToStrangers',
] as const satisfies readonly (keyof Judgement)[];

export const isRight = (judgement: Judgement): boolean => WRONGS.every((wrong) => judgement[wrong] === 0);
