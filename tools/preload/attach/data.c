// Reading and writing.
#define _GNU_SOURCE
#include "attach.h"

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
