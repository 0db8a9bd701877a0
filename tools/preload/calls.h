// What preload libraries share: the calls that they stand in front of, and the hooks on opening.
#ifndef SOLDERLESS_CALLS_H
#define SOLDERLESS_CALLS_H

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define exported __attribute__((visibility("default")))

// <termios.h> cannot be in one file with <asm/termbits.h>, and C libraries differ in what they declare of these.
extern int ioctl(int fd, unsigned long request, ...);
extern int tcsetattr(int fd, int action, const void *settings);
extern int tcflush(int fd, int queues);
extern int tcsendbreak(int fd, int duration);
extern int tcdrain(int fd);
extern int __open_2(const char *path, int flags);
extern int __open64_2(const char *path, int flags);
extern int __openat_2(int folder, const char *path, int flags);
extern int __openat64_2(int folder, const char *path, int flags);
extern ssize_t __read_chk(int fd, void *bytes, size_t count, size_t room);
extern int close_range(unsigned int first, unsigned int last, int flags);
extern void closefrom(int first);
extern int open(const char *path, int flags, ...);
extern int open64(const char *path, int flags, ...);
extern int openat(int folder, const char *path, int flags, ...);
extern int openat64(int folder, const char *path, int flags, ...);
extern int fcntl(int fd, int command, ...);
extern int fcntl64(int fd, int command, ...);

#define EVERY_CALL(X) \
    X(open) X(open64) X(openat) X(openat64) X(__open_2) X(__open64_2) X(__openat_2) X(__openat64_2) \
    X(fopen) X(fopen64) X(fdopen) X(fclose) X(close) X(close_range) X(closefrom) \
    X(dup) X(dup2) X(dup3) X(fcntl) X(fcntl64) X(read) X(__read_chk) X(readv) X(write) X(writev) \
    X(ioctl) X(tcsetattr) X(tcflush) X(tcsendbreak) X(tcdrain)

extern struct calls {
#define X(name) __typeof__(name) *name;
    EVERY_CALL(X)
#undef X
} next;

/// Finds them all at once: looking one up later could wait for a lock that another thread held at a fork.
void find_calls(void);

/// The call behind this one; libraries that are set up before this one may call earlier.
#define BEHIND(name) (next.name ? next.name : (find_calls(), next.name))

/// Ends a hook whose call this C library does not have.
#define REQUIRE(name) \
    if (!BEHIND(name)) return errno = ENOSYS, -1

/// The argument of a variadic call, if it has one.
#define TAKE_ARGUMENT(last, argument) \
    va_list more; \
    va_start(more, last); \
    void *argument = va_arg(more, void *); \
    va_end(more);

// MARK: openings.c, calls that open a file by its name

/// Such a call has returned this descriptor, or failed: each library does with it what it has to.
void opened(int fd);

#endif
