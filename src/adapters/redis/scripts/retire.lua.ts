/**
 * Removes what is left of an archived campaign. ARGV: the version under which it was archived. Answers `retired`, or
 * `busy` where it is whole and has a pending grant or a higher version.
 */
export const RETIRE = `
local meta = read_open()
if meta and (meta.pendingCount > 0 or meta.version > tonumber(ARGV[1])) then return {'busy'} end
local closed = redis.pcall('HGET', META, 'closed')
if type(closed) == 'string' and tonumber(closed) then
  redis.call('UNLINK', string.format('%s:%.0f', USERS, tonumber(closed)))
end
redis.call('UNLINK', META, USERS, PENDING)
return {'retired'}
`;
