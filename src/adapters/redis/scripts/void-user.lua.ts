/**
 * ARGV: a user and the sequence that was voided. Answers `open`, then `voided`, also where it was before, or `not-held`.
 * The pending mark goes with it: it would be published, and cleared, no more.
 */
export const VOID_USER = `
local meta, reason = read_open()
if not meta then return {reason} end
local user, sequence = ARGV[1], ARGV[2]
local held = redis.call('HGET', USERS, user)
if held == '-' .. sequence then return {'open', 'voided'} end
if held ~= sequence then return {'open', 'not-held'} end
redis.call('HSET', USERS, user, '-' .. sequence)
local cleared = redis.call('ZREM', PENDING, user)
if cleared > 0 then redis.call('HSET', META, 'pendingCount', meta.pendingCount - cleared) end
return {'open', 'voided'}
`;
