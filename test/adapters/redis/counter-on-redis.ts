import { connectRedis } from '../../../src/adapters/redis/redis-connection.ts';
import { RedisCounterHoldings } from '../../../src/adapters/redis/redis-counter-holdings.ts';
import { RedisCounterKeeper } from '../../../src/adapters/redis/redis-counter-keeper.ts';
import { RedisCounterOpening } from '../../../src/adapters/redis/redis-counter-opening.ts';
import { RedisIssuanceCounter } from '../../../src/adapters/redis/redis-issuance-counter.ts';
import type { Incarnation } from '../../../src/domain/ports/incarnations.ts';
import { type CounterProcess, knowing, newIncarnation } from '../../contracts/issuance-counter.subject.ts';
import { eventually } from '../../support/eventually.ts';

export interface RedisProcess extends CounterProcess, AsyncDisposable {
  readonly incarnation: Incarnation;
}

export async function startProcess(url: string, incarnation: Incarnation): Promise<RedisProcess> {
  const redis = connectRedis(url, () => undefined);
  await eventually(() => redis.ping());
  const known = await knowing(incarnation);
  return {
    incarnation,
    counter: new RedisIssuanceCounter(redis, known),
    keeper: new RedisCounterKeeper(redis, known),
    holdings: new RedisCounterHoldings(redis),
    [Symbol.asyncDispose]: async () => redis.disconnect(),
  };
}

/** A process of a new incarnation that the server serves. */
export async function startServedProcess(url: string, incarnation = newIncarnation()): Promise<RedisProcess> {
  const session = await new RedisCounterOpening(url).begin();
  await session.serve(incarnation);
  await session.end();
  return startProcess(url, incarnation);
}
