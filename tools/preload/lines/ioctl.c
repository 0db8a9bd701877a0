// ioctl, which everything goes through in programs that do not use libc's other names for it.
#define _GNU_SOURCE
#include "lines.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>

/// What there is to do for a call of the bench's port.
enum duty { nothing, set, flush, send_break, set_break, clear_break, modem, serial };

static enum duty duty_of(unsigned long request) {
    // Some C libraries take an int.
    switch ((uint32_t)request) {
        case TCSETS: case TCSETSW: case TCSETSF:
        case TCSETA: case TCSETAW: case TCSETAF:
        case TCSETS2: case TCSETSW2: case TCSETSF2: return set;
        case TCFLSH: return flush;
        case TCSBRK: case TCSBRKP: return send_break;
        case TIOCSBRK: return set_break;
        case TIOCCBRK: return clear_break;
        case TIOCMGET: case TIOCMSET: case TIOCMBIS: case TIOCMBIC: case TIOCGICOUNT: return modem;
        case TIOCGSERIAL: case TIOCSSERIAL: return serial;
        default: return nothing;
    }
}

/// The one of each three that acts at once; the next two wait, and the last throws away what was received.
static unsigned long base_of(unsigned long request) {
    uint32_t number = (uint32_t)request;
    return number >= TCSETS2 ? TCSETS2 : number >= TCSETA ? TCSETA : TCSETS;
}

exported int ioctl(int fd, unsigned long request, ...) {
    TAKE_ARGUMENT(request, argument)
    enum duty duty = duty_of(request);
    if (duty == nothing || !is_port(fd)) return BEHIND(ioctl)(fd, request, argument);
    int result = -1;
    switch (duty) {
        case set: return settings_call(fd, (int)(request - base_of(request)), base_of(request), argument);
        case flush: result = ask_flush((int)(long)argument); break;
        case send_break:
            // With an argument TCSBRK only waits until everything is out.
            if ((uint32_t)request == TCSBRKP || !argument) result = ask_break(0);
            else wait_until_sent();
            break;
        case set_break: result = ask_break(1); break;
        case clear_break: result = ask_break(2); break;
        case modem: result = modem_call(request, argument); break;
        case serial: result = serial_call(fd, request, argument); break;
        default: break;
    }
    if (result == 0 || ((duty == modem || duty == serial) && errno != ECONNREFUSED)) return result;
    return BEHIND(ioctl)(fd, request, argument);
}
