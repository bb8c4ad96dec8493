// Each script is one atomic step. KEYS: the items (a Redis stream), the state (a hash), the producers (a hash). They
// share a hash tag, so they are in one slot of a cluster. The id of an item is its number: `<seq>-0`.

/** Reads the state, and tells it as a list. */
const STATE = `
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function num(value) return string.format('%.0f', value) end
local function head()
  local m = redis.call('HMGET', KEYS[2], 'epoch', 'type', 'ttl', 'expires', 'tail', 'closed')
  if not m[1] then return nil end
  return { m[1], m[2], m[3] or '', m[4] or '', m[5], num(redis.call('XLEN', KEYS[1])), m[6] or '' }
end
local function used(state)
  for _, key in ipairs(KEYS) do
    if state[3] ~= '' then redis.call('PEXPIRE', key, math.max(1, state[3] * 1000))
    elseif state[4] ~= '' then redis.call('PEXPIREAT', key, state[4]) end
  end
end
local function push(from, maxLength)
  local tail = tonumber(redis.call('HGET', KEYS[2], 'tail'))
  for index = from, #ARGV do
    tail = tail + 1
    redis.call('XADD', KEYS[1], num(tail) .. '-0', 'd', ARGV[index])
  end
  redis.call('HSET', KEYS[2], 'tail', num(tail))
  if maxLength ~= '' then redis.call('XTRIM', KEYS[1], 'MAXLEN', maxLength) end
end
`

/** Returns the state, or nothing. */
export const HEAD: string = `${STATE} return head()`

/** ARGV: 1 epoch, 2 type, 3 ttl, 4 expires, 5 closed, 6 max length, then items. Returns whether it is new, and the state. */
export const CREATE: string = `${STATE}
local existing = head()
if existing then return { '', existing } end
redis.call('DEL', KEYS[1], KEYS[3])
redis.call('HSET', KEYS[2], 'epoch', ARGV[1], 'type', ARGV[2], 'ttl', ARGV[3], 'expires', ARGV[4], 'closed', ARGV[5], 'tail', '0')
push(7, ARGV[6])
local state = head()
used(state)
return { 'new', state }`

/**
 * The rules are those of `judgeAppend`. ARGV: 1 type, 2 whether to close, 3 stream sequence, 4 producer, 5 its epoch,
 * 6 its sequence number, 7 max length, 8 channel, 9 time to live of producers, then items.
 */
export const APPEND: string = `${STATE}
local state = head()
if not state then return nil end
local pid, epoch, seq = ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local lastEpoch, lastSeq, known = nil, -1, nil
if pid ~= '' then
  known = redis.call('HGET', KEYS[3], pid)
  if known then
    local e, s, at = known:match('^(%d+) (%d+) (%d+)$')
    if now() - at <= tonumber(ARGV[9]) then lastEpoch, lastSeq = tonumber(e), tonumber(s) end
  end
end
local function verdict(word)
  return { word, state, num(lastEpoch or 0), num(lastSeq) }
end
if state[7] ~= '' then
  local by = redis.call('HGET', KEYS[2], 'closedBy')
  if pid == '' then return verdict(#ARGV == 9 and ARGV[2] ~= '' and 'duplicate' or 'closed') end
  return verdict(by == ARGV[5] .. ' ' .. ARGV[6] .. ' ' .. pid and 'duplicate' or 'closed')
end
local function media(text) return text:match('^%s*([^;]*)'):match('^(.-)%s*$'):lower() end
if ARGV[1] ~= '' and media(ARGV[1]) ~= media(state[2]) then return verdict('mismatch') end
if pid ~= '' then
  if lastEpoch and epoch < lastEpoch then return verdict('fenced') end
  local before = lastSeq
  if lastEpoch and epoch > lastEpoch then before = -1 end
  if seq <= before then return verdict('duplicate') end
  if seq > before + 1 then return verdict('gap') end
end
if ARGV[3] ~= '' then
  local previous = redis.call('HGET', KEYS[2], 'streamSeq')
  if previous and ARGV[3] <= previous then return verdict('stale') end
  redis.call('HSET', KEYS[2], 'streamSeq', ARGV[3])
end
if pid ~= '' then
  if not known and redis.call('HLEN', KEYS[3]) % 100 == 99 then
    local all = redis.call('HGETALL', KEYS[3])
    for index = 1, #all, 2 do
      if now() - all[index + 1]:match('(%d+)$') > tonumber(ARGV[9]) then redis.call('HDEL', KEYS[3], all[index]) end
    end
  end
  redis.call('HSET', KEYS[3], pid, ARGV[5] .. ' ' .. ARGV[6] .. ' ' .. num(now()))
  redis.call('PEXPIRE', KEYS[3], ARGV[9])
  lastEpoch, lastSeq = epoch, seq
end
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[2], 'closed', '1')
  if pid ~= '' then redis.call('HSET', KEYS[2], 'closedBy', ARGV[5] .. ' ' .. ARGV[6] .. ' ' .. pid) end
end
push(10, ARGV[7])
state = head()
used(state)
redis.call('PUBLISH', ARGV[8], state[5])
return verdict('appended')`

/** ARGV: 1 epoch, 2 number of the item before (or `-1`, `now`), 3 max items, 4 max bytes. Returns state, from, items. */
export const READ: string = `${STATE}
local state = head()
if not state then return nil end
used(state)
local tail, first = tonumber(state[5]), state[5] - state[6] + 1
local from
if ARGV[2] == 'now' then from = tail
elseif ARGV[2] == '-1' then from = first - 1
else
  from = tonumber(ARGV[2])
  if ARGV[1] ~= state[1] or from < first - 1 or from > tail then return { state } end
end
local items, bytes, at = {}, 0, from
local maxItems, maxBytes = tonumber(ARGV[3]), tonumber(ARGV[4])
while #items < maxItems and at < tail do
  -- A few at a time: they may be large.
  local entries = redis.call('XRANGE', KEYS[1], num(at + 1) .. '-0', '+', 'COUNT', math.min(32, maxItems - #items))
  if #entries == 0 then break end
  for _, entry in ipairs(entries) do
    local item = entry[2][2]
    bytes = bytes + #item
    if #items > 0 and bytes > maxBytes then return { state, num(from), items } end
    items[#items + 1] = item
    at = at + 1
  end
end
return { state, num(from), items }`

/** ARGV: 1 channel. Returns whether there was a log. */
export const DELETE: string = `
local existed = redis.call('EXISTS', KEYS[2])
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
redis.call('PUBLISH', ARGV[1], '')
return existed`
