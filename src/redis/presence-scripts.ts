import { toScript } from "./script.js";

/*
 * KEYS 1 who is present: "<server> <user>" and when they came, in µs; 2 until when each server answers for its own, ms.
 * ARGV 1 a server, 2 how long it answers, ms. In KEYS 2 "out <server>" says for a day that its users were counted out, and the
 * time of a server that was closed has a minus: its users are waited for elsewhere until then.
 *
 * Who enters takes memory, and is refused where there is none. Who is there stays: a write of another kind comes first, and
 * none after it is refused.
 */
const prelude = `
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local now = math.floor(micros / 1000)
local servers = redis.call('HKEYS', KEYS[2])
local function isElsewhere(user)
  for _, server in ipairs(servers) do
    if server ~= ARGV[1] and redis.call('HEXISTS', KEYS[1], server .. ' ' .. user) == 1 then return true end
  end
  return false
end
local function untilOf(server)
  return math.abs(tonumber(redis.call('HGET', KEYS[2], server)))
end
local function answer()
  local own = now + ARGV[2]
  local last = own
  for _, server in ipairs(servers) do
    if string.sub(server, 1, 4) ~= 'out ' then last = math.max(last, untilOf(server)) end
  end
  redis.call('PEXPIREAT', KEYS[1], last + ARGV[2])
  redis.call('HSET', KEYS[2], ARGV[1], own)
  redis.call('PEXPIREAT', KEYS[2], last + ARGV[2])
end
`;

/** Counts the user ARGV 3 in: 0 where they are elsewhere, else 1, or 2 where the server's users were counted out. */
export const enterScript = toScript(`${prelude}
redis.call('HSET', KEYS[1], ARGV[1] .. ' ' .. ARGV[3], micros)
answer()
return isElsewhere(ARGV[3]) and 0 or 1 + redis.call('HEXISTS', KEYS[2], 'out ' .. ARGV[1])
`);

/**
 * Counts the user ARGV 3 out; 1 where they are nowhere else, and did not go with all of the server's. Who came here from one
 * that was closed is not there any more.
 */
export const leaveScript = toScript(`${prelude}
local wasIn = redis.call('HDEL', KEYS[1], ARGV[1] .. ' ' .. ARGV[3]) == 1
for _, server in ipairs(servers) do
  if string.sub(redis.call('HGET', KEYS[2], server), 1, 1) == '-' then
    redis.call('HDEL', KEYS[1], server .. ' ' .. ARGV[3])
  end
end
return (wasIn or redis.call('HEXISTS', KEYS[2], 'out ' .. ARGV[1]) == 0) and not isElsewhere(ARGV[3]) and 1 or 0
`);

/** Says that a server was closed, and goes on answering for its users until its time. */
export const closeScript = toScript(`
local own = redis.call('HGET', KEYS[2], ARGV[1])
if own then redis.call('HSET', KEYS[2], ARGV[1], -math.abs(tonumber(own))) end
`);

/**
 * Answers for the users of a server for longer, counts out those of servers that do not any more, and gives whom that makes
 * absent, after 1 where Redis knew of this server and none of its own was counted out, and less than 0 where one was.
 */
export const renewPresenceScript = toScript(`${prelude}
local known = redis.call('HEXISTS', KEYS[2], ARGV[1]) - 2 * redis.call('HEXISTS', KEYS[2], 'out ' .. ARGV[1])
answer()
local lost, gone = {}, {known}
for _, server in ipairs(servers) do
  if untilOf(server) <= now then lost[#lost + 1] = server end
end
if #lost == 0 then return gone end
redis.call('HDEL', KEYS[2], unpack(lost))
for _, server in ipairs(lost) do
  for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
    local user = string.sub(field, #server + 2)
    if string.sub(field, 1, #server + 1) == server .. ' ' then
      redis.call('HDEL', KEYS[1], field)
      redis.call('HSET', KEYS[2], 'out ' .. server, now + 86400000)
      if not isElsewhere(user) and redis.call('HEXISTS', KEYS[1], ARGV[1] .. ' ' .. user) == 0 then
        gone[#gone + 1] = user
      end
    end
  end
end
return gone
`);

/**
 * Makes the users in ARGV 3, a line each, the server's own, and no others; gives those who were counted out and are again
 * present. One argument: a client calls with each of several, and cannot with hundreds of thousands.
 */
export const restoreScript = toScript(`${prelude}
local wasOut = redis.call('HDEL', KEYS[2], 'out ' .. ARGV[1]) == 1
local own, came = {}, {}
for user in string.gmatch(ARGV[3], '[^\\n]+') do own[ARGV[1] .. ' ' .. user] = user end
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, #ARGV[1] + 1) == ARGV[1] .. ' ' and not own[field] then redis.call('HDEL', KEYS[1], field) end
end
for field, user in pairs(own) do
  local isNew = redis.call('HSETNX', KEYS[1], field, micros) == 1
  if wasOut and isNew and not isElsewhere(user) then came[#came + 1] = user end
end
answer()
return came
`);

/** Gives the users present, in the order in which they came. */
export const membersScript = toScript(`${prelude}
local answering = {}
for _, server in ipairs(servers) do
  if untilOf(server) > now then answering[server] = true end
end
local all, came, users = redis.call('HGETALL', KEYS[1]), {}, {}
for at = 1, #all, 2 do
  local server, user = string.match(all[at], '^(%S+) (.*)$')
  if answering[server] then
    local since = tonumber(all[at + 1])
    if not came[user] then users[#users + 1] = user end
    if not came[user] or since < came[user] then came[user] = since end
  end
end
table.sort(users, function(one, other)
  if came[one] ~= came[other] then return came[one] < came[other] end
  return one < other
end)
return users
`);
