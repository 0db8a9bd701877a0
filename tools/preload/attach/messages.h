/// What the preload library tells `solderless record --attach`.
///
/// SOLDERLESS_ATTACH names a local stream socket. A process connects to it and sends one `hello` with the read end of a
/// pipe (SCM_RIGHTS); everything after that goes through the pipe, and the socket stays open for as long as the process
/// lives. A pipe takes the events because it holds ten times as many of them as a socket's buffer and costs a fifth.
///
/// A message is a header and `length` minus its size bytes of data, little-endian. None is longer than
/// 4096 bytes (PIPE_BUF): so each is written whole or not at all, whichever thread writes it.
/// `Sources/Trace/Attached/AttachedMessage.swift` reads them.
#ifndef SOLDERLESS_MESSAGES_H
#define SOLDERLESS_MESSAGES_H

#include <stdint.h>

/// What a change of the messages' meaning counts up.
enum { solderless_messages_version = 1 };

enum { solderless_message_most = 4096 };

struct solderless_message {
    /// Of all of it, in bytes.
    uint16_t length;
    /// One of the kinds below.
    uint8_t kind;
    uint8_t detail;
    /// Which terminal: major << 20 | minor. 0 in `hello` and `lost`.
    uint32_t device;
    /// CLOCK_MONOTONIC in nanoseconds when the call had returned.
    int64_t time;
    /// The same when it began.
    int64_t began;
    /// Through which descriptor, by its number in that process.
    int32_t descriptor;
    /// The call's errno; 0 when it succeeded.
    int32_t error;
    uint32_t first;
    uint32_t second;
};

_Static_assert(sizeof(struct solderless_message) == 40, "no padding");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "fields are written as they lie in memory");

enum solderless_message_kind {
    /// `first`: the messages' version; `second`: the process, as it knows itself. Data: the program's path.
    solderless_hello = 1,
    /// A terminal has a descriptor. `detail`: 0 opened, 1 there from the beginning or from before a fork, 2 a copy of
    /// another. Data: the terminal's path.
    solderless_opened = 2,
    /// The descriptor no longer leads to it, or the program is about to end. `time`: when the call began.
    solderless_closed = 3,
    /// A write took these bytes: the data.
    solderless_sent = 4,
    /// A read gave these bytes: the data.
    solderless_received = 5,
    /// The terminal's settings, read back. `detail`: 0 as they were found, 1 + the action of tcsetattr (0 now, 1 when
    /// drained, 2 the same and input flushed). `first`: output rate in bits per second. `second`: data bits, parity
    /// << 4 (0 none, 1 odd, 2 even, 3 mark, 4 space), halves of stop bits << 8, and from bit 16 on what the terminal
    /// does to bytes: ICANON, ECHO, ISIG, ICRNL, INLCR, IXOFF, IXON, OPOST, ISTRIP.
    solderless_settings = 6,
    /// tcflush. `detail`: 1 input, 2 output, 3 both.
    solderless_flushed = 7,
    /// Modem lines. `detail`: 0 as they were read, 1 TIOCMSET, 2 TIOCMBIS, 3 TIOCMBIC. `first`: TIOCM bits.
    solderless_lines = 8,
    /// `detail`: 0 a whole break, 1 its beginning, 2 its end.
    solderless_break = 9,
    /// A transfer failed with `error`. `detail`: 0 a read, 1 a write.
    solderless_failed = 10,
    /// The pipe was full for a while. Data: bytes sent, bytes received, other messages that are missing, as uint64_t.
    solderless_lost = 11,
    /// The descriptor was given to C's streams, whose reads and writes are not seen.
    solderless_streamed = 12,
};

#endif
