import type { Answer } from './load.ts';

/** How often each answer was given: `202`, `409 sold-out`, `503 rebuilding`, `ECONNRESET` … */
export function tally(answers: Iterable<Answer>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status, problem, failure } of answers) {
    const answer = failure ?? (problem === null ? `${status}` : `${status} ${problem}`);
    counts[answer] = (counts[answer] ?? 0) + 1;
  }
  return counts;
}

/**
 * The sequence of every user who was told one.
 *
 * @throws Error where a user was told two sequences, or two users one: no answer may ever contradict another
 */
export function sequencesTold(answers: Iterable<Answer>): ReadonlyMap<string, number> {
  const sequences = new Map<string, number>();
  const users = new Map<number, string>();
  for (const { userId, sequence } of answers) {
    if (sequence === null) continue;
    const before = sequences.get(userId);
    const other = users.get(sequence);
    if (before !== undefined && before !== sequence) throw new Error(`${userId} was told ${before} and ${sequence}`);
    if (other !== undefined && other !== userId) throw new Error(`${sequence} was told to ${other} and ${userId}`);
    sequences.set(userId, sequence);
    users.set(sequence, userId);
  }
  return sequences;
}

/**
 * The pairs that show somebody overtaken: A was answered before B asked for the first time, and has the higher sequence.
 */
export function overtaken(answers: readonly Answer[]): readonly string[] {
  const found: string[] = [];
  const firstAsked = new Map<string, number>();
  for (const { userId, sentAt } of answers) {
    firstAsked.set(userId, Math.min(sentAt, firstAsked.get(userId) ?? Number.POSITIVE_INFINITY));
  }
  const told = answers.flatMap(({ userId, sequence, answeredAt }) =>
    sequence === null ? [] : [{ userId, sequence, answeredAt, askedAt: firstAsked.get(userId) ?? 0 }],
  );
  const byAnswer = told.toSorted((a, b) => a.answeredAt - b.answeredAt);
  let next = 0;
  let highest = { userId: '', sequence: 0 };
  for (const later of told.toSorted((a, b) => a.askedAt - b.askedAt)) {
    for (let earlier = byAnswer[next]; earlier && earlier.answeredAt < later.askedAt; earlier = byAnswer[++next]) {
      if (earlier.sequence > highest.sequence) highest = earlier;
    }
    if (later.sequence < highest.sequence) {
      found.push(`${highest.userId} has ${highest.sequence}, ${later.userId} who asked later has ${later.sequence}`);
    }
  }
  return found;
}
