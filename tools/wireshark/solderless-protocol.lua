-- What may stand at the head of a stream, and what it changes. Used by solderless-session.lua.
--
-- Where a session is, is a table of three: `boot`, a download into RAM as mask ROM and uboot take it; `frames`, what a
-- stub was asked; `transfer`, XMODEM blocks, while there are any. Asked what the bytes from an index on are, a function
-- answers with one of:
--   "more", count: it is not decided before so many bytes are there;
--   "whole", count, kind: these bytes are a message (kind has its name and values);
--   "payload", count: they belong to the image of a RAM download;
--   nil: the first byte belongs to nothing: it is noise, or text that a loader prints.

local HOST, CHIP = 0, 1 -- directions, numbered as in the trace format

-- Commands of a stub.
local SYN, RAM_WRITE, FLASH_WRITE, FLASH_READ, ERASE, CHIP_ERASE, RUN, BAUD = 0, 1, 2, 3, 4, 5, 6, 7
local EFUSE, SHA256, MAC_TO_NV, FLASH_ID, XMODEM_WRITE, XMODEM_READ = 0x08, 0x09, 0x0C, 0x90, 0x91, 0x92
local READ_COMPRESSED, WRITE_COMPRESSED, READ_MEMORY, EFUSE_DUMP, UNKNOWN = 0x96, 0x97, 0x98, 0x99, 0xFF
local OK, ERROR_ADDRESS, ERROR_SUM = 0, 2, 5

local STARTS_TRANSFER = { [XMODEM_WRITE] = true, [XMODEM_READ] = true, [READ_COMPRESSED] = true,
    [WRITE_COMPRESSED] = true, [READ_MEMORY] = true }
local TAKES_DATA = { [RAM_WRITE] = true, [FLASH_WRITE] = true }
local TAKES_RANGE = { [RAM_WRITE] = true, [FLASH_WRITE] = true, [FLASH_READ] = true, [ERASE] = true, [SHA256] = true,
    [XMODEM_WRITE] = true, [XMODEM_READ] = true, [READ_COMPRESSED] = true, [WRITE_COMPRESSED] = true,
    [READ_MEMORY] = true }
-- Lengths of bodies that make a frame one although its sum is wrong; 01, 02, 08 and 96 have rules of their own.
local LIKELY = { [SYN] = 4, [BAUD] = 4, [FLASH_READ] = 8, [ERASE] = 8, [SHA256] = 8, [XMODEM_WRITE] = 8,
    [XMODEM_READ] = 8, [WRITE_COMPRESSED] = 8, [READ_MEMORY] = 8, [CHIP_ERASE] = 0, [RUN] = 0, [FLASH_ID] = 0,
    [EFUSE_DUMP] = 0, [MAC_TO_NV] = 17 }

local bxor = bit and bit.bxor or load("return function(a, b) return a ~ b end")()

local function hex_bytes(s)
    return (s:gsub(".", function(c) return ("%02X "):format(c:byte()) end):sub(1, -2))
end

local function u16(s, i) local a, b = s:byte(i, i + 1) return a + b * 0x100 end
local function u32(s, i) return u16(s, i) + u16(s, i + 2) * 0x10000 end

local function sum8(s, first, last)
    local sum = 0
    for i = first, last - 7, 8 do
        local a, b, c, d, e, g, h, j = s:byte(i, i + 7)
        sum = sum + a + b + c + d + e + g + h + j
    end
    for i = last - (last - first + 1) % 8 + 1, last do sum = sum + s:byte(i) end
    return sum % 0x100
end

-- CRC-16/XMODEM (polynomial 1021, from 0, no reflection), a table lookup a byte.
local crc_high, crc_low = {}, {}
for byte = 0, 255 do
    local crc = byte * 0x100
    for _ = 1, 8 do
        local carry = crc >= 0x8000
        crc = crc * 2 % 0x10000
        if carry then crc = bxor(crc, 0x1021) end
    end
    crc_low[byte] = crc % 0x100
    crc_high[byte] = (crc - crc_low[byte]) / 0x100
end
local function crc16(s, first, last)
    local high, low = 0, 0
    for i = first, last do
        local index = bxor(high, s:byte(i))
        high, low = bxor(low, crc_high[index]), crc_low[index]
    end
    return high * 0x100 + low
