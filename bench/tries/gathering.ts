import { Deployment } from '../../test/support/deployment.ts';
import type { Figure } from '../suite.ts';
import { leadElsewhere } from '../suites/lead-elsewhere.ts';
import { inTurn } from '../suites/turns.ts';
import { figure, timesAsMuch } from './figures.ts';
import { Contestant } from './gathering/contestant.ts';
import type { Try } from './try.ts';

const PER_SECOND = 4_000;
const [SECONDS, QUICK_SECONDS] = [3, 1] as const;
const CONTESTANTS = {
  single: 'one partition at a time',
  gathered: 'what all partitions brought together, two batches at once',
} as const;

export const gathering: Try = {
  name: 'gathering',
  figures: [
    ...Object.entries(CONTESTANTS).flatMap(([name, title]) => figuresOfContestant(name, title)),
    timesAsMuch(
      'consumer-cpu',
      'CPU of the consumer: singly against gathered',
      'single-consumer-cpu',
      'gathered-consumer-cpu',
    ),
    timesAsMuch('mysql-cpu', 'CPU of MySQL: singly against gathered', 'single-mysql-cpu', 'gathered-mysql-cpu'),
  ],
  notes: [
    `${PER_SECOND} events a second arrive steadily in six partitions, from the publisher of the service.`,
    'One partition at a time: the same consumer, told by KAFKA_PARTITIONS=1 to expect one partition, finds six and is handed the batch of one after the other.',
    'CPU is counted until the last coupon is stored.',
  ],
  async prepare(installed, { quick }) {
    const installation = await installed();
    await using parts = new AsyncDisposableStack();
    parts.use(await leadElsewhere(installation));
    const expectingOne = new Deployment(installation.servers, { LOG_LEVEL: 'warn', KAFKA_PARTITIONS: '1' });
    parts.defer(() => expectingOne.kill());
    const single = parts.use(await Contestant.start('single', installation, expectingOne));
    const gathered = parts.use(await Contestant.start('gathered', installation, installation.deployment));
    const owned = parts.move();
    const seconds = quick ? QUICK_SECONDS : SECONDS;
    return {
      round: (number) =>
        inTurn(number, [() => single.measure(PER_SECOND, seconds), () => gathered.measure(PER_SECOND, seconds)]),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  },
};

function figuresOfContestant(name: string, title: string): readonly Figure[] {
  return [
    figure(`${name}-rate`, `${title}: coupons stored`, '1/s'),
    figure(`${name}-behind`, `${title}: last acknowledgement to last row`, 'ms'),
    figure(`${name}-batch`, `${title}: rows in a transaction`, 'rows'),
    figure(`${name}-consumer-cpu`, `${title}: CPU of the consumer per coupon`, 'µs'),
    figure(`${name}-mysql-cpu`, `${title}: CPU of MySQL per coupon`, 'µs'),
    figure(`${name}-kafka-cpu`, `${title}: CPU of Kafka per coupon`, 'µs'),
  ];
}
