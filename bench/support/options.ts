import { parseArgs } from 'node:util';

const HELP = `Measures the service on real servers of its own, beside references that run in the same rounds.

  npm run bench -- [--quick] [--rounds 5] [--only api,latency] [--requests 10000000] [--json FILE]

--requests is how many the API has to answer while its memory is watched.

Ends with 1 where something crashed or an answer was wrong; a goal that is missed is printed and ends nothing.`;

interface Options {
  readonly quick: boolean;
  readonly rounds: number;
  /** Names of suites; empty: all. */
  readonly only: readonly string[];
  /** Of the suite of memory. */
  readonly requests: number;
  readonly json: string | null;
  readonly help: boolean;
}

const ROUNDS = 5;
const QUICK_ROUNDS = 1;
const REQUESTS = 10_000_000;
const QUICK_REQUESTS = 50_000;
const FEWEST_REQUESTS = 1_000;

/** @throws Error that says what is wrong with the arguments */
export function readOptions(args: readonly string[], suites: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string', default: '' },
      requests: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const only = values.only.split(',').filter((name) => name !== '');
  const unknown = only.filter((name) => !suites.includes(name));
  if (unknown.length > 0) throw new Error(`--only: there is no ${unknown.join(', ')} among ${suites.join(', ')}`);
  const rounds = Number(values.rounds ?? (values.quick ? QUICK_ROUNDS : ROUNDS));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1');
  const requests = Number(values.requests ?? (values.quick ? QUICK_REQUESTS : REQUESTS));
  if (!Number.isInteger(requests) || requests < FEWEST_REQUESTS) {
    throw new Error(`--requests takes a whole number from ${FEWEST_REQUESTS}`);
  }
  return { quick: values.quick, rounds, requests, only, json: values.json ?? null, help: values.help };
}

/** Of this process; one that only asks for help, or asks for what there is not, ends here. */
export function readOptionsOrEnd(suites: readonly string[]): Options {
  try {
    const options = readOptions(process.argv.slice(2), suites);
    if (!options.help) return options;
    console.log(`${HELP}\n\nSuites: ${suites.join(', ')}`);
    process.exit(0);
  } catch (error) {
    console.error(`${String(error)}\n\n${HELP}`);
    process.exit(2);
  }
}
