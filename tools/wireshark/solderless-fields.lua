-- Names of what has numbers, the fields that can be filtered by, and expert infos. Used by solderless.lua.

local RECORD_HEAD = 12 -- bytes of RTAC serial before a record's own

-- Directions and ends, as the trace format numbers them.
local HOST, CHIP = 0, 1
local WAY = { [HOST] = "host → chip", [CHIP] = "chip → host" }
local WAY_NAME = { [HOST] = "host-to-chip", [CHIP] = "chip-to-host" }
local END = { [HOST] = "host", [CHIP] = "chip" }

-- Commands of a stub, and what it says of them.
local COMMAND = {
    [0x00] = "SYN", [0x01] = "RAM write", [0x02] = "FLASH write", [0x03] = "FLASH read", [0x04] = "ERASE",
    [0x05] = "CHIP ERASE", [0x06] = "RUN", [0x07] = "BAUD", [0x08] = "EFUSE", [0x09] = "SHA256", [0x0C] = "MAC to NV",
    [0x90] = "FLASH ID", [0x91] = "XMODEM write", [0x92] = "XMODEM read", [0x93] = "KV get", [0x94] = "KV set",
    [0x95] = "MAC", [0x96] = "XMODEM read, compressed", [0x97] = "XMODEM write, compressed",
    [0x98] = "XMODEM read memory", [0x99] = "EFUSE dump", [0xFF] = "unknown command",
}
local STATUS = {
    [0] = "ok", "error", "address out of range", "unknown type", "wrong length", "wrong checksum", "odd MAC",
}

-- Of items.
local QUEUES = { "input", "output", "both" }
local CLOCK = { [0] = "line", "host", "usb", "virtual" }
local RECORDS = { [0] = "what was sent at either end", "the host's end of the line" }
local CAUSE = { [0] = "a fault", "rates", "a level that the input is not sure of", "no common ground" }
local PARITY = { [0] = "none", "odd", "even", "mark", "space" }
local RECEIVE_ERROR = { [0] = "framing error", "parity error", "overrun", "break" }
local ITEM = {
    [0x0001] = "session", [0x0010] = "baud", [0x0011] = "port opened", [0x0012] = "port closed", [0x0013] = "flushed",
    [0x0014] = "control lines", [0x0015] = "break", [0x0016] = "frame format", [0x0017] = "receive error",
    [0x0020] = "power", [0x0021] = "loader", [0x0022] = "clock ahead", [0x0030] = "lost", [0x0031] = "garbled",
    [0x0032] = "fault", [0x0033] = "difference", [0x0040] = "note", [0x0101] = "program",
    [0x0102] = "program version", [0x0103] = "clock", [0x0104] = "seed", [0x0105] = "epoch", [0x0106] = "property",
    [0x0107] = "records",
}

