// What setserial sets: a rate by its divisor, and a latency, which changes nothing here but is kept.
#define _GNU_SOURCE
#include "lines.h"

#include <asm/ioctls.h>
#include <linux/serial.h>
#include <string.h>

static int get(void *argument) {
    struct solderless_answer answer;
    if (ask((struct solderless_request){.kind = solderless_state}, &answer) < 0) return -1;
    struct serial_struct serial;
    memset(&serial, 0, sizeof serial);
    serial.type = PORT_16550A;
    serial.baud_base = solderless_base_rate;
    serial.flags = (int)answer.flags;
    serial.custom_divisor = (int)answer.divisor;
    serial.close_delay = 50;
    serial.closing_wait = 3000;
    return copy_out(argument, &serial, sizeof serial);
}

static int set(int fd, const void *argument) {
    struct serial_struct serial;
    if (copy_in(&serial, argument, sizeof serial) < 0) return -1;
    struct solderless_request request = {
        .kind = solderless_serial, .first = (uint32_t)serial.flags, .second = (uint32_t)serial.custom_divisor};
    if (ask(request, NULL) < 0) return -1;
    tell_settings(fd);
    return 0;
}

int serial_call(int fd, unsigned long request, void *argument) {
    return (uint32_t)request == TIOCGSERIAL ? get(argument) : set(fd, argument);
}
