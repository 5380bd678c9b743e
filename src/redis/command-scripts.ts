import { toScript } from "./script.js";

/*
 * KEYS 1 is a command of a user: "r <server> <server that waits> …" while it runs, as long as its server renews it, then
 * "a<answer>".
 */

/** Claims a command for the server ARGV 1, for ARGV 2 ms from now; what it is already where it was begun elsewhere. */
export const beginScript = toScript(`
local kept = redis.call('GET', KEYS[1])
local own = 'r ' .. ARGV[1]
if not kept then
  redis.call('SET', KEYS[1], own, 'PX', ARGV[2])
  return false
end
if string.sub(kept, 1, #own) == own then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return false
end
if string.sub(kept, 1, 1) == 'r' then
  redis.call('SET', KEYS[1], kept .. ' ' .. ARGV[1], 'KEEPTTL')
end
return kept
`);

const tell = `
local waiting = string.match(kept, '^r %S+ (.+)$') or ''
for id in string.gmatch(waiting, '%S+') do redis.call('PUBLISH', ARGV[1] .. id, ARGV[2]) end
`;

/** Keeps an answer for ARGV 4 ms, and tells the servers that wait on their channels. ARGV: channels, notice, answer, ms. */
export const finishScript = toScript(`
local kept = redis.call('GET', KEYS[1]) or 'r'
if string.sub(kept, 1, 1) == 'a' then return end
redis.call('SET', KEYS[1], 'a' .. ARGV[3], 'PX', ARGV[4])
${tell}`);

/** Takes the mark of the server ARGV 3 back, and tells those that wait. ARGV: channels, notice, server. */
export const abandonScript = toScript(`
local kept = redis.call('GET', KEYS[1]) or ''
if string.match(kept, '^r (%S+)') ~= ARGV[3] then return end
redis.call('DEL', KEYS[1])
${tell}`);
