const SEED = 0x9747b28c;
const MIX = 0x5bd1e995;

/** The hash by which Kafka's own producers choose a partition; a signed 32-bit number. */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes;
  const at = (index: number): number => bytes[index] ?? 0;
  let hash = SEED ^ length;
  let index = 0;
  for (; length - index >= 4; index += 4) {
    let word = at(index) | (at(index + 1) << 8) | (at(index + 2) << 16) | (at(index + 3) << 24);
    word = Math.imul(word, MIX);
    word = Math.imul(word ^ (word >>> 24), MIX);
    hash = Math.imul(hash, MIX) ^ word;
  }
  const rest = length - index;
  if (rest === 3) hash ^= at(index + 2) << 16;
  if (rest >= 2) hash ^= at(index + 1) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ at(index), MIX);
  hash = Math.imul(hash ^ (hash >>> 13), MIX);
  return hash ^ (hash >>> 15);
}
