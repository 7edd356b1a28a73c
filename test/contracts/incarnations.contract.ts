import { describe, expect, it } from 'vitest';
import type { PermanentRecord } from '../support/permanent-record.ts';

export function incarnationsContract(name: string, make: () => Promise<PermanentRecord>): void {
  describe(`${name} as Incarnations`, () => {
    it('keeps the installation and raises the incarnation by one', async () => {
      const { incarnations } = await make();
      const before = await incarnations.current();
      expect(before.installation).not.toBe('');
      const raised = await incarnations.raise();
      expect(raised).toEqual({ installation: before.installation, number: before.number + 1 });
      expect(await incarnations.current()).toEqual(raised);
    });

    it('never answers one incarnation twice, however many raise it', async () => {
      const { incarnations } = await make();
      const { number } = await incarnations.current();
      const raised = await Promise.all(Array.from({ length: 8 }, () => incarnations.raise()));
      expect(raised.map((one) => one.number).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 8 }, (_, index) => number + index + 1),
      );
    });
  });
}
