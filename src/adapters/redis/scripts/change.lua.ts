/**
 * ARGV: version, name, limit, opening and closing time, and how many sequences are burnt. Answers `open`, then
 * `outdated`, or `changed` with limit and ceiling as they are now: the limit is never below what is granted.
 */
export const CHANGE = `
local meta, reason = read_open()
if not meta then return {reason} end
local version, burnt = tonumber(ARGV[1]), tonumber(ARGV[6])
if version <= meta.version then return {'open', 'outdated'} end
local limit = math.max(tonumber(ARGV[3]), meta.counter - burnt)
local ceiling = limit + burnt
redis.call('HSET', META, 'version', version, 'name', ARGV[2], 'limit', limit, 'ceiling', ceiling,
  'startsAt', ARGV[4], 'endsAt', ARGV[5])
return {'open', 'changed', limit, ceiling}
`;
