-- Cuts the two streams of a trace, host to chip and chip to host, into messages, and names them as `solderless show`
-- does. Used by solderless.lua; knows nothing of Wireshark.
--
-- A trace `t` is all that is known of the file that is open.

local HOST, CHIP = 0, 1 -- directions, numbered as in the trace format

local protocol = ... -- solderless-protocol.lua
if not protocol then return end -- Wireshark loads every file in its folder by itself as well

local function new_stream()
    return {
        offset = 0, -- bytes that have a name
        fed = 0, -- bytes that have come
        chunks = {}, at = 1, left = 0, -- the beginning of a message: strings, from `at` in the first on; its bytes
        wanted = nil, judged = nil, -- how many it takes, as was found when so much had changed
        interruption = nil, -- how much was pending when the receiver asked again
        loose = 0, tail = 0, text = nil, -- bytes without a message; how many of the last are printable; these
        payload = 0, -- bytes of a RAM image that are not told yet
        starts = {}, frames = {}, -- of each record: the offset of its first byte, its frame
    }
end

local function new_trace()
    return {
        session = protocol.new(), changes = 0, [HOST] = new_stream(), [CHIP] = new_stream(),
        records = {}, -- by frame: `time` in nanoseconds, and of data: `start` and `count` in its direction's stream
        out = {}, -- messages as they become known: direction, offset, count, kind, first and last frame
    }
end

-- The index of the record that holds a byte.
local function record_index(stream, offset)
    local low, high = 1, #stream.starts
    if stream.starts[high] <= offset then return high end
    while high - low > 1 do
        local middle = math.floor((low + high) / 2)
        if stream.starts[middle] <= offset then low = middle else high = middle end
    end
    return low
end

local function tell(t, direction, offset, count, kind)
    local stream = t[direction]
    local first, last = record_index(stream, offset), record_index(stream, offset + count - 1)
    t.out[#t.out + 1] = { direction = direction, offset = offset, count = count, kind = kind,
        first = stream.frames[first], last = stream.frames[last], first_index = first, last_index = last }
end

local function is_text(stream) return stream.loose > 0 and stream.tail == stream.loose end

local function tell_loose(t, direction)
    local stream = t[direction]
    if stream.loose == 0 then return end
    local kind = { name = "noise" }
    if is_text(stream) and stream.loose >= 4 then kind = { name = "text", text = table.concat(stream.text) } end
    tell(t, direction, stream.offset - stream.loose, stream.loose, kind)
    stream.loose, stream.tail, stream.text = 0, 0, nil
end

local function take_loose(t, direction, byte)
    local stream = t[direction]
    local is_printable = direction == CHIP
        and (byte >= 0x20 and byte <= 0x7E or byte == 0x0A or byte == 0x0D or byte == 0x09)
    if not is_printable and is_text(stream) then tell_loose(t, direction) end
    if is_printable then
        if stream.tail == 0 then stream.text = {} end
        stream.tail = stream.tail + 1
        stream.text[stream.tail] = string.char(byte)
    else
        stream.tail = 0
    end
    stream.loose, stream.offset, stream.interruption = stream.loose + 1, stream.offset + 1, nil
    if stream.tail == 4 and stream.loose > 4 and not is_text(stream) then -- what came before was noise
        tell(t, direction, stream.offset - stream.loose, stream.loose - 4, { name = "noise" })
        stream.loose = 4
    end
    local ends_line = byte == 0x0A and is_text(stream) and stream.loose >= 4
    if ends_line or stream.loose == (is_text(stream) and 256 or 1024) then tell_loose(t, direction) end
end

local function tell_payload(t)
    local stream, boot = t[HOST], t.session.boot
    if stream.payload == 0 then return end
    tell(t, HOST, stream.offset - stream.payload, stream.payload,
        { name = "payload", length = stream.payload, done = boot.total - boot.missing, total = boot.total })
    stream.payload = 0
end

local function take_payload(t, count)
    local stream, boot = t[HOST], t.session.boot
    stream.payload, stream.offset, stream.interruption = stream.payload + count, stream.offset + count, nil
    protocol.begin_payload(boot)
    boot.missing = boot.missing - math.min(count, boot.missing)
    t.changes = t.changes + 1
    if boot.missing == 0 then tell_payload(t) end
end

local ENDS_PIECE = { ["piece-answer"] = true, ["header-answer"] = true, ["sync-answer"] = true }

-- Takes what was decided of the bytes from i on; gives how many it covers.
local function take(t, direction, what, count, kind, s, i)
    local stream, other = t[direction], t[1 - direction]
    if not what then
        take_loose(t, direction, s:byte(i))
        return 1
    end
    tell_loose(t, direction)
    if what == "payload" then
        take_payload(t, count)
        return count
    end
    if ENDS_PIECE[kind.name] then tell_payload(t) end
    tell(t, direction, stream.offset, count, kind)
    stream.offset, stream.interruption = stream.offset + count, nil
    protocol.note(t.session, kind)
    t.changes = t.changes + 1
    -- A receiver that asks again may do so in the middle of what it has received in part.
    if (kind.name == "xmodem-nak" or kind.name == "xmodem-ready") and other.left > 0 then
        other.interruption = other.left
    end
    return count
end

