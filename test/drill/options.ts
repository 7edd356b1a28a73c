import { parseArgs } from 'node:util';

export interface Options {
  /** The run is over after so many faults or so many minutes, whichever is first. */
  readonly faults: number;
  readonly minutes: number;
  readonly seed: number;
  readonly only: readonly string[];
  readonly streams: number;
  /** Applications a second, of all campaigns; second presses and retries come on top. */
  readonly rate: number;
  readonly json: string | null;
  readonly evidence: string | null;
  readonly sabotage: string | null;
}

export const USAGE = `npm run drill -- [options]

  --faults N        how many faults (default: as many as the time allows)
  --minutes M       for how long (default: 10, or until the faults are through)
  --seed S          which faults, in which order (default: drawn, and printed)
  --only a,b        kinds (redis.kill), what they touch (redis) or families (kill, freeze, loss, cut, delay, swallow)
  --streams 1|2     how many faults may overlap (default: 2)
  --rate R          applications a second (default: 160)
  --json FILE       writes the results there; npm run drill:sum adds such files up
  --evidence DIR    keeps histories and logs there in any case (default: on failure only, in the temp folder)
  --sabotage GUARD  takes one guard away from the service, for which the drill has to fail
  --help`;

/** @throws RangeError naming what cannot be understood */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parsed(args);
  if (values.help === true) return 'help';
  const faults = whole('faults', values.faults, 1, 100_000);
  return {
    faults: faults ?? Number.POSITIVE_INFINITY,
    minutes: whole('minutes', values.minutes, 1, 1_440) ?? (faults === null ? 10 : 1_440),
    seed: whole('seed', values.seed, 0, 2 ** 31) ?? Math.floor(Math.random() * 1e6),
    only: values.only?.split(',').filter((name) => name !== '') ?? [],
    streams: whole('streams', values.streams, 1, 2) ?? 2,
    rate: whole('rate', values.rate, 10, 10_000) ?? 160,
    json: values.json ?? null,
    evidence: values.evidence ?? null,
    sabotage: values.sabotage ?? null,
  };
}

const text = { type: 'string' } as const;

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        faults: text,
        minutes: text,
        seed: text,
        only: text,
        streams: text,
        rate: text,
        json: text,
        evidence: text,
        sabotage: text,
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new RangeError(error instanceof Error ? error.message : String(error));
  }
}

function whole(name: string, value: string | undefined, least: number, most: number): number | null {
  if (value === undefined) return null;
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new RangeError(`--${name} must be a whole number from ${least} to ${most}, and is ${value}`);
}
