import { built } from '../built.ts';

/**
 * A Redis without its scripts is given them back, and its counters are taken as they are. The two guards behind the
 * fence go as well, for they would close those counters again: the look at the record, and what a process has seen.
 */
type Session = typeof import('../../../src/adapters/redis/redis-opening-session.ts');
type Seen = typeof import('../../../src/application/seen-counters.ts');
type Records = typeof import('../../../src/adapters/mikro-orm/mikro-orm-issuance-records.ts');
const { RedisOpeningSession } = await built<Session>('adapters/redis/redis-opening-session');
const { MikroOrmIssuanceRecords } = await built<Records>('adapters/mikro-orm/mikro-orm-issuance-records');
const { SeenCounters } = await built<Seen>('application/seen-counters');
const { isServing } = RedisOpeningSession.prototype;
RedisOpeningSession.prototype.isServing = async function (incarnation) {
  if (!(await isServing.call(this, incarnation))) await this.serve(incarnation);
  return true;
};
MikroOrmIssuanceRecords.prototype.highest = async () => new Map();
SeenCounters.prototype.saw = () => {};
