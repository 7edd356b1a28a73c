import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { KafkaLine } from '../../../src/adapters/kafka/kafka-line.ts';
import { eventually } from '../../support/eventually.ts';
import { KafkaProxy } from '../../support/kafka-proxy.ts';
import { createTopic, plainKafka, readTopic } from '../../support/kafka-topic.ts';
import { describeWithServices, services } from '../../support/services.ts';

const limits = { requestTimeout: 5_000, retry: { retries: 0 } };

describeWithServices('A line to Kafka that was cut', () => {
  test('writes nothing any more of what it was given before', async () => {
    await using proxy = await KafkaProxy.listen();
    const { kafkaBrokers } = services();
    const topic = await createTopic(kafkaBrokers, 1);
    const settings = { clientId: 'test', brokers: kafkaBrokers.split(','), openSocket: proxy.openSocket };
    const line = new KafkaLine(settings, limits);
    const producer = line.kafka.producer();
    await producer.connect();
    proxy.stall();
    // The first send asks for metadata first: the message itself is still in kafkajs.
    const sent = producer.send({ topic, messages: [{ value: 'given up' }] });
    line.cut(producer);
    proxy.restore();
    await expect(sent).rejects.toThrow();

    const later = plainKafka(kafkaBrokers).producer();
    await later.connect();
    await later.send({ topic, messages: [{ value: 'later' }] });
    await later.disconnect();
    expect((await readTopic(kafkaBrokers, topic)).map(({ message }) => String(message.value))).toEqual(['later']);
  });

  test('leaves no socket behind that would keep the process from ending, even one that was saying goodbye', async () => {
    const { kafkaBrokers } = services();
    let open = 0;
    const openSocket = (host: string, port: number): Socket => {
      const socket = connect({ host, port });
      open++;
      return socket.once('close', () => open--);
    };
    const line = new KafkaLine({ clientId: 'test', brokers: kafkaBrokers.split(','), openSocket }, limits);
    const admin = line.kafka.admin();
    await admin.connect();
    await admin.disconnect();
    line.cut(admin);
    await eventually(() => expect(open).toBe(0));
  });

  test('opens no connection any more', async () => {
    const { kafkaBrokers } = services();
    const line = new KafkaLine({ clientId: 'test', brokers: kafkaBrokers.split(',') }, limits);
    const admin = line.kafka.admin();
    line.cut(admin);
    await expect(admin.connect()).rejects.toThrow();
  });
});
