import { Redis } from 'ioredis';
import { OutcomeUnknown, Unavailable } from '../../domain/outage.ts';

/** What ioredis must never do with a command of ours: repeat it, or send it later than now. All of it is its default. */
const NEVER_TWICE_NEVER_LATE = {
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
} as const;

const CONNECT_WITHIN = 2_000;

/**
 * Connects in the background and again after every loss, for ever.
 *
 * @param onError hears of every failed connection; the commands report their own failures
 */
export function connectRedis(url: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(url, {
    ...NEVER_TWICE_NEVER_LATE,
    commandTimeout: 500,
    connectTimeout: 1_000,
    // A connection that owes an answer for so long is dead, whatever the network says.
    socketTimeout: 1_000,
    retryStrategy: (attempt) => Math.min(50 * attempt, 1_000),
  });
  return redis.on('error', onError);
}

/** Connects once and never again: whoever uses it has spoken to one and the same server all along. */
export async function connectRedisOnce(url: string): Promise<Redis> {
  const redis = new Redis(url, {
    ...NEVER_TWICE_NEVER_LATE,
    lazyConnect: true,
    // Long enough to take in, or to let go of, the users of a campaign of millions.
    commandTimeout: 10_000,
    connectTimeout: 1_000,
    // A server that does not answer does not say goodbye either.
    disconnectTimeout: 100,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined); // The commands report it.
  // A frozen server takes the connection and then keeps silent.
  const tooLate = setTimeout(() => redis.disconnect(), CONNECT_WITHIN);
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw new Unavailable('counter', `Redis cannot be reached: ${messageOf(error)}`, error);
  } finally {
    clearTimeout(tooLate);
  }
}

/** Sends one request; rejects with `Unavailable` or `OutcomeUnknown`. */
export async function ask<T>(redis: Redis, send: (redis: Redis) => Promise<T>): Promise<T> {
  if (redis.status !== 'ready') throw new Unavailable('counter', `not connected to Redis (${redis.status})`);
  try {
    return await send(redis);
  } catch (error) {
    throw outageOf(error);
  }
}

/** Whatever Redis itself answered; ioredis exports the class without a type. */
const isErrorReply = (error: unknown): error is Error => error instanceof Error && error.name === 'ReplyError';

export const isMissingScript = (error: unknown): boolean =>
  error instanceof Unavailable && isErrorReply(error.cause) && error.cause.message.startsWith('NOSCRIPT');

const NOT_SENT = "Stream isn't writeable and enableOfflineQueue options is false";

/**
 * An error reply (out of memory, read only, loading, wrong type …) means that nothing was done: Redis refuses a command
 * before it runs it, and our scripts validate first and write last. Anything else that goes wrong after the sending
 * leaves open what happened.
 */
function outageOf(error: unknown): Unavailable | OutcomeUnknown {
  if (isErrorReply(error)) return new Unavailable('counter', `Redis refused: ${error.message}`, error);
  if (messageOf(error) === NOT_SENT) return new Unavailable('counter', 'not connected to Redis', error);
  return new OutcomeUnknown('counter', `Redis did not answer: ${messageOf(error)}`, error);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
