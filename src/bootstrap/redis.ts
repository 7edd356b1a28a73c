import { ContainerModule } from 'inversify';
import type { Redis } from 'ioredis';
import { connectRedis } from '../adapters/redis/redis-connection.ts';
import { RedisCounterHoldings } from '../adapters/redis/redis-counter-holdings.ts';
import { RedisCounterKeeper } from '../adapters/redis/redis-counter-keeper.ts';
import { RedisCounterOpening } from '../adapters/redis/redis-counter-opening.ts';
import { RedisIssuanceCounter } from '../adapters/redis/redis-issuance-counter.ts';
import { RedisProbe } from '../adapters/redis/redis-probe.ts';
import { TOKENS as T } from './tokens.ts';
import { provide, token } from './wiring.ts';

export const REDIS = token<Redis>('Redis');

/** The counter on Redis. */
export const redis = (url: string): ContainerModule =>
  new ContainerModule((to) => {
    // What a lost connection means is said by whoever needs it; ioredis would say it once for each attempt.
    provide(to, REDIS, [], () => connectRedis(url, () => undefined));
    const counter = [REDIS, T.knownIncarnation] as const;
    provide(to, T.issuanceCounter, counter, (client, known) => new RedisIssuanceCounter(client, known));
    provide(to, T.counterKeeper, counter, (client, known) => new RedisCounterKeeper(client, known));
    provide(to, T.counterHoldings, [REDIS], (client) => new RedisCounterHoldings(client));
    provide(to, T.counterOpening, [], () => new RedisCounterOpening(url));
    provide(to, T.counterServerProbe, counter, (client, known) => new RedisProbe(client, known));
  });
