import { mustBeZero } from '../../scripts/load/matrix.ts';
import { TOLD } from '../../scripts/load/told.ts';
import { TRUE_STATES } from '../../scripts/load/truth.ts';
import type { Checked, Findings, Matrix } from './check.ts';
import type { Drained } from './drain.ts';
import type { FaultRecord } from './fault.ts';

/** One line of the table of invariants: a figure that has to be 0. */
export interface Invariant {
  readonly id: string;
  readonly what: string;
  readonly figure: number;
  readonly examples: readonly string[];
}

/** Everything of a run that is kept, and that runs are added up from. */
export interface Results {
  readonly good: boolean;
  readonly date: string;
  readonly machine: string;
  readonly command: string;
  readonly seed: number;
  readonly streams: number;
  readonly rate: number;
  readonly minutes: number;
  /** How late the drill itself was at worst, in milliseconds: a busy machine, not the service. */
  readonly late: number;
  readonly campaigns: number;
  readonly requests: number;
  readonly coupons: number;
  readonly faults: readonly FaultRecord[];
  /** Processes that ended by themselves, and were started again. */
  readonly revived: readonly string[];
  readonly skipped: readonly string[];
  readonly users: Matrix;
  readonly answers: Matrix;
  readonly invariants: readonly Invariant[];
  readonly drained: Drained;
  readonly notes: readonly string[];
}

const WHAT: readonly (readonly [id: string, finding: keyof Findings, what: string])[] = [
  ['I1', 'oversold', 'coupons above the limit'],
  ['I2', 'duplicates', 'users with two coupons of one campaign'],
  ['I3', 'unkept', 'told accepted, and neither issued, visibly failed nor voided'],
  ['I3', 'lost', 'granted or published, and never recorded'],
  ['I4', 'toldTwice', 'sequences told to, or recorded for, two users'],
  ['I5', 'disagreements', 'users of whom Redis, topic and MySQL say different things'],
  ['I6', 'leaked', 'slots that leaked, or are still pending'],
  ['I7', 'contradictions', 'answers that contradict another answer or the record'],
  ['I8', 'overtaken', 'users overtaken by somebody who asked later'],
  ['I9', 'outsideHours', 'grants outside the opening hours'],
  ['I10', 'failedEvents', 'failed events'],
  ['end', 'alarms', 'disagreements that the service itself reports'],
];

export function invariantsOf(
  { findings }: Checked,
  faults: readonly FaultRecord[],
  drained: Drained,
): readonly Invariant[] {
  const late = faults.filter(({ recovery }) => recovery === null);
  const unready = Object.entries(drained.ready).filter(([, status]) => status !== 200);
  return [
    ...WHAT.map(([id, name, what]) => ({
      id,
      what,
      figure: findings[name].count,
      examples: findings[name].examples,
    })),
    {
      id: 'end',
      what: 'campaigns or processes not at rest 30 s after the last fault',
      figure: drained.within === null ? Math.max(1, drained.left.length) : 0,
      examples: drained.left,
    },
    {
      id: 'end',
      what: 'unaccounted sequences',
      figure: drained.unaccounted ?? 1,
      examples: drained.unaccounted === null ? ['nobody can say'] : [],
    },
    { id: 'end', what: 'processes not ready', figure: unready.length, examples: unready.map(([name]) => name) },
    {
      id: 'recovery',
      what: 'faults not recovered from within 30 s',
      figure: late.length,
      examples: late.map(({ number, kind, detail }) => `#${number} ${kind}: ${detail}`),
    },
  ];
}

export const brokenCells = (users: Matrix): number =>
  TOLD.reduce(
    (sum, told) =>
      sum + TRUE_STATES.reduce((cells, state) => cells + (mustBeZero(told, state) ? users[told][state] : 0), 0),
    0,
  );
