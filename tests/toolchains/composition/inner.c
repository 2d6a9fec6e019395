// What the outer component calls. With -DFRAGILE it answers once.
#include <stdint.h>

__attribute__((export_name("toolchains:composition/inner#step")))
uint32_t step(void) {
#ifdef FRAGILE
    static int called;
    if (called) {
        __builtin_trap();
    }
    called = 1;
#endif
    return 7;
}
