import { LARGEST_LIMIT } from '../../src/domain/campaign.ts';
import { parseCampaignId } from '../../src/domain/campaign-id.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { type PreparedSuite, type Readings, reading, type Suite } from '../suite.ts';
import type { Installation } from '../support/installation.ts';
import { PINNING, Pinning } from '../support/pinning.ts';
import { applied } from './applied.ts';
import { BenchCounter } from './counter/bench-counter.ts';
import { grantInBulk } from './counter/grant-in-bulk.ts';
import { expectNext } from './growth/expect-next.ts';
import { leadElsewhere } from './lead-elsewhere.ts';
import { retireCampaigns } from './retire-campaigns.ts';
import { allStored } from './stored-coupons.ts';
import { inTurn } from './turns.ts';

const SMALL = 1_000;
const FULL = { large: 1_000_000, requests: 30_000 } as const;
const QUICK = { large: 20_000, requests: 3_000 } as const;

/** What an application costs in a campaign that has granted little, and in one that has granted much. */
export const growth: Suite = {
  name: 'growth',
  figures: [
    {
      name: 'growth-cost',
      title: 'CPU of API and Redis per accepted, 1,000,000 coupons against 1,000',
      unit: 'ratio',
      goal: { atMost: 1.2 },
      of: (readings) => reading('large-cpu')(readings) / reading('small-cpu')(readings),
    },
    {
      name: 'growth-time',
      title: 'time per accepted, 1,000,000 coupons against 1,000',
      unit: 'ratio',
      of: (readings) => reading('small-rate')(readings) / reading('large-rate')(readings),
    },
    { name: 'growth-cpu-small', title: 'CPU of API and Redis, 1,000 coupons', unit: 'µs', of: reading('small-cpu') },
    {
      name: 'growth-cpu-large',
      title: 'CPU of API and Redis, 1,000,000 coupons',
      unit: 'µs',
      of: reading('large-cpu'),
    },
    { name: 'growth-redis-small', title: 'CPU of Redis, 1,000 coupons', unit: 'µs', of: reading('small-redis') },
    { name: 'growth-redis-large', title: 'CPU of Redis, 1,000,000 coupons', unit: 'µs', of: reading('large-redis') },
  ],
  notes: [
    `The coupons that were granted before are granted by the admission script in bulk, and settled; quick: 20,000 of them, not 1,000,000. Another process leads. ${PINNING}`,
  ],
  async prepare(installation, { quick }) {
    await using parts = new AsyncDisposableStack();
    parts.use(await leadElsewhere(installation));
    const counter = parts.use(await BenchCounter.connect(installation));
    const generator = parts.use(new LoadGenerator());
    parts.use(await Pinning.of(installation, generator, [installation.api]));
    const { large, requests } = quick ? QUICK : FULL;
    const big = await grown(installation, counter, large);
    // Before the lead is given back, or the leader would look for the events of a million grants.
    parts.defer(() => retireCampaigns(installation, [big.id]));
    return new GrowthSuite({ installation, counter, generator, requests }, big, parts.move());
  },
};

interface Parts {
  readonly installation: Installation;
  readonly counter: BenchCounter;
  readonly generator: LoadGenerator;
  readonly requests: number;
}

interface Grown {
  readonly id: string;
  granted: number;
}

class GrowthSuite implements PreparedSuite {
  readonly #parts: Parts;
  readonly #large: Grown;
  readonly #owned: AsyncDisposableStack;

  constructor(parts: Parts, large: Grown, owned: AsyncDisposableStack) {
    this.#parts = parts;
    this.#large = large;
    this.#owned = owned;
  }

  round(number: number): Promise<Readings> {
    const { installation, counter } = this.#parts;
    return inTurn(number, [
      async () => {
        const small = await grown(installation, counter, SMALL);
        const readings = await this.#measure('small', small);
        await retireCampaigns(installation, [small.id]);
        return readings;
      },
      () => this.#measure('large', this.#large),
    ]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }

  async #measure(name: string, campaign: Grown): Promise<Readings> {
    const { installation, generator, requests } = this.#parts;
    const { report, cpu } = await applied(installation, generator, [campaign.id], requests);
    expectNext(report.sequences, campaign.granted);
    await allStored(installation, campaign.id, requests, campaign.granted);
    campaign.granted += requests;
    return {
      [`${name}-cpu`]: cpu.api + cpu.redis,
      [`${name}-redis`]: cpu.redis,
      [`${name}-rate`]: requests / report.seconds,
    };
  }
}

async function grown(installation: Installation, counter: BenchCounter, granted: number): Promise<Grown> {
  const id = parseCampaignId(await installation.newCampaign(LARGEST_LIMIT));
  await grantInBulk(counter, id, granted);
  return { id, granted };
}
