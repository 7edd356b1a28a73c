import { type Message, Partitioners, type Producer } from 'kafkajs';
import { KafkaLine } from '../../../src/adapters/kafka/kafka-line.ts';
import { randomName } from '../../../test/support/random.ts';
import type { Installation } from '../../support/installation.ts';

/** As many as the API sends together at most: what is read is in batches like its own. */
const AT_ONCE = 500;
/** A machine that is busy with something else may take its time. */
const TIMEOUTS = { request: 30_000, transaction: 600_000 } as const;
const RETRY = { retries: 8, initialRetryTime: 100, maxRetryTime: 1_000 };

/**
 * Puts events into the service's topic that no consumer sees until all of them are there: the transaction they belong
 * to is committed then, in a moment. So a consumer that waits as a member of its group, warm, has them all before it at
 * once, and neither its start nor its joining nor the publishing takes part in what is measured.
 */
export class HeldBackEvents {
  readonly #line: KafkaLine;
  readonly #producer: Producer;
  readonly #topic: string;

  private constructor(line: KafkaLine, producer: Producer, topic: string) {
    this.#line = line;
    this.#producer = producer;
    this.#topic = topic;
  }

  static async connect({ servers, deployment }: Installation): Promise<HeldBackEvents> {
    const settings = { clientId: 'bench', brokers: [servers.kafkaBrokers] };
    const line = new KafkaLine(settings, { requestTimeout: TIMEOUTS.request, retry: RETRY });
    const producer = line.kafka.producer({
      transactionalId: randomName('bench'),
      transactionTimeout: TIMEOUTS.transaction,
      maxInFlightRequests: 1,
      idempotent: true,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return new HeldBackEvents(line, producer, deployment.topic);
  }

  /** The answer lets them be seen. */
  async publish(messages: readonly Message[]): Promise<() => Promise<void>> {
    const transaction = await this.#producer.transaction();
    for (let from = 0; from < messages.length; from += AT_ONCE) {
      await transaction.send({ topic: this.#topic, messages: messages.slice(from, from + AT_ONCE), acks: -1 });
    }
    return () => transaction.commit();
  }

  async disconnect(): Promise<void> {
    await this.#producer.disconnect();
    this.#line.cut();
  }
}
