// The preload library of `solderless record --attach`: tells what a program does with terminals, and changes nothing of it.
//
// It stands in front of libc's calls. Each goes through unchanged first; then, if it was about a terminal, a message about
// it goes to the recorder (messages.h). Nothing here waits: what the pipe has no room for is counted, and the count is sent
// when there is room again. Without a recorder calls go through and nothing else happens.
//
// A hook may run in any thread, in a signal handler, and between fork and exec: there are no locks and no allocations, and
// errno is kept. After vfork the memory is still the parent's: there a hook only passes through.
#define _GNU_SOURCE
#include "messages.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define exported __attribute__((visibility("default")))

// <termios.h> and <asm/termbits.h> cannot be in one file, and C libraries differ in what they declare of these.
extern int ioctl(int fd, unsigned long request, ...);
extern int tcsetattr(int fd, int action, const void *settings);
extern int tcflush(int fd, int queues);
extern int tcsendbreak(int fd, int duration);
extern int __open_2(const char *path, int flags);
extern int __open64_2(const char *path, int flags);
extern int __openat_2(int folder, const char *path, int flags);
extern int __openat64_2(int folder, const char *path, int flags);
extern ssize_t __read_chk(int fd, void *bytes, size_t count, size_t room);
extern int close_range(unsigned int first, unsigned int last, int flags);
extern void closefrom(int first);

// MARK: The calls behind these

#define EVERY_CALL(X) \
    X(open) X(open64) X(openat) X(openat64) X(__open_2) X(__open64_2) X(__openat_2) X(__openat64_2) \
    X(fopen) X(fopen64) X(fdopen) X(fclose) X(close) X(close_range) X(closefrom) \
    X(dup) X(dup2) X(dup3) X(fcntl) X(fcntl64) X(read) X(__read_chk) X(readv) X(write) X(writev) \
    X(ioctl) X(tcsetattr) X(tcflush) X(tcsendbreak)

static struct {
#define X(name) __typeof__(name) *name;
    EVERY_CALL(X)
#undef X
} next;

/// Finds them all at once: looking one up later could wait for a lock that another thread held at a fork.
static void find_calls(void) {
#define X(name) *(void **)&next.name = dlsym(RTLD_NEXT, #name);
    EVERY_CALL(X)
#undef X
}

/// The call behind this one; libraries that are set up before this one may call earlier.
#define BEHIND(name) (next.name ? next.name : (find_calls(), next.name))

/// Ends a hook whose call this C library does not have.
#define REQUIRE(name) \
    if (!BEHIND(name)) return errno = ENOSYS, -1

// MARK: What is known of this process

/// Descriptors from here on are not followed.
enum { most_descriptors = 65536 };
/// Descriptors that are looked at when a program starts: what it inherits has a low number.
enum { most_inherited = 256 };
enum { most_exceptions = 8 };

/// The terminal that a descriptor leads to; 0 for all others. A hint: closing has ways that are not seen, so whoever uses an
/// entry looks at the descriptor first.
static _Atomic uint32_t terminals[most_descriptors];
/// One above the highest that ever was one.
static _Atomic int terminals_end;

/// Terminals that are no ports: those the recorder itself was started on.
static uint32_t exceptions[most_exceptions];
static struct sockaddr_un recorder;

/// Socket, and write and read end of the pipe; -1 for none. The read end is kept open: without a reader, writing would
/// raise SIGPIPE.
enum { the_socket, the_pipe, the_read_end, channel_count };
static _Atomic int channel[channel_count] = {-1, -1, -1};
/// Which pipe it is: its number may have become another's in a way that is not seen.
static _Atomic uint64_t pipe_device, pipe_number;
static _Atomic int tries_left;
enum { most_tries = 100 };

static _Atomic uint64_t lost_sent, lost_received, lost_others;

/// The process that all this is about.
static _Atomic pid_t owner;
/// One word that a fork sets to zero; a vfork does not, for there the memory is the parent's.
static _Atomic int *is_original;

static void join(void);
static void find_inherited(void);

