#define _GNU_SOURCE
#include "ports.h"

#include <stdio.h>

FILE *ports_stream_open(
    void *source, ssize_t (*read)(void *source, char *bytes, size_t count), int (*close)(void *source)) {
    return fopencookie(source, "r", (cookie_io_functions_t){.read = read, .close = close});
}
