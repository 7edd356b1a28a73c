/**
 * ARGV: the epoch, then a user and a sequence for each grant that is to be pending again. Answers `open`, then
 * `overtaken`, or `marked` and how many are.
 */
export const MARK_PENDING = `
local meta, reason = read_open()
if not meta then return {reason} end
if meta.epoch ~= tonumber(ARGV[1]) then return {'open', 'overtaken'} end
local now, marks = milliseconds(), {}
for i = 2, #ARGV, 2 do
  local user, sequence = ARGV[i], ARGV[i + 1]
  local held = redis.call('HGET', USERS, user) == sequence and tonumber(sequence) > 0
  if held and not redis.call('ZSCORE', PENDING, user) then
    marks[#marks + 1] = now
    marks[#marks + 1] = user
  end
end
local marked = 0
if #marks > 0 then
  marked = redis.call('ZADD', PENDING, unpack(marks))
  redis.call('HSET', META, 'pendingCount', meta.pendingCount + marked)
end
return {'open', 'marked', marked}
`;
