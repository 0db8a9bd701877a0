#define _GNU_SOURCE
#include "ports.h"

#include <linux/serial.h>
#include <string.h>
#include <sys/ioctl.h>

// As RTAC serial numbers them (LINKTYPE_RTAC_SERIAL).
enum { clear_to_send = 0x01, carrier_detect = 0x02, data_set_ready = 0x04, request_to_send = 0x08,
       data_terminal_ready = 0x10, ring = 0x20 };

unsigned int ports_lines_of(int modem) {
    return (modem & TIOCM_CTS ? clear_to_send : 0) | (modem & TIOCM_CAR ? carrier_detect : 0)
        | (modem & TIOCM_DSR ? data_set_ready : 0) | (modem & TIOCM_RTS ? request_to_send : 0)
        | (modem & TIOCM_DTR ? data_terminal_ready : 0) | (modem & TIOCM_RNG ? ring : 0);
}

int ports_modem_of(unsigned int lines) {
    return (lines & clear_to_send ? TIOCM_CTS : 0) | (lines & carrier_detect ? TIOCM_CAR : 0)
        | (lines & data_set_ready ? TIOCM_DSR : 0) | (lines & request_to_send ? TIOCM_RTS : 0)
        | (lines & data_terminal_ready ? TIOCM_DTR : 0) | (lines & ring ? TIOCM_RNG : 0);
}

int ports_lines_get(int fd, unsigned int *lines) {
    int modem = 0;
    if (ioctl(fd, TIOCMGET, &modem) < 0) return -1;
    *lines = ports_lines_of(modem);
    return 0;
}

int ports_lines_set(int fd, unsigned int lines) {
    int modem = 0;
    if (ioctl(fd, TIOCMGET, &modem) < 0) return -1;
    modem &= ~(TIOCM_RTS | TIOCM_DTR);
    if (lines & request_to_send) modem |= TIOCM_RTS;
    if (lines & data_terminal_ready) modem |= TIOCM_DTR;
    return ioctl(fd, TIOCMSET, &modem);
}

void ports_receive_counts_of(const void *kernel, ports_receive_counts *counts) {
    struct serial_icounter_struct known;
    memcpy(&known, kernel, sizeof known);
    counts->overrun = (unsigned int)known.overrun + (unsigned int)known.buf_overrun;
    counts->line_changes =
        (unsigned int)known.cts + (unsigned int)known.dsr + (unsigned int)known.rng + (unsigned int)known.dcd;
}

int ports_receive_counts_get(int fd, ports_receive_counts *counts) {
    struct serial_icounter_struct known;
    memset(&known, 0, sizeof known);
    if (ioctl(fd, TIOCGICOUNT, &known) < 0) return -1;
    ports_receive_counts_of(&known, counts);
    return 0;
}
