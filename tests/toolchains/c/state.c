// A reactor whose state has parts with names, and whose leaks have a function each.
#include "abi.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 4 };

struct kept {
    struct kept *next;
    char text[];
};

static struct {
    uint32_t limit;
    uint32_t retries;
} config = {3, 0};
static uint32_t visits[SLOTS];
static struct kept *all;

IMPORT("wasi:cli/stdout@0.2.12", "get-stdout")
int32_t get_stdout(void);

EXPORT("retry")
uint32_t retry(void) {
    return ++config.retries;
}

EXPORT("visit")
uint32_t visit(uint32_t slot) {
    return ++visits[slot % SLOTS];
}

__attribute__((noinline)) static void remember(const char *text, size_t length) {
    struct kept *kept = malloc(sizeof *kept + length);
    memcpy(kept->text, text, length);
    kept->next = all;
    all = kept;
}

EXPORT("keep")
void keep(char *text, size_t length) {
    remember(text, length);
    free(text);
}

__attribute__((noinline)) static int32_t stream(void) {
    return get_stdout();
}

// The stream is the caller's to drop. It never is.
EXPORT("open")
void open_stream(void) {
    stream();
}
