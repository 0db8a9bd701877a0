/// The few system calls Swift's Glibc module cannot reach: variadic ones, Linux-only ones, and termios2, whose header
/// cannot live in one file with <termios.h>. Everything returns -1 and sets errno on failure, as system calls do.
#ifndef SOLDERLESS_PORTS_H
#define SOLDERLESS_PORTS_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

// MARK: termios2.c, terminal settings with arbitrary rates

/// A terminal's settings as the kernel gave them, to be given back unchanged. Its content is nobody's business.
typedef struct {
    _Alignas(8) unsigned char bytes[64];
} ports_terminal_settings;

/// Reads the settings of a terminal.
int ports_settings_get(int fd, ports_terminal_settings *settings);

/// Gives a terminal its settings back, at once: what is still queued for output goes out under them.
int ports_settings_set(int fd, const ports_terminal_settings *settings);

/// The output rate in bits per second. On a pseudo-terminal's master: the rate the client has set.
int ports_baud_get(int fd, unsigned int *baud);

/// The same, and in `mode` what the terminal does to bytes: bit 0 ICANON, 1 ECHO, 2 ISIG, 3 ICRNL, 4 INLCR, 5 IXOFF,
/// 6 IXON, 7 OPOST, 8 ISTRIP.
int ports_terminal_get(int fd, unsigned int *baud, unsigned int *mode);

/// Sets both rates, in bits per second, after the output queue has gone out at the old rate.
int ports_baud_set(int fd, unsigned int baud);

/// Raw 8N1 without flow control, modem lines ignored, reads of at least one byte; drops what is queued for input.
int ports_make_raw(int fd, unsigned int baud);

// MARK: terminal.c, pseudo-terminals and exclusive use

/// Makes a pseudo-terminal and unlocks it; returns its non-blocking, close-on-exec master, and N of its /dev/pts/N.
int ports_pty_open(unsigned int *number);

/// Opens a master's slave without a path, close-on-exec and not as controlling terminal; returns its descriptor.
int ports_pty_open_slave(int master);

/// Turns packet mode on (1) or off (0): every read of the master then begins with a control byte.
int ports_pty_packet_mode(int master, int on);

/// Whether somebody holds the terminal exclusively (TIOCEXCL): 1 or 0.
int ports_exclusive_get(int fd);

/// Takes (1) or gives up (0) exclusive use: further opens by anybody but root fail with EBUSY.
int ports_exclusive_set(int fd, int on);

/// Bytes the driver has not sent yet; always 0 on a pseudo-terminal.
int ports_output_pending(int fd, int *count);

// MARK: waiting.c, waiting and waking

/// ppoll without a signal mask; a negative timeout waits for ever.
int ports_poll(struct pollfd *descriptors, size_t count, int64_t timeout_nanoseconds);

/// A new event counter, non-blocking and close-on-exec.
int ports_event_counter(void);

/// A new pipe, both ends non-blocking and close-on-exec.
int ports_pipe(int ends[2]);

/// Lets the kernel wake this thread as exactly as it can, instead of up to 50 microseconds late.
int ports_minimize_timer_slack(void);

// MARK: signals.c, signals as bytes in a pipe

/// From now on each of these signals (1...64) is written as one byte to `write_end`. One process has one such pipe:
/// fails with EBUSY when there is one already.
int ports_signals_catch(const int *signals, size_t count, int write_end);

/// Gives every caught signal the action it had before.
void ports_signals_release(void);

#endif
