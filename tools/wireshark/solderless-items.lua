-- The items in records that are not data (docs/trace-format.md). Used by solderless.lua.
--
-- One function a type: it reads the item's value through a reader, and gives its words, much as `solderless show` has
-- them. `t` is what is known of the file on a record's first visit, and nil later.

local names, session = ... -- solderless-fields.lua, solderless-session.lua
if not names then return end -- Wireshark loads every file in its folder by itself as well
local f, x, plural = names.fields, names.experts, names.plural
local HOST, CHIP, WAY_NAME, END = names.HOST, names.CHIP, names.WAY_NAME, names.END
local ITEM, QUEUES, CLOCK, RECORDS, CAUSE = names.ITEM, names.QUEUES, names.CLOCK, names.RECORDS, names.CAUSE
local PARITY, RECEIVE_ERROR = names.PARITY, names.RECEIVE_ERROR

local function printable(s) return (s:gsub("%c", " ")) end

-- Reads the bytes of `tvb` from `first` up to `stop`, never further, and shows them as fields below `tree`.
local reader
function reader(tvb, first, stop, tree)
    local value = { at = first, is_damaged = false, tvb = tvb }
    function value.left() return stop - value.at end
    function value.need(count)
        if value.is_damaged or value.left() < count then value.is_damaged = true end
        return not value.is_damaged
    end
    -- An integer; one of `known`, if only those are allowed. 0 where the value is too short.
    function value.number(field, size, known)
        if not value.need(size) then return 0 end
        local bytes = tvb(value.at, size)
        value.at = value.at + size
        tree:add(field, bytes)
        local number = size == 8 and bytes:uint64():tonumber() or bytes:uint()
        if known and not known[number] then value.is_damaged = true end
        return number
    end
    -- An integer of eight bytes that may be negative.
    function value.signed(field)
        if not value.need(8) then return 0 end
        value.at = value.at + 8
        tree:add(field, tvb(value.at - 8, 8))
        return tvb(value.at - 8, 8):int64():tonumber()
    end
    -- Everything that is left; gives the first few in hexadecimal.
    function value.bytes(field, count)
        if value.left() == 0 then return "" end
        tree:add(field, tvb(value.at, value.left()))
        local bytes = tvb:raw(value.at, math.min(count, value.left()))
        value.at = stop
        return session.hex_bytes(bytes)
    end
    -- An integer further on; nil where there is none.
    function value.peek(offset, size)
        return value.left() >= offset + size and tvb(value.at + offset, size):uint() or nil
    end
    -- So many bytes from an offset on, as a value of their own.
    function value.inside(offset, count, item)
        local inner = reader(tvb, value.at + offset, value.at + offset + count, item)
        value.at = value.at + offset + count
        return inner
    end
    -- A text of so many bytes, or everything that is left.
    function value.text(field, count)
        count = count or value.left()
        if count == 0 or not value.need(count) then return "" end
        local bytes = tvb(value.at, count)
        value.at = value.at + count
        local text = bytes:string(ENC_UTF_8)
        tree:add(field, bytes, text)
        return printable(text)
    end
    return value
end

