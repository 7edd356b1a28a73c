import { readFile } from 'node:fs/promises';
import { type Figure, reading } from '../suite.ts';

const STEAL = 7;

/** Of every suite: while the host takes much, what is measured is the host. */
export const STOLEN: Figure = {
  name: 'stolen',
  title: 'CPU that the host took from this machine meanwhile',
  unit: '%',
  of: reading('stolen'),
};

/** Answers, when called, how many per cent of all CPU the host has given to other machines since now (`steal` of proc(5)). */
export async function stolenFromNow(): Promise<() => Promise<number>> {
  const before = await jiffies();
  return async () => {
    const spent = (await jiffies()).map((each, index) => each - (before[index] ?? 0));
    const all = spent.reduce((sum, each) => sum + each, 0);
    return all === 0 ? 0 : (100 * (spent[STEAL] ?? 0)) / all;
  };
}

/** User, nice, system, idle, iowait, irq, softirq, steal; what follows is part of the first two. */
async function jiffies(): Promise<readonly number[]> {
  const [all = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  return all.trim().split(/ +/).slice(1, 9).map(Number);
}
