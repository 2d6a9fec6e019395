// A reactor: exports that may be called again, and `boom`, which may not.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define EXPORT(name) __attribute__((export_name(name)))

EXPORT("cabi_realloc")
void *cabi_realloc(void *old, size_t old_size, size_t align, size_t size) {
    (void)old_size;
    (void)align;
    void *new = realloc(old, size);
    if (!new && size) {
        abort();
    }
    return new;
}

EXPORT("add")
uint32_t add(uint32_t a, uint32_t b) {
    return a + b;
}

EXPORT("count")
uint32_t count(void) {
    static uint32_t calls;
    return ++calls;
}

// Made on first use, and kept.
EXPORT("table")
uint32_t table(uint32_t index) {
    static uint32_t *squares;
    if (!squares) {
        squares = malloc(16 * sizeof *squares);
        if (!squares) {
            abort();
        }
        for (uint32_t i = 0; i < 16; i++) {
            squares[i] = i * i;
        }
    }
    return squares[index % 16];
}

EXPORT("length")
uint32_t length(char *text, uint32_t bytes) {
    uint32_t characters = 0;
    for (uint32_t i = 0; i < bytes; i++) {
        characters += (text[i] & 0xc0) != 0x80;
    }
    free(text);
    return characters;
}

EXPORT("announce")
uint32_t announce(void) {
    static int calls;
    calls += 1;
    return (uint32_t)printf("call %d\n", calls);
}

EXPORT("allocate")
uint32_t allocate(uint32_t size) {
    char *block = calloc(size, 1);
    uint32_t got = block != NULL;
    free(block);
    return got;
}

EXPORT("boom")
uint32_t boom(void) {
    static uint32_t calls;
    if (++calls > 1) {
        __builtin_trap();
    }
    return calls;
}
