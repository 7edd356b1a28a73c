import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cpuFromNow, cpuSecondsOf } from '../../bench/support/cpu.ts';

const isLinux = existsSync('/proc/self/stat');

const own = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
};

function work(seconds: number): void {
  for (const until = own() + seconds; own() < until; );
}

test.runIf(isLinux)('a process has used as much CPU as it says itself', async () => {
  const seconds = await cpuSecondsOf(process.pid);
  expect(Math.abs(own() - seconds)).toBeLessThan(0.1);
});

test.runIf(isLinux)('a role has used what all its processes have used since', async () => {
  const used = await cpuFromNow({ twice: [process.pid, process.pid], nobody: [] });
  const before = own();
  work(0.1);
  const { twice, nobody } = await used();
  expect(Math.abs(twice - 2 * (own() - before))).toBeLessThan(0.1);
  expect(twice).toBeGreaterThan(0.1);
  expect(nobody).toBe(0);
});
