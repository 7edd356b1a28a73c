/** ARGV: the token. Answers `open` where the campaign is open afterwards, otherwise `not-open`. */
export const OPEN = `
local meta = read_meta()
if not meta then return {'not-open'} end
if meta.state == 'prepared' and meta.token == ARGV[1] then
  redis.call('HSET', META, 'state', 'open')
  return {'open'}
end
return {meta.state == 'open' and meta.token == ARGV[1] and 'open' or 'not-open'}
`;