-- Fields.
local f = {
    message = ProtoField.string("ecr6600.message", "Message"),
    direction = ProtoField.string("ecr6600.direction", "Direction"),
    marker = ProtoField.uint8("ecr6600.marker", "Marker", base.HEX),
    command = ProtoField.uint8("ecr6600.command", "Command", base.HEX, COMMAND),
    body_length = ProtoField.uint16("ecr6600.body_length", "Length of the body"),
    address = ProtoField.uint32("ecr6600.address", "Address", base.HEX),
    length = ProtoField.uint32("ecr6600.length", "Length", base.DEC, nil, nil, "Bytes that the message is about"),
    flag = ProtoField.uint8("ecr6600.flag", "Flag", base.HEX, { "the frame before, again" }),
    level = ProtoField.uint8("ecr6600.level", "Level of compression"),
    operation = ProtoField.uint16("ecr6600.operation", "Operation", base.DEC, { [0] = "read", "write", "random key" }),
    baud = ProtoField.uint32("ecr6600.baud", "Baud"),
    type = ProtoField.uint32("ecr6600.type", "Type", base.DEC, { "RAM download" }),
    data = ProtoField.bytes("ecr6600.data", "Data"),
    status = ProtoField.uint8("ecr6600.status", "Status", base.DEC, STATUS),
    sum = ProtoField.uint8("ecr6600.sum", "Sum", base.HEX),
    crc = ProtoField.uint16("ecr6600.crc", "CRC", base.HEX),
    sum_status = ProtoField.string("ecr6600.sum.status", "Sum status"),
    block = ProtoField.uint8("ecr6600.block", "Block"),
    complement = ProtoField.uint8("ecr6600.complement", "Complement of the number", base.HEX),
    text = ProtoField.string("ecr6600.text", "Text"),
    begun = ProtoField.framenum("ecr6600.begun", "Begun in frame"),
    ended = ProtoField.framenum("ecr6600.ended", "Ended in frame"),
    host_baud = ProtoField.uint32("ecr6600.host_baud", "Baud at the host"),
    chip_baud = ProtoField.uint32("ecr6600.chip_baud", "Baud at the chip"),
    chip_end = ProtoField.string("ecr6600.chip_end", "The chip's end"),
    told = ProtoField.framenum("ecr6600.chip_end.frame", "Told in frame"),
    item = ProtoField.uint16("ecr6600.item", "Item", base.HEX, ITEM),
    item_length = ProtoField.uint32("ecr6600.item.length", "Length of the value"),
    item_end = ProtoField.uint8("ecr6600.item.end", "End", base.DEC, END),
    item_direction = ProtoField.uint8("ecr6600.item.direction", "Direction", base.DEC, WAY),
    item_offset = ProtoField.uint64("ecr6600.item.offset", "Offset at the host's end"),
    item_count = ProtoField.uint64("ecr6600.item.count", "Bytes"),
    item_cause = ProtoField.uint8("ecr6600.item.cause", "Cause", base.DEC, CAUSE),
    item_label_length = ProtoField.uint16("ecr6600.item.label_length", "Length of the text"),
    item_baud = ProtoField.uint32("ecr6600.item.baud", "Baud"),
    item_label = ProtoField.string("ecr6600.item.label", "Label"),
    item_sent_at = ProtoField.uint32("ecr6600.item.sent_at", "Baud of the sender"),
    item_received_at = ProtoField.uint32("ecr6600.item.received_at", "Baud of the receiver"),
    item_bytes = ProtoField.bytes("ecr6600.item.bytes", "The chip's end has"),
    item_text = ProtoField.string("ecr6600.item.text", "Text"),
    item_key = ProtoField.string("ecr6600.item.key", "Key"),
    item_value = ProtoField.bytes("ecr6600.item.value", "Value"),
    item_queues = ProtoField.uint8("ecr6600.item.queues", "Queues", base.DEC, QUEUES),
    item_lines = ProtoField.uint8("ecr6600.item.lines", "Lines", base.HEX),
    item_power = ProtoField.uint8("ecr6600.item.power", "Power", base.DEC),
    item_ahead = ProtoField.uint64("ecr6600.item.ahead", "Nanoseconds ahead"),
    item_clock = ProtoField.uint8("ecr6600.item.clock", "Clock", base.DEC, CLOCK),
    item_seed = ProtoField.uint64("ecr6600.item.seed", "Seed"),
    item_epoch = ProtoField.int64("ecr6600.item.epoch", "Epoch, in nanoseconds"),
    item_records = ProtoField.uint8("ecr6600.item.records", "Data records are", base.DEC, RECORDS),
    item_bits = ProtoField.uint8("ecr6600.item.data_bits", "Data bits"),
    item_parity = ProtoField.uint8("ecr6600.item.parity", "Parity", base.DEC, PARITY),
    item_stop = ProtoField.uint8("ecr6600.item.stop_bits", "Stop bits, in halves"),
    item_error = ProtoField.uint8("ecr6600.item.error", "Kind", base.DEC, RECEIVE_ERROR),
    version = ProtoField.string("ecr6600.version", "Trace format"),
}

-- Expert infos.
local x = {
    sum = ProtoExpert.new("ecr6600.sum.bad", "Wrong sum", expert.group.CHECKSUM, expert.severity.WARN),
    crc = ProtoExpert.new("ecr6600.crc.bad", "Wrong CRC", expert.group.CHECKSUM, expert.severity.WARN),
    again = ProtoExpert.new("ecr6600.again", "Sent again", expert.group.SEQUENCE, expert.severity.NOTE),
    refused = ProtoExpert.new("ecr6600.refused", "Refused", expert.group.RESPONSE_CODE, expert.severity.WARN),
    lost = ProtoExpert.new("ecr6600.lost", "Lost bytes", expert.group.SEQUENCE, expert.severity.WARN),
    received = ProtoExpert.new("ecr6600.receive_error", "Receive error", expert.group.CHECKSUM, expert.severity.WARN),
    too_new = ProtoExpert.new("ecr6600.too_new", "A newer trace format", expert.group.UNDECODED, expert.severity.WARN),
    damaged = ProtoExpert.new("ecr6600.damaged", "Damaged item", expert.group.MALFORMED, expert.severity.WARN),
}

local function plural(count, noun) return ("%.0f %s%s"):format(count, noun, count == 1 and "" or "s") end

return { RECORD_HEAD = RECORD_HEAD, HOST = HOST, CHIP = CHIP, WAY = WAY, WAY_NAME = WAY_NAME, END = END,
    COMMAND = COMMAND, STATUS = STATUS, QUEUES = QUEUES, CLOCK = CLOCK, RECORDS = RECORDS, CAUSE = CAUSE,
    PARITY = PARITY, RECEIVE_ERROR = RECEIVE_ERROR, ITEM = ITEM, fields = f, experts = x, plural = plural }
