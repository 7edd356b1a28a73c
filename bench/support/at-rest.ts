import { setTimeout as sleep } from 'node:timers/promises';
import { cpuFromNow } from './cpu.ts';
import type { Installation } from './installation.ts';

const LOOK_EVERY = 250;
const MOST_LOOKS = 40;
/** Of a core: what the servers do when nobody asks them anything. */
const IDLE = 0.15;

/** What one contestant left behind to be flushed, compacted or collected is not measured on the next: it is waited for, for a while. */
export async function atRest(installation: Installation): Promise<void> {
  const roles = await installation.pids();
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const used = await cpuFromNow(roles);
    await sleep(LOOK_EVERY);
    const cores = (1_000 * Object.values(await used()).reduce((sum, seconds) => sum + seconds, 0)) / LOOK_EVERY;
    if (cores < IDLE) return;
  }
}
