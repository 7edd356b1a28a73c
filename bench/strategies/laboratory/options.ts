import { parseArgs } from 'node:util';
import { MOST_PRESSES } from './crowd.ts';
import type { Section } from './result.ts';

export const HELP = `Gives N coupons to U users, some of whom press twice, with each of several strategies on real servers.

  npm run bench:strategies -- [--users 20000] [--coupons 2000] [--presses N] [--only a,b] [--kill] [--quick]
                              [--rounds 3] [--connections 256] [--seconds 12] [--seed 1] [--json FILE]

  --presses      of all users together, from one to ${MOST_PRESSES} for each; default: five for every four users
  --only         names of strategies
  --kill         only the section in which an API process is killed in mid-burst; default: both sections
  --seconds      nobody presses any more after so long, whatever the strategy
  --quick        2,000 users, 200 coupons, one round: shows that everything works, not how fast

Ends with 1 where this service was wrong, or where a process crashed; never for what the others do.`;

export interface Options {
  readonly users: number;
  readonly coupons: number;
  readonly presses: number;
  readonly connections: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly seed: number;
  readonly quick: boolean;
  /** Names of strategies; empty: all. */
  readonly only: readonly string[];
  readonly sections: readonly Section['name'][];
  readonly json: string | null;
  readonly help: boolean;
}

const FULL = { users: 20_000, coupons: 2_000, connections: 256, rounds: 3, seconds: 12 };
const QUICK = { users: 2_000, coupons: 200, connections: 64, rounds: 1, seconds: 2 };

/** @throws Error that says what is wrong with the arguments */
export function readOptions(args: readonly string[], names: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      users: text,
      coupons: text,
      presses: text,
      connections: text,
      rounds: text,
      seconds: text,
      seed: text,
      only: { type: 'string', default: '' },
      kill: flag,
      quick: flag,
      json: text,
      help: flag,
    },
  });
  const number = (
    name: 'users' | 'coupons' | 'presses' | 'connections' | 'rounds' | 'seconds' | 'seed',
    standard: number,
  ) => {
    const value = Number(values[name] ?? standard);
    if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} takes a whole number from 1`);
    return value;
  };
  const only = values.only.split(',').filter((name) => name !== '');
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`--only: there is no ${unknown.join(', ')} among ${names.join(', ')}`);
  const standard = values.quick ? QUICK : FULL;
  const users = number('users', standard.users);
  const presses = number('presses', Math.round(1.25 * users));
  if (presses < users || presses > MOST_PRESSES * users) {
    throw new Error(`--presses takes ${users} to ${MOST_PRESSES * users} for ${users} users`);
  }
  return {
    users,
    presses,
    coupons: number('coupons', standard.coupons),
    connections: number('connections', standard.connections),
    rounds: number('rounds', standard.rounds),
    seconds: number('seconds', standard.seconds),
    seed: number('seed', 1),
    quick: values.quick,
    only,
    sections: values.kill ? ['kill'] : ['burst', 'kill'],
    json: values.json ?? null,
    help: values.help,
  };
}
