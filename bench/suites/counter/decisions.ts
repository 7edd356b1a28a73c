import type { CampaignId } from '../../../src/domain/campaign-id.ts';
import { eventually } from '../../../test/support/eventually.ts';
import type { BenchCounter } from './bench-counter.ts';
import { benchUser, benchUsers } from './bench-users.ts';
import { keepInFlight } from './keep-in-flight.ts';
import { ScriptCalls } from './script-calls.ts';

type Kind = 'granted' | 'sold-out';

interface Decided {
  readonly decisions: number;
  readonly seconds: number;
}

/** Applications that are decided by the script alone, each call with so many of them. */
export async function byScript(
  [counter, id, expected]: readonly [BenchCounter, CampaignId, Kind],
  { batch, calls, milliseconds }: { readonly batch: number; readonly calls: number; readonly milliseconds: number },
): Promise<Decided> {
  const script = new ScriptCalls(counter, id, expected);
  const seconds = await takes(milliseconds, calls, (number) => script.admit(benchUsers(1 + number * batch, batch)));
  await script.end();
  return { decisions: script.decided, seconds };
}

/** Applications that are decided through the adapter, which gathers them into calls by itself. */
export async function byAdapter(
  [counter, id, expected]: readonly [BenchCounter, CampaignId, Kind],
  { inFlight, milliseconds }: { readonly inFlight: number; readonly milliseconds: number },
): Promise<Decided> {
  let decisions = 0;
  const seconds = await takes(milliseconds, inFlight, async (number) => {
    const admission = await counter.adapter.admit(id, benchUser(1 + number));
    if (admission.kind !== expected) throw new Error(`${id}: ${admission.kind}, not ${expected}`);
    if (admission.kind === 'granted') counter.adapter.settle(admission.grant);
    decisions += 1;
  });
  await eventually(async () => {
    const { counter: highest, pending } = await counter.standing(id);
    if (pending > 0 || (expected === 'granted' && highest !== decisions)) {
      throw new Error(`${id}: ${decisions} were ${expected}; the counter says ${highest}, and ${pending} pending`);
    }
  });
  return { decisions, seconds };
}

/** Until the last of those that were begun in so many milliseconds has ended. */
async function takes(milliseconds: number, most: number, work: (number: number) => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  let number = 0;
  await keepInFlight(most, () => (performance.now() - startedAt < milliseconds ? work(number++) : null));
  return (performance.now() - startedAt) / 1_000;
}
