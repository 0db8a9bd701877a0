// Which descriptors of a program are ports.
#define _GNU_SOURCE
#include "attach.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>

/// Descriptors that are looked at when a program starts: what it inherits has a low number.
enum { most_inherited = 256 };
enum { most_exceptions = 8 };

_Atomic uint32_t terminals[most_descriptors];
static _Atomic int terminals_end;

/// Terminals that are no ports: those the recorder itself was started on.
static uint32_t exceptions[most_exceptions];

int entries_end(void) {
    return atomic_load(&terminals_end);
}

static uint32_t packed(dev_t device) {
    return (uint32_t)major(device) << 20 | ((uint32_t)minor(device) & 0xFFFFF);
}

/// The character device that a descriptor leads to; 0 for anything else, and for memory devices such as /dev/null.
static uint32_t character_device(int fd) {
    struct stat status;
    if (fstat(fd, &status) < 0 || !S_ISCHR(status.st_mode) || major(status.st_rdev) == 1) return 0;
    return packed(status.st_rdev);
}

/// Whether it may be a port: a terminal, not a name for the own one (5:0) nor the master of a pseudo-terminal (5:2).
static int is_port(int fd, uint32_t device) {
    if (device == (5u << 20 | 0) || device == (5u << 20 | 2)) return 0;
    for (int i = 0; i < most_exceptions; i++) {
        if (exceptions[i] == device) return 0;
    }
    struct termios settings;
    return BEHIND(ioctl)(fd, TCGETS, &settings) == 0;
}

/// Whether there is a recorder, even if it is only reached later: it then hears how much it was not told.
static int has_recorder(void) {
    return is_watched() || is_to_be_watched();
}

static void forget(int fd, uint32_t device, int64_t time) {
    atomic_store(&terminals[fd], 0);
    tell(
        (struct solderless_message){.kind = solderless_closed, .device = device, .descriptor = fd, .time = time}, NULL,
        0);
}

int is_still(int fd, uint32_t device) {
    if (!device || !has_recorder()) return 0;
    if (character_device(fd) == device) return 1;
    if (entry(fd) == device) forget(fd, device, 0);
    return 0;
}

static uint32_t packed_settings(const struct termios2 *settings) {
    tcflag_t flags = settings->c_cflag;
    uint32_t bits = 5 + (flags & CSIZE) / CS6;
    uint32_t parity = !(flags & PARENB) ? 0 : flags & CMSPAR ? (flags & PARODD ? 3 : 4) : flags & PARODD ? 1 : 2;
    uint32_t stop = flags & CSTOPB ? 4 : 2;
    uint32_t mode = (settings->c_lflag & ICANON ? 1u << 0 : 0) | (settings->c_lflag & ECHO ? 1u << 1 : 0)
        | (settings->c_lflag & ISIG ? 1u << 2 : 0) | (settings->c_iflag & ICRNL ? 1u << 3 : 0)
        | (settings->c_iflag & INLCR ? 1u << 4 : 0) | (settings->c_iflag & IXOFF ? 1u << 5 : 0)
        | (settings->c_iflag & IXON ? 1u << 6 : 0) | (settings->c_oflag & OPOST ? 1u << 7 : 0)
        | (settings->c_iflag & ISTRIP ? 1u << 8 : 0);
    return bits | parity << 4 | stop << 8 | mode << 16;
}

void tell_settings(int fd, uint32_t device, uint8_t how, int64_t began, int error) {
    int64_t time = now();
    struct termios2 settings;
    if (BEHIND(ioctl)(fd, TCGETS2, &settings) < 0) return;
    tell(
        (struct solderless_message){
            .kind = solderless_settings, .detail = how, .device = device, .descriptor = fd, .time = time,
            .began = began, .error = error, .first = settings.c_ospeed, .second = packed_settings(&settings)},
        NULL, 0);
}

/// "/proc/self/fd/" and the number, by hand: snprintf is for neither signal handlers nor what runs between fork and
/// exec.
static void write_link(char *link, int fd) {
    static const char folder[] = "/proc/self/fd/";
    char digits[12];
    int count = 0;
    do digits[count++] = (char)('0' + fd % 10);
    while ((fd /= 10) > 0);
    memcpy(link, folder, sizeof folder - 1);
    link += sizeof folder - 1;
    while (count > 0) *link++ = digits[--count];
    *link = 0;
}

