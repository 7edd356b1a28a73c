import type { KnownIncarnation } from '../../application/known-incarnation.ts';
import { isBefore, type SeenCounter, SeenCounters } from '../../application/seen-counters.ts';
import type { Admission, Holding } from '../../domain/admission.ts';
import type { Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { CounterStanding } from '../../domain/counter-standing.ts';
import type { Grant } from '../../domain/grant.ts';
import type { IssuanceCounter, OpeningHours } from '../../domain/ports/issuance-counter.ts';
import type { UserId } from '../../domain/user-id.ts';
import { FencedCounter, type OpenCounter } from './fenced-counter.ts';
import type { InMemoryCounterStore } from './in-memory-counter-store.ts';

interface Decision {
  readonly admission: Admission;
  readonly stands: SeenCounter;
}

export class InMemoryIssuanceCounter implements IssuanceCounter {
  readonly #fenced: FencedCounter;
  readonly #seen = new SeenCounters();

  constructor(store: InMemoryCounterStore, known: KnownIncarnation) {
    this.#fenced = new FencedCounter(store, known);
  }

  async admit(campaignId: CampaignId, userId: UserId, hours: OpeningHours = 'respected'): Promise<Admission> {
    const seen = this.#seen.of(campaignId);
    const answer = await this.#fenced.ask<Decision>(campaignId, (open) => {
      if (isBefore(open.meta, seen)) {
        open.put({ ...open.meta, state: 'closed' });
        return { admission: { kind: 'unknown', reason: 'closed' }, stands: seen };
      }
      const admission = decide(campaignId, userId, hours, open);
      const { epoch, counter } = open.meta;
      return { admission, stands: { epoch, counter: admission.kind === 'granted' ? counter + 1 : counter } };
    });
    if ('kind' in answer) return answer;
    this.#seen.saw(campaignId, answer.stands);
    return answer.admission;
  }

  settle(grant: Grant): void {
    const clear = ({ meta, users, pending, put }: OpenCounter) => {
      if (meta.epoch !== grant.epoch || users.get(grant.userId) !== grant.sequence) return;
      if (pending.delete(grant.userId)) put({ ...meta, pendingCount: meta.pendingCount - 1 });
    };
    // A mark that is lost on the way is harmless: the grant is published once more.
    this.#fenced.ask(grant.campaignId, clear).catch(() => undefined);
  }

  find(campaignId: CampaignId, userId: UserId): Promise<Holding> {
    return this.#fenced.ask<Holding>(campaignId, ({ meta: { epoch }, users, pending }) => {
      const sequence = users.get(userId);
      if (sequence === undefined) return { kind: 'none' };
      if (sequence < 0) return { kind: 'voided', sequence: -sequence };
      const grantedAt = pending.get(userId);
      return grantedAt === undefined
        ? { kind: 'granted', sequence, epoch }
        : { kind: 'pending', grant: { campaignId, userId, sequence, epoch, grantedAt } };
    });
  }

  standing(campaignId: CampaignId): Promise<CounterStanding> {
    const ask = ({ meta, pending: marks, now }: OpenCounter): CounterStanding => {
      const { name, limit, startsAt, endsAt, ceiling, counter, epoch, version, pendingCount: pending } = meta;
      const oldestPending = oldestOf(marks.values());
      const terms = { name, limit, startsAt, endsAt };
      return { kind: 'open', ...terms, ceiling, counter, pending, oldestPending, epoch, version, now };
    };
    return this.#seen.judge(campaignId, () => this.#fenced.ask(campaignId, ask));
  }
}

function oldestOf(times: Iterable<Instant>): Instant | null {
  let oldest: Instant | null = null;
  for (const time of times) if (oldest === null || time < oldest) oldest = time;
  return oldest;
}

function decide(campaignId: CampaignId, userId: UserId, hours: OpeningHours, open: OpenCounter): Admission {
  const { meta, users, pending, now } = open;
  const { epoch, startsAt, endsAt } = meta;

  const held = users.get(userId);
  if (held !== undefined) {
    if (held < 0) return { kind: 'voided' };
    const since = pending.get(userId);
    const grant = { campaignId, userId, sequence: held, epoch, grantedAt: since ?? now };
    return { kind: 'already-granted', grant, pending: since !== undefined };
  }
  if (hours === 'respected') {
    if (endsAt !== null && now >= endsAt) return { kind: 'ended' };
    if (startsAt !== null && now < startsAt) return { kind: 'not-started', startsAt, now };
  }
  if (meta.counter >= meta.ceiling) return { kind: 'sold-out' };

  const sequence = meta.counter + 1;
  users.set(userId, sequence);
  pending.set(userId, now);
  open.put({ ...meta, counter: sequence, pendingCount: meta.pendingCount + 1 });
  return { kind: 'granted', grant: { campaignId, userId, sequence, epoch, grantedAt: now } };
}
