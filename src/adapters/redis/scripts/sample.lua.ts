import { MOST_SAMPLED } from '../../../domain/counter-standing.ts';

/** Answers `open`, epoch, counter and the sequence of every pending grant, or `crowded`. */
export const SAMPLE = `
local meta, reason = read_open()
if not meta then return {reason} end
if meta.pendingCount > ${MOST_SAMPLED} then return {'crowded'} end
local reply = {'open', meta.epoch, meta.counter}
for _, user in ipairs(redis.call('ZRANGE', PENDING, 0, -1)) do
  local sequence = tonumber(redis.call('HGET', USERS, user) or 0)
  if sequence and sequence > 0 then reply[#reply + 1] = sequence end
end
return reply
`;
