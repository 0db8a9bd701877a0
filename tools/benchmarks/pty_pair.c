// The floor under a write through a pseudo-terminal: two processes that exchange the same turns and do nothing else.
// The client writes a block of 1029 bytes and waits for one byte, so many times.
//
//   pty_pair TURNS      prints the seconds it took
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { block = 1029 };

static void die(const char *what) {
    perror(what);
    exit(1);
}

int main(int count, char **words) {
    int turns = count > 1 ? atoi(words[1]) : 2048;
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0) die("pty");
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    if (slave < 0) die("slave");
    struct termios raw;
    tcgetattr(slave, &raw);
    cfmakeraw(&raw);
    tcsetattr(slave, TCSANOW, &raw);

    pid_t device = fork();
    if (device < 0) die("fork");
    if (device == 0) {
        static char bytes[4096];
        const char ack = 6;
        for (int turn = 0; turn < turns; turn++) {
            for (int got = 0; got < block;) {
                ssize_t n = read(master, bytes, sizeof bytes);
                if (n <= 0) die("read");
                got += (int)n;
            }
            if (write(master, &ack, 1) != 1) die("write");
        }
        _exit(0);
    }
    struct timespec start, end;
    static char bytes[block];
    char ack;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int turn = 0; turn < turns; turn++) {
        for (int sent = 0; sent < block;) {
            ssize_t n = write(slave, bytes + sent, (size_t)(block - sent));
            if (n <= 0) die("write");
            sent += (int)n;
        }
        if (read(slave, &ack, 1) != 1) die("read");
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    int status;
    waitpid(device, &status, 0);
    printf("%.6f\n", (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9);
    return status != 0;
}
