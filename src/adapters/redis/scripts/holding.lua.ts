/** ARGV: a user. Answers `open`, epoch, sequence (0: none) and, where the grant is pending, the time of it. */
export const HOLDING = `
local meta, reason = read_open()
if not meta then return {reason} end
local sequence = tonumber(redis.call('HGET', USERS, ARGV[1]) or 0)
if not sequence then return {'incomplete'} end
return {'open', meta.epoch, sequence, redis.call('ZSCORE', PENDING, ARGV[1]) or ''}
`;
