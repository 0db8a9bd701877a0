// The calls that a program would have made without this library.
#define _GNU_SOURCE
#include "calls.h"

#include <dlfcn.h>

struct calls next;

void find_calls(void) {
#define X(name) *(void **)&next.name = dlsym(RTLD_NEXT, #name);
    EVERY_CALL(X)
#undef X
}
