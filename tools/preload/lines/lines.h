// The preload library of `solderless run`: gives a program's port what a pseudo-terminal lacks, control lines above all.
//
// It stands in front of those of libc's calls that are about more than data, answers them for the bench's port by asking
// the bench (requests.h), and lets all others through. Reading and writing are not touched.
//
// It keeps nothing: each request has a connection of its own. So any thread may ask, a signal handler, a child of fork or
// of vfork, and no program finds a descriptor that it does not expect. A call that the bench cannot be asked about comes
// out as without the library.
#ifndef SOLDERLESS_LINES_H
#define SOLDERLESS_LINES_H

#include "../calls.h"
#include "requests.h"

#include <stddef.h>

// MARK: bench.c, whom to ask

/// Whether a descriptor leads to the bench's port, by whatever name or copy. Keeps errno.
int is_port(int fd);

/// Asks for something and waits until the bench has done it; not for ever. - `answer`: may be NULL.
/// Returns 0, or -1 with errno: ECONNREFUSED where the bench cannot be asked, EIO where it has ended meanwhile.
int ask(struct solderless_request request, struct solderless_answer *answer);

// MARK: memory.c, arguments that may lead nowhere

/// Copies from the program's memory, or to it; -1 and EFAULT, as the kernel has it, where there is none.
int copy_in(void *destination, const void *argument, size_t count);
int copy_out(void *argument, const void *source, size_t count);

// MARK: settings.c, rates and what waits in queues

/// Sets a terminal, `action` as tcsetattr has it: by tcsetattr where `base` is 0, by the ioctl `base` + `action` else.
int settings_call(int fd, int action, unsigned long base, const void *settings);

/// The terminal's settings may be others now, or the port's own.
void tell_settings(int fd);

/// What `queues` of tcflush names is thrown away. Returns 0 if the bench has done it.
int ask_flush(int queues);

/// A break; -1 if the bench cannot be asked. - `part`: as `solderless_break` has it.
int ask_break(uint32_t part);

/// Waits until what was written has crossed the line, if the bench can be asked.
void wait_until_sent(void);

// MARK: modem.c and serial.c, ioctls that a pseudo-terminal does not have

int modem_call(unsigned long request, void *argument);
int serial_call(int fd, unsigned long request, void *argument);

/// What a custom divisor divides, in bits per second: an FT232R's, an assumption of ours.
enum { solderless_base_rate = 24000000 };

#endif
