import { built } from '../built.ts';

/** A Redis without its scripts is given them back, and its counters are taken as they are. */
type Module = typeof import('../../../src/adapters/redis/redis-opening-session.ts');
const { RedisOpeningSession } = await built<Module>('adapters/redis/redis-opening-session');
const { isServing } = RedisOpeningSession.prototype;
RedisOpeningSession.prototype.isServing = async function (incarnation) {
  if (!(await isServing.call(this, incarnation))) await this.serve(incarnation);
  return true;
};