static pid_t own_number(void) {
    return (pid_t)syscall(SYS_getpid);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int is_channel(int fd) {
    if (fd < 0) return 0;
    for (int i = 0; i < channel_count; i++) {
        if (atomic_load(&channel[i]) == fd) return 1;
    }
    return 0;
}

static void leave(void) {
    for (int i = 0; i < channel_count; i++) {
        int fd = atomic_exchange(&channel[i], -1);
        if (fd >= 0) syscall(SYS_close, fd);
    }
}

/// Whether what happens here is to be told. The child of a fork gets a pipe of its own on the way.
static int is_watched(void) {
    if (!is_original) return 0;
    if (atomic_load(&owner) == own_number()) {
        if (atomic_load(&channel[the_pipe]) < 0 && atomic_load(&tries_left) > 0) join();
        return atomic_load(&channel[the_pipe]) >= 0;
    }
    int zero = 0;
    if (!atomic_compare_exchange_strong(is_original, &zero, 1)) return 0;
    leave();
    atomic_store(&lost_sent, 0);
    atomic_store(&lost_received, 0);
    atomic_store(&lost_others, 0);
    atomic_store(&tries_left, most_tries);
    atomic_store(&owner, own_number());
    join();
    find_inherited();
    return atomic_load(&channel[the_pipe]) >= 0;
}

// MARK: Telling

static int write_message(struct solderless_message *message, const void *data, size_t count) {
    int fd = atomic_load(&channel[the_pipe]);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) < 0 || status.st_dev != atomic_load(&pipe_device) ||
        status.st_ino != atomic_load(&pipe_number)) {
        return 0;
    }
    message->length = (uint16_t)(sizeof *message + count);
    struct iovec parts[] = {{message, sizeof *message}, {(void *)data, count}};
    // Not libc's own: that would be a place where a thread can be cancelled.
    return syscall(SYS_writev, fd, parts, 2) == message->length;
}

/// Says what was lost, if anything was. Returns whether there is room again.
static int tell_losses(void) {
    uint64_t lost[] = {
        atomic_exchange(&lost_sent, 0), atomic_exchange(&lost_received, 0), atomic_exchange(&lost_others, 0)};
    if (!lost[0] && !lost[1] && !lost[2]) return 1;
    struct solderless_message message = {.kind = solderless_lost, .time = now(), .descriptor = -1};
    message.began = message.time;
    if (write_message(&message, lost, sizeof lost)) return 1;
    atomic_fetch_add(&lost_sent, lost[0]);
    atomic_fetch_add(&lost_received, lost[1]);
    atomic_fetch_add(&lost_others, lost[2]);
    return 0;
}

static void tell(struct solderless_message message, const void *data, size_t count) {
    if (!message.time) message.time = now();
    if (!message.began) message.began = message.time;
    if (tell_losses() && write_message(&message, data, count)) return;
    switch (message.kind) {
        case solderless_sent: atomic_fetch_add(&lost_sent, count); break;
        case solderless_received: atomic_fetch_add(&lost_received, count); break;
        default: atomic_fetch_add(&lost_others, 1);
    }
}

// MARK: Joining the recorder

/// Moves a descriptor to where a program does not expect one, away from the low numbers that it does.
static int moved_away(int fd) {
    struct rlimit limit;
    if (fd < 0 || getrlimit(RLIMIT_NOFILE, &limit) < 0) return fd;
    long first = (long)(limit.rlim_cur < 1024 ? limit.rlim_cur : 1024) - 64;
    long moved = first > fd ? syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, first) : -1;
    if (moved < 0) return fd;
    syscall(SYS_close, fd);
    return (int)moved;
}

