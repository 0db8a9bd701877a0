#define _GNU_SOURCE
#include "ports.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

int ports_pty_open(unsigned int *number) {
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (master < 0) return -1;
    if (grantpt(master) < 0 || unlockpt(master) < 0 || ioctl(master, TIOCGPTN, number) < 0) {
        int reason = errno;
        close(master);
        errno = reason;
        return -1;
    }
    return master;
}

int ports_pty_open_slave(int master) {
    return ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

int ports_pty_packet_mode(int master, int on) {
    return ioctl(master, TIOCPKT, &on);
}

int ports_exclusive_get(int fd) {
    int exclusive = 0;
    return ioctl(fd, TIOCGEXCL, &exclusive) < 0 ? -1 : exclusive != 0;
}

int ports_exclusive_set(int fd, int on) {
    return ioctl(fd, on ? TIOCEXCL : TIOCNXCL);
}

int ports_output_pending(int fd, int *count) {
    return ioctl(fd, TIOCOUTQ, count);
}
