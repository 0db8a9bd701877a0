#define _GNU_SOURCE
#include "ports.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

int ports_spawn_session(const char *path, char *const *arguments, int output, int error) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int reason = posix_spawn_file_actions_init(&actions);
    if (reason) return errno = reason, -1;
    if ((reason = posix_spawnattr_init(&attributes))) {
        posix_spawn_file_actions_destroy(&actions);
        return errno = reason, -1;
    }
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    // Ignored signals would stay ignored: SIGINT is, in what a shell without job control starts in the background.
    short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    pid_t process = -1;
    if (!(reason = posix_spawnattr_setflags(&attributes, flags)) &&
        !(reason = posix_spawnattr_setsigmask(&attributes, &none)) &&
        !(reason = posix_spawnattr_setsigdefault(&attributes, &all)) &&
        !(reason = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)) &&
        !(reason = posix_spawn_file_actions_adddup2(&actions, output, 1)) &&
        !(reason = posix_spawn_file_actions_adddup2(&actions, error, 2))) {
#if __GLIBC_PREREQ(2, 34)
        // What the caller's parents left open is not kept open for as long as the emulation runs.
        reason = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
#endif
        if (!reason) reason = posix_spawn(&process, path, &actions, &attributes, arguments, environ);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return reason ? (errno = reason, -1) : process;
}
