export type Random = () => number;

export const between = (random: Random, least: number, most: number): number =>
  Math.round(least + random() * (most - least));
export const oneOf = <T>(random: Random, items: readonly T[]): T => {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('nothing to choose from');
  return item;
};

/** How long a killed process stays away. */
export const away = (random: Random): number => between(random, 0, 2_000);
export const short = (random: Random): number => between(random, 300, 3_000);
