/// What the preload library of `solderless run` asks the bench for.
///
/// SOLDERLESS_LINES names the port and a local stream socket: "136:5:/run/user/1000/solderless/4711.lines". For each
/// request the library connects, sends one `solderless_request` and waits for one `solderless_answer`. The connection
/// ends with it. If it ends without one, the bench is gone.
///
/// The bench reads the port to its end first: what the program wrote before it asked is on the line before the request
/// is carried out, and what it writes after the answer comes after it. But for `solderless_flush` and
/// `solderless_state`, which are carried out at once, the answer comes when that has crossed the line.
/// `Sources/Ports/Lines/PortRequestCoding.swift` reads them.
#ifndef SOLDERLESS_REQUESTS_H
#define SOLDERLESS_REQUESTS_H

#include <stdint.h>

/// What a change of the requests' meaning counts up.
enum { solderless_requests_version = 1 };

/// Fields are little-endian.
struct solderless_request {
    uint32_t version;
    /// One of the kinds below.
    uint32_t kind;
    uint32_t first;
    uint32_t second;
};

struct solderless_answer {
    /// TIOCM bits.
    uint32_t lines;
    /// Characters that the port has received and sent.
    uint32_t received;
    uint32_t sent;
    /// Flags (ASYNC_*) and custom divisor, as the last `solderless_serial` has set them.
    uint32_t flags;
    uint32_t divisor;
};

_Static_assert(sizeof(struct solderless_request) == 16 && sizeof(struct solderless_answer) == 20, "no padding");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "fields are written as they lie in memory");

enum solderless_request_kind {
    /// Nothing but the answer.
    solderless_state = 1,
    /// The port was opened by its name: a driver then asserts DTR and RTS.
    solderless_opened = 2,
    /// The lines in `first` (TIOCM bits) are asserted, those in `second` released; the others stay.
    solderless_lines = 3,
    /// The terminal's settings have been changed.
    solderless_settings = 4,
    /// `first`: 1 what has been received is thrown away, 2 what has not been sent, 3 both.
    solderless_flush = 5,
    /// `first`: 0 a whole break, 1 its beginning, 2 its end.
    solderless_break = 6,
    /// Nothing but that what was written has crossed the line.
    solderless_drain = 7,
    /// `first`: flags; `second`: custom divisor.
    solderless_serial = 8,
};

#endif
