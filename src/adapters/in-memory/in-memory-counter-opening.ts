import type { CampaignRecord } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { Grant } from '../../domain/grant.ts';
import { Unavailable } from '../../domain/outage.ts';
import type { CounterOpening, HolderPages, OpeningSession } from '../../domain/ports/counter-opening.ts';
import type { Incarnation } from '../../domain/ports/incarnations.ts';
import type { UserId } from '../../domain/user-id.ts';
import { closedMeta, metaOf, pendingGrants } from './counter-meta.ts';
import type { InMemoryCounterStore } from './in-memory-counter-store.ts';

export class InMemoryCounterOpening implements CounterOpening {
  readonly #store: InMemoryCounterStore;

  constructor(store: InMemoryCounterStore) {
    this.#store = store;
  }

  async begin(): Promise<OpeningSession> {
    return this.#store.ask(() => new InMemoryOpeningSession(this.#store));
  }
}

/** Bound to one life of the store. */
class InMemoryOpeningSession implements OpeningSession {
  readonly #server: InMemoryCounterStore;
  readonly #life: number;
  #ended = false;

  constructor(server: InMemoryCounterStore) {
    this.#server = server;
    this.#life = server.life;
  }

  isServing(incarnation: Incarnation): Promise<boolean> {
    return this.#ask((store) => store.isServing(incarnation));
  }

  fence(): Promise<void> {
    return this.#ask((store) => store.fence());
  }

  serve(incarnation: Incarnation): Promise<void> {
    return this.#ask((store) => store.serve(incarnation));
  }

  close(campaignId: CampaignId, epoch: number): Promise<boolean> {
    return this.#ask((store) => {
      const { meta } = store.get(campaignId);
      const present = meta?.closed ?? 0;
      if (epoch < present || (epoch === present && meta?.state !== 'closed')) return false;
      store.put(campaignId, { meta: closedMeta(meta, epoch) });
      return true;
    });
  }

  closeOthers(recorded: ReadonlySet<CampaignId>): Promise<readonly CampaignId[]> {
    return this.#ask((store) => {
      const closed: CampaignId[] = [];
      for (const [id, { meta }] of store.copy()) {
        if (meta?.state !== 'open' || recorded.has(id)) continue;
        store.put(id, { meta: { ...meta, state: 'closed' } });
        closed.push(id);
      }
      return closed;
    });
  }

  survivors(campaignId: CampaignId): Promise<readonly Grant[]> {
    return this.#ask((store) => {
      const counter = store.get(campaignId);
      const { meta } = counter;
      return meta?.state === 'closed' && meta.epoch > 0 ? pendingGrants(campaignId, { ...counter, meta }) : [];
    });
  }

  async replace(record: CampaignRecord, highest: number, holders: HolderPages): Promise<boolean> {
    const users = new Map<UserId, number>();
    for await (const page of holders) {
      for (const { userId, sequence, voided } of page) users.set(userId, voided ? -sequence : sequence);
    }
    return this.#ask((store) => {
      const { meta } = store.get(record.id);
      if (meta?.state !== 'closed' || meta.closed !== record.epoch) return false;
      store.put(record.id, {
        meta: metaOf(record, {
          state: 'open',
          token: record.openingToken ?? '',
          closed: record.epoch,
          counter: highest,
          holes: highest - users.size,
        }),
        users,
        pending: new Map(),
      });
      return true;
    });
  }

  async end(): Promise<void> {
    this.#ended = true;
  }

  #ask<T>(work: (store: InMemoryCounterStore) => T): Promise<T> {
    return this.#server.ask(() => {
      if (this.#ended || this.#server.life !== this.#life) {
        throw new Unavailable('counter', 'the connection to the counter is over');
      }
      return work(this.#server);
    });
  }
}
