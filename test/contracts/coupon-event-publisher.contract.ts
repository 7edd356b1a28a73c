import { describe, expect, test } from 'vitest';
import type { ReceivedEvent } from '../../src/domain/failed-event.ts';
import type { Grant } from '../../src/domain/grant.ts';
import { OutcomeUnknown, Unavailable } from '../../src/domain/outage.ts';
import type { CouponEventPublisher } from '../../src/domain/ports/coupon-event-publisher.ts';
import { eventually } from '../support/eventually.ts';
import { randomCampaignId, randomUserId } from '../support/random.ts';

export interface PublisherUnderTest extends AsyncDisposable {
  readonly publisher: CouponEventPublisher;
  /** The monotonic clock that `handOverBy` is judged by. */
  now(): number;
  /** Everything that lies in the log by now. */
  events(): Promise<readonly ReceivedEvent[]>;
  suffer(fault: 'away' | 'acknowledgements-lost'): void;
  recover(): void;
}

const grantOf = (sequence: number): Grant => ({
  campaignId: randomCampaignId(),
  userId: randomUserId(),
  sequence,
  epoch: 1,
  grantedAt: 1_790_000_000_123,
});

const grantsIn = (events: readonly ReceivedEvent[]): readonly unknown[] =>
  events.map(({ content }) => ('grant' in content ? content.grant : content));

export function couponEventPublisherContract(name: string, make: () => Promise<PublisherUnderTest>): void {
  describe(`CouponEventPublisher, ${name}`, () => {
    test('resolves when the event is durable', async () => {
      await using subject = await make();
      const grant = grantOf(1);
      await subject.publisher.publish(grant, subject.now() + 1_000);
      expect(grantsIn(await subject.events())).toEqual([grant]);
    });

    test('of many grants at once each arrives once', async () => {
      await using subject = await make();
      const grants = Array.from({ length: 1_200 }, (_, index) => grantOf(index + 1));
      await Promise.all(grants.map((grant) => subject.publisher.publish(grant, subject.now() + 10_000)));
      const arrived = grantsIn(await subject.events());
      expect(arrived).toHaveLength(grants.length);
      expect(new Set(arrived.map((grant) => JSON.stringify(grant)))).toEqual(
        new Set(grants.map((grant) => JSON.stringify(grant))),
      );
    });

    test('publishing the same grant again makes a duplicate', async () => {
      await using subject = await make();
      const grant = grantOf(7);
      await subject.publisher.publish(grant, subject.now() + 1_000);
      await subject.publisher.publish(grant, subject.now() + 1_000);
      expect(grantsIn(await subject.events())).toEqual([grant, grant]);
    });

    test('a grant whose hand-over deadline has passed is not sent and rejects with Unavailable', async () => {
      await using subject = await make();
      const late = subject.publisher.publish(grantOf(1), subject.now() - 1);
      await expect(late).rejects.toBeInstanceOf(Unavailable);
      const punctual = grantOf(2);
      await subject.publisher.publish(punctual, subject.now() + 1_000);
      expect(grantsIn(await subject.events())).toEqual([punctual]);
      expect(subject.publisher.isAvailable()).toBe(true);
    });

    test('passes the trace context on unchanged, and none where none was given', async () => {
      await using subject = await make();
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      await subject.publisher.publish(grantOf(1), subject.now() + 1_000, traceparent);
      await subject.publisher.publish(grantOf(2), subject.now() + 1_000);
      const traces = (await subject.events()).map(({ raw }) =>
        raw.headers.filter(([header]) => header === 'traceparent').map(([, value]) => new TextDecoder().decode(value)),
      );
      expect(traces).toHaveLength(2);
      expect(traces).toContainEqual([traceparent]);
      expect(traces).toContainEqual([]);
    });

    test('what the caller does with the grant afterwards changes nothing that was published', async () => {
      await using subject = await make();
      const grant = { ...grantOf(3) };
      const before = { ...grant };
      const published = subject.publisher.publish(grant, subject.now() + 1_000);
      grant.sequence = 4;
      await published;
      expect(grantsIn(await subject.events())).toEqual([before]);
    });

    test('rejects with OutcomeUnknown when the event may or may not have arrived', async () => {
      await using subject = await make();
      subject.suffer('acknowledgements-lost');
      const lost = subject.publisher.publish(grantOf(1), subject.now() + 1_000);
      await expect(lost).rejects.toBeInstanceOf(OutcomeUnknown);
      await expect(lost).rejects.toMatchObject({ dependency: 'event-log' });
    });

    test('is unavailable from a failed send on, until the log has answered again', async () => {
      await using subject = await make();
      expect(subject.publisher.isAvailable()).toBe(true);
      subject.suffer('away');
      await expect(subject.publisher.publish(grantOf(1), subject.now() + 1_000)).rejects.toThrow();
      expect(subject.publisher.isAvailable()).toBe(false);
      const refused = subject.publisher.publish(grantOf(2), subject.now() + 1_000);
      await expect(refused).rejects.toBeInstanceOf(Unavailable);
      subject.recover();
      await eventually(() => expect(subject.publisher.isAvailable()).toBe(true));
      await subject.publisher.publish(grantOf(3), subject.now() + 1_000);
    });

    test('is unavailable from a timed-out send on, until the log has answered again', async () => {
      await using subject = await make();
      subject.suffer('acknowledgements-lost');
      await expect(subject.publisher.publish(grantOf(1), subject.now() + 1_000)).rejects.toThrow();
      expect(subject.publisher.isAvailable()).toBe(false);
      subject.recover();
      await eventually(() => expect(subject.publisher.isAvailable()).toBe(true));
      await subject.publisher.publish(grantOf(2), subject.now() + 1_000);
    });

    test('what was rejected with Unavailable never arrives', async () => {
      await using subject = await make();
      subject.suffer('acknowledgements-lost');
      const grants = Array.from({ length: 20 }, (_, index) => grantOf(index + 1));
      const outcomes = await Promise.allSettled(
        grants.map((grant) => subject.publisher.publish(grant, subject.now() + 1_000)),
      );
      subject.recover();
      await eventually(() => expect(subject.publisher.isAvailable()).toBe(true));
      const refused = grants.filter((_, index) => {
        const outcome = outcomes[index];
        return outcome?.status === 'rejected' && outcome.reason instanceof Unavailable;
      });
      expect(refused.length).toBeGreaterThan(0);
      const arrived = grantsIn(await subject.events());
      for (const grant of refused) expect(arrived).not.toContainEqual(grant);
    });
  });
}
