import type { Exchange } from './history.ts';
import { isPromise, isRefusal, TOLD, type Told, toldBy } from './told.ts';

/** What one user asked and was told, in the order of sending. */
export interface Applicant {
  readonly user: string;
  readonly strongest: Told;
  /** Different ones, in the order they were told. */
  readonly sequences: readonly number[];
  /** When the first request was sent that can have got him a coupon; null: every answer refused him for certain. */
  readonly askedAt: number | null;
  /** When he was first told a sequence. */
  readonly toldAt: number | null;
  /** A promise that names no sequence, or is about somebody else. */
  readonly emptyPromises: number;
  /** He asked again after a promise, and was told that there is nothing for him. */
  readonly takenBack: readonly string[];
}

export function applicants(history: readonly Exchange[]): ReadonlyMap<string, Applicant> {
  const byUser = Map.groupBy(history, ({ user }) => user);
  return new Map([...byUser].map(([user, exchanges]) => [user, applicant(user, exchanges)]));
}

function applicant(user: string, exchanges: readonly Exchange[]): Applicant {
  const sequences = new Set<number>();
  let strongest = TOLD.length - 1;
  let askedAt = Number.POSITIVE_INFINITY;
  let toldAt = Number.POSITIVE_INFINITY;
  let emptyPromises = 0;
  for (const { sentAt, answer } of exchanges) {
    const told = toldBy(answer);
    strongest = Math.min(strongest, TOLD.indexOf(told));
    if (!isRefusal(told)) askedAt = Math.min(askedAt, sentAt);
    if (answer === null || !isPromise(told)) continue;
    toldAt = Math.min(toldAt, answer.answeredAt);
    if (answer.sequence === null) emptyPromises += 1;
    else sequences.add(answer.sequence);
  }
  return {
    user,
    strongest: TOLD[strongest] ?? 'timeout',
    sequences: [...sequences],
    askedAt: Number.isFinite(askedAt) ? askedAt : null,
    toldAt: Number.isFinite(toldAt) ? toldAt : null,
    emptyPromises,
    takenBack: exchanges.filter(({ sentAt }) => sentAt > toldAt).flatMap(({ answer }) => takingBack(answer)),
  };
}

/** A void is an operator's, with a reason; everything else that a holder is refused with is a broken promise. */
const TAKES_BACK: ReadonlySet<string> = new Set(['sold-out', 'not-started', 'ended']);
const takingBack = (answer: Exchange['answer']): readonly string[] =>
  answer !== null && TAKES_BACK.has(answer.kind) ? [answer.kind] : [];
