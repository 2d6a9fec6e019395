#include "abi.h"

#include <stdlib.h>

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
