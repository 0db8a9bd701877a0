-- Solderless in Wireshark: names the messages in traces of ECR6600 flashing sessions (link type 250, RTAC serial).
--
-- A trace's data records are pieces of two streams, host to chip and chip to host. Where a message begins and ends does
-- not show in the records, and the same byte means different things at different moments: 06 is an ACK in an XMODEM
-- read and noise elsewhere. So the whole session is followed from its beginning, both directions together, just as
-- `solderless show` does it: first the download that a mask ROM or uboot takes (sync word, header, payload), then the
-- frames of a stub (A5 … and 5A …), and the XMODEM blocks that follow some of them.
--
-- Wireshark shows records in any order and as often as it likes, but first it visits each once, in order, and
-- `pinfo.visited` is false then. That is when the session is followed. What each record shows is kept by its frame's
-- number, in words and numbers, never the data. On the first visit that is what became known with it; later, what ends
-- in it.
--
-- Records of other event types than data hold typed items (docs/trace-format.md), after a magic, "SLDR", with which
-- every trace of ours begins; files of other programs are left to Wireshark's own dissector.
--
-- The parts: solderless-protocol.lua knows what may come and what it changes, solderless-session.lua cuts the streams,
-- solderless-fields.lua has names and fields, solderless-show.lua and solderless-items.lua say what a message shows and
-- what an item shows. Here are records. All files lie in one folder.

local here = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or ""
local function part(name, ...) return assert(loadfile(here .. "solderless-" .. name .. ".lua"))(...) end
local names, session = part("fields"), part("session", part("protocol"))
local show, items = part("show", names), part("items", names, session)
local HOST, CHIP, WAY, END = names.HOST, names.CHIP, names.WAY, names.END
local RECORD_HEAD, f, plural = names.RECORD_HEAD, names.fields, names.plural

local proto = Proto("ecr6600", "ECR6600 boot protocol (Solderless)")
proto.prefs.always = Pref.bool("Name messages in all RTAC serial files", false,
    "Not only in those that Solderless wrote: those of other programs, and traces without their beginning")
proto.fields, proto.experts = names.fields, names.experts

local MAGIC = "SLDR"
local MOST_IN_INFO = 8

local t -- what is known of the file that is open
local at_end -- what is told when nothing more comes: `messages` by frame, when the last was `frame`

function proto.init()
    t = session.new()
    t.rates, t.origin, t.differences = {}, { [HOST] = 0, [CHIP] = 0 }, { [HOST] = {}, [CHIP] = {} }
    t.last_frame = 0
    at_end = { frame = 0, messages = {} }
end

local rtac = Dissector.get("rtacser")

-- Event types whose records may hold items: STATUS_CHANGE, CAPTURE_DATA_LOST, and what receivers say is wrong.
local MAY_HOLD_ITEMS = { [0] = true, [5] = true, [7] = true, [8] = true, [9] = true, [10] = true }

-- Whether a record holds items of ours.
local function has_items(tvb)
    return MAY_HOLD_ITEMS[tvb(8, 1):uint()] and tvb:len() >= RECORD_HEAD + 6 and tvb:raw(RECORD_HEAD, 4) == MAGIC
end

