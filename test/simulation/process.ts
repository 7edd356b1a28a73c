import { LOG, RECORDS, STORE } from '../../src/bootstrap/in-memory.ts';
import { TOKENS as T } from '../../src/bootstrap/tokens.ts';
import type { Token } from '../../src/bootstrap/wiring.ts';
import type { CounterOpening } from '../../src/domain/ports/counter-opening.ts';
import type { IssuanceCounter } from '../../src/domain/ports/issuance-counter.ts';
import type { Host } from './host.ts';
import { overLine } from './line.ts';
import { Parts } from './parts.ts';
import { PublisherLine } from './publisher-line.ts';
import { RefusingCoupons, RefusingFailedEvents } from './refusing-records.ts';
import { SentIncarnation } from './sent-incarnation.ts';
import { WatchedCounter } from './watched-counter.ts';
import type { World } from './world.ts';

const MOST_IN_FLIGHT = 100;
const SETTLED_WITHIN = 100;

const ASK_DATABASE: readonly symbol[] = [
  T.campaignRepository,
  T.campaignChanges,
  T.voids,
  T.issuanceRecords,
  T.recordedHoldings,
  T.couponRepository,
  T.failedEventStore,
  T.reconciliationReports,
];
const ASK_COUNTER: readonly symbol[] = [T.counterKeeper, T.counterHoldings];
const ASK_EVENT_LOG: readonly symbol[] = [T.eventLogProgress, T.eventLogReader];

/** The parts of one process: the use cases as the service wires them, and a line between them and every server. */
export function partsOf(world: World, host: Host): Parts {
  const { counter, eventLog, database, sabotage } = world;
  const near = new Parts().set(T.clock, host).set(T.scheduler, host).set(T.journal, world.journal(host));
  const far = new Parts().set(STORE, world.store).set(LOG, world.log).set(RECORDS, world.records).set(T.clock, host);
  far.set(T.couponRepository, new RefusingCoupons(world, host));
  far.set(T.failedEventStore, new RefusingFailedEvents(world, host));
  near.set(T.mostInFlight, MOST_IN_FLIGHT);

  near.set(T.incarnations, overLine(far.get(T.incarnations), host, database));
  const known = near.get(T.knownIncarnation);
  const sent = new SentIncarnation(known, near.get(T.incarnations), host, world.timeline);
  far.set(T.knownIncarnation, sent);
  far.set(T.issuanceCounter, new WatchedCounter(world.store, sent, world.history));

  sabotage.servers?.(far, world, host);
  for (const part of ASK_DATABASE) connect(part as Token<object>, (adapter) => overLine(adapter, host, database));
  for (const part of ASK_COUNTER) {
    connect(part as Token<object>, (adapter) => overLine(adapter, host, counter, sent.stamp));
  }
  for (const part of ASK_EVENT_LOG) connect(part as Token<object>, (adapter) => overLine(adapter, host, eventLog));
  connect(T.issuanceCounter, (adapter) => settlingLater(adapter, host, world, sent));
  connect(T.counterOpening, (adapter) => openingOver(adapter, host, world));
  near.set(T.couponEventPublisher, new PublisherLine(world.log, host, eventLog));
  sabotage.process?.(near, world, host);
  return near;

  function connect<P extends object>(part: Token<P>, over: (adapter: P) => P): void {
    near.offer(part, () => over(far.get(part)));
  }
}

/** Marks travel with a later call, and may be lost on the way. */
function settlingLater(counter: IssuanceCounter, host: Host, world: World, sent: SentIncarnation): IssuanceCounter {
  const line = overLine(counter, host, world.counter, sent.stamp);
  line.settle = (grant) => {
    host.deliver(host.timerAt(SETTLED_WITHIN * host.random()), () => {
      const unstamp = sent.stamp();
      const settle = async (): Promise<void> => {
        unstamp();
        counter.settle(grant);
      };
      world.counter.call(host, settle).catch(() => undefined);
    });
  };
  return line;
}

/** What was sent before the end of a connection may arrive after it. */
const openingOver = (opening: CounterOpening, host: Host, { counter }: World): CounterOpening => ({
  begin: async () => {
    const session = await counter.call(host, () => opening.begin());
    return { ...overLine(session, host, counter), end: async () => undefined };
  },
});
