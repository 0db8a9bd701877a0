// C's streams, which read and write without a call that could be seen: that they have a port is all that is known.
#define _GNU_SOURCE
#include "attach.h"

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
    int reason = errno;
    int fd = fileno(stream);
    errno = reason;
    struct closing closing = about_to_close(fd);
    int result = BEHIND(fclose)(stream);
    tell_closed(closing);
    return result;
}