static int say_hello(int fd, int read_end) {
    struct solderless_message message = {
        .kind = solderless_hello, .descriptor = -1, .first = solderless_messages_version,
        .second = (uint32_t)own_number()};
    message.began = message.time = now();
    char path[1024];
    long count = syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", path, sizeof path);
    if (count < 0) count = 0;
    message.length = (uint16_t)(sizeof message + (size_t)count);
    struct iovec parts[] = {{&message, sizeof message}, {path, (size_t)count}};
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    memset(&control, 0, sizeof control);
    struct msghdr whole = {
        .msg_iov = parts, .msg_iovlen = 2, .msg_control = &control, .msg_controllen = sizeof control.room};
    struct cmsghdr *passed = CMSG_FIRSTHDR(&whole);
    passed->cmsg_level = SOL_SOCKET;
    passed->cmsg_type = SCM_RIGHTS;
    passed->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(passed), &read_end, sizeof read_end);
    return syscall(SYS_sendmsg, fd, &whole, MSG_NOSIGNAL | MSG_DONTWAIT) == message.length;
}

/// Tries once to reach the recorder. Where many others do at this moment, the next event tries again.
static void join(void) {
    int tries = atomic_load(&tries_left);
    // One thread at a time, without another waiting for it.
    if (tries <= 0 || !atomic_compare_exchange_strong(&tries_left, &tries, 0)) return;
    int ends[2] = {-1, -1};
    struct stat status;
    int fd = moved_away((int)syscall(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (fd < 0) return;
    if (syscall(SYS_connect, fd, &recorder, sizeof recorder) < 0) {
        int is_busy = errno == EAGAIN;
        syscall(SYS_close, fd);
        if (is_busy) atomic_store(&tries_left, tries - 1);
        return;
    }
    if (syscall(SYS_pipe2, ends, O_NONBLOCK | O_CLOEXEC) < 0) {
        syscall(SYS_close, fd);
        return;
    }
    ends[0] = moved_away(ends[0]);
    ends[1] = moved_away(ends[1]);
    // Refused where this user has many large pipes: it is then as large as every pipe.
    syscall(SYS_fcntl, ends[1], F_SETPIPE_SZ, 1 << 20);
    if (fstat(ends[1], &status) < 0 || !say_hello(fd, ends[0])) {
        syscall(SYS_close, fd);
        syscall(SYS_close, ends[0]);
        syscall(SYS_close, ends[1]);
        return;
    }
    atomic_store(&pipe_device, status.st_dev);
    atomic_store(&pipe_number, status.st_ino);
    atomic_store(&channel[the_socket], fd);
    atomic_store(&channel[the_read_end], ends[0]);
    atomic_store(&channel[the_pipe], ends[1]);
}

/// A program that wants one of the channel's numbers gets it.
static void make_way(int fd) {
    for (int i = 0; i < channel_count; i++) {
        if (atomic_load(&channel[i]) != fd) continue;
        long moved = syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, fd + 1);
        if (moved < 0) moved = syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3);
        atomic_store(&channel[i], (int)moved);
    }
}

// MARK: Terminals

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

static uint32_t entry(int fd) {
    return fd >= 0 && fd < most_descriptors ? atomic_load_explicit(&terminals[fd], memory_order_relaxed) : 0;
}

static void forget(int fd, uint32_t device, int64_t time) {
    atomic_store(&terminals[fd], 0);
    tell((struct solderless_message){.kind = solderless_closed, .device = device, .descriptor = fd, .time = time}, NULL, 0);
}

