// Reading and writing through pointers of the program as the kernel does: one that leads nowhere is an error and no crash.
#define _GNU_SOURCE
#include "lines.h"

#include <string.h>
#include <sys/syscall.h>

/// - `number`: process_vm_readv from `there`, or process_vm_writev to it.
static int copy(long number, void *here, void *there, size_t count) {
    struct iovec own = {here, count}, others = {there, count};
    int reason = errno;
    // Longs: the last argument lies on the stack, where all of it counts.
    long copied = syscall(number, syscall(SYS_getpid), &own, 1L, &others, 1L, 0L);
    if (copied == (long)count) return errno = reason, 0;
    // Some containers forbid the call: then the pointer is trusted, but for the commonest mistake.
    if (copied < 0 && (errno == EPERM || errno == ENOSYS) && there) {
        if (number == SYS_process_vm_readv) memcpy(here, there, count);
        else memcpy(there, here, count);
        return errno = reason, 0;
    }
    return errno = EFAULT, -1;
}

int copy_in(void *destination, const void *argument, size_t count) {
    return copy(SYS_process_vm_readv, destination, (void *)argument, count);
}

int copy_out(void *argument, const void *source, size_t count) {
    return copy(SYS_process_vm_writev, (void *)source, argument, count);
}
