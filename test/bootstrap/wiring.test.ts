import 'reflect-metadata';
import { Container, type ContainerModule } from 'inversify';
import { describe, expect, it } from 'vitest';
import { readApiConfig } from '../../src/bootstrap/config.ts';
import { API, api, CONSUMER_PAGES, consumerPages } from '../../src/bootstrap/http.ts';
import { IN_MEMORY_CONSUMER, inMemory } from '../../src/bootstrap/in-memory.ts';
import { CONSUMER, KAFKA_ADMIN, kafka, PUBLISHER } from '../../src/bootstrap/kafka.ts';
import { leaderTasks } from '../../src/bootstrap/leader-tasks.ts';
import { mikroOrm, ORM } from '../../src/bootstrap/mikro-orm.ts';
import { node } from '../../src/bootstrap/node.ts';
import { REDIS, redis } from '../../src/bootstrap/redis.ts';
import { TOKENS } from '../../src/bootstrap/tokens.ts';
import { useCases } from '../../src/bootstrap/use-cases.ts';
import { provide, resolve, type Token, token } from '../../src/bootstrap/wiring.ts';

const config = readApiConfig({
  REDIS_URL: 'redis://127.0.0.1:1',
  KAFKA_BROKERS: '127.0.0.1:1',
  MYSQL_URL: 'mysql://nobody@127.0.0.1:1/nothing',
  ADMIN_TOKEN: 'a-token-for-wiring',
  AUTH_MODE: 'gateway',
});

const containerOf = (...modules: ContainerModule[]): Container => {
  const container = new Container();
  container.load(...modules);
  return container;
};

const everything = Object.values(TOKENS) as Token<unknown>[];

describe('the wiring', () => {
  it('on real servers provides every part that anybody asks for', async () => {
    const container = containerOf(
      node('test', 'silent'),
      redis(config.REDIS_URL),
      kafka(config, 'wiring'),
      mikroOrm(config.MYSQL_URL),
      useCases,
      leaderTasks,
      api(config.ADMIN_TOKEN, config.MAX_IN_FLIGHT),
      consumerPages,
    );
    for (const part of [...everything, API, CONSUMER_PAGES, PUBLISHER, CONSUMER, KAFKA_ADMIN]) {
      expect(resolve(container, part as Token<unknown>), part.description).toBeDefined();
    }
    resolve(container, REDIS).disconnect();
    await resolve(container, ORM).close();
  });

  it('in memory provides every part that anybody asks for', () => {
    const container = containerOf(
      node('test', 'silent'),
      inMemory,
      useCases,
      leaderTasks,
      api(config.ADMIN_TOKEN, config.MAX_IN_FLIGHT),
    );
    for (const part of [...everything, API, IN_MEMORY_CONSUMER]) {
      expect(resolve(container, part as Token<unknown>), part.description).toBeDefined();
    }
  });

  it('makes each part once', () => {
    const container = containerOf(node('test', 'silent'), inMemory, useCases);
    expect(resolve(container, TOKENS.issuanceCounter)).toBe(resolve(container, TOKENS.issuanceCounter));
  });

  it('does not compile where a part has another type than its token', () => {
    const numbers = token<number>('a number');
    const texts = token<string>('a text');
    // @ts-expect-error -- a text is not a number
    const wrong = (to: Parameters<typeof provide>[0]) => provide(to, texts, [numbers], (number) => number);
    expect(wrong).toBeTypeOf('function');
  });
});
