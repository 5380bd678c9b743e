import { toScript } from "./script.js";

const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/**
 * Renews a server's lease, and gives the id of the last order and the orders after one. KEYS: leases, orders. ARGV: server,
 * ms, the id of the last order that it need not be told of. No lease is longer, unless the clock was set back.
 */
export const renewScript = toScript(`${now}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local ends = now + ARGV[2]
for _, longer in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ends, '+inf')) do redis.call('ZADD', KEYS[1], ends, longer) end
redis.call('ZADD', KEYS[1], ends, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
local last = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)[1]
local answer = {last and last[1] or '0-0'}
for _, order in ipairs(redis.call('XRANGE', KEYS[2], '(' .. ARGV[3], '+')) do answer[#answer + 1] = order[2][2] end
return answer
`);

/** Keeps an order for servers that do not hear it, and publishes it. KEYS: leases, orders. ARGV: most, ms, channel, order. */
export const orderScript = toScript(`
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[1], '*', 't', ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
redis.call('PUBLISH', ARGV[3], ARGV[4])
`);

/** Gives the servers whose lease has not ended. */
export const liveScript = toScript(`${now}
return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')
`);
