/** ARGV: the fields of the meta. Answers `prepared` and the token under which it was, or `conflict`. */
export const PREPARE = `
if redis.call('EXISTS', META, USERS, PENDING) == 0 then
  redis.call('HSET', META, 'holes', 0, unpack(ARGV))
end
local meta = read_meta()
if meta and meta.state == 'prepared' then return {'prepared', meta.token} end
return {'conflict'}
`;
