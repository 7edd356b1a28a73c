/** Answers everything that `OpenStanding` has, in one step. */
export const STANDING = `
local meta, reason = read_open()
if not meta then return {reason} end
local oldest = redis.call('ZRANGE', PENDING, 0, 0, 'WITHSCORES')
return {
  'open', meta.name, meta.limit, meta.startsAt, meta.endsAt, meta.ceiling,
  meta.counter, meta.pendingCount, meta.epoch, meta.version, milliseconds(),
  oldest[2] or ''
}
`;
