import { setTimeout as sleep } from 'node:timers/promises';
import { createTopic, withAdmin } from '../../../test/support/kafka-topic.ts';
import type { ServerStack } from '../../../test/support/own-servers.ts';
import { tables } from '../coupon-table.ts';
import type { Orders } from '../orders.ts';
import type { Campaign, Strategy } from '../strategy.ts';
import { groupOf } from '../textbook-pipeline.ts';
import type { Contender, Running } from './contender.ts';
import { dropDatabase, freshDatabase } from './fresh-servers.ts';
import { Worker } from './worker.ts';

const PARTITIONS = 3;

export function contenderOf(strategy: Strategy, processes: number, title = strategy.title): Contender {
  const { name } = strategy;
  return {
    name,
    title,
    processes,
    start: (servers, campaigns) => startStrategy(strategy, processes, servers, campaigns),
  };
}

interface RunningStrategy extends Running {
  readonly apis: readonly Worker[];
}

export async function startStrategy(
  strategy: Strategy,
  processes: number,
  servers: ServerStack,
  campaigns: readonly Campaign[],
): Promise<RunningStrategy> {
  const consumes = strategy.consume !== undefined;
  const row = ({ id, limit }: Campaign): string => `insert into campaigns (id, remaining) values ('${id}', ${limit})`;
  const database = await freshDatabase(servers, [...tables(strategy.uniqueUsers), ...campaigns.map(row)]);
  const topic = consumes ? await createTopic(servers.kafkaBrokers, PARTITIONS) : '';
  const orders: Orders = {
    strategy: strategy.name,
    campaigns,
    servers: { mysql: servers.mysqlUrl(database), redis: servers.redisUrl, kafka: servers.kafkaBrokers, topic },
  };
  const apis = await Promise.all(Array.from({ length: processes }, () => Worker.start('api-process', orders)));
  const consumers = consumes ? [await Worker.start('consumer-process', orders)] : [];
  return {
    apis,
    doors: () => apis,
    database,
    async replaceApi(after) {
      await apis[0]?.kill();
      await sleep(after);
      apis[0] = await Worker.start('api-process', orders);
    },
    isSettled: async () => !consumes || (await hasConsumedAll(servers.kafkaBrokers, topic)),
    check() {
      for (const each of [...apis, ...consumers]) each.check();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...apis, ...consumers].map((each) => each.kill()));
      await dropDatabase(servers, database);
    },
  };
}

/** Every event lies before the offsets that the consumer has committed. */
const hasConsumedAll = (brokers: string, topic: string): Promise<boolean> =>
  withAdmin(brokers, async (admin) => {
    const ends = await admin.fetchTopicOffsets(topic);
    const [committed] = await admin.fetchOffsets({ groupId: groupOf(topic), topics: [topic] });
    return ends.every(({ partition, high }) => {
      const offset = committed?.partitions.find((each) => each.partition === partition)?.offset ?? '-1';
      return high === '0' || offset === high;
    });
  });