/// Whether a descriptor that was a terminal's still is, and there is somebody to tell.
static int is_still(int fd, uint32_t device) {
    if (!device || !is_watched()) return 0;
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

static void tell_settings(int fd, uint32_t device, uint8_t how, int64_t began, int error) {
    int64_t time = now();
    struct termios2 settings;
    if (BEHIND(ioctl)(fd, TCGETS2, &settings) < 0) return;
    tell(
        (struct solderless_message){
            .kind = solderless_settings, .detail = how, .device = device, .descriptor = fd, .time = time, .began = began,
            .error = error, .first = settings.c_ospeed, .second = packed_settings(&settings)},
        NULL, 0);
}

static void tell_opened(int fd, uint32_t device, uint8_t how) {
    int64_t time = now();
    char link[32], path[1024];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
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
    tell_opened(fd, device, how);
}

/// A call has given the program this descriptor.
static void gained(int fd, uint8_t how) {
    if (fd < 0 || fd >= most_descriptors || !is_original) return;
    int reason = errno;
    uint32_t before = entry(fd);
    uint32_t device = character_device(fd);
    if ((before || device) && is_watched()) {
        if (before) forget(fd, before, 0);
        if (device && is_port(fd, device)) enter(fd, device, how);
    }
    errno = reason;
}

/// A call is about to take this descriptor away. Returns what it was, for `lost` to tell when the call has returned.
static uint32_t about_to_lose(int fd) {
    uint32_t device = entry(fd);
    if (!device) return 0;
    int reason = errno;
    if (!is_watched()) {
        device = 0;
    } else {
        // Now: once it is closed, its number may be another's in another thread.
        atomic_store(&terminals[fd], 0);
    }
    errno = reason;
    return device;
}

static void lost(int fd, uint32_t device) {
    if (!device) return;
    int reason = errno;
    tell((struct solderless_message){.kind = solderless_closed, .device = device, .descriptor = fd}, NULL, 0);
    errno = reason;
}

/// What was open before this library, or this process, was there.
static void find_inherited(void) {
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
        atomic_store(&terminals[fd], 0);
        if (device && is_port(fd, device)) enter(fd, device, 1);
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
    if (path && *path && strlen(path) < sizeof recorder.sun_path) {
        recorder.sun_family = AF_UNIX;
        strcpy(recorder.sun_path, path);
        read_exceptions(getenv("SOLDERLESS_ATTACH_EXCEPT"));
        void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        // Before Linux 4.14 a fork cannot be told from a vfork: its child then goes unrecorded.
        if (page != MAP_FAILED) {
            madvise(page, 4096, MADV_WIPEONFORK);
            atomic_store((_Atomic int *)page, 1);
            atomic_store(&owner, own_number());
            atomic_store(&tries_left, most_tries);
            is_original = page;
            join();
            find_inherited();
        }
    }
    errno = reason;
}

__attribute__((destructor)) static void finish(void) {
    if (!is_original || atomic_load(&owner) != own_number()) return;
    // The recorder sees that this process is gone, but later.
    int end = atomic_load(&terminals_end);
    for (int fd = 0; fd < end; fd++) {
        uint32_t device = entry(fd);
        if (device) forget(fd, device, 0);
    }
    tell_losses();
}

// MARK: Data

/// Tells what a transfer moved. - `result`: what the call returned; `device`: where the descriptor led before it.
static void moved(
    uint8_t kind, int fd, uint32_t device, int64_t began, ssize_t result, const struct iovec *parts, int count) {
    int reason = errno;
    if (!device || result == 0 || (result < 0 && (reason == EAGAIN || reason == EINTR))) return;
    int64_t time = now();
    if (is_still(fd, device)) {
        struct solderless_message message = {
            .kind = kind, .device = device, .time = time, .began = began ? began : time, .descriptor = fd};
        if (result < 0) {
            message.detail = kind == solderless_sent;
            message.kind = solderless_failed;
            message.error = reason;
            tell(message, NULL, 0);
        }
        for (int i = 0; i < count && result > 0; i++) {
            const char *bytes = parts[i].iov_base;
            size_t rest = parts[i].iov_len < (size_t)result ? parts[i].iov_len : (size_t)result;
            result -= (ssize_t)rest;
            while (rest > 0) {
                size_t piece = solderless_message_most - sizeof message;
                if (piece > rest) piece = rest;
                tell(message, bytes, piece);
                bytes += piece;
                rest -= piece;
            }
        }
    }
    errno = reason;
}

exported ssize_t read(int fd, void *bytes, size_t count) {
    uint32_t device = entry(fd);
    ssize_t result = BEHIND(read)(fd, bytes, count);
    if (device) moved(solderless_received, fd, device, 0, result, &(struct iovec){bytes, count}, 1);
    return result;
}

exported ssize_t __read_chk(int fd, void *bytes, size_t count, size_t room) {
    REQUIRE(__read_chk);
    uint32_t device = entry(fd);
    ssize_t result = next.__read_chk(fd, bytes, count, room);
    if (device) moved(solderless_received, fd, device, 0, result, &(struct iovec){bytes, count}, 1);
    return result;
}

exported ssize_t readv(int fd, const struct iovec *parts, int count) {
    uint32_t device = entry(fd);
    ssize_t result = BEHIND(readv)(fd, parts, count);
    if (device) moved(solderless_received, fd, device, 0, result, parts, count);
    return result;
}

exported ssize_t write(int fd, const void *bytes, size_t count) {
    uint32_t device = entry(fd);
    int64_t began = device ? now() : 0;
    ssize_t result = BEHIND(write)(fd, bytes, count);
    if (device) moved(solderless_sent, fd, device, began, result, &(struct iovec){(void *)bytes, count}, 1);
    return result;
}

exported ssize_t writev(int fd, const struct iovec *parts, int count) {
    uint32_t device = entry(fd);
    int64_t began = device ? now() : 0;
    ssize_t result = BEHIND(writev)(fd, parts, count);
    if (device) moved(solderless_sent, fd, device, began, result, parts, count);
    return result;
}

// MARK: Descriptors

/// The mode behind the flags, where there is one.
#define TAKE_MODE(flags, mode) \
    mode_t mode = 0; \
    if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) { \
        va_list more; \
        va_start(more, flags); \
        mode = va_arg(more, mode_t); \
        va_end(more); \
    }

