import type { Report } from '../../load/plan.ts';

/** @throws Error unless as many users as there were coupons were accepted, and all others refused as sold out */
export function expectAnswers(
  { requests, statuses, samples }: Pick<Report, 'requests' | 'statuses' | 'samples'>,
  coupons: number,
): void {
  const [accepted = 0, refused = 0] = [statuses.get(202), statuses.get(409)];
  if (accepted !== coupons || accepted + refused !== requests) {
    throw new Error(
      `of ${requests} users ${accepted} were accepted and ${refused} refused; there were ${coupons} coupons`,
    );
  }
  const refusal = samples.get(409) ?? '';
  if (!refusal.includes('"/problems/sold-out"')) throw new Error(`refused, but not as sold out: ${refusal}`);
}
