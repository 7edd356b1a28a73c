import { ProducerLine } from '../../src/adapters/kafka/producer-line.ts';
import { eventually } from '../../test/support/eventually.ts';
import { randomName } from '../../test/support/random.ts';
import type { Figure, Readings } from '../suite.ts';
import { inTurn } from '../suites/turns.ts';
import { atRest } from '../support/at-rest.ts';
import { cpuFromNow } from '../support/cpu.ts';
import type { Installation } from '../support/installation.ts';
import { spreadOf } from '../support/statistics.ts';
import { WaitingEvents } from './connections/waiting-events.ts';
import { figure } from './figures.ts';
import { newTopic, recordsIn } from './new-topic.ts';
import { ownCpu } from './own-cpu.ts';
import { repeatedWhereStalled, Stalled } from './stalled.ts';
import type { Try } from './try.ts';

interface Way {
  readonly partitions: number;
  /** Connections of the publisher. */
  readonly lanes: number;
}

const TOGETHER = 128;
const [MILLISECONDS, QUICK_MILLISECONDS] = [1_500, 300] as const;
const WAYS: readonly Way[] = [
  { partitions: 6, lanes: 1 },
  { partitions: 6, lanes: 2 },
  { partitions: 6, lanes: 3 },
  { partitions: 6, lanes: 6 },
  { partitions: 1, lanes: 1 },
];

const nameOf = ({ partitions, lanes }: Way): string => `${partitions}-by-${lanes}`;

export const connections: Try = {
  name: 'connections',
  figures: WAYS.flatMap(figuresOfWay),
  notes: [
    `${TOGETHER} events wait at any time, each sent by the connection of its partition together with those that gathered there meanwhile.`,
    'One broker, which writes to the disk before it acknowledges.',
  ],
  async prepare(installed, { quick }) {
    const installation = await installed();
    await using parts = new AsyncDisposableStack();
    const contestants: Contestant[] = [];
    for (const way of WAYS) contestants.push(parts.use(await Contestant.start(installation, way)));
    const owned = parts.move();
    const milliseconds = quick ? QUICK_MILLISECONDS : MILLISECONDS;
    return {
      round: (number) =>
        inTurn(
          number,
          contestants.map((each) => () => each.measure(milliseconds)),
        ),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  },
};

class Contestant implements Disposable {
  readonly #installation: Installation;
  readonly #way: Way;
  readonly #topic = randomName('bench');
  #lines: readonly ProducerLine[] = [];

  private constructor(installation: Installation, way: Way) {
    this.#installation = installation;
    this.#way = way;
  }

  /** On a topic of its own. */
  static async start(installation: Installation, way: Way): Promise<Contestant> {
    const contestant = new Contestant(installation, way);
    await newTopic(contestant.#brokers, contestant.#topic, way.partitions);
    return contestant;
  }

  measure(milliseconds: number): Promise<Readings> {
    return repeatedWhereStalled(() => this.#turn(milliseconds));
  }

  [Symbol.dispose](): void {
    for (const line of this.#lines) line.cut();
  }

  async #turn(milliseconds: number): Promise<Readings> {
    const { partitions, lanes } = this.#way;
    if (this.#lines.length === 0) this.#lines = await Promise.all(Array.from({ length: lanes }, () => this.#connect()));
    const events = new WaitingEvents(this.#lines, partitions);
    await atRest(this.#installation);
    const before = await recordsIn(this.#brokers, this.#topic);
    const { kafka } = await this.#installation.pids();
    const used = await cpuFromNow({ kafka });
    const startedAt = performance.now();
    let waits: readonly number[] = [];
    const own = await ownCpu(async () => {
      waits = await events.keepWaiting(TOGETHER, milliseconds).catch((cause: unknown) => this.#giveUp(cause));
    });
    const seconds = (performance.now() - startedAt) / 1_000;
    const cpu = await used();
    const written = (await recordsIn(this.#brokers, this.#topic)) - before;
    if (written !== waits.length) throw new Error(`${waits.length} events were acknowledged, ${written} are there`);
    const name = nameOf(this.#way);
    return {
      [`${name}-wait`]: spreadOf(waits).median,
      [`${name}-rate`]: waits.length / seconds,
      [`${name}-kafka-cpu`]: (cpu.kafka * 1e6) / waits.length,
      [`${name}-own-cpu`]: own / waits.length,
    };
  }

  get #brokers(): string {
    return this.#installation.servers.kafkaBrokers;
  }

  /** A topic that was just created may have no leader yet. */
  #connect(): Promise<ProducerLine> {
    return eventually(async () => {
      const settings = { clientId: 'bench', brokers: [this.#brokers] };
      const line = new ProducerLine(settings, this.#topic);
      await line.connect().catch((error: unknown) => {
        line.cut();
        throw error;
      });
      return line;
    });
  }

  #giveUp(cause: unknown): never {
    for (const line of this.#lines) line.cut();
    this.#lines = [];
    throw new Stalled(`Kafka did not acknowledge over ${nameOf(this.#way)}`, { cause });
  }
}

function figuresOfWay(way: Way): readonly Figure[] {
  const { partitions, lanes } = way;
  const by = `${partitions} partition${partitions > 1 ? 's' : ''}, ${lanes} connection${lanes > 1 ? 's' : ''}`;
  return [
    figure(`${nameOf(way)}-wait`, `${by}: an event waits`, 'ms'),
    figure(`${nameOf(way)}-rate`, `${by}: events acknowledged`, '1/s'),
    figure(`${nameOf(way)}-kafka-cpu`, `${by}: CPU of Kafka per event`, 'µs'),
    figure(`${nameOf(way)}-own-cpu`, `${by}: CPU of the publisher per event`, 'µs'),
  ];
}
