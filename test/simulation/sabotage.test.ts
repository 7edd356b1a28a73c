import { expect, it } from 'vitest';
import type { ProfileName } from './profiles.ts';
import { type Guard, guards, sabotages } from './sabotages.ts';
import { runSchedule } from './schedule.ts';

const MOST_SEEDS = 3_000;

/** The part of the clean simulation in which a guard is needed most; the others are missed in any. */
const REACHED_IN: Partial<Record<Guard, ProfileName>> = {
  'deadline from before the admission': 'pauses around the deadline',
  'quiesce wait': 'slow event log',
  'minimum epoch': 'late events',
  versions: 'many changes',
};

async function firstViolated(guard: Guard): Promise<number | null> {
  for (let seed = 1; seed <= MOST_SEEDS; seed += 1) {
    const { violations } = await runSchedule(seed, { sabotage: sabotages[guard], profile: REACHED_IN[guard] });
    if (violations.length > 0) return seed;
  }
  return null;
}

it.each(guards)('notices within 3,000 schedules that a guard is missing: %s', { timeout: 300_000 }, async (guard) => {
  expect(await firstViolated(guard)).not.toBeNull();
});
