// Settings, queues, lines, breaks.
#define _GNU_SOURCE
#include "attach.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <sys/syscall.h>

static void told(uint8_t kind, uint8_t detail, int fd, uint32_t device, int result, uint32_t first) {
    int reason = errno;
    if (is_still(fd, device)) {
        tell(
            (struct solderless_message){
                .kind = kind, .detail = detail, .device = device, .descriptor = fd, .error = result < 0 ? reason : 0,
                .first = first},
            NULL, 0);
    }
    errno = reason;
}

static void set(int fd, uint32_t device, int action, int64_t began, int result) {
    int reason = errno;
    if (is_still(fd, device)) tell_settings(fd, device, (uint8_t)(1 + action), began, result < 0 ? reason : 0);
    errno = reason;
}

exported int tcsetattr(int fd, int action, const void *settings) {
    uint32_t device = entry(fd);
    int64_t began = device ? now() : 0;
    int result = BEHIND(tcsetattr)(fd, action, settings);
    // TCSANOW, TCSADRAIN and TCSAFLUSH are 0, 1 and 2.
    if (device && action >= 0 && action <= 2) set(fd, device, action, began, result);
    return result;
}

exported int tcflush(int fd, int queues) {
    uint32_t device = entry(fd);
    int result = BEHIND(tcflush)(fd, queues);
    // TCIFLUSH, TCOFLUSH and TCIOFLUSH are 0, 1 and 2.
    if (device && queues >= 0 && queues <= 2) told(solderless_flushed, (uint8_t)(queues + 1), fd, device, result, 0);
    return result;
}

exported int tcsendbreak(int fd, int duration) {
    uint32_t device = entry(fd);
    int result = BEHIND(tcsendbreak)(fd, duration);
    if (device) told(solderless_break, 0, fd, device, result, 0);
    return result;
}

/// The bits of a call that sets lines, read once the kernel has. A kernel that refuses the call may not have looked at
/// the pointer (ENOTTY, EIO): then it may lead nowhere, and is read in a way that fails instead. 0 for what cannot be
/// read.
static uint32_t bits_of(const void *argument, int result) {
    if (result >= 0) return *(const uint32_t *)argument;
    int reason = errno;
    uint32_t bits = 0;
    struct iovec here = {&bits, sizeof bits}, there = {(void *)argument, sizeof bits};
    // Not libc's own: old ones lack it. Longs: the last argument lies on the stack, where all of it counts.
    if (syscall(SYS_process_vm_readv, syscall(SYS_getpid), &here, 1L, &there, 1L, 0L) != sizeof bits) bits = 0;
    errno = reason;
    return bits;
}

exported int ioctl(int fd, unsigned long request, ...) {
    TAKE_ARGUMENT(request, argument)
    uint32_t device = entry(fd);
    if (!device) return BEHIND(ioctl)(fd, request, argument);
    int64_t began = now();
    int result = BEHIND(ioctl)(fd, request, argument);
    long number = (long)argument;
    // Some C libraries take an int.
    switch ((uint32_t)request) {
        case TCSETS: case TCSETS2: case TCSETA: set(fd, device, 0, began, result); break;
        case TCSETSW: case TCSETSW2: case TCSETAW: set(fd, device, 1, began, result); break;
        case TCSETSF: case TCSETSF2: case TCSETAF: set(fd, device, 2, began, result); break;
        case TCFLSH:
            if (number >= 0 && number <= 2) told(solderless_flushed, (uint8_t)(number + 1), fd, device, result, 0);
            break;
        // With an argument TCSBRK only waits until everything is out.
        case TCSBRK: if (number == 0) told(solderless_break, 0, fd, device, result, 0); break;
        case TCSBRKP: told(solderless_break, 0, fd, device, result, 0); break;
        case TIOCSBRK: told(solderless_break, 1, fd, device, result, 0); break;
        case TIOCCBRK: told(solderless_break, 2, fd, device, result, 0); break;
        case TIOCMGET: if (result == 0) told(solderless_lines, 0, fd, device, result, bits_of(argument, result)); break;
        case TIOCMSET: told(solderless_lines, 1, fd, device, result, bits_of(argument, result)); break;
        case TIOCMBIS: told(solderless_lines, 2, fd, device, result, bits_of(argument, result)); break;
        case TIOCMBIC: told(solderless_lines, 3, fd, device, result, bits_of(argument, result)); break;
    }
    return result;
}
