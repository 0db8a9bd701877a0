-- What a message shows: its words, and its parts at their bytes. Used by solderless.lua.

local names = ... -- solderless-fields.lua
if not names then return end -- Wireshark loads every file in its folder by itself as well
local RECORD_HEAD = names.RECORD_HEAD
local f, x, plural = names.fields, names.experts, names.plural
local COMMAND, STATUS, WAY, WAY_NAME = names.COMMAND, names.STATUS, names.WAY, names.WAY_NAME

-- Messages in words, as `solderless show` has them: one entry a kind, a text or a function that makes it.

local SUM_REMARK = { good = "", stale = ", stale sum", bad = ", wrong sum" }

local function command_name(command) return COMMAND[command] or ("command %02X"):format(command) end

local function range_words(kind)
    local level = kind.level and (", level %d"):format(kind.level) or ""
    return ("%s 0x%X +%d%s"):format(command_name(kind.command), kind.address, kind.length, level)
end

-- By the body of a request.
local ASKED = {
    empty = function(kind) return command_name(kind.command) end,
    range = range_words,
    baud = function(kind) return ("BAUD %d"):format(kind.baud) end,
    data = function(kind) return ("data frame +%d%s"):format(kind.length, kind.flag == 1 and " again" or "") end,
    efuse = function(kind)
        if kind.operation == 2 then return "EFUSE random key" end
        if kind.operation > 2 then return ("EFUSE operation %d"):format(kind.operation) end
        return ("EFUSE %s 0x%X +%d"):format(kind.operation == 0 and "read" or "write", kind.address, kind.length)
    end,
    efuse_data = function(kind) return ("EFUSE data +%d"):format(kind.length) end,
    bytes = function(kind) return ("%s, body %s"):format(command_name(kind.command), kind.bytes) end,
}
ASKED.word = ASKED.empty

local function request_words(kind) return ASKED[kind.body](kind) .. SUM_REMARK[kind.sum_status] end

local function answer_words(kind)
    local status = kind.status or 0
    local reason = STATUS[status] or ("status %d"):format(status)
    if kind.command == 0xFF then return ("refused: unknown type or wrong sum, status %d"):format(status) end
    local words
    if kind.length == 0 then
        words = ("ack status %d%s"):format(status, status == 0 and "" or (" (%s)"):format(reason))
    else
        words = kind.content or ("%d bytes"):format(kind.length)
        if status ~= 0 then words = ("%s, status %d (%s)"):format(words, status, reason) end
    end
    return ("%s %s%s"):format(command_name(kind.command), words, SUM_REMARK[kind.sum_status])
end

local WORDS = {
    ["sync-word"] = "sync word",
    ["sync-answer"] = "sync answer",
    ["amt-word"] = function(kind) return kind.digit and "amt_ word, digit " .. kind.digit or "amt_ word, no digit" end,
    ["amt-answer"] = function(kind) return kind.accepted and "amt_ accepted (OK)" or "amt_ refused (FAILE)" end,
    ["download-header"] = function(kind)
        local type = kind.type == 1 and "" or (", type 0x%X"):format(kind.type)
        return ("download header 0x%X +%d%s"):format(kind.address, kind.length, type)
    end,
    ["filler"] = "8 zero bytes",
    ["header-answer"] = function(kind) return kind.accepted and "header accepted" or "header refused" end,
    ["payload"] = function(kind)
        if kind.length == kind.total then return ("payload, %d bytes"):format(kind.total) end
        return ("payload, %d of %d bytes"):format(kind.done, kind.total)
    end,
    ["piece-answer"] = function(kind) return ("piece %d of %d accepted"):format(kind.number, kind.total) end,
    ["request"] = request_words,
    ["data-frame"] = request_words,
    ["answer"] = answer_words,
    ["upload-frame"] = function(kind)
        return ("upload frame +%d, %d of %d%s"):format(kind.length, kind.done, kind.total, SUM_REMARK[kind.sum_status])
    end,
    ["xmodem-ready"] = "C (receiver ready)",
    ["xmodem-ack"] = "ACK",
    ["xmodem-nak"] = "NAK",
    ["xmodem-eot"] = "EOT",
    ["xmodem-cancel"] = "CAN",
    ["xmodem-cancel-mark"] = "N (stream broken)",
    ["xmodem-block"] = function(kind)
        return ("block %d%s%s%s"):format(kind.number, kind.length == 1024 and "" or (" (%d bytes)"):format(kind.length),
            kind.is_repeated and " again" or "", kind.sum_status == "bad" and ", wrong CRC" or "")
    end,
    ["text"] = function(kind)
        return ('text "%s"'):format(kind.text:gsub("[\n\r\t]", { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }))
    end,
    ["noise"] = function(_, count) return "noise, " .. plural(count, "byte") end,
    ["cut-off"] = function(kind, count) return ("cut off, %d of %d bytes"):format(count, kind.expected) end,
}

local function words_of(message)
    local words = WORDS[message.kind.name]
    return type(words) == "string" and words or words(message.kind, message.count)
