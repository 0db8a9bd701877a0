#define _GNU_SOURCE
#include "ports.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static int address(const char *path, struct sockaddr_un *address, socklen_t *size) {
    size_t count = strlen(path);
    if (count == 0 || count > ports_local_path_most) {
        errno = count == 0 ? ENOENT : ENAMETOOLONG;
        return -1;
    }
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, count);
    *size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + count + 1);
    return 0;
}

_Static_assert(sizeof(((struct sockaddr_un *)0)->sun_path) == ports_local_path_most + 1, "a path and its zero fit");

int ports_local_bind(const char *path) {
    struct sockaddr_un name;
    socklen_t size;
    if (address(path, &name, &size) < 0) return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    // Linux gives the new name the socket's own mode. The second call is for systems that do not; nobody can connect
    // before the caller listens.
    if (fchmod(fd, 0600) < 0 || bind(fd, (struct sockaddr *)&name, size) < 0) {
        int reason = errno;
        close(fd);
        errno = reason;
        return -1;
    }
    if (chmod(path, 0600) < 0) {
        int reason = errno;
        unlink(path);
        close(fd);
        errno = reason;
        return -1;
    }
    return fd;
}

int ports_local_connect(const char *path, int timeout_milliseconds) {
    struct sockaddr_un name;
    socklen_t size;
    if (address(path, &name, &size) < 0) return -1;
    int blocking = timeout_milliseconds > 0;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK), 0);
    if (fd < 0) return -1;
    struct timeval limit = {.tv_sec = timeout_milliseconds / 1000, .tv_usec = timeout_milliseconds % 1000 * 1000};
    if ((blocking && setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) < 0) ||
        connect(fd, (struct sockaddr *)&name, size) < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0) {
        int reason = errno;
        close(fd);
        errno = reason;
        return -1;
    }
    return fd;
}

int ports_local_accept(int fd) {
    return accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int ports_local_peer(int fd, int *process, unsigned int *user) {
    struct ucred peer;
    socklen_t size = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) return -1;
    *process = peer.pid;
    *user = peer.uid;
    return 0;
}

ssize_t ports_local_send(int fd, const void *bytes, size_t count) {
    return send(fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
}

ssize_t ports_local_receive(int fd, void *bytes, size_t count, int *passed) {
    struct iovec part = {bytes, count};
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(4 * sizeof(int))];
    } control;
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control.room};
    *passed = -1;
    ssize_t received = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (received < 0) return -1;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
        size_t number = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < number; i++) {
            int descriptor;
            memcpy(&descriptor, CMSG_DATA(part) + i * sizeof(int), sizeof descriptor);
            if (*passed < 0) *passed = descriptor;
            else close(descriptor);
        }
    }
    return received;
}

int ports_pipe_reader(int fd) {
    struct stat status;
    if (fstat(fd, &status) < 0) return -1;
    if (!S_ISFIFO(status.st_mode)) return errno = ENOSTR, -1;
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

int ports_process_watch(int process) {
    return (int)syscall(SYS_pidfd_open, process, 0);
}

// MARK: Sets of descriptors

int ports_set_new(void) {
    return epoll_create1(EPOLL_CLOEXEC);
}

int ports_set_change(int set, ports_set_action action, int fd, int readable, int writable, uint64_t token) {
    struct epoll_event event = {
        .events = (readable ? EPOLLIN : 0) | (writable ? EPOLLOUT : 0),
        .data.u64 = token,
    };
    int operation = action == ports_set_add ? EPOLL_CTL_ADD : action == ports_set_modify ? EPOLL_CTL_MOD : EPOLL_CTL_DEL;
    return epoll_ctl(set, operation, fd, &event);
}

int ports_set_ready(int set, ports_set_event *events, int most) {
    enum { limit = 16 };
    struct epoll_event ready[limit];
    int count = epoll_wait(set, ready, most < limit ? most : limit, 0);
    for (int i = 0; i < count; i++) {
        events[i].token = ready[i].data.u64;
        events[i].readable = (ready[i].events & EPOLLIN) != 0;
        events[i].writable = (ready[i].events & EPOLLOUT) != 0;
        events[i].hung_up = (ready[i].events & (EPOLLHUP | EPOLLERR)) != 0;
    }
    return count;
}
