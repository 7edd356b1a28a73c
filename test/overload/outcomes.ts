/** What a user was told, one byte for each: a run has millions of them. */
export const OUTCOMES = [
  'not-sent',
  'no-answer',
  'accepted',
  'refused',
  'shed',
  'outcome-unknown',
  'rebuilding',
  'too-slow',
  'unexpected',
] as const;

export type Outcome = (typeof OUTCOMES)[number];
export type Tally = Readonly<Record<Outcome, number>>;

export const codeOf = (outcome: Outcome): number => OUTCOMES.indexOf(outcome);

export function tallyOf(codes: Uint8Array): Tally {
  const tally: Record<Outcome, number> = {
    'not-sent': 0,
    'no-answer': 0,
    accepted: 0,
    refused: 0,
    shed: 0,
    'outcome-unknown': 0,
    rebuilding: 0,
    'too-slow': 0,
    unexpected: 0,
  };
  for (const code of codes) {
    const outcome = OUTCOMES[code];
    if (outcome !== undefined) tally[outcome] += 1;
  }
  return tally;
}

/** Reads an answer as far as the books need it; a 503 that does not say when to come back is unexpected. */
export function outcomeOf(answer: string): Outcome {
  switch (answer.slice(9, 12)) {
    case '200':
    case '202':
      return 'accepted';
    case '409':
      return answer.includes('"/problems/sold-out"') ? 'refused' : 'unexpected';
    case '408':
      return 'too-slow';
    case '503':
      return unavailableOf(answer);
    default:
      return 'unexpected';
  }
}

function unavailableOf(answer: string): Outcome {
  if (!/\r\nretry-after: [1-9][0-9]*\r\n/i.test(answer)) return 'unexpected';
  if (answer.includes('"/problems/unavailable"')) return 'shed';
  if (answer.includes('"/problems/outcome-unknown"')) return 'outcome-unknown';
  return answer.includes('"/problems/rebuilding"') ? 'rebuilding' : 'unexpected';
}
