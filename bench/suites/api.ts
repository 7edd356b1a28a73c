import { ApplyLoad } from '../load/apply-load.ts';
import { CONNECTIONS, LoadGenerator } from '../load/load-generator.ts';
import { Reference } from '../references/reference.ts';
import type { Suite } from '../suite.ts';
import { PINNING, Pinning } from '../support/pinning.ts';
import { API_FIGURES } from './api/figures.ts';
import { loadReadings } from './api/load-readings.ts';
import { sampleAnswer } from './api/sample-answer.ts';
import { inTurn } from './turns.ts';

const [SECONDS, QUICK_SECONDS] = [6, 0.7] as const;

export const api: Suite = {
  name: 'api',
  figures: API_FIGURES,
  notes: [
    `${CONNECTIONS} connections to each, one request at a time on each; ${PINNING}`,
    'The references answer, without any work, what the service answered once, to the byte.',
    'Of the refused, 0.1 % are winners, all the time: each 1,000th request is for a campaign that has coupons.',
    'CPU is counted until the last answer; of consumer, Kafka and MySQL until the last coupon is stored.',
    'A load with a 503 among its answers is measured again, twice at most; `--json` tells how often.',
    'The generator is not the bottleneck where it takes less than a core while the server takes all of its own.',
  ],
  async prepare(installation, { quick }) {
    await using parts = new AsyncDisposableStack();
    const generator = parts.use(new LoadGenerator());
    const answer = await sampleAnswer(installation);
    const raw = parts.use(await Reference.start('raw-http', answer));
    const koa = parts.use(await Reference.start('koa-router', answer));
    parts.use(await Pinning.of(installation, generator, [raw, koa, installation.api]));
    const load = new ApplyLoad(installation, generator);
    const how = { ports: [installation.api.port], seconds: quick ? QUICK_SECONDS : SECONDS };
    const owned = parts.move();
    return {
      round: (number) =>
        inTurn(number, [
          async () => loadReadings('raw', await load.reference(raw, how)),
          async () => loadReadings('koa', await load.reference(koa, how)),
          async () => loadReadings('accepted', await load.accepted(how)),
          async () => loadReadings('refused', await load.refused(how)),
        ]),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  },
};
