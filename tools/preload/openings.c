// Opening a file by its name, but for C's streams.
#define _GNU_SOURCE
#include "calls.h"

#include <fcntl.h>

/// The mode after the flags, where there is one.
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
    opened(fd);
    return fd;
}

exported int open64(const char *path, int flags, ...) {
    REQUIRE(open64);
    TAKE_MODE(flags, mode)
    int fd = next.open64(path, flags, mode);
    opened(fd);
    return fd;
}

exported int openat(int folder, const char *path, int flags, ...) {
    TAKE_MODE(flags, mode)
    int fd = BEHIND(openat)(folder, path, flags, mode);
    opened(fd);
    return fd;
}

exported int openat64(int folder, const char *path, int flags, ...) {
    REQUIRE(openat64);
    TAKE_MODE(flags, mode)
    int fd = next.openat64(folder, path, flags, mode);
    opened(fd);
    return fd;
}

exported int __open_2(const char *path, int flags) {
    REQUIRE(__open_2);
    int fd = next.__open_2(path, flags);
    opened(fd);
    return fd;
}

exported int __open64_2(const char *path, int flags) {
    REQUIRE(__open64_2);
    int fd = next.__open64_2(path, flags);
    opened(fd);
    return fd;
}

exported int __openat_2(int folder, const char *path, int flags) {
    REQUIRE(__openat_2);
    int fd = next.__openat_2(folder, path, flags);
    opened(fd);
    return fd;
}

exported int __openat64_2(int folder, const char *path, int flags) {
    REQUIRE(__openat64_2);
    int fd = next.__openat64_2(folder, path, flags);
    opened(fd);
    return fd;
}
