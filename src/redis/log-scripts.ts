import { maxSeq } from "../delivery/envelope.js";
import { toScript } from "./script.js";

/*
 * KEYS 1 the head (e epoch, n last number, h Redis's history), 2 the log. ARGV 1 an epoch to use where a new one is due, 2 how
 * long heads are kept, ms.
 *
 * A Redis that was restarted, or took over from another, may have lost the tail of what it had, and cannot say: the history
 * in which the epoch began tells, and no number of it is given out twice. It is a new one with each restart and each
 * promotion, also that of one that was the primary before, and took the log of the other meanwhile.
 *
 * Where memory is full Redis refuses a script at its first write that takes some, and none after another write: so such a
 * write comes first, and all of a script is carried out or nothing.
 */
const thisHistory = `
local history = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
`;
const stand = `${thisHistory}
local head = redis.call('HMGET', KEYS[1], 'e', 'n', 'h')
local epoch, seq = head[1], tonumber(head[2])
if not epoch or head[3] ~= history or seq >= ${maxSeq} then
  epoch, seq = ARGV[1], 0
  redis.call('HSET', KEYS[1], 'e', epoch, 'n', 0, 'h', history)
  redis.call('DEL', KEYS[2])
end
`;

const keepHead = `
redis.call('PEXPIRE', KEYS[1], ARGV[2])
`;

/**
 * Publishes an event; given an id, numbers and logs it first, once for the id within 60 s. KEYS 3 and 4 hold the ids of even
 * and odd minutes, 5 what was taken back. ARGV: channel, text, and for numbered ones the id, ms to keep the log, how many
 * events of it, and ms to know what was taken back: for as long as any event that it was taken from.
 *
 * An id that was only just drawn is looked for as well: what was given up may come behind what repeats it elsewhere.
 *
 * One script for both kinds: where Redis knows one and not the other, the order would be lost.
 */
export const emitScript = toScript(`${stand}
local channel, text, id = ARGV[3], ARGV[4], ARGV[5]
if not id then${keepHead}  redis.call('PUBLISH', channel, '["' .. epoch .. '",0,' .. text)
  return
end
local minute = math.floor(redis.call('TIME')[1] / 60)
local now, before = KEYS[3 + minute % 2], KEYS[4 - minute % 2]
local known = redis.call('HGET', now, id) or redis.call('HGET', before, id)
if known then return tonumber(known) end
seq = redis.call('HINCRBY', KEYS[1], 'n', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[7], seq .. '-0', 'e', text)
redis.call('PEXPIRE', KEYS[2], ARGV[6])
redis.call('PEXPIRE', KEYS[5], ARGV[8])${keepHead}redis.call('HSET', now, id, seq)
redis.call('PEXPIREAT', now, (minute + 2) * 60000)
redis.call('PUBLISH', channel, '["' .. epoch .. '",' .. seq .. ',' .. text)
return seq
`);

/** Begins the epoch ARGV 1 in any case, and tells the channel ARGV 3 where the room stands: `["epoch",0]`. */
export const beginAnewScript = toScript(`${thisHistory}
redis.call('HSET', KEYS[1], 'e', ARGV[1], 'n', 0, 'h', history)
redis.call('DEL', KEYS[2])${keepHead}redis.call('PUBLISH', ARGV[3], '["' .. ARGV[1] .. '",0]')
`);

/** Gives a room's epoch and last number. */
export const headScript = toScript(`${stand}${keepHead}return {epoch, seq}
`);

/**
 * Gives what an entry is judged by: epoch, last number, the number before the oldest event kept, and the number from which
 * on a user whose right was once taken back may be given events again; -1 where it never was. False where it was taken back
 * since ARGV 4 times: that is no entry, and nothing is counted from it. KEYS 3 is what was taken back.
 */
export const recoverScript = toScript(`
local user, from = ARGV[3], -1
local count = tonumber(redis.call('HGET', KEYS[3], 'count ' .. user) or 0)
if count ~= tonumber(ARGV[4]) then return false end
${stand}
local oldest = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
local floor = oldest and tonumber(string.match(oldest[1], '^%d+')) - 1 or seq
if count > 0 then
  local past = redis.call('HMGET', KEYS[3], 'epoch ' .. user, 'from ' .. user)
  from = tonumber(past[2])
  if past[1] ~= epoch then
    from = past[1] == '' and seq or 0
    redis.call('HSET', KEYS[3], 'epoch ' .. user, epoch, 'from ' .. user, from)
  end
end
${keepHead}return {epoch, seq, floor, from}
`);

/** Reads on after a number, false where there would be a hole. ARGV: epoch, after, limit, bytes. */
export const readScript =
  toScript(`${stand}${keepHead}local after, limit, most = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
if epoch ~= ARGV[3] or after > seq then return false end
local texts, bytes = {}, 0
while #texts < limit and after < seq do
  local page = redis.call('XRANGE', KEYS[2], (after + 1) .. '-0', '+', 'COUNT', math.min(50, limit - #texts))
  if #page == 0 then return false end
  for _, entry in ipairs(page) do
    after = after + 1
    if entry[1] ~= after .. '-0' then return false end
    bytes = bytes + #entry[2][2]
    if bytes > most and #texts > 0 then return texts end
    texts[#texts + 1] = entry[2][2]
  end
end
return texts
`);

/** Counts that a right was taken back. KEYS 1 is what was taken back in the room. ARGV: user, ms. */
export const revokeScript = toScript(`
redis.call('HINCRBY', KEYS[1], 'count ' .. ARGV[1], 1)
redis.call('HSET', KEYS[1], 'epoch ' .. ARGV[1], '')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);
