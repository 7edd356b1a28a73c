/**
 * Closes a campaign for an epoch, whatever is left of it. Only the leader sends it. ARGV: the epoch. Answers 1, or 0
 * where the campaign was closed for a higher epoch, or reopened under this one.
 *
 * What an earlier closing loaded and never put in place is dropped here.
 */
export const CLOSE = `
local META, USERS = KEYS[1], KEYS[2]
local function text(field)
  local value = redis.pcall('HGET', META, field)
  return type(value) == 'string' and value or ''
end
local epoch, present = tonumber(ARGV[1]), tonumber(text('closed')) or 0
if epoch < present or (epoch == present and text('state') ~= 'closed') then return 0 end
if redis.call('TYPE', META).ok ~= 'hash' then redis.call('DEL', META) end
redis.call('HSET', META, 'state', 'closed', 'closed', epoch)
redis.call('UNLINK', string.format('%s:%.0f', USERS, present))
return 1
`;
