// The allocator's settings: glibc's own, and no other library's.
#include "ports.h"

#include <malloc.h>

void ports_keep_freed_memory(void) {
#ifdef M_MMAP_THRESHOLD
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}
