// A signal handler may call next to nothing. This one calls write(2), which POSIX allows, and touches nothing else
// than one lock-free atomic.
#define _GNU_SOURCE
#include "ports.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { most_signals = 64 };

static atomic_int pipe_write_end = -1;
static struct sigaction former[most_signals + 1];
static unsigned char caught[most_signals + 1];

static void write_to_pipe(int signal) {
    int saved = errno;
    int end = atomic_load(&pipe_write_end);
    unsigned char byte = (unsigned char)signal;
    // A full pipe loses the signal: 65,536 of them are waiting already.
    if (end >= 0 && write(end, &byte, 1) < 0) errno = saved;
    errno = saved;
}

int ports_signals_catch(const int *signals, size_t count, int write_end) {
    for (size_t i = 0; i < count; i++) {
        if (signals[i] < 1 || signals[i] > most_signals) {
            errno = EINVAL;
            return -1;
        }
    }
    int nobody = -1;
    if (!atomic_compare_exchange_strong(&pipe_write_end, &nobody, write_end)) {
        errno = EBUSY;
        return -1;
    }
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = write_to_pipe;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < count; i++) {
        if (caught[signals[i]]) continue;
        if (sigaction(signals[i], &action, &former[signals[i]]) < 0) {
            int reason = errno;
            ports_signals_release();
            errno = reason;
            return -1;
        }
        caught[signals[i]] = 1;
    }
    return 0;
}

void ports_signals_release(void) {
    for (int signal = 1; signal <= most_signals; signal++) {
        if (!caught[signal]) continue;
        sigaction(signal, &former[signal], NULL);
        caught[signal] = 0;
    }
    atomic_store(&pipe_write_end, -1);
}

int ports_first_free_signal(void) {
    return SIGRTMIN;
}

const char *ports_signal_name(int signal) {
    static const char *const names[] = {
        [SIGHUP] = "SIGHUP", [SIGINT] = "SIGINT", [SIGQUIT] = "SIGQUIT", [SIGILL] = "SIGILL", [SIGTRAP] = "SIGTRAP",
        [SIGABRT] = "SIGABRT", [SIGBUS] = "SIGBUS", [SIGFPE] = "SIGFPE", [SIGKILL] = "SIGKILL", [SIGUSR1] = "SIGUSR1",
        [SIGSEGV] = "SIGSEGV", [SIGUSR2] = "SIGUSR2", [SIGPIPE] = "SIGPIPE", [SIGALRM] = "SIGALRM",
        [SIGTERM] = "SIGTERM", [SIGXCPU] = "SIGXCPU", [SIGXFSZ] = "SIGXFSZ",
    };
    const int count = sizeof names / sizeof *names;
    return signal > 0 && signal < count && names[signal] ? names[signal] : "a signal";
}

int ports_signal_take_default(int signal) {
    if (signal < 1 || signal > most_signals || !caught[signal]) {
        errno = EINVAL;
        return -1;
    }
    struct sigaction ours, standard;
    memset(&standard, 0, sizeof standard);
    standard.sa_handler = SIG_DFL;
    sigemptyset(&standard.sa_mask);
    if (sigaction(signal, &standard, &ours) < 0) return -1;
    int result = raise(signal);
    sigaction(signal, &ours, NULL);
    return result;
}
