/**
 * Decides on applications, in the order given, and clears marks of grants whose events are durable.
 *
 * ARGV: how many applications; the epoch and the counter that the caller has seen; a user and `respected` or `any-time`
 * for each application; then a user, sequence and epoch for each mark. Answers `open`, epoch, time, opening time and
 * counter, then three values for each application: what was decided, the sequence, and the time of the grant.
 *
 * A counter that stands before what the caller has seen is closed, for the leader to rebuild it.
 *
 * Lua does not roll back: everything is read and decided first and written last. The write that Redis refuses where
 * it is out of memory or read only comes first of all, so that a refusal leaves nothing behind.
 */
export const ADMIT = `
local meta, reason = read_open()
if not meta then return {reason} end
local seen_epoch, seen_counter = tonumber(ARGV[2]), tonumber(ARGV[3])
if meta.epoch < seen_epoch or (meta.epoch == seen_epoch and meta.counter < seen_counter) then
  redis.call('HSET', META, 'state', 'closed')
  return {'closed'}
end
local now, applications = milliseconds(), tonumber(ARGV[1])
local first_mark = 4 + 2 * applications

local cleared, is_cleared = {}, {}
for i = first_mark, #ARGV, 3 do
  local user, sequence, epoch = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
  if epoch == meta.epoch and redis.call('HGET', USERS, user) == sequence then
    cleared[#cleared + 1] = user
    is_cleared[user] = true
  end
end

local held = {}
if applications > 0 then
  local users = {}
  for i = 1, applications do users[i] = ARGV[2 + 2 * i] end
  local sequences = redis.call('HMGET', USERS, unpack(users))
  for i, user in ipairs(users) do
    if sequences[i] then
      held[user] = tonumber(sequences[i])
      if not held[user] then return {'incomplete'} end
    end
  end
end

local starts_at, ends_at = tonumber(meta.startsAt), tonumber(meta.endsAt)
local function refusal(hours)
  if hours ~= 'any-time' then
    if ends_at and now >= ends_at then return 'ended' end
    if starts_at and now < starts_at then return 'not-started' end
  end
  if meta.counter >= meta.ceiling then return 'sold-out' end
end

local reply = {'open', meta.epoch, now, meta.startsAt, 0}
local new_users, new_pending, granted = {}, {}, {}
for i = 1, applications do
  local user, hours = ARGV[2 + 2 * i], ARGV[3 + 2 * i]
  local sequence, kind, since = held[user], nil, now
  if sequence and sequence < 0 then
    kind = 'voided'
  elseif sequence then
    if not granted[user] then since = not is_cleared[user] and redis.call('ZSCORE', PENDING, user) end
    kind = since and 'pending' or 'settled'
  else
    kind = refusal(hours)
    if not kind then
      kind = 'granted'
      sequence = meta.counter + 1
      meta.counter = sequence
      held[user], granted[user] = sequence, true
      new_users[#new_users + 1] = user
      new_users[#new_users + 1] = sequence
      new_pending[#new_pending + 1] = now
      new_pending[#new_pending + 1] = user
    end
  end
  reply[#reply + 1] = kind
  reply[#reply + 1] = sequence or 0
  reply[#reply + 1] = since or now
end

if #new_users > 0 then
  redis.call('HSET', USERS, unpack(new_users))
  meta.pendingCount = meta.pendingCount + redis.call('ZADD', PENDING, unpack(new_pending))
end
if #cleared > 0 then
  meta.pendingCount = meta.pendingCount - redis.call('ZREM', PENDING, unpack(cleared))
end
if #new_users > 0 or #cleared > 0 then
  redis.call('HSET', META, 'counter', meta.counter, 'pendingCount', meta.pendingCount)
end
reply[5] = meta.counter
return reply
`;
