// The preload library of `solderless record --attach`: tells what a program does with terminals, and changes nothing of
// it.
//
// It stands in front of libc's calls. Each goes through unchanged first; then, if it was about a terminal, a message
// about it goes to the recorder (messages.h). Nothing here waits: what the pipe has no room for is counted, and the
// count is sent when there is room again. Without a recorder calls go through and nothing else happens.
//
// A hook may run in any thread, in a signal handler, and between fork and exec: there are no locks and no allocations,
// and errno is kept. After vfork the memory is still the parent's: there a hook only passes through.
#ifndef SOLDERLESS_ATTACH_H
#define SOLDERLESS_ATTACH_H

#include "../calls.h"
#include "messages.h"

#include <stdatomic.h>

// MARK: recorder.c, what is reported, and to whom

/// CLOCK_MONOTONIC in nanoseconds.
int64_t now(void);

/// Begins to report to the recorder with this socket, which is tried at once.
void recorder_begin(const char *path);

/// Whether `recorder_begin` was called.
int recorder_is_known(void);

/// Whether what happens here is to be told. The child of a fork gets a pipe of its own on the way, and tells which
/// ports it has. Not so in the child of a vfork.
int is_watched(void);

/// Whether this is the process that reports: the child of a fork is not before it has a pipe of its own.
int is_told_process(void);

/// Whether this process may be watched later: the recorder was busy. `find_inherited` then tells what is open.
int is_to_be_watched(void);

/// Sends a message, or counts it as lost. A time of 0 is now, and so is a beginning.
void tell(struct solderless_message message, const void *data, size_t count);

/// Says what was lost, if anything was. Returns whether there is room again.
int tell_losses(void);

/// Sockets and pipes of this library, which a program does not see.
enum { the_socket, the_pipe, the_read_end, channel_count };

/// The number of one of them; -1 for none.
int channel_number(int which);

/// Whether a descriptor is one of them.
int is_channel(int fd);

/// A program that wants one of their numbers gets it.
void make_way(int fd);

// MARK: terminals.c, which descriptors are ports

/// Descriptors from here on are not followed.
enum { most_descriptors = 65536 };

/// The terminal that a descriptor leads to; 0 for all others. A hint: closing has ways that are not seen, so whoever
/// uses an entry looks at the descriptor first.
extern _Atomic uint32_t terminals[most_descriptors];

static inline uint32_t entry(int fd) {
    return fd >= 0 && fd < most_descriptors ? atomic_load_explicit(&terminals[fd], memory_order_relaxed) : 0;
}

/// One above the highest descriptor that ever was a port.
int entries_end(void);

/// Whether a descriptor that was a terminal's still is, and there is somebody to tell.
int is_still(int fd, uint32_t device);

/// A call has given the program this descriptor. - `how`: as `solderless_opened` has it.
void gained(int fd, uint8_t how);

/// A port's descriptor that a call takes away; `device` 0 for all others.
struct closing {
    int fd;
    uint32_t device;
    /// Before the call: once it has returned, the number may be another's already, and that opening is the later one.
    int64_t time;
};

/// A call is about to take this descriptor away. What it was is told when the call has returned.
struct closing about_to_close(int fd);
void tell_closed(struct closing closing);

/// What was open before this library, or this process, was there, or before the recorder was reached.
void find_inherited(void);

/// Reads the terminal's settings and tells them. - `how`: as `solderless_settings` has it.
void tell_settings(int fd, uint32_t device, uint8_t how, int64_t began, int error);

#endif
