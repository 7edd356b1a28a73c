import { CouponClient } from '../../test/support/coupon-client.ts';
import { freePort } from '../../test/support/free-port.ts';
import { randomName } from '../../test/support/random.ts';
import { ServiceProcess } from '../../test/support/service-process.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { expectRefused } from '../load/refused.ts';
import type { Readings } from '../suite.ts';
import { inTurn } from '../suites/turns.ts';
import { cpuFromNow } from '../support/cpu.ts';
import { figure, timesAsMuch } from './figures.ts';
import type { Try } from './try.ts';

const ADMIN_TOKEN = 'an-admin-token-of-a-bench';
const CONNECTIONS = 64;
const [SECONDS, QUICK_SECONDS] = [2, 0.5] as const;

export const routing: Try = {
  name: 'routing',
  figures: [
    figure('router', 'CPU of the API per sold-out answer: through Koa and its router', 'µs'),
    figure('direct', 'CPU of the API per sold-out answer: the direct way', 'µs'),
    timesAsMuch('way', 'sold-out answer: router against the direct way', 'router', 'direct'),
  ],
  notes: [
    `The service of npm start, with everything in memory: what is left is HTTP. ${CONNECTIONS} connections, one request at a time on each.`,
    'Both ways are asked for the same campaign by equal requests; one has a letter of its name percent-encoded, which only the router reads.',
  ],
  async prepare(_, { quick }) {
    await using parts = new AsyncDisposableStack();
    const generator = parts.use(new LoadGenerator());
    const service = new ServiceProcess('standalone', { ADMIN_TOKEN, LOG_LEVEL: 'warn' }, await freePort());
    parts.defer(() => service.kill());
    await service.ready();
    const campaign = await soldOutCampaign(new CouponClient(service.url, ADMIN_TOKEN));
    const seconds = quick ? QUICK_SECONDS : SECONDS;
    const measure = async (name: string, asked: string): Promise<Readings> => {
      const used = await cpuFromNow({ api: [service.pid] });
      const plan = { ports: [service.port], campaigns: [asked], expected: [409], connections: CONNECTIONS, seconds };
      const report = await generator.run(plan);
      const { api } = await used();
      expectRefused(report, () => false);
      return { [name]: (api * 1e6) / report.requests, [`${name}-rate`]: report.requests / report.seconds };
    };
    const owned = parts.move();
    return {
      round: (number) =>
        inTurn(number, [
          () => measure('direct', campaign),
          () => measure('router', `%${campaign.charCodeAt(0).toString(16)}${campaign.slice(1)}`),
        ]),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  },
};

async function soldOutCampaign(client: CouponClient): Promise<string> {
  const id = randomName('bench');
  const created = await client.createCampaign(id, 1);
  const applied = await client.apply(id, '1');
  if (created.status !== 201 || applied.status !== 202) {
    throw new Error(`a campaign of one coupon is answered ${created.status}, and its application ${applied.status}`);
  }
  return id;
}
