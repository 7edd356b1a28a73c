import type { InvariantId } from './history.ts';
import type { Outcome } from './schedule.ts';

/** What a worker hands on of many schedules: sums, and every violation. */
export interface Report {
  schedules: number;
  applications: number;
  /** Users who were told a sequence. */
  told: number;
  looks: number;
  changes: number;
  commands: number;
  events: number;
  faults: Record<string, number>;
  profiles: Record<string, number>;
  violated: {
    readonly seed: number;
    readonly profile: string;
    readonly invariants: readonly InvariantId[];
    readonly first: string;
  }[];
}

export const emptyReport = (): Report => ({
  schedules: 0,
  applications: 0,
  told: 0,
  looks: 0,
  changes: 0,
  commands: 0,
  events: 0,
  faults: {},
  profiles: {},
  violated: [],
});

export function addOutcome(report: Report, outcome: Outcome): void {
  const { seed, profile, violations } = outcome;
  report.schedules += 1;
  for (const sum of ['applications', 'told', 'looks', 'changes', 'commands', 'events'] as const)
    report[sum] += outcome[sum];
  for (const [kind, times] of outcome.faults) report.faults[kind] = (report.faults[kind] ?? 0) + times;
  report.profiles[profile] = (report.profiles[profile] ?? 0) + 1;
  const [first] = violations;
  if (first === undefined) return;
  const invariants = [...new Set(violations.map(({ invariant }) => invariant))];
  report.violated.push({ seed, profile, invariants, first: `${first.invariant} ${first.detail}` });
}

export function addReport(sum: Report, report: Report): void {
  for (const key of ['schedules', 'applications', 'told', 'looks', 'changes', 'commands', 'events'] as const) {
    sum[key] += report[key];
  }
  for (const [kind, times] of Object.entries(report.faults)) sum.faults[kind] = (sum.faults[kind] ?? 0) + times;
  for (const [name, times] of Object.entries(report.profiles)) sum.profiles[name] = (sum.profiles[name] ?? 0) + times;
  sum.violated.push(...report.violated);
}

const SHOWN = 20;

/** For people. */
export function describe(report: Report, seconds: number, processorSeconds: number): string {
  const { schedules, violated } = report;
  const each = (sum: number): string => (sum / schedules).toFixed(1);
  const faults = Object.values(report.faults).reduce((sum, times) => sum + times, 0);
  const byInvariant: Record<string, number> = {};
  for (const { invariants } of violated) {
    for (const invariant of invariants) byInvariant[invariant] = (byInvariant[invariant] ?? 0) + 1;
  }
  const table = (counts: Readonly<Record<string, number>>): string[] =>
    Object.entries(counts)
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, times]) => `  ${String(times).padStart(8)}  ${name}`);
  return [
    `${schedules} schedules in ${seconds.toFixed(1)} s: ${(schedules / seconds).toFixed(0)} seeds per second, ` +
      `${(schedules / processorSeconds).toFixed(0)} per second of one processor`,
    `in each on average: ${each(report.applications)} applications, ${each(report.told)} users told a sequence, ${each(faults)} faults, ${each(report.looks)} looks, ` +
      `${each(report.changes)} changes of terms, ${each(report.commands)} commands, ${each(report.events)} events`,
    'profiles',
    ...table(report.profiles),
    'faults by kind',
    ...table(report.faults),
    `schedules that violate an invariant: ${violated.length}`,
    ...table(byInvariant),
    ...violated.slice(0, SHOWN).map(({ seed, profile, first }) => `  seed ${seed} (${profile}): ${first}`),
    ...(violated.length > SHOWN
      ? [
          `  and seeds ${violated
            .slice(SHOWN)
            .map(({ seed }) => seed)
            .join(', ')}`,
        ]
      : []),
  ].join('\n');
}
