/**
 * ARGV: milliseconds, and how many at most. Answers `open`, epoch, and user, sequence and time of every grant that has
 * been pending for longer, oldest first.
 */
export const STALE = `
local meta, reason = read_open()
if not meta then return {reason} end
local before = string.format('(%.0f', milliseconds() - tonumber(ARGV[1]))
local stale = redis.call('ZRANGE', PENDING, '-inf', before, 'BYSCORE', 'LIMIT', 0, ARGV[2], 'WITHSCORES')
local reply = {'open', meta.epoch}
for i = 1, #stale, 2 do
  local sequence = tonumber(redis.call('HGET', USERS, stale[i]) or 0)
  if sequence and sequence > 0 then
    reply[#reply + 1] = stale[i]
    reply[#reply + 1] = sequence
    reply[#reply + 1] = stale[i + 1]
  end
end
return reply
`;
