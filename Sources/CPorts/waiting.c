#define _GNU_SOURCE
#include "ports.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

int ports_poll(struct pollfd *descriptors, size_t count, int64_t timeout_nanoseconds) {
    if (timeout_nanoseconds < 0) return ppoll(descriptors, count, NULL, NULL);
    struct timespec timeout = {
        .tv_sec = (time_t)(timeout_nanoseconds / 1000000000),
        .tv_nsec = (long)(timeout_nanoseconds % 1000000000),
    };
    return ppoll(descriptors, count, &timeout, NULL);
}

int ports_event_counter(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

int ports_pipe(int ends[2]) {
    return pipe2(ends, O_CLOEXEC | O_NONBLOCK);
}

int ports_minimize_timer_slack(void) {
    // 1 ns is the least there is; 0 would mean "the default again".
    return prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
}
