/**
 * A part of the pending grants that a closed campaign still holds. Only the leader sends it. ARGV: from which one, and
 * how many. Answers the epoch (0: there is nothing to be had), whether more may follow, and user, sequence and time of
 * each; pending users without a sequence are left out.
 */
export const SURVIVORS = `
local META, USERS, PENDING = KEYS[1], KEYS[2], KEYS[3]
local function read(...)
  local value = redis.pcall(...)
  if type(value) == 'table' and value.err then return nil end
  return value
end
local epoch = tonumber(read('HGET', META, 'epoch') or '') or 0
local from, most = tonumber(ARGV[1]), tonumber(ARGV[2])
if read('HGET', META, 'state') ~= 'closed' or epoch < 1 then return {0, 0} end
local pending = read('ZRANGE', PENDING, from, from + most - 1, 'WITHSCORES') or {}
local reply = {epoch, #pending == 2 * most and 1 or 0}
for i = 1, #pending, 2 do
  local sequence = tonumber(read('HGET', USERS, pending[i]) or '') or 0
  if sequence > 0 then
    reply[#reply + 1] = pending[i]
    reply[#reply + 1] = sequence
    reply[#reply + 1] = pending[i + 1]
  end
end
return reply
`;
