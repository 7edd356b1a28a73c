/**
 * Works on items side by side, at most so many at a time, begun in their order, and answers in their order.
 * After the first that fails nothing more is begun; it rejects with that failure when nothing is under way any more.
 */
export async function severalAtOnce<T, R>(
  most: number,
  items: Iterable<T>,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  const waiting = [...items].entries();
  const workOn = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (failures.length > 0) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: most }, workOn));
  if (failures.length > 0) throw failures[0];
  return results;
}
