import { toScript } from "./script.js";

const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/** Renews a server's lease. ARGV: id, ms. */
export const renewScript = toScript(`${now}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
`);

/** Gives the servers whose lease has not ended. */
export const liveScript = toScript(`${now}
return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')
`);
