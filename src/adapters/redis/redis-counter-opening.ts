import type { CounterOpening, OpeningSession } from '../../domain/ports/counter-opening.ts';
import { connectRedisOnce } from './redis-connection.ts';
import { RedisOpeningSession } from './redis-opening-session.ts';

export class RedisCounterOpening implements CounterOpening {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async begin(): Promise<OpeningSession> {
    return new RedisOpeningSession(await connectRedisOnce(this.#url));
  }
}
