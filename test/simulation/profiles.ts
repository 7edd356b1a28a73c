import type { FaultKind } from './faults.ts';
import type { LineQuality } from './server.ts';
import type { Lines } from './world.ts';

export interface Profile {
  readonly lines: Lines;
  readonly apis: readonly [least: number, most: number];
  /** Milliseconds in which things happen, before everything heals. */
  readonly lasts: number;
  readonly faults: readonly [least: number, most: number];
  /** How often each kind of fault is chosen among the others. */
  readonly weights: Readonly<Partial<Record<FaultKind, number>>>;
  readonly longestPause: number;
  readonly users: readonly [least: number, most: number];
  readonly changes: readonly [least: number, most: number];
  readonly rebuilds: readonly [least: number, most: number];
  readonly republishes: readonly [least: number, most: number];
  /** Until it is done, as an operator does who has lost the event log. */
  readonly republishesAtLast: boolean;
  readonly voids: readonly [least: number, most: number];
}

const usual: Profile = {
  lines: {
    counter: { usual: [0.2, 3], slow: 0.01, slowest: 700, lost: 0.004, late: 0.001, latest: 3_000 },
    eventLog: { usual: [1, 20], slow: 0.04, slowest: 1_200, lost: 0.01, late: 0.004, latest: 4_000 },
    database: { usual: [0.5, 8], slow: 0.01, slowest: 1_500, lost: 0.003, late: 0.001, latest: 3_000 },
  },
  apis: [2, 3],
  lasts: 11_000,
  faults: [9, 15],
  weights: {
    'api crashes': 2,
    'api pauses': 2,
    'api pauses over a loss': 0.5,
    'counter loses a fresh grant': 0.5,
    'consumer crashes': 2,
    'consumer pauses': 2,
    'leader loses its session': 1,
    'counter is away': 1,
    'counter restarts': 1,
    'counter loses its tail': 2,
    'counter is emptied': 1,
    'counter is an older copy': 1,
    'counter loses a key': 2,
    'counter is flushed': 1,
    'counter loses replies': 1,
    'event log is away': 1,
    'event log loses acknowledgements': 1,
    'event log is slow': 1,
    'offsets are lost': 1,
    'two members own a partition': 1,
    'database is away': 1,
    'database loses answers': 1,
    'poison event': 1,
    'refused data': 1,
    'time of day is corrected': 1,
  },
  longestPause: 4_000,
  users: [18, 26],
  changes: [2, 5],
  rebuilds: [0, 2],
  republishes: [0, 1],
  republishesAtLast: false,
  voids: [0, 3],
};

const slowLog: LineQuality = { usual: [1, 25], slow: 0.25, slowest: 950, lost: 0.005, late: 0.01, latest: 6_000 };

export const profiles = {
  usual,
  'slow event log': {
    ...usual,
    lines: { ...usual.lines, eventLog: slowLog },
    rebuilds: [2, 5],
    weights: { ...usual.weights, 'api pauses': 4, 'counter loses a fresh grant': 20 },
  },
  'pauses around the deadline': {
    ...usual,
    rebuilds: [3, 6],
    longestPause: 3_000,
    faults: [12, 18],
    weights: { ...usual.weights, 'api pauses': 8, 'api pauses over a loss': 12, 'counter loses a key': 5 },
  },
  'late events': {
    ...usual,
    lines: { ...usual.lines, eventLog: { ...usual.lines.eventLog, late: 0.12, latest: 6_000 } },
    weights: { ...usual.weights, 'counter loses a key': 6, 'counter loses its tail': 4, 'counter is emptied': 4 },
  },
  'many changes': {
    ...usual,
    lines: { ...usual.lines, counter: { ...usual.lines.counter, slow: 0.15, slowest: 240 } },
    changes: [25, 35],
    weights: { 'api pauses': 6, 'leader loses its session': 1, 'counter loses replies': 1, 'api crashes': 1 },
  },
  /** Whoever loses the log republishes; whoever loses the counter with it has lost what was in neither the record. */
  'lost event log': {
    ...usual,
    faults: [5, 9],
    rebuilds: [0, 0],
    republishesAtLast: true,
    weights: {
      'event log is lost': 3,
      'event log is slow': 2,
      'event log is away': 1,
      'event log loses acknowledgements': 1,
      'offsets are lost': 1,
      'api crashes': 2,
      'api pauses': 1,
      'consumer pauses': 1,
      'database is away': 2,
      'database loses answers': 1,
      'counter loses replies': 1,
      'refused data': 1,
    },
  },
  'tight rebuilds': {
    ...usual,
    rebuilds: [6, 10],
    weights: { ...usual.weights, 'consumer pauses': 8, 'consumer crashes': 5, 'leader loses its session': 8 },
  },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

export const profileNames = Object.keys(profiles) as readonly ProfileName[];

/** Half of the seeds run the usual profile, the others one of the special ones. */
export const profileOf = (seed: number): ProfileName =>
  seed % 2 === 0 ? 'usual' : (profileNames.at(1 + (((seed - 1) / 2) % (profileNames.length - 1))) ?? 'usual');