end

-- Where the parts of a message are: one function a kind. `part` shows a field at an offset of the message, for so many
-- bytes, and gives its item; a value is named where Wireshark could not read it there (little-endian, or elsewhere).

local function head_parts(part, kind, marker)
    part(f.marker, 0, 1, marker)
    part(f.command, 1, 1, kind.command)
    part(f.body_length, 2, 2, kind.body_length)
end

local function sum_part(part, kind, offset)
    local item = kind.crc and part(f.crc, offset - 1, 2, kind.crc) or part(f.sum, offset, 1, kind.sum)
    part(f.sum_status, offset, 1, kind.sum_status)
    if kind.sum_status == "bad" then item:add_proto_expert_info(kind.crc and x.crc or x.sum) end
end

local function data_parts(part, offset, count)
    if count == 0 then return end
    part(f.data, offset, count)
    part(f.length, offset, count, count):set_generated()
end

local BODY_PARTS = {
    empty = function() end,
    range = function(part, kind)
        part(f.address, 4, 4, kind.address)
        part(f.length, 8, 4, kind.length)
        if kind.level then part(f.level, 12, 1, kind.level) end
    end,
    baud = function(part, kind) part(f.baud, 4, 4, kind.baud) end,
    data = function(part, kind)
        local flag = part(f.flag, 4, 1, kind.flag)
        if kind.flag == 1 then flag:add_proto_expert_info(x.again) end
        data_parts(part, 5, kind.length)
    end,
    efuse = function(part, kind)
        part(f.operation, 4, 2, kind.operation)
        part(f.address, 6, 2, kind.address)
        part(f.length, 8, 2, kind.length)
    end,
    efuse_data = function(part, kind) data_parts(part, 4, kind.length) end,
    bytes = function(part, kind) part(f.data, 4, kind.body_length) end,
}
BODY_PARTS.word = BODY_PARTS.bytes

local function request_parts(part, kind, count)
    head_parts(part, kind, 0xA5)
    BODY_PARTS[kind.body](part, kind)
    sum_part(part, kind, count - 1)
end

local function answer_parts(part, kind, count)
    head_parts(part, kind, 0x5A)
    data_parts(part, 4, kind.length)
    if kind.status then
        local item = part(f.status, count - 2, 1, kind.status)
        if kind.status ~= 0 then item:add_proto_expert_info(x.refused) end
    end
    sum_part(part, kind, count - 1)
end

local PARTS = {
    ["request"] = request_parts,
    ["data-frame"] = request_parts,
    ["answer"] = answer_parts,
    ["upload-frame"] = answer_parts,
    ["amt-word"] = function(part) part(f.data, 4, 7) end,
    ["download-header"] = function(part, kind)
        part(f.type, 0, 4, kind.type)
        part(f.address, 4, 4, kind.address)
        part(f.length, 8, 4, kind.length)
    end,
    ["payload"] = function(part, _, count) data_parts(part, 0, count) end,
    ["xmodem-block"] = function(part, kind, count)
        part(f.marker, 0, 1, kind.length == 1024 and 0x02 or 0x01)
        local number = part(f.block, 1, 1, kind.number)
        if kind.is_repeated then number:add_proto_expert_info(x.again) end
        part(f.complement, 2, 1, 0xFF - kind.number)
        data_parts(part, 3, kind.length)
        sum_part(part, kind, count - 1)
    end,
    ["text"] = function(part, kind, count) part(f.text, 0, count, kind.text) end,
    ["noise"] = function(part, _, count) part(f.data, 0, count) end,
    ["cut-off"] = function(part, _, count) part(f.data, 0, count) end,
}

-- Shows a message in the record of a frame. Its parts are marked where they lie in this record; those that came before
-- have their values all the same.
local function show_message(message, record, frame, tvb, tree)
    local kind, item = message.kind, nil
    local place = record.start and record.way == message.direction and message.offset - record.start
    local function range(offset, count)
        if not place then return nil end
        local first, stop = math.max(0, place + offset), math.min(record.count, place + offset + count)
        return first < stop and tvb(RECORD_HEAD + first, stop - first) or nil
    end
    local function add(to, field, bytes, value)
        if bytes and value ~= nil then return to:add(field, bytes, value) end
        if bytes then return to:add(field, bytes) end
        if value ~= nil then return to:add(field, value):set_generated() end
        return to
    end
    item = add(tree, f.message, range(0, message.count), kind.name)
    local words = words_of(message)
    item:set_text(("%s: %s"):format(WAY[message.direction], words))
    add(item, f.direction, nil, WAY_NAME[message.direction])
    if message.first ~= frame then item:add(f.begun, message.first):set_generated() end
    if message.last ~= frame then item:add(f.ended, message.last):set_generated() end
    local show_parts = PARTS[kind.name]
    if show_parts then
        show_parts(function(field, offset, count, value) return add(item, field, range(offset, count), value) end,
            kind, message.count)
    end
    return words
end

return { message = show_message, words = words_of }