exported int open(const char *path, int flags, ...) {
    TAKE_MODE(flags, mode)
    int fd = BEHIND(open)(path, flags, mode);
    gained(fd, 0);
    return fd;
}

exported int open64(const char *path, int flags, ...) {
    REQUIRE(open64);
    TAKE_MODE(flags, mode)
    int fd = next.open64(path, flags, mode);
    gained(fd, 0);
    return fd;
}

exported int openat(int folder, const char *path, int flags, ...) {
    TAKE_MODE(flags, mode)
    int fd = BEHIND(openat)(folder, path, flags, mode);
    gained(fd, 0);
    return fd;
}

exported int openat64(int folder, const char *path, int flags, ...) {
    REQUIRE(openat64);
    TAKE_MODE(flags, mode)
    int fd = next.openat64(folder, path, flags, mode);
    gained(fd, 0);
    return fd;
}

exported int __open_2(const char *path, int flags) {
    REQUIRE(__open_2);
    int fd = next.__open_2(path, flags);
    gained(fd, 0);
    return fd;
}

exported int __open64_2(const char *path, int flags) {
    REQUIRE(__open64_2);
    int fd = next.__open64_2(path, flags);
    gained(fd, 0);
    return fd;
}

exported int __openat_2(int folder, const char *path, int flags) {
    REQUIRE(__openat_2);
    int fd = next.__openat_2(folder, path, flags);
    gained(fd, 0);
    return fd;
}

exported int __openat64_2(int folder, const char *path, int flags) {
    REQUIRE(__openat64_2);
    int fd = next.__openat64_2(folder, path, flags);
    gained(fd, 0);
    return fd;
}

exported int close(int fd) {
    // For the program it is not there.
    if (is_channel(fd)) return errno = EBADF, -1;
    uint32_t device = about_to_lose(fd);
    int result = BEHIND(close)(fd);
    lost(fd, device);
    return result;
}

/// Closes a range without the channel's descriptors in it.
static int close_around(unsigned int first, unsigned int last, int flags) {
    int result = 0;
    while (first <= last) {
        int hole = -1;
        for (int i = 0; i < channel_count; i++) {
            int fd = atomic_load(&channel[i]);
            if (fd >= 0 && (unsigned int)fd >= first && (unsigned int)fd <= last && (hole < 0 || fd < hole)) hole = fd;
        }
        if (hole < 0) return next.close_range(first, last, flags) < 0 ? -1 : result;
        if ((unsigned int)hole > first && next.close_range(first, (unsigned int)hole - 1, flags) < 0) result = -1;
        first = (unsigned int)hole + 1;
    }
    return result;
}

/// Ports that a range takes away.
static void forget_range(unsigned int first, unsigned int last) {
    int reason = errno;
    int end = atomic_load(&terminals_end);
    for (unsigned int fd = first; (int)fd < end && fd < (unsigned int)end && fd <= last; fd++) {
        if (entry((int)fd)) lost((int)fd, about_to_lose((int)fd));
    }
    errno = reason;
}

