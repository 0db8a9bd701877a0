// Which terminal is the bench's port, and how the bench is asked.
#define _GNU_SOURCE
#include "lines.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>

/// The port's device number; 0 for no port.
static dev_t port;
static struct sockaddr_un bench;

/// How long a bench may take that is stopped or busy; what 5 KB need at 2400 baud. One that has ended is known at once.
enum { most_seconds = 30 };

int is_port(int fd) {
    if (!port) return 0;
    int reason = errno;
    struct stat status;
    int result = fstat(fd, &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == port;
    errno = reason;
    return result;
}

static time_t seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

/// Repeats what a signal has interrupted, but not for ever.
#define UNINTERRUPTED(result, call) \
    do result = (call); \
    while (result < 0 && errno == EINTR && seconds() < end)

// Calls of the kernel and not libc's: those would be places where a thread can be cancelled.
static int converse(int fd, const struct solderless_request *request, struct solderless_answer *answer) {
    time_t end = seconds() + most_seconds;
    long result;
    UNINTERRUPTED(result, syscall(SYS_connect, fd, &bench, sizeof bench));
    if (result < 0) return errno = ECONNREFUSED, -1;
    UNINTERRUPTED(result, syscall(SYS_sendto, fd, request, sizeof *request, MSG_NOSIGNAL, NULL, 0L));
    if (result == sizeof *request) {
        UNINTERRUPTED(result, syscall(SYS_recvfrom, fd, answer, sizeof *answer, (long)MSG_WAITALL, NULL, NULL));
        if (result == sizeof *answer) return 0;
        if (result < 0 && (errno == EAGAIN || errno == EINTR)) return errno = ETIMEDOUT, -1;
    }
    // It has ended, as if the adapter had been pulled out.
    return errno = EIO, -1;
}

int ask(struct solderless_request request, struct solderless_answer *answer) {
    int fd = (int)syscall(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return errno = ECONNREFUSED, -1;
    int reason = errno;
    struct timeval limit = {.tv_sec = most_seconds};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    struct solderless_answer own;
    if (!answer) answer = &own;
    request.version = solderless_requests_version;
    int result = converse(fd, &request, answer);
    if (result < 0) reason = errno;
    syscall(SYS_close, fd);
    errno = reason;
    return result;
}

// MARK: Opening

void opened(int fd) {
    if (fd < 0 || !is_port(fd)) return;
    int reason = errno;
    // A descriptor that only names the file has opened nothing.
    if ((syscall(SYS_fcntl, fd, F_GETFL) & O_PATH) == 0) ask((struct solderless_request){.kind = solderless_opened}, NULL);
    errno = reason;
}

static FILE *opened_stream(FILE *stream) {
    if (stream) opened(fileno(stream));
    return stream;
}

exported FILE *fopen(const char *path, const char *mode) {
    return opened_stream(BEHIND(fopen)(path, mode));
}

exported FILE *fopen64(const char *path, const char *mode) {
    return opened_stream(BEHIND(fopen64) ? next.fopen64(path, mode) : next.fopen(path, mode));
}

/// SOLDERLESS_LINES: "136:5:/path".
__attribute__((constructor)) static void begin(void) {
    int reason = errno;
    find_calls();
    const char *text = getenv("SOLDERLESS_LINES");
    char *end = NULL;
    unsigned long first = text ? strtoul(text, &end, 10) : 0;
    if (end && *end == ':') {
        unsigned long second = strtoul(end + 1, &end, 10);
        if (*end == ':' && strlen(end + 1) < sizeof bench.sun_path) {
            bench.sun_family = AF_UNIX;
            strcpy(bench.sun_path, end + 1);
            port = makedev(first, second);
        }
    }
    errno = reason;
}
