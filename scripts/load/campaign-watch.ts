import { setTimeout as sleep } from 'node:timers/promises';
import { showCampaign } from './campaign.ts';
import { now } from './history.ts';

export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly remaining: number;
  readonly limit: number;
}

const EVERY = 1_000;

/** Looks at the campaign once a second. What cannot be seen is left out. */
export class CampaignWatch {
  readonly samples: Sample[] = [];
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;

  constructor(urls: () => readonly string[], campaignId: string) {
    this.#done = this.#watch(urls, campaignId);
  }

  get highestLimit(): number | null {
    return this.samples.length === 0 ? null : Math.max(...this.samples.map(({ limit }) => limit));
  }

  /** Looks once more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  async #watch(urls: () => readonly string[], campaignId: string): Promise<void> {
    for (let turn = 0; ; turn += 1) {
      const last = this.#stopping.signal.aborted;
      const bases = urls();
      const base = bases[turn % bases.length];
      const seen = base === undefined ? null : await showCampaign(base, campaignId).catch(() => null);
      if (seen !== null) this.samples.push({ at: now(), remaining: seen.remaining, limit: seen.limit });
      if (last) return;
      await sleep(EVERY, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }
}
