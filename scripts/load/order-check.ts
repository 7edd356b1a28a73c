export interface Numbered {
  readonly user: string;
  readonly sequence: number;
  /** When nobody can have granted it before. */
  readonly askedAt: number;
  /** When he was first told it; null: he never was. */
  readonly toldAt: number | null;
}

export interface Overtaken {
  readonly earlier: Numbered;
  readonly later: Numbered;
}

/**
 * First come, first served: who was told his sequence before another one asked has the lower sequence.
 * Answers everybody who got past somebody, with the highest sequence he got past. O(n log n).
 */
export function overtaken(numbered: readonly Numbered[]): readonly Overtaken[] {
  const told = numbered
    .filter((each): each is Numbered & { readonly toldAt: number } => each.toldAt !== null)
    .toSorted((a, b) => a.toldAt - b.toldAt);
  const found: Overtaken[] = [];
  let highest: Numbered | null = null;
  let next = 0;
  for (const later of numbered.toSorted((a, b) => a.askedAt - b.askedAt)) {
    for (let earlier = told[next]; earlier && earlier.toldAt < later.askedAt; earlier = told[next]) {
      if (highest === null || earlier.sequence > highest.sequence) highest = earlier;
      next += 1;
    }
    if (highest !== null && highest.sequence > later.sequence) found.push({ earlier: highest, later });
  }
  return found;
}
