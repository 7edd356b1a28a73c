import { expect } from 'vitest';
import type { ReconciliationReport } from '../../src/domain/reconciliation.ts';
import type { Finding } from './corruptions.ts';

/** What was planted is found, each at its sequence, or what is left of the counter is said to be unverifiable. */
export function expectFindings(name: string, report: ReconciliationReport | null, findings: readonly Finding[]): void {
  for (const finding of findings) {
    if ('unverifiable' in finding) {
      expect([name, report?.unverifiable]).toEqual([name, finding.unverifiable]);
    } else {
      const first = report?.verification?.disagreements.first ?? [];
      const named = first.map(({ kind, sequence }) => ({ kind, sequence }));
      expect([name, named]).toEqual([name, expect.arrayContaining([finding])]);
    }
  }
}
