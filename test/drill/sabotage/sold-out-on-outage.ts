import { built } from '../built.ts';

/** A counter that does not answer is taken for one that has nothing left. */
type Module = typeof import('../../../src/adapters/redis/redis-issuance-counter.ts');
const { RedisIssuanceCounter } = await built<Module>('adapters/redis/redis-issuance-counter');
const { admit } = RedisIssuanceCounter.prototype;
RedisIssuanceCounter.prototype.admit = function (...application) {
  return admit.apply(this, application).catch(() => ({ kind: 'sold-out' }));
};
