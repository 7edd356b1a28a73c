import { type Applicant, applicants } from './applicant.ts';
import type { Exchange } from './history.ts';
import { countMatrix, type Matrix } from './matrix.ts';
import { overtaken } from './order-check.ts';
import { isPromise, toldBy } from './told.ts';
import type { TrueRecord, Truth } from './truth.ts';

/** What no answer and no outage excuses. */
export const VIOLATIONS = {
  'accepted-and-nothing': 'told that he has one, and there is nothing',
  'accepted-and-unsettled': 'told that he has one, and it was not settled in time',
  'accepted-without-sequence': 'told that he has one, without a sequence of his own',
  'two-sequences-for-one-user': 'told two sequences',
  'one-sequence-for-two-users': 'one sequence told to two users, or recorded for another one',
  'another-sequence-recorded': 'told one sequence, recorded with another',
  'promise-taken-back': 'told that he has one, and refused when he asked again',
  'coupon-after-refusals': 'refused every time, and has a coupon',
  'more-promises-than-the-limit': 'more users were told that they have one than the limit allows',
  'more-coupons-than-the-limit': 'more coupons than the limit allows',
  'sequence-above-the-ceiling': 'told a sequence above limit and burnt ones together',
  'out-of-order': 'asked after another one was told his sequence, and has a lower one',
} as const;
export type ViolationKind = keyof typeof VIOLATIONS;

interface Violation {
  readonly count: number;
  /** The first ones, in words. */
  readonly examples: readonly string[];
}

export interface Verdict {
  readonly good: boolean;
  /** Each user once, by the strongest of his answers. */
  readonly users: Matrix;
  /** Every answer. */
  readonly answers: Matrix;
  readonly violations: Readonly<Record<ViolationKind, Violation>>;
  /** What is worth knowing and proves nothing from outside. */
  readonly notes: readonly string[];
}

const MOST_EXAMPLES = 20;
const NOTHING: TrueRecord = { state: 'none', sequence: null };

/** Compares what the users of one campaign were told with what is true. */
export function judge(history: readonly Exchange[], truth: Truth): Verdict {
  const everybody = applicants(history);
  const recordOf = (user: string): TrueRecord => truth.users.get(user) ?? NOTHING;
  const findings: Findings = new Map();
  for (const applicant of everybody.values()) judgeOne(applicant, recordOf(applicant.user), findings);
  judgeSequences(everybody, truth, findings);
  judgeTotals(everybody, truth, findings);
  judgeOrder(everybody, truth, findings);
  const users = countMatrix(
    [...everybody.values()].map(({ user, strongest }) => [strongest, recordOf(user).state] as const),
  );
  return {
    good: findings.size === 0,
    users,
    answers: countMatrix(history.map(({ user, answer }) => [toldBy(answer), recordOf(user).state] as const)),
    violations: counted(findings),
    notes: notesOn(history, everybody, truth),
  };
}

type Findings = Map<ViolationKind, string[]>;

function find(findings: Findings, kind: ViolationKind, example: string): void {
  const found = findings.get(kind);
  if (found) found.push(example);
  else findings.set(kind, [example]);
}

function counted(findings: Findings): Readonly<Record<ViolationKind, Violation>> {
  const kinds = Object.keys(VIOLATIONS) as ViolationKind[];
  const entries = kinds.map((kind): [ViolationKind, Violation] => {
    const examples = findings.get(kind) ?? [];
    return [kind, { count: examples.length, examples: examples.slice(0, MOST_EXAMPLES) }];
  });
  return Object.fromEntries(entries) as Record<ViolationKind, Violation>;
}

function judgeOne(applicant: Applicant, record: TrueRecord, findings: Findings): void {
  const { user, strongest, sequences, askedAt, emptyPromises, takenBack } = applicant;
  if (isPromise(strongest)) {
    if (record.state === 'none') find(findings, 'accepted-and-nothing', `user ${user}, sequence ${sequences.join()}`);
    if (record.state === 'unsettled')
      find(findings, 'accepted-and-unsettled', `user ${user}, sequence ${sequences.join()}`);
  }
  if (emptyPromises > 0) find(findings, 'accepted-without-sequence', `user ${user}`);
  if (sequences.length > 1) find(findings, 'two-sequences-for-one-user', `user ${user}: ${sequences.join(' and ')}`);
  const other = record.sequence === null ? undefined : sequences.find((sequence) => sequence !== record.sequence);
  if (other !== undefined)
    find(findings, 'another-sequence-recorded', `user ${user}: told ${other}, recorded ${record.sequence}`);
  if (takenBack.length > 0) find(findings, 'promise-taken-back', `user ${user}: ${takenBack.join(', ')}`);
  if (askedAt === null && record.state === 'coupon')
    find(findings, 'coupon-after-refusals', `user ${user}, sequence ${record.sequence}`);
}

