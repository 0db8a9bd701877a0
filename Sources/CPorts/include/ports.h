/// The few system calls Swift's Glibc module cannot reach: variadic ones, Linux-only ones, and termios2, whose header
/// cannot live in one file with <termios.h>. Everything returns -1 and sets errno on failure, as system calls do.
#ifndef SOLDERLESS_PORTS_H
#define SOLDERLESS_PORTS_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

// MARK: termios2.c, terminal settings with arbitrary rates

/// A terminal's settings as the kernel gave them, to be given back unchanged. Its content is nobody's business.
typedef struct {
    _Alignas(8) unsigned char bytes[64];
} ports_terminal_settings;

/// Reads the settings of a terminal.
int ports_settings_get(int fd, ports_terminal_settings *settings);

/// Gives a terminal its settings back, at once: what is still queued for output goes out under them.
int ports_settings_set(int fd, const ports_terminal_settings *settings);

/// The same with another rate, in bits per second.
int ports_settings_set_at(int fd, const ports_terminal_settings *settings, unsigned int baud);

/// The output rate in bits per second. On a pseudo-terminal's master: the rate the client has set.
int ports_baud_get(int fd, unsigned int *baud);

/// The same, and in `mode` what the terminal does to bytes: bit 0 ICANON, 1 ECHO, 2 ISIG, 3 ICRNL, 4 INLCR, 5 IXOFF,
/// 6 IXON, 7 OPOST, 8 ISTRIP.
int ports_terminal_get(int fd, unsigned int *baud, unsigned int *mode);

/// Sets both rates, in bits per second, after the output queue has gone out at the old rate.
int ports_baud_set(int fd, unsigned int baud);

/// Raw 8N1 without flow control, modem lines ignored, reads of at least one byte; drops what is queued for input.
int ports_make_raw(int fd, unsigned int baud);

/// From now on a character that was received with an error comes as FF 00 and the character, a break as FF 00 00, and a
/// sound FF as FF FF (termios(3), PARMRK).
int ports_mark_errors(int fd);

/// Whether the last one to close the terminal lowers its control lines (HUPCL): 1 or 0.
int ports_hangs_up(int fd);

/// Has them lowered.
int ports_set_hang_up(int fd);

/// Hands over each key as it is pressed, unechoed; ^C and ^Z stay signals. Reads wait for one.
int ports_make_key_by_key(int fd);

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

// MARK: modem.c, control lines and what a receiver counts; a pseudo-terminal has neither (ENOTTY)

/// Control lines of the kernel (TIOCM_*), numbered as RTAC serial does: 01 CTS, 02 DCD, 04 DSR, 08 RTS, 10 DTR, 20 RI.
unsigned int ports_lines_of(int modem);

/// The other way round.
int ports_modem_of(unsigned int lines);

/// The control lines of a port.
int ports_lines_get(int fd, unsigned int *lines);

/// Asserts RTS and DTR, or does not, at once. The others are not ours.
int ports_lines_set(int fd, unsigned int lines);

/// How often a receiver met something since its driver was loaded; each wraps around.
typedef struct {
    /// Characters that came before the last one was taken, by the receiver or by the driver.
    unsigned int overrun;
    /// Changes of CTS, DSR, DCD and RI.
    unsigned int line_changes;
} ports_receive_counts;

/// What is in a `struct serial_icounter_struct`.
void ports_receive_counts_of(const void *kernel, ports_receive_counts *counts);

/// The counts of a port's receiver.
int ports_receive_counts_get(int fd, ports_receive_counts *counts);

// MARK: waiting.c, waiting and waking

/// ppoll without a signal mask; a negative timeout waits for ever.
int ports_poll(struct pollfd *descriptors, size_t count, int64_t timeout_nanoseconds);

/// A new event counter, non-blocking and close-on-exec.
int ports_event_counter(void);

/// A new pipe, both ends non-blocking and close-on-exec.
int ports_pipe(int ends[2]);

/// Lets the kernel wake this thread as exactly as it can, instead of up to 50 microseconds late.
int ports_minimize_timer_slack(void);

// MARK: memory.c

/// What is freed stays with the process, up to a gigabyte.
void ports_keep_freed_memory(void);

// MARK: signals.c, signals as bytes in a pipe

/// From now on each of these signals (1...64) is written as one byte to `write_end`. One process has one such pipe:
/// fails with EBUSY when there is one already.
int ports_signals_catch(const int *signals, size_t count, int write_end);

/// Gives every caught signal the action it had before.
void ports_signals_release(void);

/// Lets a caught signal do what it does to a program that does not know it: stop it, or end it. Returns when it goes on.
int ports_signal_take_default(int signal);

/// The first signal that has no meaning of its own, and that the C library does not use either.
int ports_first_free_signal(void);

/// The name of a signal, such as SIGTERM; "a signal" for a rare one.
const char *ports_signal_name(int signal);

// MARK: control.c, local sockets and sets of descriptors

/// The longest path of a local socket, in bytes.
enum { ports_local_path_most = 107 };

