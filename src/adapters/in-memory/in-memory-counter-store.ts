import type { Instant } from '../../domain/campaign.ts';
import type { CampaignId } from '../../domain/campaign-id.ts';
import { OutcomeUnknown, Unavailable } from '../../domain/outage.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Incarnation } from '../../domain/ports/incarnations.ts';
import type { UserId } from '../../domain/user-id.ts';
import type { CounterMeta } from './counter-meta.ts';

/** What the counter holds of one campaign, in three parts that can get lost one by one, as keys of a server do. */
export interface CampaignCounter {
  readonly meta: CounterMeta | null;
  /** The sequence of every user; negative once it was voided. */
  readonly users: Map<UserId, number>;
  /** When each grant that is still pending was made. */
  readonly pending: Map<UserId, Instant>;
}

export type CounterPart = keyof CampaignCounter;

export type CounterCopy = ReadonlyMap<CampaignId, CampaignCounter>;

/** `replies-lost`: what is asked for happens, and nobody hears of it. */
export type CounterFault = 'none' | 'away' | 'replies-lost';

const nothing = (): CampaignCounter => ({ meta: null, users: new Map(), pending: new Map() });

const nameOf = ({ installation, number }: Incarnation): string => `${installation}:${number}`;

/**
 * The server behind the in-memory counter, with the ways in which a real one loses things: a restart forgets which
 * incarnations are served, and every other loss leaves that as it is.
 */
export class InMemoryCounterStore {
  readonly #clock: Clock;
  #counters = new Map<CampaignId, CampaignCounter>();
  #served = new Set<string>();
  #life = 1;
  #fault: CounterFault = 'none';

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  suffer(fault: CounterFault): void {
    this.#fault = fault;
  }

  /** One request. It is atomic because the work is synchronous. */
  async ask<T>(work: () => T): Promise<T> {
    if (this.#fault === 'away') throw new Unavailable('counter', 'the counter is away');
    const answer = work();
    if (this.#fault === 'replies-lost') throw new OutcomeUnknown('counter', 'the counter did not answer');
    return answer;
  }

  now(): Instant {
    return this.#clock.now();
  }

  /** Another number is another process behind the same address. */
  get life(): number {
    return this.#life;
  }

  isServing(incarnation: Incarnation | null): boolean {
    return incarnation !== null && this.#served.has(nameOf(incarnation));
  }

  serve(incarnation: Incarnation): void {
    this.#served.add(nameOf(incarnation));
  }

  fence(): void {
    this.#served.clear();
  }

  /** What is held of a campaign, to be read; writing it is `put`. */
  get(campaignId: CampaignId): CampaignCounter {
    return this.#counters.get(campaignId) ?? nothing();
  }

  put(campaignId: CampaignId, parts: Partial<CampaignCounter>): void {
    this.#counters.set(campaignId, { ...this.get(campaignId), ...parts });
  }

  remove(campaignId: CampaignId): void {
    this.#counters.delete(campaignId);
  }

  /** A deleted, expired or evicted key. */
  lose(campaignId: CampaignId, part: CounterPart): void {
    this.put(campaignId, { [part]: nothing()[part] });
  }

  /** Everything deleted by command. */
  wipe(): void {
    this.#counters = new Map();
  }

  copy(): CounterCopy {
    return structuredClone(this.#counters);
  }

  /** An older state taken over by a running server. */
  restore(copy: CounterCopy): void {
    this.#counters = new Map(structuredClone(copy));
  }

  /** A new process: with everything the old one had, or with an older copy, or with an empty one. */
  restart(copy: CounterCopy = this.#counters): void {
    this.restore(copy);
    this.fence();
    this.#life += 1;
  }
}
