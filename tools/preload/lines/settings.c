// Settings, queues, breaks: calls that a pseudo-terminal has, but does not order with the data.
#define _GNU_SOURCE
#include "lines.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <linux/serial.h>

// As tcsetattr and tcflush number them.
enum { at_once, when_sent, when_sent_and_flushed };
enum { received_queue, sent_queue, both_queues };

/// `ask` for calls that the kernel answers as well: keeps errno.
static int also_ask(struct solderless_request request, struct solderless_answer *answer) {
    int reason = errno;
    int result = ask(request, answer);
    errno = reason;
    return result;
}

void wait_until_sent(void) {
    also_ask((struct solderless_request){.kind = solderless_drain}, NULL);
}

int ask_flush(int queues) {
    if (queues < received_queue || queues > both_queues) return -1;
    return also_ask((struct solderless_request){.kind = solderless_flush, .first = (uint32_t)queues + 1}, NULL);
}

int ask_break(uint32_t part) {
    return also_ask((struct solderless_request){.kind = solderless_break, .first = part}, NULL);
}

/// The rate that setserial's custom divisor makes of 38,400 (serial.c), as drivers have it.
static int take_custom_rate(int fd, const struct solderless_answer *answer) {
    if ((answer->flags & ASYNC_SPD_MASK) != ASYNC_SPD_CUST || answer->divisor == 0) return 0;
    struct termios2 settings;
    if (BEHIND(ioctl)(fd, TCGETS2, &settings) < 0 || (settings.c_cflag & CBAUD) != B38400) return 0;
    settings.c_cflag = (settings.c_cflag & ~(CBAUD | (CBAUD << IBSHIFT))) | BOTHER;
    settings.c_ospeed = settings.c_ispeed = solderless_base_rate / answer->divisor;
    return next.ioctl(fd, TCSETS2, &settings) == 0;
}

void tell_settings(int fd) {
    int reason = errno;
    struct solderless_request request = {.kind = solderless_settings};
    struct solderless_answer answer;
    if (also_ask(request, &answer) == 0 && take_custom_rate(fd, &answer)) also_ask(request, NULL);
    errno = reason;
}

int settings_call(int fd, int action, unsigned long base, const void *settings) {
    if (action != at_once) wait_until_sent();
    // Thrown away once, and in its place.
    if (action == when_sent_and_flushed && ask_flush(received_queue) == 0) action = when_sent;
    int result = base ? BEHIND(ioctl)(fd, base + (unsigned long)action, settings)
                      : BEHIND(tcsetattr)(fd, action, settings);
    // Also after a failure: the C library calls it one where the kernel has done a part of it.
    tell_settings(fd);
    return result;
}

exported int tcsetattr(int fd, int action, const void *settings) {
    if (action < at_once || action > when_sent_and_flushed || !is_port(fd)) {
        return BEHIND(tcsetattr)(fd, action, settings);
    }
    return settings_call(fd, action, 0, settings);
}

exported int tcflush(int fd, int queues) {
    if (is_port(fd) && ask_flush(queues) == 0) return 0;
    return BEHIND(tcflush)(fd, queues);
}

exported int tcsendbreak(int fd, int duration) {
    if (is_port(fd) && ask_break(0) == 0) return 0;
    return BEHIND(tcsendbreak)(fd, duration);
}

exported int tcdrain(int fd) {
    if (is_port(fd)) wait_until_sent();
    return BEHIND(tcdrain)(fd);
}
