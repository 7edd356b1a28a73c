/** Starts work until there is no more, so many at a time. */
export async function keepInFlight(most: number, next: () => Promise<unknown> | null): Promise<void> {
  const one = async (): Promise<void> => {
    for (let work = next(); work !== null; work = next()) await work;
  };
  await Promise.all(Array.from({ length: most }, one));
}