/// A new local stream socket with that name, mode 0600, non-blocking and close-on-exec. It does not listen yet.
/// ENAMETOOLONG for a path that is too long, EADDRINUSE when something has that name.
int ports_local_bind(const char *path);

/// Connects to a local stream socket; the descriptor is non-blocking and close-on-exec. ECONNREFUSED when nobody listens.
/// EAGAIN when too many wait already: for that it waits so long, at most; with 0 not at all.
int ports_local_connect(const char *path, int timeout_milliseconds);

/// The next one that has connected, non-blocking and close-on-exec.
int ports_local_accept(int fd);

/// Process (0 where it cannot be seen from here) and user of the other end, as they were when it connected or listened.
int ports_local_peer(int fd, int *process, unsigned int *user);

/// send without blocking and without SIGPIPE.
ssize_t ports_local_send(int fd, const void *bytes, size_t count);

/// Receives without blocking. In `passed` the first descriptor that came with it, close-on-exec, or -1; others are closed.
ssize_t ports_local_receive(int fd, void *bytes, size_t count, int *passed);

/// Another read end of a pipe, non-blocking whatever the holders of the first do to that, and close-on-exec. ENOSTR for
/// what is no pipe.
int ports_pipe_reader(int fd);

/// A descriptor that is readable once that process has ended.
int ports_process_watch(int process);

typedef enum { ports_set_add, ports_set_modify, ports_set_remove } ports_set_action;

typedef struct {
    uint64_t token;
    int readable, writable, hung_up;
} ports_set_event;

/// A new set of descriptors (epoll), which is a descriptor itself: readable as long as one of them is ready.
int ports_set_new(void);

/// Adds a descriptor to a set, changes what it is waited for, or takes it out.
int ports_set_change(int set, ports_set_action action, int fd, int readable, int writable, uint64_t token);

/// Those that are ready, at most 16, in turn; does not block.
int ports_set_ready(int set, ports_set_event *events, int most);

// MARK: network.c, TCP on IPv4

/// A new TCP socket that listens, non-blocking and close-on-exec, with room for so many bytes that a client sent and nobody
/// has read (the system doubles it). With 0 in `port` the system chooses one; afterwards it is the one it has.
int ports_tcp_listen(uint32_t address, uint16_t *port, int receive_room, int backlog);

/// The next one that has connected, non-blocking and close-on-exec. What is sent to it leaves at once, and one that is gone
/// without a word is noticed within a minute.
int ports_tcp_accept(int fd);

typedef enum {
    ports_tcp_is_open,
    /// The other end sends no more; what it sent before may still be unread.
    ports_tcp_has_ended,
    /// The connection is broken, or closed in both directions.
    ports_tcp_is_gone
} ports_tcp_condition;

/// In which condition a connection is: a ports_tcp_condition.
int ports_tcp_state(int fd);

/// Tells the other end something, if there is room for it, before it is let go.
void ports_tcp_dismiss(int fd, const char *words);

// MARK: children.c, a program that is waited for

/// Starts a program that the kernel kills when the calling thread ends, and with it when this process does; one that
/// outlives it is left alone.
///
/// - `arguments[0]` names the program; without a slash it is looked for in PATH.
/// - `variables` are what its environment has beside ours or instead: "NAME=value", or "NAME" for none.
/// - `output` becomes its standard output; the other descriptors are ours.
/// - `terminal`: where it is not -1, the terminal of a session that it leads, and its three standard descriptors.
/// - `own_group`: it leads a process group of its own.
/// - `outlives`: the kernel lets it go on when the calling thread ends.
///
/// Every signal is as it is by default. Returns its process, or -1 with the errno of what failed in there: ENOENT where
/// there is no such program.
int ports_child_start(
    char *const *arguments, char *const *variables, int output, int terminal, int own_group, int outlives);

/// From now on, a process whose parent ends and that comes from here is our child.
int ports_adopt_orphans(void);

/// Waits until a child has ended, and tells how: 0 and its exit code, or 1 and its signal. It keeps its number until it is
/// buried; every other child that ends meanwhile is buried at once.
int ports_child_await(int process, int *was_signalled, int *code);

/// Buries a child that has ended: its number may be another's from now on.
void ports_child_bury(int process);

/// Whether a program's file gives it capabilities that its caller may not have: 1 or 0.
int ports_program_has_capabilities(int fd);

// MARK: spawn.c, a program that outlives its caller

/// Starts a program in a session of its own, its input from /dev/null; every signal is as it is by default, nothing but
/// the three standard descriptors is left open. Returns its process.
int ports_spawn_session(const char *path, char *const *arguments, int output, int error);

// MARK: stream.c, a C stream that is read from a source of ours

/// A stream for reading whose bytes `read` gives: at most `count`, 0 at the end, -1 for an error with errno set. `close`
/// is called once, by fclose. NULL with errno set when there is none.
FILE *ports_stream_open(
    void *source, ssize_t (*read)(void *source, char *bytes, size_t count), int (*close)(void *source));

#endif
