import type { CampaignId } from '../../../src/domain/campaign-id.ts';
import type { BenchCounter } from './bench-counter.ts';
import { benchUsers } from './bench-users.ts';
import { keepInFlight } from './keep-in-flight.ts';
import { ScriptCalls } from './script-calls.ts';

const AT_ONCE = 500;
const CALLS_IN_FLIGHT = 4;

/**
 * Grants to the bench's users 0 to `count` − 1, in this order and by the real script, and settles every grant: a million
 * applications over HTTP would take minutes.
 */
export async function grantInBulk(counter: BenchCounter, id: CampaignId, count: number): Promise<void> {
  const calls = new ScriptCalls(counter, id, 'granted');
  let next = 0;
  await keepInFlight(CALLS_IN_FLIGHT, () => {
    if (next >= count) return null;
    const from = next;
    next += AT_ONCE;
    return calls.admit(benchUsers(from, Math.min(AT_ONCE, count - from)));
  });
  await calls.end();
}
