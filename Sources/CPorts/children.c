// A program that is waited for, and as a rule must not outlive this one. Between fork and exec nothing is called but what POSIX allows there: another
// thread may hold any lock.
#define _GNU_SOURCE
#include "ports.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

extern char **environ;

static size_t name_length(const char *variable) {
    return strcspn(variable, "=");
}

static int is_set_otherwise(const char *variable, char *const *variables) {
    size_t length = name_length(variable);
    for (; *variables; variables++) {
        if (name_length(*variables) == length && memcmp(*variables, variable, length) == 0) return 1;
    }
    return 0;
}

/// Ours, changed; to be freed. Its strings are the caller's.
static char **environment_with(char *const *variables) {
    size_t count = 1;
    for (char **ours = environ; ours && *ours; ours++) count++;
    for (char *const *more = variables; *more; more++) count++;
    char **all = malloc(count * sizeof *all);
    if (!all) return NULL;
    size_t next = 0;
    for (char **ours = environ; ours && *ours; ours++) {
        if (!is_set_otherwise(*ours, variables)) all[next++] = *ours;
    }
    for (char *const *more = variables; *more; more++) {
        if (strchr(*more, '=')) all[next++] = *more;
    }
    all[next] = NULL;
    return all;
}

static _Noreturn void become(
    char *const *arguments, char **environment, int output, int terminal, int own_group, int outlives, pid_t parent,
    int report) {
    if (!outlives) {
        // Kept across exec. A parent that is gone already sends nothing.
        if (prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0UL, 0UL, 0UL) < 0) goto failed;
        if (getppid() != parent) _exit(127);
    }
    if (terminal >= 0) {
        // A leader of a group cannot begin a session: nobody may have made it one.
        if (setsid() < 0 || ioctl(terminal, TIOCSCTTY, 0) < 0) goto failed;
        for (int standard = STDIN_FILENO; standard <= STDERR_FILENO; standard++) {
            if (dup2(terminal, standard) < 0) goto failed;
        }
        output = STDOUT_FILENO;
    } else if (own_group) {
        setpgid(0, 0);
    }
    struct sigaction standard;
    memset(&standard, 0, sizeof standard);
    standard.sa_handler = SIG_DFL;
    for (int signal = 1; signal <= 64; signal++) sigaction(signal, &standard, NULL);
    if (output != STDOUT_FILENO && dup2(output, STDOUT_FILENO) < 0) goto failed;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execvpe(arguments[0], arguments, environment);
failed:;
    int reason = errno;
    while (write(report, &reason, sizeof reason) < 0 && errno == EINTR) {}
    _exit(127);
}

int ports_child_start(
    char *const *arguments, char *const *variables, int output, int terminal, int own_group, int outlives) {
    int report[2];
    char **environment = environment_with(variables);
    if (!environment) return -1;
    if (pipe2(report, O_CLOEXEC) < 0) {
        free(environment);
        return -1;
    }
    // A handler of ours must not run in there.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0) become(arguments, environment, output, terminal, own_group, outlives, parent, report[1]);
    int reason = errno;
    // Here as well: whoever signals the group next must find it. It fails where the program runs already, in its group.
    if (child > 0 && own_group && terminal < 0) setpgid(child, child);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    ssize_t count = 0;
    if (child > 0) {
        do {
            count = read(report[0], &reason, sizeof reason);
        } while (count < 0 && errno == EINTR);
    }
    close(report[0]);
    free(environment);
    if (child > 0 && count == sizeof reason) {
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
        child = -1;
    }
    if (child < 0) errno = reason;
    return child;
}

int ports_adopt_orphans(void) {
    // A caller that ignored it would have the kernel bury them, and nobody could say how they ended.
    signal(SIGCHLD, SIG_DFL);
    return prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL);
}

int ports_child_await(int process, int *was_signalled, int *code) {
    siginfo_t ending;
    memset(&ending, 0, sizeof ending);
    while (1) {
        if (waitid(P_ALL, 0, &ending, WEXITED | WNOWAIT) < 0) {
            if (errno == EINTR) continue;
            return -1;
        }
        if (ending.si_pid == process) break;
        while (waitpid(ending.si_pid, NULL, 0) < 0 && errno == EINTR) {}
    }
    *was_signalled = ending.si_code != CLD_EXITED;
    *code = ending.si_status;
    return 0;
}

void ports_child_bury(int process) {
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {}
}

int ports_program_has_capabilities(int fd) {
    return fgetxattr(fd, "security.capability", NULL, 0) > 0;
}
