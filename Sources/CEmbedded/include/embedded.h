// Files of the project that a program carries inside itself. In C, because `#embed` costs the compiler nothing: as arrays of
// Swift, the same bytes took it most of a minute, and to change a lesson was to compile half of the rooms anew.
#pragma once
#include <stddef.h>

/// A file: its path from the project's root, and what it holds, a text without zeros.
struct embedded_file {
    const char *path;
    const unsigned char *text;
};

/// All of them, `*count`, those of a folder in the order in which they are shown.
const struct embedded_file *embedded_files(size_t *count);
