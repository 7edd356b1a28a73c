import { describe, expect, it } from 'vitest';
import type { Leadership } from '../../src/domain/ports/leadership.ts';
import { eventually } from '../support/eventually.ts';

/** @param make two candidates for the same lead */
export function leadershipContract(name: string, make: () => Promise<readonly [Leadership, Leadership]>): void {
  describe(`${name} as Leadership`, () => {
    it('lets one lead at a time, which still leads when it asks again', async () => {
      const [one, other] = await make();
      expect(await one.hold()).toBe(true);
      expect(await other.hold()).toBe(false);
      expect(await one.hold()).toBe(true);
      expect(await Promise.all([one.hold(), other.hold(), one.hold()])).toEqual([true, false, true]);
      await Promise.all([one.release(), other.release()]);
    });

    it('lets another lead after a release', async () => {
      const [one, other] = await make();
      await one.hold();
      await one.release();
      await eventually(async () => expect(await other.hold()).toBe(true));
      expect(await one.hold()).toBe(false);
      await other.release();
    });

    it('releases nothing that somebody else holds', async () => {
      const [one, other] = await make();
      await one.hold();
      await other.release();
      expect(await one.hold()).toBe(true);
      expect(await other.hold()).toBe(false);
      await one.release();
      await one.release();
    });

    it('lets one of two who race lead', async () => {
      const [one, other] = await make();
      const held = await Promise.all([one.hold(), other.hold()]);
      expect(held.filter((leads) => leads)).toHaveLength(1);
      await Promise.all([one.release(), other.release()]);
    });
  });
}
