import { severalAtOnce } from '../../src/application/several-at-once.ts';
import { LARGEST_LIMIT } from '../../src/domain/campaign.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { expectStored } from '../load/told-and-stored.ts';
import { type Readings, reading, type Suite } from '../suite.ts';
import type { Installation } from '../support/installation.ts';
import { PINNING, Pinning } from '../support/pinning.ts';
import { applied } from './applied.ts';
import { retireCampaigns } from './retire-campaigns.ts';
import { allStoredOf } from './stored-coupons.ts';
import { inTurn } from './turns.ts';

const CAMPAIGNS = 200;
const [REQUESTS, QUICK_REQUESTS] = [40_000, 4_000] as const;
const AT_ONCE = 8;

/** The same applications, all in one campaign and spread over many. */
export const crowd: Suite = {
  name: 'crowd',
  figures: [
    {
      name: 'crowd-cost',
      title: `CPU of API, Redis and Kafka per accepted, ${CAMPAIGNS} campaigns against 1`,
      unit: 'ratio',
      goal: { atMost: 1.5 },
      of: (readings) => reading('many-cpu')(readings) / reading('one-cpu')(readings),
    },
    {
      name: 'crowd-rate',
      title: `accepted per second, ${CAMPAIGNS} campaigns against 1`,
      unit: 'ratio',
      of: (readings) => reading('many-rate')(readings) / reading('one-rate')(readings),
    },
    ...['api', 'redis', 'kafka'].flatMap((role) =>
      ['one', 'many'].map((name) => ({
        name: `crowd-${role}-${name}`,
        title: `CPU of ${role}, ${name === 'one' ? '1 campaign' : `${CAMPAIGNS} campaigns`}`,
        unit: 'µs',
        of: reading(`${name}-${role}`),
      })),
    ),
  ],
  notes: [`Requests take turns in the campaigns; CPU until the last answer. ${PINNING}`],
  async prepare(installation, { quick }) {
    await using parts = new AsyncDisposableStack();
    const generator = parts.use(new LoadGenerator());
    parts.use(await Pinning.of(installation, generator, [installation.api]));
    const requests = quick ? QUICK_REQUESTS : REQUESTS;
    const owned = parts.move();
    return {
      round: (number) =>
        inTurn(number, [
          () => measure('one', 1, { installation, generator, requests }),
          () => measure('many', CAMPAIGNS, { installation, generator, requests }),
        ]),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  },
};

interface Parts {
  readonly installation: Installation;
  readonly generator: LoadGenerator;
  readonly requests: number;
}

async function measure(name: string, many: number, { installation, generator, requests }: Parts): Promise<Readings> {
  const numbers = Array.from({ length: many }, (_, index) => index);
  const ids = await severalAtOnce(AT_ONCE, numbers, () => installation.newCampaign(LARGEST_LIMIT));
  const { report, cpu } = await applied(installation, generator, ids, requests);
  await allStoredOf(installation, ids, requests);
  await severalAtOnce(AT_ONCE, numbers, (number) =>
    expectStored(installation, ids[number] ?? '', report, (request) => request % many === number),
  );
  await retireCampaigns(installation, ids);
  const { api, redis, kafka } = cpu;
  return {
    [`${name}-cpu`]: api + redis + kafka,
    [`${name}-rate`]: requests / report.seconds,
    [`${name}-api`]: api,
    [`${name}-redis`]: redis,
    [`${name}-kafka`]: kafka,
  };
}
