import { describe, expect, test } from 'vitest';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import type { Grant } from '../../src/domain/grant.ts';
import { Unavailable } from '../../src/domain/outage.ts';
import { type LogPosition, lagOf } from '../../src/domain/ports/event-log-progress.ts';
import type { EventLogReader, LogReading } from '../../src/domain/ports/event-log-reader.ts';
import { aGrant } from '../support/permanent-record.ts';
import { randomCampaignId } from '../support/random.ts';

export interface EventLogReaderSubject extends AsyncDisposable {
  readonly reader: EventLogReader;
  append(grants: readonly Grant[]): Promise<void>;
  /** Something from which no grant can be read. */
  appendForeign(partition: number): Promise<void>;
  end(): Promise<LogPosition>;
  recreate(): Promise<void>;
  /** Removes what lies before an offset. */
  forget(partition: number, before: bigint): Promise<void>;
  /** What the group that issues coupons has committed. */
  committed(): Promise<LogPosition>;
  cutOff(): void;
}

const NOTHING: LogReading = new Map();
const never = new AbortController().signal;
const someGrants = (id: CampaignId, count: number, from = 1): readonly Grant[] =>
  Array.from({ length: count }, (_, index) =>
    aGrant(id, from + index, { grantedAt: 1_800_000_000_000 + from + index }),
  );
const bySequence = (grants: readonly Grant[]): Grant[] => grants.toSorted((a, b) => a.sequence - b.sequence);

/** @param make an empty log of two partitions */
export function eventLogReaderContract(name: string, make: () => Promise<EventLogReaderSubject>): void {
  const readTo = async (subject: EventLogReaderSubject, reading: LogReading, end: LogPosition) => {
    const grants: Grant[] = [];
    const outcome = await subject.reader.read(reading, end, (page) => void grants.push(...page), never);
    if (outcome.kind !== 'read') throw new Error(outcome.kind);
    return { grants: bySequence(grants), reading: outcome.reading };
  };
  const readAll = async (subject: EventLogReaderSubject, reading = NOTHING) =>
    readTo(subject, reading, await subject.end());

  describe(`${name} as EventLogReader`, () => {
    test('hands over every grant that can be read up to an end, in pages; of an empty reading, from the beginning of the log', async () => {
      await using subject = await make();
      expect((await readAll(subject)).grants).toEqual([]);
      const grants = someGrants(randomCampaignId(), 2_500);
      await subject.append(grants.slice(0, 2_000));
      const end = await subject.end();
      await subject.append(grants.slice(2_000));
      expect((await readTo(subject, NOTHING, end)).grants).toEqual(grants.slice(0, 2_000));
      expect((await readAll(subject)).grants).toEqual(grants);
    });

    test('goes on, in a later reading, where an earlier one ended', async () => {
      await using subject = await make();
      const id = randomCampaignId();
      await subject.append(someGrants(id, 30));
      const first = await readAll(subject);
      expect(first.grants).toHaveLength(30);
      expect((await readAll(subject, first.reading)).grants).toEqual([]);
      const more = someGrants(id, 30, 31);
      await subject.append(more);
      const second = await readAll(subject, first.reading);
      expect(second.grants).toEqual(more);
      expect((await readAll(subject, second.reading)).grants).toEqual([]);
    });

    test('passes over what no grant can be read from', async () => {
      await using subject = await make();
      const grants = someGrants(randomCampaignId(), 10);
      await subject.appendForeign(0);
      await subject.append(grants);
      await subject.appendForeign(0);
      await subject.appendForeign(1);
      const read = await readAll(subject);
      expect(read.grants).toEqual(grants);
      expect([...read.reading.values()].reduce((sum, { next }) => sum + next, 0n)).toBe(13n);
    });

    test('reads a log that has lost its beginning from where it begins now, and the reading says where that is', async () => {
      await using subject = await make();
      const grants = someGrants(randomCampaignId(), 40);
      await subject.append(grants);
      const end = await subject.end();
      const whole = await readAll(subject);
      const cut = end.get(0) ?? 0n;
      await subject.forget(0, cut - 2n);
      const rest = await readAll(subject);
      expect(rest.grants).toHaveLength(40 - Number(cut) + 2);
      expect(rest.reading.get(0)?.first?.offset).toBe(cut - 2n);
      expect(rest.reading.get(1)?.first?.offset).toBe(0n);
      expect((await readAll(subject, whole.reading)).grants).toEqual([]);
    });

    test('takes a log that was created again for another log, also when it is longer by then', async () => {
      await using subject = await make();
      const id = randomCampaignId();
      await subject.append(someGrants(id, 30));
      const { reading } = await readAll(subject);
      await subject.recreate();
      const shorter = await subject.reader.read(reading, await subject.end(), () => {}, never);
      expect(shorter).toEqual({ kind: 'another-log' });
      const grants = someGrants(id, 200, 100);
      await subject.append(grants);
      const longer = await subject.reader.read(reading, await subject.end(), () => {}, never);
      expect(longer).toEqual({ kind: 'another-log' });
      expect((await readAll(subject)).grants).toEqual(grants);
    });

    test('is not noticed by the group that issues coupons', async () => {
      await using subject = await make();
      await subject.append(someGrants(randomCampaignId(), 30));
      const before = await subject.committed();
      await readAll(subject);
      expect(await subject.committed()).toEqual(before);
      expect(lagOf(before, await subject.end())).toBe(30);
    });

    test('gives up when the signal is aborted', async () => {
      await using subject = await make();
      await subject.append(someGrants(randomCampaignId(), 30));
      const reading = subject.reader.read(NOTHING, await subject.end(), () => {}, AbortSignal.abort());
      await expect(reading).rejects.toBeInstanceOf(Unavailable);
    });

    test('rejects with Unavailable when the log cannot be asked', async () => {
      await using subject = await make();
      await subject.append(someGrants(randomCampaignId(), 3));
      const end = await subject.end();
      subject.cutOff();
      await expect(subject.reader.read(NOTHING, end, () => {}, never)).rejects.toBeInstanceOf(Unavailable);
    });
  });
}
