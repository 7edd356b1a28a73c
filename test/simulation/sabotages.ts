import type { CampaignCounter } from '../../src/adapters/in-memory/in-memory-counter-store.ts';
import { InMemoryCounterStore } from '../../src/adapters/in-memory/in-memory-counter-store.ts';
import { RECORDS, STORE } from '../../src/bootstrap/in-memory.ts';
import { TOKENS as T } from '../../src/bootstrap/tokens.ts';
import type { CampaignId } from '../../src/domain/campaign-id.ts';
import { isOutage } from '../../src/domain/outage.ts';
import type { OpeningSession } from '../../src/domain/ports/counter-opening.ts';
import { refusal } from '../../src/domain/refusal.ts';
import { issueAnyway } from './issue-anyway.ts';
import { applyingLate } from './late-promise.ts';
import { altered } from './line.ts';
import type { Sabotage } from './sabotage.ts';

/** Long enough for the failure to be kept after it. */
const OUTAGE = 2_000;

/** A restart that is not noticed: every incarnation is served. */
class UnfencedStore extends InMemoryCounterStore {
  override isServing(incarnation: Parameters<InMemoryCounterStore['isServing']>[0]): boolean {
    return incarnation !== null;
  }
}

/** Whatever is left of a counter looks whole. */
class HalfStore extends InMemoryCounterStore {
  override get(campaignId: CampaignId): CampaignCounter {
    const counter = super.get(campaignId);
    const { meta, users, pending } = counter;
    if (meta === null) return counter;
    return { ...counter, meta: { ...meta, holes: meta.counter - users.size, pendingCount: pending.size } };
  }
}

/** Each switches off one guard of the service; none is a switch in the service. */
export const sabotages = {
  'pending mark': {
    servers: (far) => {
      const counter = far.get(T.issuanceCounter);
      const admit: typeof counter.admit = async (...asked) => {
        const admission = await counter.admit(...asked);
        if (admission.kind === 'granted') counter.settle(admission.grant);
        return admission;
      };
      far.set(T.issuanceCounter, altered(counter, { admit }));
    },
  },
  'a pending grant is never shown': {
    servers: (far) => {
      const counter = far.get(T.issuanceCounter);
      const admit: typeof counter.admit = async (...asked) => {
        const admission = await counter.admit(...asked);
        return admission.kind === 'already-granted' ? { ...admission, pending: false } : admission;
      };
      const find: typeof counter.find = async (...asked) => {
        const holding = await counter.find(...asked);
        return holding.kind === 'pending' ? { ...holding.grant, kind: 'granted' } : holding;
      };
      far.set(T.issuanceCounter, altered(counter, { admit, find }));
    },
  },
  'deadline from before the admission': {
    process: (near, _, host) => {
      near.set(T.applyForCoupon, applyingLate(near, host));
    },
  },
  incarnation: { store: (clock) => new UnfencedStore(clock) },
  completeness: { store: (clock) => new HalfStore(clock) },
  'closed before the snapshot': {
    servers: (far) => {
      const opening = far.get(T.counterOpening);
      const begin = async (): Promise<OpeningSession> => {
        const session = await opening.begin();
        return altered(session, {
          close: async () => true,
          replace: async (record, ...rest) => {
            await session.close(record.id, record.epoch);
            return session.replace(record, ...rest);
          },
        });
      };
      far.set(T.counterOpening, { begin });
    },
  },
  'quiesce wait': {
    process: (near, _, host) => {
      const impatient = near.with(T.scheduler, {
        ...bound(host),
        sleep: (duration) => host.sleep(duration > 1_000 ? 0 : duration),
      });
      near.set(T.counterRebuild, near.make(T.counterRebuild, impatient));
    },
  },
  'minimum epoch': {
    servers: (far) => {
      const issuance = far.get(T.issuanceRecords);
      const records = far.get(RECORDS);
      const snapshot: typeof issuance.snapshot = async (id, ...asked) => {
        const taken = await issuance.snapshot(id, ...asked);
        const shelf = records.campaign(id);
        shelf.record = { ...shelf.record, minimumEpoch: 1 };
        return taken;
      };
      far.set(T.issuanceRecords, altered(issuance, { snapshot }));
    },
  },
  'unique sequence': {
    servers: (far) => {
      const coupons = far.get(T.couponRepository);
      const records = far.get(RECORDS);
      const issue: typeof coupons.issue = async (grants) => {
        const outcomes = await coupons.issue(grants);
        return outcomes.map((outcome, index) => issueAnyway(records, grants[index], outcome));
      };
      far.set(T.couponRepository, altered(coupons, { issue }));
    },
  },
  'a void burns its number': {
    servers: (far) => {
      const voids = far.get(T.voids);
      const records = far.get(RECORDS);
      const voidEvent: typeof voids.voidEvent = async (...asked) => {
        const outcome = await voids.voidEvent(...asked);
        if (outcome.kind !== 'voided' || outcome.burnt === null) return outcome;
        records.find(outcome.burnt.grant.campaignId)?.burnt.delete(outcome.burnt.grant.sequence);
        return outcome;
      };
      far.set(T.voids, altered(voids, { voidEvent }));
    },
  },
  'offset after commit': {
    process: (near, _, host) => {
      const handle = near.get(T.handleEvents);
      near.set(T.handleEvents, async (events) => {
        handle(events).catch(() => undefined);
        await host.sleep(1);
      });
    },
  },
  'slots of what the counter has lost': {
    servers: (far) => {
      const counters = far.get(T.counterKeeper);
      const confirms: typeof counters.confirms = async (grant) =>
        (await counters.confirms(grant)) === 'granted' ? 'granted' : 'not-granted';
      far.set(T.counterKeeper, altered(counters, { confirms }));
    },
  },
  'retry on an outage': {
    process: (near, _, host) => {
      const coupons = near.get(T.couponRepository);
      const issue: typeof coupons.issue = async (grants) => {
        try {
          return await coupons.issue(grants);
        } catch (error) {
          if (!isOutage(error)) throw error;
          await host.sleep(OUTAGE);
          return grants.map(() => refusal('rejected', error.message));
        }
      };
      near.set(T.couponRepository, altered(coupons, { issue }));
    },
  },
  versions: {
    servers: (far) => {
      const counters = far.get(T.counterKeeper);
      const store = far.get(STORE);
      const change: typeof counters.change = async (id, terms, burnt, version) => {
        const outcome = await counters.change(id, terms, burnt, version);
        const { meta } = store.get(id);
        if (outcome.kind !== 'outdated' || meta === null) return outcome;
        const limit = Math.max(terms.limit, meta.counter - burnt);
        const { name, startsAt, endsAt } = terms;
        store.put(id, { meta: { ...meta, name, startsAt, endsAt, limit, ceiling: limit + burnt, version } });
        return { kind: 'changed', limit, ceiling: limit + burnt };
      };
      far.set(T.counterKeeper, altered(counters, { change }));
    },
  },
} as const satisfies Record<string, Sabotage>;

export type Guard = keyof typeof sabotages;

export const guards = Object.keys(sabotages) as readonly Guard[];

const bound = (host: { random(): number; token(): string }) => ({
  random: () => host.random(),
  token: () => host.token(),
});