exported int close_range(unsigned int first, unsigned int last, int flags) {
    REQUIRE(close_range);
    // What is only marked for exec is marked already.
    if (flags & 4 /* CLOSE_RANGE_CLOEXEC */ || first > last) return next.close_range(first, last, flags);
    forget_range(first, last);
    return close_around(first, last, flags);
}

exported void closefrom(int first) {
    unsigned int low = first < 0 ? 0 : (unsigned int)first;
    forget_range(low, ~0u);
    if (!BEHIND(close_range) || close_around(low, ~0u, 0) < 0) {
        if (next.closefrom) next.closefrom(first);
    }
}

exported int dup(int fd) {
    int copy = BEHIND(dup)(fd);
    if (copy >= 0 && (entry(fd) || entry(copy))) gained(copy, 2);
    return copy;
}

static void make_room_for_copy(int fd) {
    if (!is_channel(fd)) return;
    int reason = errno;
    if (is_watched()) make_way(fd);
    errno = reason;
}

exported int dup2(int fd, int copy) {
    if (fd != copy) make_room_for_copy(copy);
    int result = BEHIND(dup2)(fd, copy);
    if (result >= 0 && fd != copy && (entry(fd) || entry(copy))) gained(copy, 2);
    return result;
}

exported int dup3(int fd, int copy, int flags) {
    if (fd != copy) make_room_for_copy(copy);
    int result = BEHIND(dup3)(fd, copy, flags);
    if (result >= 0 && (entry(fd) || entry(copy))) gained(copy, 2);
    return result;
}

#define TAKE_ARGUMENT(last, argument) \
    va_list more; \
    va_start(more, last); \
    void *argument = va_arg(more, void *); \
    va_end(more);

exported int fcntl(int fd, int command, ...) {
    TAKE_ARGUMENT(command, argument)
    int result = BEHIND(fcntl)(fd, command, argument);
    if (result >= 0 && (command == F_DUPFD || command == F_DUPFD_CLOEXEC) && (entry(fd) || entry(result))) {
        gained(result, 2);
    }
    return result;
}

exported int fcntl64(int fd, int command, ...) {
    REQUIRE(fcntl64);
    TAKE_ARGUMENT(command, argument)
    int result = next.fcntl64(fd, command, argument);
    if (result >= 0 && (command == F_DUPFD || command == F_DUPFD_CLOEXEC) && (entry(fd) || entry(result))) {
        gained(result, 2);
    }
    return result;
}

// MARK: C's streams, which read and write without a call that could be seen

static void streamed(FILE *stream) {
    if (!stream) return;
    int reason = errno;
    int fd = fileno(stream);
    if (fd >= 0) {
        if (!entry(fd)) gained(fd, 0);
        uint32_t device = entry(fd);
        if (is_still(fd, device)) {
            tell((struct solderless_message){.kind = solderless_streamed, .device = device, .descriptor = fd}, NULL, 0);
        }
    }
    errno = reason;
}

exported FILE *fopen(const char *path, const char *mode) {
    FILE *stream = BEHIND(fopen)(path, mode);
    streamed(stream);
    return stream;
}

exported FILE *fopen64(const char *path, const char *mode) {
    if (!BEHIND(fopen64)) return fopen(path, mode);
    FILE *stream = next.fopen64(path, mode);
    streamed(stream);
    return stream;
}

exported FILE *fdopen(int fd, const char *mode) {
    FILE *stream = BEHIND(fdopen)(fd, mode);
    if (entry(fd)) streamed(stream);
    return stream;
}

exported int fclose(FILE *stream) {
    int fd = fileno(stream);
    uint32_t device = about_to_lose(fd);
    int result = BEHIND(fclose)(stream);
    lost(fd, device);
    return result;
}

// MARK: Settings, queues, lines

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

/// The bits of a call that sets lines, read once the kernel has: a wild pointer is its to refuse.
static uint32_t bits_of(const void *argument, int result) {
    return result < 0 && errno == EFAULT ? 0 : *(const uint32_t *)argument;
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
