/** Closes a campaign if it is open, for no epoch in particular. Only the leader sends it. Answers 1 where it was open. */
export const CLOSE_OPEN = `
local state = redis.pcall('HGET', KEYS[1], 'state')
if state ~= 'open' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'closed')
return 1
`;