local function classify(t, direction, s, i)
    local what, count, kind = protocol.beginning(t.session, direction, s, i)
    local cut = t[direction].interruption
    -- A block that lost bytes swallows the head of its repetition: it ends where that begins.
    if cut and what == "whole" and kind.name == "xmodem-block" and kind.sum_status == "bad" and cut >= 3
        and cut + 2 < count and s:byte(i + cut) == s:byte(i) and s:byte(i + cut + 1) + s:byte(i + cut + 2) == 0xFF
    then
        return "whole", cut, { name = "cut-off", expected = count }
    end
    return what, count, kind
end

local function keep(t, direction, s)
    local stream = t[direction]
    stream.chunks[#stream.chunks + 1] = s
    stream.left = stream.left + #s
    -- A mask ROM answers a SYN frame as soon as it has seen the sync word in it.
    if direction == HOST and stream.left == 8
        and table.concat(stream.chunks):sub(stream.at) == "\165\0\4\0cnys" then
        t.session.boot.sync = true
        t.changes = t.changes + 1
    end
end

local function drop(stream, count)
    stream.at, stream.left, stream.wanted = stream.at + count, stream.left - count, nil
    if stream.left == 0 then stream.chunks, stream.at = {}, 1 end
end

-- What the pending bytes are; asked anew only where the answer may have changed, for the first twelve bytes tell how
-- long a message is.
local function classify_pending(t, direction)
    local stream = t[direction]
    local is_settled = stream.wanted and stream.left < stream.wanted and stream.judged == t.changes
    if is_settled then return "more", stream.wanted end
    if #stream.chunks > 1 then
        stream.chunks, stream.at = { table.concat(stream.chunks):sub(stream.at) }, 1
    end
    local what, count, kind = classify(t, direction, stream.chunks[1], stream.at)
    stream.wanted, stream.judged = what == "more" and stream.left >= 12 and count or nil, t.changes
    return what, count, kind
end

-- Feeds what is pending with as much of s as it asks for until nothing is pending; gives the next index in s.
local function complete_pending(t, direction, s)
    local stream, i = t[direction], 1
    while stream.left > 0 do
        local what, count, kind = classify_pending(t, direction)
        if what == "more" then
            if i > #s then return i end
            local piece = s:sub(i, i + math.max(1, count - stream.left) - 1)
            keep(t, direction, piece)
            i = i + #piece
        else
            drop(stream, take(t, direction, what, count, kind, stream.chunks[1], stream.at))
        end
    end
    return i
end

-- Takes the bytes of a frame's record, which has been entered in t.records.
local function feed(t, direction, s, frame)
    if s == "" then return end
    local stream = t[direction]
    stream.starts[#stream.starts + 1], stream.frames[#stream.frames + 1] = stream.fed, frame
    stream.fed = stream.fed + #s
    tell_loose(t, 1 - direction)
    local i = complete_pending(t, direction, s)
    while i <= #s do
        local byte = s:byte(i)
        if not protocol.can_begin(t.session, byte, direction) then
            take_loose(t, direction, byte)
            i = i + 1
        else
            local what, count, kind = classify(t, direction, s, i)
            if what == "more" then return keep(t, direction, s:sub(i)) end
            i = i + take(t, direction, what, count, kind, s, i)
        end
    end
end

-- Tells what is still pending: the session has ended.
local function finish(t)
    local settled
    repeat
        settled = t[HOST].offset + t[CHIP].offset
        for direction = HOST, CHIP do complete_pending(t, direction, "") end
    until settled == t[HOST].offset + t[CHIP].offset
    for direction = HOST, CHIP do tell_loose(t, direction) end
    tell_payload(t)
    for direction = HOST, CHIP do
        local stream = t[direction]
        if stream.left > 0 then
            local _, expected = classify_pending(t, direction)
            tell(t, direction, stream.offset, stream.left, { name = "cut-off", expected = expected })
            stream.offset = stream.offset + stream.left
            drop(stream, stream.left)
        end
    end
end

-- Noise that has not gone on for 100 ms is over.
local function end_noise(t, time)
    for direction = HOST, CHIP do
        local stream = t[direction]
        if stream.loose > 0 and stream.tail == 0 then
            local frame = stream.frames[record_index(stream, stream.offset - 1)]
            if t.records[frame].time < time - 100000000 then tell_loose(t, direction) end
        end
    end
end

-- The chip was reset or lost its power: what was known of the session is forgotten.
local function restart(t)
    finish(t)
    t.session, t.changes = protocol.new(), t.changes + 1
end

-- A table with the same values; those whose keys are in `deep` are tables that are copied as well.
local function copy(source, deep)
    if not source then return nil end
    local new = {}
    for key, value in pairs(source) do new[key] = deep and deep[key] and copy(value) or value end
    return new
end

-- The messages that are told when nothing more comes: noise, text and payload up to here, and what is cut off.
local function left_over(t)
    local s = t.session
    local end_of = { records = t.records, changes = t.changes, out = {},
        session = { boot = copy(s.boot), frames = copy(s.frames, { download = true }), transfer = copy(s.transfer) } }
    for direction = HOST, CHIP do end_of[direction] = copy(t[direction], { chunks = true, text = true }) end
    finish(end_of)
    return end_of.out
end

return { new = new_trace, feed = feed, end_noise = end_noise, restart = restart, left_over = left_over,
    hex_bytes = protocol.hex_bytes }
