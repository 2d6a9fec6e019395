// A call keeps its user in a static variable while it waits, so that it answers with the user of a call that began
// meanwhile. The imports and exports are those of the canonical ABI for async functions with a callback.

#include <stdint.h>

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define EXPORT(name) __attribute__((export_name(name)))

enum { EXIT = 0, WAIT = 2, RETURNED = 2 };

IMPORT("$root", "[async-lower]pause") uint32_t pause_async(void);
IMPORT("$root", "[waitable-set-new]") uint32_t set_new(void);
IMPORT("$root", "[waitable-set-drop]") void set_drop(uint32_t set);
IMPORT("$root", "[waitable-join]") void join(uint32_t waitable, uint32_t set);
IMPORT("$root", "[subtask-drop]") void subtask_drop(uint32_t subtask);
IMPORT("$root", "[context-set-0]") void context_set(uint32_t value);
IMPORT("$root", "[context-get-0]") uint32_t context_get(void);
IMPORT("[export]$root", "[task-return]whoami") void answer(uint32_t user);

static uint32_t current_user;

EXPORT("[async-lift]whoami")
uint32_t whoami(uint32_t user) {
    current_user = user;
    uint32_t status = pause_async();
    if ((status & 15) == RETURNED) {
        answer(current_user);
        return EXIT;
    }
    uint32_t set = set_new();
    context_set(set);
    join(status >> 4, set);
    return WAIT | set << 4;
}

EXPORT("[callback][async-lift]whoami")
uint32_t whoami_goes_on(uint32_t event, uint32_t subtask, uint32_t code) {
    subtask_drop(subtask);
    set_drop(context_get());
    answer(current_user);
    return EXIT;
}
