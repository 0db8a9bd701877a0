// Copying and closing.
#define _GNU_SOURCE
#include "attach.h"

#include <fcntl.h>

exported int close(int fd) {
    // For the program it is not there.
    if (is_channel(fd)) return errno = EBADF, -1;
    struct closing closing = about_to_close(fd);
    int result = BEHIND(close)(fd);
    tell_closed(closing);
    return result;
}

/// Closes a range without the channel's descriptors in it.
static int close_around(unsigned int first, unsigned int last, int flags) {
    int result = 0;
    while (first <= last) {
        int hole = -1;
        for (int i = 0; i < channel_count; i++) {
            int fd = channel_number(i);
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
    int end = entries_end();
    for (unsigned int fd = first; (int)fd < end && fd < (unsigned int)end && fd <= last; fd++) {
        if (entry((int)fd)) tell_closed(about_to_close((int)fd));
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
