import { ApplyLoad, type Loaded } from '../load/apply-load.ts';
import { type Asked, LoadGenerator } from '../load/load-generator.ts';
import { type Figure, type Readings, reading, type Suite } from '../suite.ts';
import { PINNING, Pinning } from '../support/pinning.ts';
import { percentileOf } from '../support/statistics.ts';
import { inTurn } from './turns.ts';

const SHARE_OF_MAXIMUM = 0.7;
const [MAXIMUM_SECONDS, QUICK_MAXIMUM_SECONDS] = [3, 0.5] as const;
const [SECONDS, QUICK_SECONDS] = [6, 0.7] as const;
/** More than are in flight at a time: who arrives finds an idle one, or has to wait, which counts. */
const OPEN_CONNECTIONS = 512;
const PERCENTILES = [50, 95, 99] as const;
/** Milliseconds. */
const P99_AT_MOST = { accepted: 25, refused: 10 } as const;

type Kind = keyof typeof P99_AT_MOST;

const figuresOf = (kind: Kind): readonly Figure[] => [
  ...PERCENTILES.toReversed().map((percentile): Figure => {
    const name = `${kind}-p${percentile}`;
    const figure = { name, title: `${kind}: p${percentile}`, unit: 'ms', of: reading(name) };
    return percentile === 99 ? { ...figure, goal: { atMost: P99_AT_MOST[kind] } } : figure;
  }),
  { name: `${kind}-arrivals`, title: `${kind}: arrivals then`, unit: '1/s', of: reading(`${kind}-arrivals`) },
];

export const latency: Suite = {
  name: 'latency',
  figures: [...figuresOf('accepted'), ...figuresOf('refused')],
  notes: [
    `Requests arrive at ${100 * SHARE_OF_MAXIMUM} % of the rate that was measured just before, whatever is answered; each waits from when it was due.`,
    PINNING,
  ],
  async prepare(installation, { quick }) {
    await using parts = new AsyncDisposableStack();
    const generator = parts.use(new LoadGenerator());
    parts.use(await Pinning.of(installation, generator, [installation.api]));
    const load = new ApplyLoad(installation, generator);
    const ports = [installation.api.port];
    const fast = { ports, seconds: quick ? QUICK_MAXIMUM_SECONDS : MAXIMUM_SECONDS };
    const open = { ports, seconds: quick ? QUICK_SECONDS : SECONDS, connections: OPEN_CONNECTIONS };
    const measure = async (kind: Kind, apply: (how: How) => Promise<Loaded>): Promise<Readings> => {
      const maximum = await apply(fast);
      const rate = (SHARE_OF_MAXIMUM * maximum.report.requests) / maximum.report.seconds;
      const { report, again } = await apply({ ...open, rate });
      return { ...latencyReadings(kind, rate, report.waits), [`${kind}-again`]: maximum.again + again };
    };
    const owned = parts.move();
    return {
      round: (number) =>
        inTurn(number, [
          () => measure('accepted', (how) => load.accepted(how)),
          () => measure('refused', (how) => load.refused(how)),
        ]),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  },
};

type How = Pick<Asked, 'ports' | 'seconds' | 'connections' | 'rate'>;

/** @param waits in µs */
const latencyReadings = (kind: Kind, rate: number, waits: Uint32Array): Readings => ({
  [`${kind}-arrivals`]: rate,
  ...Object.fromEntries(
    PERCENTILES.map((percentile) => [`${kind}-p${percentile}`, percentileOf(waits, percentile / 100) / 1_000]),
  ),
});
