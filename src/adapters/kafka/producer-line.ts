import { CompressionTypes, type Message, type Producer } from 'kafkajs';
import { SEND_TIMEOUT } from '../../domain/publish-deadline.ts';
import { KafkaLine, type KafkaSettings } from './kafka-line.ts';
import { partitionByKey } from './partition-by-key.ts';
import { encodeProduceRequestsFast } from './produce-request.ts';

const ALL_IN_SYNC_REPLICAS = -1;

encodeProduceRequestsFast();

/** One connected producer, thrown away after its first failure. */
export class ProducerLine {
  readonly #line: KafkaLine;
  readonly #producer: Producer;
  readonly #topic: string;

  constructor(settings: KafkaSettings, topic: string) {
    this.#topic = topic;
    // No retries: a send that is repeated by the client could go out after the deadline.
    this.#line = new KafkaLine(settings, { requestTimeout: SEND_TIMEOUT, retry: { retries: 0 } });
    this.#producer = this.#line.kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: partitionByKey,
      // kafkajs reuses a sequence number after an unknown outcome: the broker then takes another message for a
      // duplicate, and acknowledges it without storing it.
      idempotent: false,
    });
  }

  async connect(): Promise<void> {
    await this.#producer.connect();
    // A send of nothing asks for the topic's metadata, and sends nothing.
    await this.send([]);
  }

  /** Resolves when every in-sync replica has acknowledged all of them. */
  async send(messages: Message[]): Promise<void> {
    await this.#producer.send({
      topic: this.#topic,
      messages,
      acks: ALL_IN_SYNC_REPLICAS,
      timeout: SEND_TIMEOUT,
      compression: CompressionTypes.None,
    });
  }

  /** Nothing that was handed to this line is written any more. */
  cut(): void {
    this.#line.cut(this.#producer);
  }
}
