import type { Redis } from 'ioredis';
import type { Incarnation } from '../../domain/ports/incarnations.ts';
import { counterScripts } from './counter-scripts.ts';
import { ask } from './redis-connection.ts';
import { replyOf } from './reply.ts';

/** Whether the server has every script of the incarnation. */
export async function isServing(redis: Redis, incarnation: Incarnation): Promise<boolean> {
  const digests = Object.values(counterScripts(incarnation)).map(({ digest }) => digest);
  const present = await ask(redis, () => redis.script('EXISTS', ...digests));
  return replyOf(present).every((each) => each === 1);
}
