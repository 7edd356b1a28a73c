import type { Report } from './plan.ts';

/** @throws Error unless everybody but the winners was told that the campaign is sold out */
export function expectRefused(
  { requests, statuses, samples, sequences }: Pick<Report, 'requests' | 'statuses' | 'samples' | 'sequences'>,
  wins: (request: number) => boolean,
): void {
  const refusal = samples.get(409) ?? '';
  if (!refusal.includes('"/problems/sold-out"')) throw new Error(`refused, but not as sold out: ${refusal}`);
  const given = sequences.filter((sequence, request) => sequence > 0 && !wins(request)).length;
  if (given > 0) throw new Error(`${given} coupons of a campaign that is sold out were given`);
  const winners = sequences.filter((_, request) => wins(request)).length;
  const accepted = statuses.get(202) ?? 0;
  if (accepted !== winners) throw new Error(`of ${winners} winners among ${requests}, ${accepted} were told so`);
}
