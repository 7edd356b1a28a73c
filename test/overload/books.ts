import type { Stores } from '../support/stores.ts';
import type { Report } from './generator.ts';
import { OUTCOMES, type Outcome } from './outcomes.ts';

export interface Campaign {
  readonly id: string;
  /** Who holds a sequence without having been in a report. */
  readonly others: ReadonlyMap<string, number>;
}

export interface Books {
  readonly reports: readonly Report[];
  /** The users of each report took turns in this order. */
  readonly campaigns: readonly Campaign[];
  readonly stores: Pick<Stores, 'counted' | 'recorded' | 'pending' | 'redis'>;
}

/** Who was told nothing certain may hold a slot; who was told that nothing was granted may not. */
const MAY_HOLD: ReadonlySet<Outcome> = new Set(['accepted', 'outcome-unknown', 'rebuilding', 'no-answer']);

const MOST_NAMED = 5;

/** What was told and is not true, and what is true and was denied. */
export async function violationsOf({ reports, campaigns, stores }: Books): Promise<readonly string[]> {
  const violations: string[] = [];
  const complain = (what: string, who: readonly string[]) => {
    if (who.length > 0) violations.push(`${who.length} ${what}, for example ${who.slice(0, MOST_NAMED).join(', ')}`);
  };
  for (const [turn, { id, others }] of campaigns.entries()) {
    const [counted, recorded] = [await stores.counted(id), await stores.recorded(id)];
    const counter = Number(await stores.redis.hget(`coupon:{${id}}:meta`, 'counter'));
    if (counted.size !== counter) violations.push(`${id}: the counter is ${counter}, its holders are ${counted.size}`);
    const pending = await stores.pending(id);
    if (pending > 0) violations.push(`${id}: ${pending} grants are pending for ever`);
    complain(
      `holders in ${id} have no coupon of their sequence`,
      [...counted].filter(([user, sequence]) => recorded.get(user) !== sequence).map(([user]) => user),
    );
    complain(
      `coupons of ${id} have no holder`,
      [...recorded.keys()].filter((user) => !counted.has(user)),
    );

    const known = new Set(others.keys());
    const promised: string[] = [];
    const denied: string[] = [];
    for (const { firstUser, told, sequences } of reports) {
      for (let index = turn; index < told.length; index += campaigns.length) {
        const outcome = OUTCOMES[told[index] ?? 0] ?? 'unexpected';
        const user = String(firstUser + index);
        const holds = recorded.get(user);
        if (holds !== undefined) known.add(user);
        if (outcome === 'accepted' && holds !== sequences[index]) promised.push(user);
        if (holds !== undefined && !MAY_HOLD.has(outcome)) denied.push(`${user} (${outcome})`);
      }
    }
    complain(`users were told a sequence of ${id} that they do not have`, promised);
    complain(`users hold a slot of ${id} after they were told that nothing was granted`, denied);
    complain(
      `coupons of ${id} belong to nobody who applied`,
      [...recorded.keys()].filter((user) => !known.has(user)),
    );
  }
  const unexpected = reports.reduce(
    (sum, { told }) => sum + told.filter((code) => OUTCOMES[code] === 'unexpected').length,
    0,
  );
  if (unexpected > 0) {
    const [example] = reports.flatMap((report) => report.unexpected);
    violations.push(`${unexpected} answers are none that the service may give, for example ${JSON.stringify(example)}`);
  }
  return violations;
}
