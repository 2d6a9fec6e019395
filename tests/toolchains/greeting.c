// Writes without stdio, from data that stands in memory just before the start file's own.
#include <wasi/api.h>

static const char text[] = "hello, world\n";
static __wasi_ciovec_t parts[] = {{(const uint8_t *)text, sizeof text - 1}};

int main(void) {
    __wasi_size_t written;
    return __wasi_fd_write(1, parts, 1, &written);
}