static void tell_opened(int fd, uint32_t device, uint8_t how) {
    int64_t time = now();
    char link[32], path[1024];
    write_link(link, fd);
    long count = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path);
    tell(
        (struct solderless_message){
            .kind = solderless_opened, .detail = how, .device = device, .descriptor = fd, .time = time},
        path, count < 0 ? 0 : (size_t)count);
    tell_settings(fd, device, 0, time, 0);
    // The kernel asserts DTR and RTS when a port is opened.
    int lines = 0;
    if (BEHIND(ioctl)(fd, TIOCMGET, &lines) == 0) {
        tell(
            (struct solderless_message){
                .kind = solderless_lines, .device = device, .descriptor = fd, .time = time, .first = (uint32_t)lines},
            NULL, 0);
    }
}

static void enter(int fd, uint32_t device, uint8_t how) {
    atomic_store(&terminals[fd], device);
    int end = atomic_load(&terminals_end);
    while (end <= fd && !atomic_compare_exchange_weak(&terminals_end, &end, fd + 1)) {}
    // A recorder that is reached later is told then.
    if (channel_number(the_pipe) >= 0) tell_opened(fd, device, how);
}

void gained(int fd, uint8_t how) {
    if (fd < 0 || fd >= most_descriptors || !recorder_is_known()) return;
    int reason = errno;
    uint32_t before = entry(fd);
    uint32_t device = character_device(fd);
    if ((before || device) && has_recorder()) {
        if (before) forget(fd, before, 0);
        if (device && is_port(fd, device)) enter(fd, device, how);
    }
    errno = reason;
}

void opened(int fd) {
    gained(fd, 0);
}

struct closing about_to_close(int fd) {
    struct closing closing = {.fd = fd, .device = entry(fd)};
    if (!closing.device) return closing;
    int reason = errno;
    if (has_recorder()) {
        // Now: once it is closed, its number may be another's in another thread.
        atomic_store(&terminals[fd], 0);
        closing.time = now();
    } else {
        closing.device = 0;
    }
    errno = reason;
    return closing;
}

void tell_closed(struct closing closing) {
    if (!closing.device) return;
    int reason = errno;
    tell(
        (struct solderless_message){
            .kind = solderless_closed, .device = closing.device, .descriptor = closing.fd, .time = closing.time},
        NULL, 0);
    errno = reason;
}

void find_inherited(void) {
    struct pollfd polled[most_inherited];
    for (int fd = 0; fd < most_inherited; fd++) polled[fd] = (struct pollfd){.fd = fd};
    struct rlimit limit;
    int count = most_inherited;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < most_inherited) count = (int)limit.rlim_cur;
    struct timespec none = {0, 0};
    if (syscall(SYS_ppoll, polled, count, &none, NULL, 0) < 0) return;
    int end = atomic_load(&terminals_end);
    for (int fd = 0; fd < count || fd < end; fd++) {
        if (fd < count ? polled[fd].revents & POLLNVAL : !entry(fd)) continue;
        uint32_t device = character_device(fd);
        // Never 0 for a port meanwhile: other threads may be using it.
        if (device && is_port(fd, device)) enter(fd, device, 1);
        else atomic_store(&terminals[fd], 0);
    }
}

/// SOLDERLESS_ATTACH_EXCEPT: "136:3,4:64".
static void read_exceptions(const char *text) {
    for (int i = 0; text && i < most_exceptions; i++) {
        char *end;
        unsigned long first = strtoul(text, &end, 10);
        if (*end != ':') return;
        unsigned long second = strtoul(end + 1, &end, 10);
        exceptions[i] = (uint32_t)(first << 20 | (second & 0xFFFFF));
        text = *end == ',' ? end + 1 : NULL;
    }
}

__attribute__((constructor)) static void begin(void) {
    int reason = errno;
    find_calls();
    const char *path = getenv("SOLDERLESS_ATTACH");
    if (path && *path) {
        read_exceptions(getenv("SOLDERLESS_ATTACH_EXCEPT"));
        recorder_begin(path);
        if (recorder_is_known()) find_inherited();
    }
    errno = reason;
}

__attribute__((destructor)) static void finish(void) {
    if (!is_told_process()) return;
    // The recorder sees that this process is gone, but later.
    int end = entries_end();
    for (int fd = 0; fd < end; fd++) {
        uint32_t device = entry(fd);
        if (device) forget(fd, device, 0);
    }
    tell_losses();
}
