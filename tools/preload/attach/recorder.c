// What is told to the recorder, and how it is reached.
#define _GNU_SOURCE
#include "attach.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>

static struct sockaddr_un recorder;

/// Socket, and write and read end of the pipe; -1 for none. The read end is kept open: without a reader, writing would
/// raise SIGPIPE.
static _Atomic int channel[channel_count] = {-1, -1, -1};
/// Which pipe it is: its number may have become another's in a way that is not seen.
static _Atomic uint64_t pipe_device, pipe_number;
static _Atomic int tries_left;
enum { most_tries = 100 };
/// Nothing is told from before this: what a recorder that was reached late is told first is which ports are open.
static _Atomic int64_t told_from;

static _Atomic uint64_t lost_sent, lost_received, lost_others;

/// The process that all this is about.
static _Atomic pid_t owner;
/// One word that a fork sets to zero; a vfork does not, for there the memory is the parent's.
static _Atomic int *is_original;

static int join(void);

static pid_t own_number(void) {
    return (pid_t)syscall(SYS_getpid);
}

int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int is_channel(int fd) {
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

int is_watched(void) {
    if (!is_original) return 0;
    if (atomic_load(&owner) == own_number()) {
        if (atomic_load(&channel[the_pipe]) < 0 && join()) {
            find_inherited();
            atomic_store(&told_from, now());
        }
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

int is_told_process(void) {
    return is_original && atomic_load(&owner) == own_number();
}

int is_to_be_watched(void) {
    return is_told_process() && atomic_load(&tries_left) > 0;
}

int recorder_is_known(void) {
    return is_original != NULL;
}

int channel_number(int which) {
    return atomic_load(&channel[which]);
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

int tell_losses(void) {
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

void tell(struct solderless_message message, const void *data, size_t count) {
    if (!message.time) message.time = now();
    if (!message.began) message.began = message.time;
    int64_t first = atomic_load_explicit(&told_from, memory_order_relaxed);
    if (message.time < first) message.time = first;
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

/// Tries once to reach the recorder. Where many others do at this moment, the next event tries again. Returns whether
/// it is reached now.
static int join(void) {
    int tries = atomic_load(&tries_left);
    // One thread at a time, without another waiting for it.
    if (tries <= 0 || !atomic_compare_exchange_strong(&tries_left, &tries, 0)) return 0;
    int ends[2] = {-1, -1};
    struct stat status;
    int fd = moved_away((int)syscall(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (fd < 0) return 0;
    if (syscall(SYS_connect, fd, &recorder, sizeof recorder) < 0) {
        int is_busy = errno == EAGAIN;
        syscall(SYS_close, fd);
        if (is_busy) atomic_store(&tries_left, tries - 1);
        return 0;
    }
    if (syscall(SYS_pipe2, ends, O_NONBLOCK | O_CLOEXEC) < 0) {
        syscall(SYS_close, fd);
        return 0;
    }
    ends[0] = moved_away(ends[0]);
    ends[1] = moved_away(ends[1]);
    // Refused where this user has many large pipes: it is then as large as every pipe.
    syscall(SYS_fcntl, ends[1], F_SETPIPE_SZ, 1 << 20);
    if (fstat(ends[1], &status) < 0 || !say_hello(fd, ends[0])) {
        syscall(SYS_close, fd);
        syscall(SYS_close, ends[0]);
        syscall(SYS_close, ends[1]);
        return 0;
    }
    atomic_store(&pipe_device, status.st_dev);
    atomic_store(&pipe_number, status.st_ino);
    atomic_store(&channel[the_socket], fd);
    atomic_store(&channel[the_read_end], ends[0]);
    atomic_store(&channel[the_pipe], ends[1]);
    return 1;
}

void make_way(int fd) {
    for (int i = 0; i < channel_count; i++) {
        if (atomic_load(&channel[i]) != fd) continue;
        long moved = syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, fd + 1);
        if (moved < 0) moved = syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3);
        atomic_store(&channel[i], (int)moved);
    }
}

void recorder_begin(const char *path) {
    if (strlen(path) >= sizeof recorder.sun_path) return;
    recorder.sun_family = AF_UNIX;
    strcpy(recorder.sun_path, path);
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return;
    // Before Linux 4.14 a fork cannot be told from a vfork: its child then goes unrecorded.
    madvise(page, 4096, MADV_WIPEONFORK);
    atomic_store((_Atomic int *)page, 1);
    atomic_store(&owner, own_number());
    atomic_store(&tries_left, most_tries);
    is_original = page;
    join();
}