function judgeSequences(everybody: ReadonlyMap<string, Applicant>, truth: Truth, findings: Findings): void {
  const holders = new Map<number, Set<string>>();
  const hold = (sequence: number, user: string) => {
    const users = holders.get(sequence);
    if (users) users.add(user);
    else holders.set(sequence, new Set([user]));
  };
  for (const { user, sequences } of everybody.values()) for (const sequence of sequences) hold(sequence, user);
  for (const [user, { sequence }] of truth.users) if (sequence !== null) hold(sequence, user);
  for (const [sequence, users] of holders)
    if (users.size > 1)
      find(findings, 'one-sequence-for-two-users', `sequence ${sequence}: users ${[...users].join(' and ')}`);
}

function judgeTotals(everybody: ReadonlyMap<string, Applicant>, truth: Truth, findings: Findings): void {
  const { limit, burnt } = truth;
  if (limit === null) return;
  const promised = [...everybody.values()].filter(
    ({ user, strongest }) => isPromise(strongest) && truth.users.get(user)?.state !== 'void',
  );
  for (const { user } of promised.slice(limit))
    find(findings, 'more-promises-than-the-limit', `user ${user} and ${limit} others`);
  const seen = [...truth.users.values()].filter(({ state }) => state === 'coupon').length;
  const coupons = Math.max(truth.coupons ?? 0, seen);
  for (let excess = limit + 1; excess <= coupons; excess += 1)
    find(findings, 'more-coupons-than-the-limit', `coupon number ${excess}; the limit is ${limit}`);
  if (burnt === null) return;
  for (const { user, sequences } of everybody.values())
    for (const sequence of sequences)
      if (sequence > limit + burnt)
        find(
          findings,
          'sequence-above-the-ceiling',
          `user ${user}, sequence ${sequence}; the ceiling is ${limit + burnt}`,
        );
}

function judgeOrder(everybody: ReadonlyMap<string, Applicant>, truth: Truth, findings: Findings): void {
  const numbered = [...everybody.values()].flatMap(({ user, sequences, askedAt, toldAt }) => {
    const sequence = sequences[0] ?? truth.users.get(user)?.sequence ?? null;
    return sequence === null || askedAt === null ? [] : [{ user, sequence, askedAt, toldAt }];
  });
  for (const { earlier, later } of overtaken(numbered))
    find(
      findings,
      'out-of-order',
      `user ${later.user} asked after user ${earlier.user} was told ${earlier.sequence}, and has ${later.sequence}`,
    );
}

function notesOn(
  history: readonly Exchange[],
  everybody: ReadonlyMap<string, Applicant>,
  { users, limit }: Truth,
): readonly string[] {
  const notes: string[] = [];
  const silent = [...everybody.values()].filter(
    ({ user, strongest }) => !isPromise(strongest) && ['coupon', 'failed-event'].includes(users.get(user)?.state ?? ''),
  ).length;
  if (silent > 0)
    notes.push(`${silent} users have a coupon, or a failed event, and were never told: asking again tells them.`);
  let soldOutAt = Number.POSITIVE_INFINITY;
  for (const { answer } of history) if (answer?.kind === 'sold-out') soldOutAt = Math.min(soldOutAt, answer.answeredAt);
  if (!Number.isFinite(soldOutAt)) return notes;
  const held = [...users.values()].filter(({ state }) => state === 'coupon' || state === 'failed-event').length;
  if (limit !== null && held < limit)
    notes.push(
      `"sold out" was told, and these users hold ${held} of ${limit}. Others may hold the rest, and a slot whose grant nobody was told is taken for a while.`,
    );
  const after = [...everybody.values()].filter(
    ({ askedAt, sequences }) => askedAt !== null && askedAt > soldOutAt && sequences.length > 0,
  ).length;
  if (after > 0)
    notes.push(
      `${after} users asked for the first time after somebody was told "sold out", and got one. A raised limit, a void or a rebuild explains that.`,
    );
  return notes;
}