-- Enters what became known in the frames in which it ends.
local function enter(messages)
    for _, message in ipairs(messages) do
        local record, stream = t.records[message.last], t[message.direction]
        record.messages = record.messages or {}
        record.messages[#record.messages + 1] = message
        for index = message.first_index, message.last_index - 1 do t.records[stream.frames[index]].inside = message end
    end
end

-- Which messages to show in a frame: what became known with it on the first visit, what ends in it later.
local function messages_of(frame, is_first_visit)
    local record = t.records[frame]
    if is_first_visit then
        local out = t.out
        enter(out)
        t.out = {}
        return out
    end
    if at_end.frame ~= t.last_frame then
        at_end = { frame = t.last_frame, messages = {} }
        for _, message in ipairs(session.left_over(t)) do
            at_end.messages[message.last] = at_end.messages[message.last] or {}
            table.insert(at_end.messages[message.last], message)
        end
    end
    local messages = {}
    for _, message in ipairs(record.messages or {}) do messages[#messages + 1] = message end
    for _, message in ipairs(at_end.messages[frame] or {}) do messages[#messages + 1] = message end
    return messages
end

-- Takes a data record on its first visit.
local function take_data(record, way, frame, bytes)
    local stream = t[way]
    record.way, record.start, record.count = way, stream.fed, #bytes
    if bytes == "" then return end
    local stop, waiting = record.start + record.count, {}
    for _, difference in ipairs(t.differences[way]) do
        local is_here = difference.offset < stop
        if is_here then
            record.differences = record.differences or {}
            if #record.differences < MOST_IN_INFO * 8 then table.insert(record.differences, difference) end
        end
        if not is_here or difference.offset + difference.count > stop then waiting[#waiting + 1] = difference end
    end
    t.differences[way] = waiting
    session.feed(t, way, bytes, frame)
    record.pending = stream.left + stream.loose + stream.payload
end

local function show_differences(record, tvb, tree)
    for _, difference in ipairs(record.differences or {}) do
        local first = math.min(math.max(0, difference.offset - record.start), record.count - 1)
        local stop = math.min(record.count, math.max(first + 1, difference.offset + difference.count - record.start))
        local item = tree:add(f.chip_end, tvb(RECORD_HEAD + first, stop - first), difference.words)
        item:add(f.told, difference.frame):set_generated()
    end
end

local function show_rates(record, tree)
    if record.rates[HOST] then tree:add(f.host_baud, record.rates[HOST]):set_generated() end
    if record.rates[CHIP] then tree:add(f.chip_baud, record.rates[CHIP]):set_generated() end
end

-- What a data record says that ends no message.
local function part_words(record, tree, is_first_visit)
    local message = not is_first_visit and record.inside
    if message then
        tree:add(f.ended, message.last):set_generated()
        return ("part of %s"):format(show.words(message))
    end
    return ("%s so far, no message yet"):format(plural(record.pending or 0, "byte"))
end

local DATA = { [1] = HOST, [2] = CHIP, [3] = HOST, [4] = CHIP } -- directions of event types

local function show_record(tvb, pinfo, tree, frame, record, is_first_visit)
    local payload_count = tvb:len() - RECORD_HEAD
    local way, info = DATA[tvb(8, 1):uint()], {}
    rtac:call(tvb(0, RECORD_HEAD):tvb(), pinfo, tree)
    local top = tree:add(proto, payload_count > 0 and tvb(RECORD_HEAD) or tvb())
    if is_first_visit then session.end_noise(t, record.time) end
    if way then
        if is_first_visit then take_data(record, way, frame, payload_count > 0 and tvb:raw(RECORD_HEAD) or "") end
        pinfo.cols.src:set(END[way])
        pinfo.cols.dst:set(END[1 - way])
        show_rates(record, top)
        show_differences(record, tvb, top)
    elseif has_items(tvb) then
        info = items.show(tvb, RECORD_HEAD, top, is_first_visit and t or nil, frame)
    elseif payload_count > 0 then
        info = { plural(payload_count, "byte") .. " of unknown direction" }
        top:add(f.data, tvb(RECORD_HEAD))
    end
    local messages, said = messages_of(frame, is_first_visit), nil
    for i, message in ipairs(messages) do
        local words = show.message(message, record, frame, tvb, top)
        if i <= MOST_IN_INFO then
            info[#info + 1] = message.direction == said and words or WAY[message.direction] .. ": " .. words
            said = message.direction
        end
    end
    if #messages > MOST_IN_INFO then info[#info + 1] = ("and %d more"):format(#messages - MOST_IN_INFO) end
    if way and #messages == 0 then
        info[1] = ("%s: %s"):format(WAY[way], part_words(record, top, is_first_visit))
    end
    if #info == 0 then return end -- what the lines are, as RTAC serial has it
    local line = table.concat(info, "; "):gsub("%c", " ") -- texts may hold anything
    top:append_text(", " .. line)
    pinfo.cols.protocol:set("ECR6600")
    pinfo.cols.info:set(line)
end

function proto.dissector(tvb, pinfo, tree)
    if tvb:len() < RECORD_HEAD then return 0 end
    local frame = pinfo.number
    local is_first_visit = not pinfo.visited
    if is_first_visit and not t.is_ours then t.is_ours = proto.prefs.always or has_items(tvb) end
    if is_first_visit and t.is_ours then
        local nanoseconds = math.floor(pinfo.rel_ts * 1e9 + 0.5) -- since the file's first frame
        t.records[frame] = { time = nanoseconds, rates = t.rates }
        t.last_frame = frame
    end
    local record = t.records[frame]
    if not record then return rtac:call(tvb, pinfo, tree) end
    show_record(tvb, pinfo, tree, frame, record, is_first_visit)
    return tvb:len()
end

DissectorTable.get("wtap_encap"):add(wtap.RTAC_SERIAL or 153, proto)
