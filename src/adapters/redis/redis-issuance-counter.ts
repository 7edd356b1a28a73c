import type { Redis } from 'ioredis';
import type { KnownIncarnation } from '../../application/known-incarnation.ts';
import { SeenCounters } from '../../application/seen-counters.ts';
import type { Admission, Holding } from '../../domain/admission.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import type { CounterStanding } from '../../domain/counter-standing.ts';
import type { Grant } from '../../domain/grant.ts';
import type { IssuanceCounter, OpeningHours } from '../../domain/ports/issuance-counter.ts';
import type { UserId } from '../../domain/user-id.ts';
import { AdmissionQueue } from './admission-queue.ts';
import { timeOf } from './counter-meta.ts';
import { FencedScripts } from './fenced-scripts.ts';
import type { Reply } from './reply.ts';

export class RedisIssuanceCounter implements IssuanceCounter {
  readonly #scripts: FencedScripts;
  readonly #seen = new SeenCounters();
  readonly #queue: AdmissionQueue;

  constructor(redis: Redis, known: KnownIncarnation) {
    this.#scripts = new FencedScripts(redis, known);
    this.#queue = new AdmissionQueue(this.#scripts, this.#seen);
  }

  admit(campaignId: CampaignId, userId: UserId, hours: OpeningHours = 'respected'): Promise<Admission> {
    return this.#queue.admit(campaignId, { userId, hours });
  }

  settle(grant: Grant): void {
    this.#queue.settle(grant);
  }

  find(campaignId: CampaignId, userId: UserId): Promise<Holding> {
    // Whoever was told his sequence by this process does not find it pending a moment later.
    this.#queue.sendMarksOf(campaignId);
    return this.#scripts.ask('holding', campaignId, [userId], (reply) => holdingOf(campaignId, userId, reply));
  }

  standing(campaignId: CampaignId): Promise<CounterStanding> {
    return this.#seen.judge(campaignId, () => this.#scripts.ask('standing', campaignId, [], standingOf));
  }
}

function holdingOf(campaignId: CampaignId, userId: UserId, reply: Reply): Holding {
  const [epoch = 0, sequence = 0] = reply.map(Number);
  const grantedAt = timeOf(reply[2]);
  if (sequence === 0) return { kind: 'none' };
  if (sequence < 0) return { kind: 'voided', sequence: -sequence };
  return grantedAt === null
    ? { kind: 'granted', sequence, epoch }
    : { kind: 'pending', grant: { campaignId, userId, sequence, epoch, grantedAt } };
}

function standingOf([name, limit, startsAt, endsAt, ...rest]: Reply): CounterStanding {
  const [ceiling = 0, counter = 0, pending = 0, epoch = 0, version = 0, now = 0] = rest.map(Number);
  return {
    kind: 'open',
    name: String(name),
    limit: Number(limit),
    startsAt: timeOf(startsAt),
    endsAt: timeOf(endsAt),
    ceiling,
    counter,
    pending,
    epoch,
    version,
    now,
    oldestPending: timeOf(rest[6]),
  };
}
