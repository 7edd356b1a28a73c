import type { Loaded } from '../../load/apply-load.ts';
import type { Readings } from '../../suite.ts';

/** Requests per second; how often it was measured again; of every role, µs of CPU per request and how much of a core that is. */
export function loadReadings(name: string, { report: { requests, seconds }, cpu, again }: Loaded): Readings {
  const readings: Record<string, number> = { [`${name}-rate`]: requests / seconds, [`${name}-again`]: again };
  for (const [role, used] of Object.entries(cpu)) {
    readings[`${name}-${role}-µs`] = (used * 1e6) / requests;
    readings[`${name}-${role}-cores`] = used / seconds;
  }
  return readings;
}
