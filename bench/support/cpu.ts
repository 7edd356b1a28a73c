import { readFile } from 'node:fs/promises';

/** USER_HZ, in which Linux has told programs the time for ever, whatever it counts in itself. */
const TICKS_PER_SECOND = 100;
const USER_TIME = 11;
const SYSTEM_TIME = 12;

type Pids = readonly number[];

/** Seconds of CPU that a process has used, all its threads and its share of the kernel included, to 10 ms. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in parentheses, may contain anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) / TICKS_PER_SECOND;
}

/** Call the answer to learn how many seconds of CPU each role has used since. */
export async function cpuFromNow<Role extends string>(
  roles: Readonly<Record<Role, Pids>>,
): Promise<() => Promise<Readonly<Record<Role, number>>>> {
  const before = await useOf(roles);
  return async () => {
    const use = await useOf(roles);
    for (const role in use) use[role] -= before[role];
    return use;
  };
}

async function useOf<Role extends string>(roles: Readonly<Record<Role, Pids>>): Promise<Record<Role, number>> {
  const use = {} as Record<Role, number>;
  for (const role in roles) {
    use[role] = 0;
    for (const pid of roles[role]) use[role] += await cpuSecondsOf(pid);
  }
  return use;
}
