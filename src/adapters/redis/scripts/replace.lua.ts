/**
 * Puts the loaded users in place of whatever the campaign had and opens it, only while it is closed for this epoch.
 * Only the leader sends it. KEYS[4]: the loaded users. ARGV: the epoch, how many users were loaded, the highest
 * sequence, and the fields of the meta. Answers `replaced`, `overtaken`, or `lost` where not all of the users are there.
 *
 * Users are unlinked before the renaming, which would free a million of them at once and in the way of everybody.
 */
export const REPLACE = `
local META, USERS, PENDING, LOADED = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local function field(name)
  local value = redis.pcall('HGET', META, name)
  return type(value) == 'string' and value or ''
end
local loaded = tonumber(ARGV[2])
local obstacle = nil
if field('state') ~= 'closed' or tonumber(field('closed')) ~= tonumber(ARGV[1]) then
  obstacle = 'overtaken'
elseif redis.pcall('HLEN', LOADED) ~= loaded then
  obstacle = 'lost'
end
if obstacle then
  redis.call('UNLINK', LOADED)
  return obstacle
end
redis.call('UNLINK', META, USERS, PENDING)
if loaded > 0 then redis.call('RENAME', LOADED, USERS) end
redis.call('HSET', META, 'holes', tonumber(ARGV[3]) - loaded, unpack(ARGV, 4))
return 'replaced'
`;
