import type { Results } from './results.ts';

/** Lines that say on what, with what and how it was measured, and what came to no end. */
export function surroundingsOf({
  machine,
  date,
  commit,
  quick,
  rounds,
  versions,
  failures,
}: Results): readonly string[] {
  const { cores, cpu, memoryGiB, kernel, pinning } = machine;
  return [
    `${cores} cores ${cpu}, ${memoryGiB} GiB, Linux ${kernel}; ${pinning}`,
    `${date}, commit ${commit}, ${rounds === 1 ? 'one round' : `${rounds} rounds`} after one to warm up`,
    ...(quick ? ['quick: these figures say that everything works, not how fast'] : []),
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    ...failures.map(({ suite, error }) => `FAILED: ${suite}: ${error}`),
  ];
}
