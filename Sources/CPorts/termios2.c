// struct termios2 and glibc's struct termios cannot be declared in one file, so this one never includes <termios.h>.
#include "ports.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <errno.h>
#include <string.h>

extern int ioctl(int fd, unsigned long request, ...);

_Static_assert(sizeof(struct termios2) <= sizeof(ports_terminal_settings), "the settings fit");

int ports_settings_get(int fd, ports_terminal_settings *settings) {
    memset(settings, 0, sizeof *settings);
    return ioctl(fd, TCGETS2, settings->bytes);
}

int ports_settings_set(int fd, const ports_terminal_settings *settings) {
    return ioctl(fd, TCSETS2, settings->bytes);
}

int ports_baud_get(int fd, unsigned int *baud) {
    struct termios2 settings;
    if (ioctl(fd, TCGETS2, &settings) < 0) return -1;
    *baud = settings.c_ospeed;
    return 0;
}

int ports_terminal_get(int fd, unsigned int *baud, unsigned int *mode) {
    struct termios2 settings;
    if (ioctl(fd, TCGETS2, &settings) < 0) return -1;
    *baud = settings.c_ospeed;
    *mode = (settings.c_lflag & ICANON ? 1u << 0 : 0) | (settings.c_lflag & ECHO ? 1u << 1 : 0)
        | (settings.c_lflag & ISIG ? 1u << 2 : 0) | (settings.c_iflag & ICRNL ? 1u << 3 : 0)
        | (settings.c_iflag & INLCR ? 1u << 4 : 0) | (settings.c_iflag & IXOFF ? 1u << 5 : 0)
        | (settings.c_iflag & IXON ? 1u << 6 : 0) | (settings.c_oflag & OPOST ? 1u << 7 : 0)
        | (settings.c_iflag & ISTRIP ? 1u << 8 : 0);
    return 0;
}

static void set_rates(struct termios2 *settings, unsigned int baud) {
    // BOTHER takes every rate from c_ospeed; an input rate of B0 means "as the output".
    settings->c_cflag &= ~(CBAUD | (CBAUD << IBSHIFT));
    settings->c_cflag |= BOTHER;
    settings->c_ospeed = baud;
    settings->c_ispeed = baud;
}

int ports_baud_set(int fd, unsigned int baud) {
    struct termios2 settings;
    if (ioctl(fd, TCGETS2, &settings) < 0) return -1;
    set_rates(&settings, baud);
    int result;
    do {
        result = ioctl(fd, TCSETSW2, &settings);
    } while (result < 0 && errno == EINTR);
    return result;
}

int ports_make_raw(int fd, unsigned int baud) {
    struct termios2 settings;
    if (ioctl(fd, TCGETS2, &settings) < 0) return -1;
    settings.c_iflag = 0;
    settings.c_oflag = 0;
    settings.c_lflag = 0;
    settings.c_cflag &= ~(CSIZE | PARENB | PARODD | CMSPAR | CSTOPB | CRTSCTS);
    settings.c_cflag |= CS8 | CREAD | CLOCAL;
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    set_rates(&settings, baud);
    int result;
    do {
        result = ioctl(fd, TCSETSF2, &settings);
    } while (result < 0 && errno == EINTR);
    return result;
}

int ports_settings_set_at(int fd, const ports_terminal_settings *settings, unsigned int baud) {
    struct termios2 known;
    memcpy(&known, settings->bytes, sizeof known);
    set_rates(&known, baud);
    return ioctl(fd, TCSETS2, &known);
}

int ports_mark_errors(int fd) {
    struct termios2 settings;
    if (ioctl(fd, TCGETS2, &settings) < 0) return -1;
    settings.c_iflag &= ~(IGNBRK | BRKINT | IGNPAR | ISTRIP);
    // Without INPCK a line discipline passes such characters on as if they were sound.
    settings.c_iflag |= INPCK | PARMRK;
    return ioctl(fd, TCSETS2, &settings);
}

int ports_hangs_up(int fd) {
    struct termios2 settings;
    if (ioctl(fd, TCGETS2, &settings) < 0) return -1;
    return settings.c_cflag & HUPCL ? 1 : 0;
}

int ports_set_hang_up(int fd) {
    struct termios2 settings;
    if (ioctl(fd, TCGETS2, &settings) < 0) return -1;
    settings.c_cflag |= HUPCL;
    return ioctl(fd, TCSETS2, &settings);
}

int ports_make_key_by_key(int fd) {
    struct termios2 settings;
    if (ioctl(fd, TCGETS2, &settings) < 0) return -1;
    settings.c_lflag &= ~(ICANON | ECHO);
    // Whoever else reads this terminal must not take "no key yet" for its end.
    settings.c_cc[VMIN] = 1;
    settings.c_cc[VTIME] = 0;
    return ioctl(fd, TCSETS2, &settings);
}