local function lines_words(lines)
    local asserted = {}
    for i, name in ipairs({ "CTS", "DCD", "DSR", "RTS", "DTR", "RING" }) do
        if math.floor(lines / 2 ^ (i - 1)) % 2 == 1 then asserted[#asserted + 1] = name end
    end
    return #asserted == 0 and "none asserted" or table.concat(asserted, " ") .. " asserted"
end

local MOST_DIFFERENCES = 4096 -- that wait for their data; more is a trace that somebody made up

local function note_difference(t, frame, way, offset, count, words)
    local list = t.differences[way]
    if #list == MOST_DIFFERENCES then table.remove(list, 1) end
    list[#list + 1] = { offset = t.origin[way] + offset, count = count, words = words, frame = frame }
end

local function show_difference(value, item, t, frame)
    local way, offset = value.number(f.item_direction, 1, WAY_NAME), value.number(f.item_offset, 8)
    local count, cause = value.number(f.item_count, 8), value.number(f.item_cause, 1, CAUSE)
    local why = CAUSE[cause]
    if cause == 0 then why = value.text(f.item_label, value.number(f.item_label_length, 2)) end
    if cause == 1 then
        local sent_at, received_at = value.number(f.item_sent_at, 4), value.number(f.item_received_at, 4)
        why = ("sent at %d, sampled at %d baud"):format(sent_at, received_at)
    end
    if value.is_damaged then return nil end
    local chip_count, bytes = value.left(), value.bytes(f.item_bytes, 16)
    if chip_count > 16 then bytes = ("%s … (%d)"):format(bytes, chip_count) end
    local sent, arrived, what = count, chip_count, nil
    if way == CHIP then sent, arrived = chip_count, count end
    if arrived == 0 then
        what = ("%s lost%s"):format(plural(sent, "byte"), way == CHIP and ": " .. bytes or "")
        item:add_proto_expert_info(x.lost)
    elseif sent == 0 then
        what = ("%s added%s"):format(plural(arrived, "byte"), way == HOST and ": " .. bytes or "")
    elseif way == HOST then
        what = ("%s arrived as %s"):format(plural(sent, "byte"), bytes)
    else
        what = ("%s had been sent as %s"):format(plural(arrived, "byte"), bytes)
    end
    local words = ("%s, at byte %.0f: %s (%s)"):format(WAY_NAME[way], offset, what, why)
    if t then note_difference(t, frame, way, offset, count, words) end
    return "differs: " .. words
end

local function show_baud(value, _, t)
    local which, baud = value.number(f.item_end, 1, END), value.number(f.item_baud, 4)
    if t and not value.is_damaged then
        local other = 1 - which
        t.rates = { [which] = baud, [other] = t.rates[other] }
    end
    return ("baud: %s at %d"):format(END[which] or "?", baud)
end

local function text_item(name) return function(value) return name .. value.text(f.item_text) end end

local show_items -- below

-- Inside a session.
local SESSION_ITEMS = {
    [0x0101] = text_item(""),
    [0x0102] = text_item(""),
    [0x0103] = function(value) return ("%s clock"):format(CLOCK[value.number(f.item_clock, 1, CLOCK)] or "?") end,
    [0x0104] = function(value) return ("seed %.0f"):format(value.number(f.item_seed, 8)) end,
    [0x0105] = function(value) return ("epoch %.0f s"):format(value.signed(f.item_epoch) / 1e9) end,
    [0x0106] = function(value)
        local key = value.text(f.item_key, value.number(f.item_label_length, 2))
        return ("%s %s"):format(key, value.text(f.item_text))
    end,
    [0x0107] = function(value)
        return ("records: %s"):format(RECORDS[value.number(f.item_records, 1, RECORDS)] or "?")
    end,
}

local ITEMS = {
    [0x0001] = function(value, item, t)
        if t then t.origin = { [HOST] = t[HOST].fed, [CHIP] = t[CHIP].fed } end
        return "trace: " .. table.concat(show_items(value, item, SESSION_ITEMS), ", ")
    end,
    [0x0010] = show_baud,
    [0x0011] = function() return "port: opened by the host" end,
    [0x0012] = function() return "port: closed by the host" end,
    [0x0013] = function(value)
        return ("flush: the host threw away its %s"):format(QUEUES[value.number(f.item_queues, 1, QUEUES)] or "?")
    end,
    [0x0014] = function(value) return "lines: " .. lines_words(value.number(f.item_lines, 1)) end,
    [0x0015] = function() return "break: the host sent one" end,
    [0x0016] = function(value)
        local where, bits = value.number(f.item_end, 1, END), value.number(f.item_bits, 1)
        local parity, stop = value.number(f.item_parity, 1, PARITY), value.number(f.item_stop, 1)
        local letter = PARITY[parity] and PARITY[parity]:sub(1, 1):upper() or "?"
        return ("format: %s at %d%s%g"):format(END[where] or "?", bits, letter, stop / 2) -- 8N1
    end,
    [0x0017] = function(value, item)
        local way, kind = value.number(f.item_direction, 1, WAY_NAME), value.number(f.item_error, 1, RECEIVE_ERROR)
        item:add_proto_expert_info(x.received)
        local count = value.number(f.item_count, 8)
        return ("error: %s: %s%s"):format(WAY_NAME[way] or "?", RECEIVE_ERROR[kind] or "?",
            count == 1 and "" or (", %.0f times"):format(count))
    end,
    [0x0020] = function(value, _, t)
        local is_on = value.number(f.item_power, 1) ~= 0
        if t and not value.is_damaged then session.restart(t) end -- the chip knows nothing of what came before
        return is_on and "power: on" or "power: off"
    end,
    [0x0021] = function(value) return ("chip: %s runs"):format(value.text(f.item_text)) end,
    [0x0022] = function(value)
        return ("clock: the line went ahead by %.6f s up to here, through what waited to cross"):format(
            value.number(f.item_ahead, 8) / 1e9)
    end,
    [0x0030] = function(value, item)
        local way, count = value.number(f.item_direction, 1, WAY_NAME), value.number(f.item_count, 8)
        item:add_proto_expert_info(x.lost)
        return ("lost: %s %s: %s"):format(plural(count, "byte"), WAY_NAME[way] or "?", value.text(f.item_text))
    end,
    [0x0031] = function(value)
        local way, count = value.number(f.item_direction, 1, WAY_NAME), value.number(f.item_count, 8)
        local sent_at, received_at = value.number(f.item_sent_at, 4), value.number(f.item_received_at, 4)
        return ("garbled: %s %s: sent at %d, sampled at %d baud"):format(plural(count, "byte"), WAY_NAME[way] or "?",
            sent_at, received_at)
    end,
    [0x0032] = text_item("fault: "),
    [0x0033] = show_difference,
    [0x0040] = text_item("note: "),
}

-- Shows the items in `value` below `tree`; gives the words of each.
function show_items(value, tree, known, t, frame)
    local all_words = {}
    while value.left() > 0 do
        local number, length = value.peek(0, 2), value.peek(2, 4)
        if not length or length > value.left() - 6 then
            tree:add_proto_expert_info(x.damaged, "The record ends inside an item")
            return all_words
        end
        local item = tree:add(f.item, value.tvb(value.at, 6 + length), number)
        item:add(f.item_length, value.tvb(value.at + 2, 4))
        local inner = value.inside(6, length, item)
        local words
        if known[number] then
            words = known[number](inner, item, t, frame)
            if inner.is_damaged then
                item:add_proto_expert_info(x.damaged)
                words = ("%s, damaged"):format(ITEM[number])
            end
        else
            words = ("item %04X, not known here, %s"):format(number, plural(length, "byte"))
            inner.bytes(f.item_value, 0)
        end
        item:set_text(words)
        all_words[#all_words + 1] = words
    end
    return all_words
end

local MAJOR = 1 -- the version of the trace format that is known here

-- Shows the items of a record, whose payload begins with the magic at `start`; gives the words of each.
local function show_record_items(tvb, start, tree, t, frame)
    local version = tvb(start + 4, 2)
    local major, minor = version(0, 1):uint(), version(1, 1):uint()
    tree:add(f.version, version, ("%d.%d"):format(major, minor))
    if major > MAJOR then
        tree:add_proto_expert_info(x.too_new)
        return { ("written in trace format %d.%d, which is not known here"):format(major, minor) }
    end
    return show_items(reader(tvb, start + 6, tvb:len(), tree), tree, ITEMS, t, frame)
end

return { show = show_record_items }
