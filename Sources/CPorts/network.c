#define _GNU_SOURCE
#include "ports.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int set(int fd, int level, int option, int value) {
    return setsockopt(fd, level, option, &value, sizeof value);
}

int ports_tcp_listen(uint32_t address, uint16_t *port, int receive_room, int backlog) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    struct sockaddr_in name = {
        .sin_family = AF_INET, .sin_port = htons(*port), .sin_addr.s_addr = htonl(address)};
    socklen_t size = sizeof name;
    // A connection that has just ended must not keep the next start from its port. What a listener has room for, its
    // connections inherit.
    if (set(fd, SOL_SOCKET, SO_REUSEADDR, 1) < 0 || set(fd, SOL_SOCKET, SO_RCVBUF, receive_room) < 0 ||
        bind(fd, (struct sockaddr *)&name, size) < 0 || listen(fd, backlog) < 0 ||
        getsockname(fd, (struct sockaddr *)&name, &size) < 0) {
        int reason = errno;
        close(fd);
        errno = reason;
        return -1;
    }
    *port = ntohs(name.sin_port);
    return fd;
}

int ports_tcp_accept(int fd) {
    int client = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0) return -1;
    // Best effort: a connection works without them.
    set(client, IPPROTO_TCP, TCP_NODELAY, 1);
    set(client, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(client, IPPROTO_TCP, TCP_KEEPIDLE, 30);
    set(client, IPPROTO_TCP, TCP_KEEPINTVL, 10);
    set(client, IPPROTO_TCP, TCP_KEEPCNT, 3);
    return client;
}

int ports_tcp_state(int fd) {
    struct pollfd polled = {.fd = fd, .events = POLLRDHUP};
    if (poll(&polled, 1, 0) < 0) return ports_tcp_is_open;
    if (polled.revents & (POLLHUP | POLLERR)) return ports_tcp_is_gone;
    return polled.revents & POLLRDHUP ? ports_tcp_has_ended : ports_tcp_is_open;
}

void ports_tcp_dismiss(int fd, const char *words) {
    char rest[4096];
    send(fd, words, strlen(words), MSG_NOSIGNAL | MSG_DONTWAIT);
    shutdown(fd, SHUT_WR);
    // What is left unread makes the system reset the connection, and the words may be lost.
    for (int i = 0; i < 16 && recv(fd, rest, sizeof rest, MSG_DONTWAIT) > 0; i++) {}
}
