// Control lines.
#define _GNU_SOURCE
#include "lines.h"

#include <asm/ioctls.h>
#include <linux/serial.h>
#include <string.h>
#include <sys/ioctl.h>

/// Those that a port drives.
enum { own_lines = TIOCM_DTR | TIOCM_RTS };

static int get(void *argument) {
    struct solderless_answer answer;
    if (ask((struct solderless_request){.kind = solderless_state}, &answer) < 0) return -1;
    int lines = (int)answer.lines;
    return copy_out(argument, &lines, sizeof lines);
}

static int set(unsigned long request, const void *argument) {
    int bits;
    if (copy_in(&bits, argument, sizeof bits) < 0) return -1;
    uint32_t named = (uint32_t)bits & own_lines;
    struct solderless_request change = {.kind = solderless_lines};
    if ((uint32_t)request != TIOCMBIC) change.first = named;
    if ((uint32_t)request == TIOCMBIC) change.second = named;
    if ((uint32_t)request == TIOCMSET) change.second = own_lines & ~named;
    return ask(change, NULL);
}

/// What a receiver counts: here nothing but characters, for the inputs are not wired and errors are not counted.
static int get_counts(void *argument) {
    struct solderless_answer answer;
    if (ask((struct solderless_request){.kind = solderless_state}, &answer) < 0) return -1;
    struct serial_icounter_struct counts;
    memset(&counts, 0, sizeof counts);
    counts.rx = (int)answer.received;
    counts.tx = (int)answer.sent;
    return copy_out(argument, &counts, sizeof counts);
}

int modem_call(unsigned long request, void *argument) {
    switch ((uint32_t)request) {
        case TIOCMGET: return get(argument);
        case TIOCGICOUNT: return get_counts(argument);
        default: return set(request, argument);
    }
}
