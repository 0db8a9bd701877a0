// The floor under a write through a pseudo-terminal: two processes that exchange the same turns, with the system calls
// that the turns cannot do without, the sums that XMODEM asks for at both ends, and nothing else.
//
// The client writes a block of 1029 bytes and waits for one byte, so many times. It must hear a signal meanwhile, so it
// waits for two descriptors. The device must hear a signal, its owner, the control socket and clients that come and go
// as well; it asks who came, at which rate, and takes the packet.
//
//   pty_pair TURNS      prints the seconds it took so, and with blocking reads and writes alone
#define _GNU_SOURCE
#include <asm/termbits.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { data = 1024, block = data + 5 };

static uint16_t table[256];

static void die(const char *what) {
    perror(what);
    exit(1);
}

static uint16_t crc16(const uint8_t *bytes, int count) {
    uint16_t crc = 0;
    for (int i = 0; i < count; i++) crc = (uint16_t)(crc << 8) ^ table[(crc >> 8) ^ bytes[i]];
    return crc;
}

static void await(struct pollfd *descriptors, nfds_t count) {
    struct timespec now, limit = {3, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (ppoll(descriptors, count, &limit, NULL) < 1) die("ppoll");
}

// Takes blocks, keeps what is in them, and acknowledges each.
static void play_device(int master, const char *name, int turns, bool waits) {
    static uint8_t packet[65536], waiting[2 * block], flash[1 << 21];
    char events[4096];
    struct pollfd ends[5] = {{master, POLLIN, 0}};
    int watch = inotify_init1(IN_NONBLOCK);
    if (watch < 0 || inotify_add_watch(watch, name, IN_OPEN | IN_CLOSE) < 0) die("inotify");
    ends[1] = (struct pollfd){watch, POLLIN, 0};
    for (int other = 2; other < 5; other++) ends[other] = (struct pollfd){eventfd(0, EFD_NONBLOCK), POLLIN, 0};
    for (int turn = 0; turn < turns; turn++) {
        for (int got = 0; got < block;) {
            if (waits) {
                struct termios2 settings;
                await(ends, 5);
                if (read(watch, events, sizeof events) > 0) continue;
                if (ioctl(master, TCGETS2, &settings) < 0) die("settings");
            }
            // Packet mode puts a byte before the data.
            ssize_t n = read(master, packet, sizeof packet) - 1;
            if (n < 0 || got + n > block) die("read");
            memcpy(waiting + got, packet + 1, (size_t)n);
            got += (int)n;
        }
        if (waits) {
            if (crc16(waiting + 3, data) != (uint16_t)(waiting[block - 2] << 8 | waiting[block - 1])) die("sum");
            memcpy(flash + (size_t)turn * data % sizeof flash, waiting + 3, data);
        }
        if (write(master, "\6", 1) != 1) die("write");
    }
}

static void play_client(int slave, int turns, bool waits) {
    static uint8_t bytes[block];
    uint8_t ack[4096];
    struct pollfd ends[2] = {{slave, POLLIN, 0}, {eventfd(0, EFD_NONBLOCK), POLLIN, 0}};
    for (int turn = 0; turn < turns; turn++) {
        if (waits) {
            memset(bytes + 3, turn, data);
            uint16_t sum = crc16(bytes + 3, data);
            bytes[block - 2] = (uint8_t)(sum >> 8);
            bytes[block - 1] = (uint8_t)sum;
        }
        for (int sent = 0; sent < block;) {
            ssize_t n = write(slave, bytes + sent, (size_t)(block - sent));
            if (n <= 0) die("write");
            sent += (int)n;
        }
        if (waits) await(ends, 2);
        if (read(slave, ack, sizeof ack) != 1) die("read");
    }
}

static double exchange(int turns, bool waits) {
    int packets = 1, master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0 || ioctl(master, TIOCPKT, &packets) < 0) die("pty");
    const char *name = ptsname(master);
    int slave = open(name, O_RDWR | O_NOCTTY);
    struct termios2 raw;
    if (slave < 0 || ioctl(slave, TCGETS2, &raw) < 0) die("slave");
    raw.c_iflag = raw.c_oflag = raw.c_lflag = 0;
    raw.c_cc[VMIN] = 1;
    if (ioctl(slave, TCSETS2, &raw) < 0) die("raw");
    if (waits && (fcntl(master, F_SETFL, O_NONBLOCK) < 0 || fcntl(slave, F_SETFL, O_NONBLOCK) < 0)) die("fcntl");

    pid_t device = fork();
    if (device < 0) die("fork");
    if (device == 0) {
        play_device(master, name, turns, waits);
        _exit(0);
    }
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    play_client(slave, turns, waits);
    clock_gettime(CLOCK_MONOTONIC, &end);
    int status;
    if (waitpid(device, &status, 0) < 0 || status != 0) exit(1);
    close(slave);
    close(master);
    return (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
}

int main(int count, char **words) {
    int turns = count > 1 ? atoi(words[1]) : 2048;
    for (int byte = 0; byte < 256; byte++) {
        uint16_t crc = (uint16_t)(byte << 8);
        for (int bit = 0; bit < 8; bit++) crc = (uint16_t)(crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0);
        table[byte] = crc;
    }
    double waiting = exchange(turns, true);
    printf("%.6f %.6f\n", waiting, exchange(turns, false));
    return 0;
}
