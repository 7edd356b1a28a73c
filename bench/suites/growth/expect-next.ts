/** @throws Error unless the sequences that were told are the next ones after `from`, each told once */
export function expectNext(sequences: Uint32Array, from: number): void {
  const sorted = sequences.toSorted();
  const wrong = sorted.findIndex((sequence, index) => sequence !== from + index + 1);
  if (wrong < 0) return;
  throw new Error(`after ${from} coupons, coupon ${from + wrong + 1} was not told once: next is ${sorted[wrong]}`);
}
