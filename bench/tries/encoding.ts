import assert from 'node:assert/strict';
import kafkajs, { type Message, type PartitionerArgs } from 'kafkajs';
import { decodeCouponEvent, encodeCouponEvent } from '../../src/adapters/kafka/coupon-event.ts';
import { partitionByKey } from '../../src/adapters/kafka/partition-by-key.ts';
import { encodeProduceRequest, type ProduceOptions } from '../../src/adapters/kafka/produce-request.ts';
import type { PreparedSuite, Readings } from '../suite.ts';
import { inTurn } from '../suites/turns.ts';
import { encodeByKafkajs } from './encoding/kafkajs-encoder.ts';
import { asReceived, sampleGrants, sampleMessages } from './encoding/sample-events.ts';
import { figure, timesAsMuch } from './figures.ts';
import { ownCpu } from './own-cpu.ts';
import type { Try } from './try.ts';

const EVENTS = 100;
const [TIMES, QUICK_TIMES] = [300, 30] as const;
const TOPIC = 'coupon_create';
const PARTITIONS = Array.from({ length: 6 }, (_, partitionId) => ({
  partitionId,
  leader: 1,
  partitionErrorCode: 0,
  replicas: [1],
  isr: [1],
}));

export const encoding: Try = {
  name: 'encoding',
  figures: [
    figure('kafkajs-request', 'produce request, per event: kafkajs', 'µs'),
    figure('own-request', 'produce request, per event: in one piece', 'µs'),
    timesAsMuch('request', 'produce request: kafkajs against in one piece', 'kafkajs-request', 'own-request'),
    figure('kafkajs-partition', 'partition of a key: kafkajs', 'µs'),
    figure('own-partition', 'partition of a key: without big integers', 'µs'),
    timesAsMuch('partition', 'partition: kafkajs against without big integers', 'kafkajs-partition', 'own-partition'),
    figure('encode-event', 'coupon event made of a grant', 'µs'),
    figure('decode-event', 'grant read from a coupon event', 'µs'),
  ],
  notes: [`CPU of one process that does nothing else; ${EVENTS} coupon events with five headers in a request.`],
  async prepare(_, { quick }) {
    const messages = sampleMessages(EVENTS);
    await expectSame(messages);
    expectRead(messages);
    return new Encoding(messages, quick ? QUICK_TIMES : TIMES);
  },
};

class Encoding implements PreparedSuite {
  readonly #messages: Message[];
  readonly #times: number;

  constructor(messages: Message[], times: number) {
    this.#messages = messages;
    this.#times = times;
  }

  round(number: number): Promise<Readings> {
    const messages = this.#messages;
    const request = requestOf(messages);
    const grants = sampleGrants(EVENTS);
    const received = messages.map(asReceived);
    const [theirs, ours] = [kafkajs.Partitioners.DefaultPartitioner(), partitionByKey()];
    return inTurn(number, [
      () => this.#requests('kafkajs-request', () => encodeByKafkajs(request)),
      () => this.#requests('own-request', () => encodeProduceRequest(request, Date.now())),
      () => this.#each('kafkajs-partition', messages, (message) => theirs(keyOf(message))),
      () => this.#each('own-partition', messages, (message) => ours(keyOf(message))),
      () => this.#each('encode-event', grants, (grant) => encodeCouponEvent(grant)),
      () => this.#each('decode-event', received, (message) => decodeCouponEvent(TOPIC, 0, message)),
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** Each encodes all of the events. */
  async #requests(name: string, encode: () => unknown): Promise<Readings> {
    const used = await ownCpu(async () => {
      for (let time = 0; time < this.#times; time += 1) await encode();
    });
    return { [name]: used / this.#times / EVENTS };
  }

  #each<Item>(name: string, items: readonly Item[], work: (item: Item) => unknown): Promise<Readings> {
    return this.#requests(name, () => {
      for (const item of items) work(item);
    });
  }
}

const requestOf = (messages: Message[]): ProduceOptions => ({
  acks: -1,
  timeout: 1_000,
  compression: 0,
  topicData: [{ topic: TOPIC, partitions: [{ partition: 3, messages }] }],
});

const keyOf = (message: Message): PartitionerArgs => ({ topic: TOPIC, partitionMetadata: PARTITIONS, message });

/** @throws Error where the two do not say the same, to the byte */
async function expectSame(messages: Message[]): Promise<void> {
  const now = Date.now();
  const dated = messages.map((message) => ({ ...message, timestamp: String(now) }));
  const theirs = (await encodeByKafkajs(requestOf(dated))).buffer;
  if (!encodeProduceRequest(requestOf(dated), now).buffer.equals(theirs)) {
    throw new Error('the produce request is not the one that kafkajs writes');
  }
  const [theirPartition, ourPartition] = [kafkajs.Partitioners.DefaultPartitioner(), partitionByKey()];
  for (const message of messages) {
    if (theirPartition(keyOf(message)) !== ourPartition(keyOf(message))) {
      throw new Error(`the partition of ${String(message.key)} is not the one that kafkajs chooses`);
    }
  }
}

/** @throws Error where an event is not read as the grant it was made of: what is malformed is read faster */
function expectRead(messages: readonly Message[]): void {
  const read = messages.map((message, offset) => decodeCouponEvent(TOPIC, 0, asReceived(message, offset)).content);
  assert.deepEqual(
    read,
    sampleGrants(EVENTS).map((grant) => ({ grant })),
  );
}