end

local function verdict(s, i, count)
    return sum8(s, i, i + count - 2) == s:byte(i + count - 1) and "good" or "bad"
end

local function new_session()
    return {
        boot = { stage = "idle", missing = 0, total = 0, answered = 0, pieces = 0 }, -- a download into RAM
        frames = {}, -- request, download, ended, is_data, upload, efuse_write: what a stub was asked
        transfer = nil, -- XMODEM blocks: command, stage, last, cancels, short
    }
end

-- Whether the bytes from i on are `word`, or may become it: a share of the answers above.
local function word_at(s, i, word, kind)
    local there = math.min(#word, #s - i + 1)
    if s:sub(i, i + there - 1) ~= word:sub(1, there) then return nil end
    if there < #word then return "more", #word end
    return "whole", #word, kind
end

-- The download that a mask ROM or uboot takes.

local function boot_header(boot, s, i)
    if boot.stage == "idle" then return nil end
    local n = #s - i + 1
    local head = s:sub(i, i + 7)
    if head == ("\0"):rep(#head) then
        if n < 8 then return "more", 8 end
        return "whole", 8, { name = "filler" } -- of a host that lost its answer
    end
    local kind = s:byte(i)
    if kind == 0 or boot.stage ~= "due" and kind ~= 1 then return nil end
    for k = i + 1, math.min(i + 3, #s) do if s:byte(k) ~= 0 then return nil end end
    if n < 12 then return "more", 12 end
    return "whole", 12, { name = "download-header", type = kind, address = u32(s, i + 4), length = u32(s, i + 8) }
end

local function boot_word(s, i)
    local what, count, kind = word_at(s, i, "cnys", { name = "sync-word" })
    if what then return what, count, kind end
    what = word_at(s, i, "amt_")
    if not what then return nil end
    if #s - i + 1 < 11 then return "more", 11 end
    return "whole", 11, { name = "amt-word", digit = s:match("^%d", i + 10) }
end

local function boot_answer(boot, s, i)
    if boot.amt then
        local what, count, kind = word_at(s, i, "OK", { name = "amt-answer", accepted = true })
        if not what then what, count, kind = word_at(s, i, "FAILE", { name = "amt-answer" }) end
        if what then return what, count, kind end
    end
    local byte = s:byte(i)
    local sent = boot.missing == 0 and boot.pieces or math.floor((boot.total - boot.missing) / 1024)
    if byte == 1 and boot.sync then return "whole", 1, { name = "sync-answer" } end
    if byte == 0xFF and (boot.header_sent or boot.sync or boot.stage == "due") then
        return "whole", 1, { name = "header-answer" }
    end
    if byte ~= 0 then return nil end
    if boot.header_sent then return "whole", 1, { name = "header-answer", accepted = true } end
    if boot.answered < sent then
        return "whole", 1, { name = "piece-answer", number = boot.answered + 1, total = boot.pieces }
    end
end

local function announced(boot)
    return boot.stage == "sent" and boot.header.type == 1 and boot.header.length > 0 and boot.header.length or nil
end

local function begin_payload(boot)
    if boot.stage ~= "sent" then return end
    boot.stage, boot.total, boot.missing, boot.answered = "idle", boot.header.length, boot.header.length, 0
    boot.pieces = math.max(1, math.ceil(boot.total / 1024)) -- an empty image gets one 00, too
end

-- The frames of a stub.

-- A start of 01 or 02 has eight bytes, as a data frame with seven bytes of data has.
local function is_start(frames, command, length)
    if length ~= 8 then return false end
    local download = frames.download
    return not (download and download.command == command) or download.missing ~= 7 and download.previous ~= 7
end

local function request_body(frames, s, i, kind)
    local command, length = kind.command, kind.body_length
    if length == 0 then return "empty" end
    if TAKES_DATA[command] and not is_start(frames, command, length) then
        kind.name, kind.length, kind.flag = "data-frame", length - 1, s:byte(i + 4)
        -- Behind the end of its download a stub reads a start in the body.
        if not frames.download and frames.ended == command and kind.sum_status == "good" and length >= 8 then
            kind.late_length = u32(s, i + 8)
        end
        return "data"
    elseif command == BAUD and length == 4 then
        kind.baud = u32(s, i + 4)
        return "baud"
    elseif command == SYN and s:sub(i + 4, i + 3 + length) == "cnys" then
        return "word"
    elseif command == EFUSE and frames.efuse_write == length then
        kind.length = length
        return "efuse_data"
    elseif command == EFUSE and length == 6 then
        kind.operation, kind.address, kind.length = u16(s, i + 4), u16(s, i + 6), u16(s, i + 8)
        return "efuse"
    elseif TAKES_RANGE[command] and length == 8 or command == READ_COMPRESSED and length == 9 then
        kind.address, kind.length = u32(s, i + 4), u32(s, i + 8)
        if length == 9 then kind.level = s:byte(i + 12) end
        return "range"
    end
    kind.bytes = hex_bytes(s:sub(i + 4, i + 3 + math.min(length, 64)))
    return "bytes"
end

local function stub_request(frames, s, i, is_transferring)
    local n = #s - i + 1
    if s:byte(i) ~= 0xA5 then return nil end
    if n < 4 then return "more", 5 end
    local command, length = s:byte(i + 1), u16(s, i + 2)
    local is_download = TAKES_DATA[command] and (frames.download and frames.download.command == command
        or frames.ended == command)
    local limit = 64
    if TAKES_DATA[command] then limit = is_download and 0xFFFF or 8193 end
    if command == EFUSE then limit = math.max(limit, frames.efuse_write or 0) end
    if length > limit then return nil end
    local count = length + 5
    if n < count then return "more", count end
    local sum_status = verdict(s, i, count)
    if sum_status == "bad" then
        local is_likely = LIKELY[command] == length
        if TAKES_DATA[command] then is_likely = length == 8 or is_download end
        if command == EFUSE then is_likely = length == 6 or length == frames.efuse_write end
        if command == READ_COMPRESSED then is_likely = length == 8 or length == 9 end
        if is_transferring or not is_likely then return nil end
    end
    local kind = { name = "request", command = command, body_length = length, sum = s:byte(i + count - 1),
        sum_status = sum_status }
    kind.body = request_body(frames, s, i, kind)
    return "whole", count, kind
end

local function answer(s, i, command, length, count, sum_status)
    local status = count == length + 6 and s:byte(i + count - 2) or nil -- an eFuse read has none
    local kind = { name = "answer", command = command, body_length = u16(s, i + 2), status = status, length = length,
        sum = s:byte(i + count - 1), sum_status = sum_status }
    if length > 0 and length <= 8 then kind.content = hex_bytes(s:sub(i + 4, i + 3 + length)) end
    if command == SHA256 then kind.content = hex_bytes(s:sub(i + 4, i + 3 + length)):gsub(" ", ""):lower() end
    if command == FLASH_ID and length >= 3 then
        local manufacturer, kind_of, size = s:byte(i + 4, i + 6)
        kind.content = ("%02X%02X%02X"):format(size, kind_of, manufacturer)
        if size > 0x31 and size < 0x3C then size = size - 0x20 end
        local is_known = size >= 0x14 and size <= 0x18
        kind.content = kind.content .. (is_known and (" (%d MB)"):format(2 ^ (size - 0x14)) or " (unknown size)")
    end
    return "whole", count, kind
end

local function short_answer(frames, s, i, command, is_awaited, is_refusal)
    local sum_status = verdict(s, i, 6)
    if sum_status == "bad" and (command == SYN or is_refusal) then sum_status = "stale" end
    if sum_status == "bad" and not is_awaited and not (frames.request and command == UNKNOWN) then return nil end
    return answer(s, i, command, 0, 6, sum_status)
end

-- A frame of an upload by 03: 64 KB come with length 0000 and a sum over five bytes.
local function upload_frame(frames, s, i, length)
    local n, upload = #s - i + 1, frames.upload
    local rest, count = upload.total - upload.done, length
    if length == 0 then
        if n < 6 then return "more", 6 end
        local is_refusal = upload.done == 0 and s:byte(i + 4) == ERROR_ADDRESS and s:byte(i + 5) == 0x5F
        if rest < 0x10000 or is_refusal then return short_answer(frames, s, i, FLASH_READ, true, false) end
        count = 0x10000
    end
    if count > rest then return nil end
    if n < count + 6 then return "more", count + 6 end
    local sum_status = verdict(s, i, count + 6)
    if sum_status == "bad" and length == 0 and s:byte(i + count + 5) == sum8(s, i, i + 4) then sum_status = "stale" end
    return "whole", count + 6, { name = "upload-frame", command = FLASH_READ, body_length = length, length = count,
        done = upload.done + count, total = upload.total, status = s:byte(i + count + 4), sum = s:byte(i + count + 5),
        sum_status = sum_status }
end

local function stub_answer(frames, s, i)
    local n, request = #s - i + 1, frames.request
    if s:byte(i) ~= 0x5A then return nil end
    if n < 2 then return "more", 6 end
    local command = s:byte(i + 1)
    if command > 0x0C and (command < 0x90 or command > 0x99) and command ~= UNKNOWN then return nil end
    local may_be_refusal = request and request.sum_status == "bad"
    if n < (may_be_refusal and 5 or 4) then return "more", 6 end
    local length = u16(s, i + 2)
    local is_refusal = may_be_refusal and s:byte(i + 4) == ERROR_SUM
    local is_awaited = request ~= nil and request.command == command
    if command == UNKNOWN or is_refusal or length == 0 and command ~= FLASH_READ then
        if n < 6 then return "more", 6 end
        return short_answer(frames, s, i, command, is_awaited, is_refusal)
    end
    if command == FLASH_READ and is_awaited and frames.upload then return upload_frame(frames, s, i, length) end
    local count = length + 6
    local is_expected = is_awaited
        and (command == FLASH_ID and length == 4 or command == SHA256 and length == 32
            or command == EFUSE_DUMP and length == 128)
    if command == EFUSE and request and request.body == "efuse" and request.operation == 0 and request.length == length
    then
        is_expected, count = true, length + 5
    end
    if not is_expected and length > 256 then return nil end
    if n < count then return "more", count end
    local sum_status = verdict(s, i, count)
    if sum_status == "bad" and not is_expected then return nil end
    return answer(s, i, command, length, count, sum_status)
end

-- XMODEM's blocks, and what the receiver says to them.

local function is_write(transfer) return transfer.command == XMODEM_WRITE or transfer.command == WRITE_COMPRESSED end

local function block(transfer, s, i, data_count, check_count)
    local n, count = #s - i + 1, 3 + data_count + check_count
    if n >= 3 and s:byte(i + 1) + s:byte(i + 2) ~= 0xFF then return nil end
    if n < count then return "more", count end
    local last = i + count - 1
    local kind = { name = "xmodem-block", number = s:byte(i + 1), length = data_count,
        is_repeated = s:byte(i + 1) == transfer.last }
    if check_count == 1 then
        kind.sum = s:byte(last)
        kind.sum_status = sum8(s, i + 3, last - 1) == kind.sum and "good" or "bad"
    else
        kind.crc = s:byte(last - 1) * 0x100 + s:byte(last)
        kind.sum_status = crc16(s, i + 3, last - 2) == kind.crc and "good" or "bad"
    end
    return "whole", count, kind
end

local function from_sender(transfer, s, i)
    local byte = s:byte(i)
    if byte == 0x18 then
        -- A single CAN of a host is a byte of a block that lost its head.
        if is_write(transfer) and transfer.cancels == 0 then
            if i == #s then return "more", 2 end
            if s:byte(i + 1) ~= 0x18 then return nil end
        end
        return "whole", 1, { name = "xmodem-cancel" }
    elseif byte == 0x04 then return "whole", 1, { name = "xmodem-eot" }
    elseif transfer.stage == "ended" then return nil
    elseif byte == 0x02 then return block(transfer, s, i, 1024, 2)
    elseif byte == 0x01 and is_write(transfer) then return block(transfer, s, i, 128, 2)
    elseif byte == 0x01 and transfer.short then return block(transfer, s, i, 128, 1)
    end
end

local RECEIVER = { [0x43] = { name = "xmodem-ready" }, [0x06] = { name = "xmodem-ack" },
    [0x15] = { name = "xmodem-nak" }, [0x18] = { name = "xmodem-cancel" } }
local function from_receiver(transfer, s, i)
    local kind = RECEIVER[s:byte(i)]
    if kind and (transfer.stage ~= "ended" or kind.name == "xmodem-cancel") then return "whole", 1, kind end
end

-- All three together: what the head of a stream is.

local function host_beginning(session, s, i)
    local boot, transfer, n = session.boot, session.transfer, #s - i + 1
    if boot.missing > 0 then return "payload", math.min(boot.missing, n) end
    local what, count, kind = boot_header(boot, s, i)
    if what then return what, count, kind end
    local r_what, r_count, r_kind = stub_request(session.frames, s, i, transfer and transfer.stage ~= "ended")
    local w_what, w_count, w_kind = boot_word(s, i)
    -- A host that does not wait for the answer to its header goes on with the image.
    local length = announced(boot)
    if not r_what and not w_what and length then return "payload", math.min(length, n) end
    if transfer then
        if is_write(transfer) then what, count, kind = from_sender(transfer, s, i)
        else what, count, kind = from_receiver(transfer, s, i) end
        if what then return what, count, kind end
    end
    if r_what then return r_what, r_count, r_kind end
    return w_what, w_count, w_kind
end

local function chip_beginning(session, s, i)
    local transfer, what, count, kind = session.transfer, nil, nil, nil
    if transfer then
        if s:byte(i) == 0x4E and transfer.command == WRITE_COMPRESSED and transfer.cancels == 2 then
            return "whole", 1, { name = "xmodem-cancel-mark" }
        end
        if is_write(transfer) then what, count, kind = from_receiver(transfer, s, i)
        else what, count, kind = from_sender(transfer, s, i) end
        if what then return what, count, kind end
    end
    what, count, kind = stub_answer(session.frames, s, i)
    if what then return what, count, kind end
    return boot_answer(session.boot, s, i)
end

local function beginning(session, direction, s, i)
    if direction == HOST then return host_beginning(session, s, i) end
    return chip_beginning(session, s, i)
end

-- Whether any message could begin with the byte.
local function can_begin(session, byte, direction)
    local boot = session.boot
    if session.transfer then return true end
    if direction == HOST then
        return byte == 0xA5 or byte == 0x63 or byte == 0x61 or boot.missing > 0 or boot.stage ~= "idle"
    end
    return byte == 0x5A or boot.amt or boot.sync or boot.header_sent or boot.stage == "due"
        or boot.answered < boot.pieces
end

-- What a message changes: one function a kind.

local function note_data(frames, kind, download)
    if kind.body == "data" and not kind.late_length then
        -- In 01 "again" takes the place back, not the count.
        local back = kind.flag == 1 and kind.command == FLASH_WRITE and download.previous or 0
        if download.missing then download.missing = (download.missing + back - kind.length) % 2 ^ 32 end
        download.previous = kind.length
    elseif kind.body == "range" and download.missing and download.is_answered then
        -- A start to the host; seven bytes of data to a stub that waits for them.
        local back = kind.address % 0x100 == 1 and kind.command == FLASH_WRITE and download.previous or 0
        download.missing, download.previous = (download.missing + back - 7) % 2 ^ 32, 7
    elseif kind.body == "range" then
        frames.download = { command = kind.command, missing = kind.length, previous = 0 }
        return
    else
        return
    end
    frames.is_data = true
    frames.ended = download.missing == 0 and download.is_answered and kind.command or nil
    frames.download = download.missing ~= 0 and download or nil
end

local function note_request(frames, kind)
    local efuse_write = frames.efuse_write
    frames.request, frames.upload, frames.efuse_write, frames.is_data = kind, nil, nil, false
    if kind.command == FLASH_READ and kind.body == "range" then frames.upload = { done = 0, total = kind.length } end
    if kind.body == "efuse" and kind.operation == 1 then frames.efuse_write = kind.length end
    if kind.body == "efuse_data" and kind.sum_status == "bad" then frames.efuse_write = efuse_write end
    local download = frames.download
    if download then
        if download.command == kind.command then return note_data(frames, kind, download) end
        if not download.missing then frames.download = nil end -- an answer will tell if there was one
    elseif TAKES_DATA[kind.command] and kind.body == "range" or kind.late_length then
        frames.ended = nil
        frames.download = { command = kind.command, missing = kind.late_length or kind.length, previous = 0 }
    elseif kind.body == "data" and frames.ended ~= kind.command then
        note_data(frames, kind, { command = kind.command, previous = 0 })
    elseif kind.body == "data" then
        if kind.sum_status == "good" then frames.download = { command = kind.command, previous = 0 } end
    else
        frames.ended = nil
    end
end

local function note_answer(frames, kind)
    local is_ok, download = (kind.status or OK) == OK, frames.download
    local is_of_parser = kind.status == ERROR_ADDRESS or not download or kind.command ~= download.command
    if is_of_parser or not frames.is_data and not is_ok then frames.download = nil end
    if frames.download then frames.download.is_answered = true end
    if kind.command == FLASH_READ or not is_ok then frames.upload = nil end
end

local NOTE = {}
NOTE["sync-word"] = function(session)
    session.boot.sync = true
    if session.boot.stage ~= "due" then session.boot.stage = "syncing" end
end
NOTE["sync-answer"] = function(session) -- whatever ran before, a loader runs now
    local fresh = new_session()
    session.boot, session.frames, session.transfer = fresh.boot, fresh.frames, nil
    session.boot.stage = "due"
end
NOTE["amt-word"] = function(session) session.boot.amt = true end
NOTE["amt-answer"] = function(session, kind)
    session.boot.amt = false
    if not kind.accepted then session.boot.stage = "due" end
end
NOTE["download-header"] = function(session, kind)
    session.boot.stage, session.boot.header, session.boot.header_sent = "sent", kind, true
end
NOTE["header-answer"] = function(session, kind)
    session.boot.header_sent = false
    if kind.accepted then return begin_payload(session.boot) end
    session.boot.stage, session.boot.missing = "due", 0
end
NOTE["piece-answer"] = function(session) session.boot.answered = session.boot.answered + 1 end
NOTE["request"] = function(session, kind)
    if session.transfer and session.transfer.stage == "ended" then session.transfer = nil end
    if STARTS_TRANSFER[kind.command] then
        session.transfer = { command = kind.command, stage = "running", cancels = 0 }
    end
    -- A loader finds the sync word in a SYN frame.
    if kind.command == SYN and (kind.body == "empty" or kind.body == "word") then session.boot.sync = true end
    note_request(session.frames, kind)
end
NOTE["data-frame"] = NOTE["request"]
local function note_stub(boot)
    boot.stage, boot.sync = "idle", false
end
NOTE["answer"] = function(session, kind)
    note_stub(session.boot)
    local transfer = session.transfer
    if transfer and (transfer.command ~= kind.command or (kind.status or OK) ~= OK) then session.transfer = nil end
    note_answer(session.frames, kind)
end
NOTE["upload-frame"] = function(session, kind)
    note_stub(session.boot)
    session.frames.upload = kind.done < kind.total and { done = kind.done, total = kind.total } or nil
end
NOTE["xmodem-block"] = function(session, kind)
    local transfer = session.transfer
    transfer.last, transfer.stage, transfer.cancels = kind.number, "running", 0
end
NOTE["xmodem-eot"] = function(session) session.transfer.stage = "end sent" end
NOTE["xmodem-ack"] = function(session)
    if session.transfer.stage == "end sent" then session.transfer.stage = "ended" end
end
NOTE["xmodem-cancel"] = function(session)
    session.transfer.cancels, session.transfer.stage = session.transfer.cancels + 1, "ended"
end
NOTE["xmodem-nak"] = function(session, kind)
    local transfer = session.transfer
    -- How the first block is asked for decides what blocks there are.
    if transfer.command == READ_COMPRESSED and not transfer.last then transfer.short = kind.name == "xmodem-nak" end
end
NOTE["xmodem-ready"] = NOTE["xmodem-nak"]

-- A message is complete.
local function note(session, kind)
    local change = NOTE[kind.name]
    if change then change(session, kind) end
end

return { new = new_session, beginning = beginning, can_begin = can_begin, note = note, begin_payload = begin_payload,
    hex_bytes = hex_bytes }
