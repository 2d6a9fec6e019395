// A reactor: each export behaves in its own way when it is called again.
#include "abi.h"

#include <stdlib.h>
#include <string.h>

enum { LEAKED_BYTES = 128 * 1024, FUSE_CALLS = 2 };

struct string {
    char *bytes;
    size_t length;
};

IMPORT("wasi:cli/stdout@0.2.12", "get-stdout")
int32_t get_stdout(void);

EXPORT("greet")
struct string *greet(char *name, size_t length) {
    static const char hello[] = "hello ";
    static struct string greeting;
    size_t start = strlen(hello);
    greeting.length = start + length;
    greeting.bytes = cabi_realloc(NULL, 0, 1, greeting.length);
    memcpy(greeting.bytes, hello, start);
    memcpy(greeting.bytes + start, name, length);
    free(name);
    return &greeting;
}

EXPORT("cabi_post_greet")
void greet_returned(struct string *greeting) {
    free(greeting->bytes);
}

EXPORT("tick")
uint32_t tick(void) {
    static uint32_t calls;
    return ++calls;
}

EXPORT("boom")
void boom(void) {
    static int called;
    if (called) {
        __builtin_trap();
    }
    called = 1;
}

EXPORT("fuse")
uint32_t fuse(void) {
    static int calls;
    if (++calls > FUSE_CALLS) {
        __builtin_trap();
    }
    return 7;
}

// Never freed, and written to, so that no optimizer leaves it out.
EXPORT("leak")
void leak(void) {
    char *volatile block = cabi_realloc(NULL, 0, 1, LEAKED_BYTES);
    memset(block, 1, LEAKED_BYTES);
}

// The stream is the caller's to drop. It never is.
EXPORT("handles")
void handles(void) {
    get_stdout();
}
