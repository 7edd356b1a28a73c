import { NUMBER_FIELDS, TEXT_FIELDS, TIME_FIELDS } from '../counter-meta.ts';

const list = (names: readonly string[]): string => `{${names.map((name) => `'${name}'`).join(', ')}}`;

/**
 * What the scripts of the counter begin with: `read_meta` and `read_open` answer the campaign's meta, or nil and the
 * reason why nothing can be said of it. A key of a wrong type counts as incomplete.
 *
 * Complete is checked in constant time: a part that was deleted, expired or restored by half does not add up.
 */
export const PRELUDE = `
local META, USERS, PENDING = KEYS[1], KEYS[2], KEYS[3]
local TEXTS = ${list(TEXT_FIELDS)}
local NUMBERS = ${list(NUMBER_FIELDS)}
local TIMES = ${list(TIME_FIELDS)}
local FIELDS = ${list([...TEXT_FIELDS, ...NUMBER_FIELDS, ...TIME_FIELDS])}

local function read_meta()
  local values = redis.pcall('HMGET', META, unpack(FIELDS))
  if values.err then return nil, 'incomplete' end
  local meta, present = {}, 0
  for i, name in ipairs(FIELDS) do
    if values[i] then
      meta[name] = values[i]
      present = present + 1
    end
  end
  if present == 0 then return nil, 'missing' end
  if meta.state == 'closed' then return nil, 'closed' end
  if present < #FIELDS then return nil, 'incomplete' end
  for _, name in ipairs(NUMBERS) do
    if not string.find(meta[name], '^%-?%d+$') then return nil, 'incomplete' end
    meta[name] = tonumber(meta[name])
  end
  for _, name in ipairs(TIMES) do
    if not string.find(meta[name], '^%-?%d*$') then return nil, 'incomplete' end
  end
  local users, pending = redis.pcall('HLEN', USERS), redis.pcall('ZCARD', PENDING)
  if type(users) ~= 'number' or users + meta.holes ~= meta.counter then return nil, 'incomplete' end
  if type(pending) ~= 'number' or pending ~= meta.pendingCount then return nil, 'incomplete' end
  return meta
end

local function read_open()
  local meta, reason = read_meta()
  if not meta then return nil, reason end
  if meta.state == 'open' then return meta end
  return nil, meta.state == 'prepared' and 'prepared' or 'incomplete'
end

local function milliseconds()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
`;
