// What the host calls: one export needs the inner component, one does not.
#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(name)))

__attribute__((import_module("toolchains:composition/inner"), import_name("step")))
uint32_t step(void);

EXPORT("through")
uint32_t through(void) {
    return step() + 1;
}

EXPORT("beside")
uint32_t beside(void) {
    return 3;
}
