// What the canonical ABI asks of a module.
#include <stddef.h>
#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(name)))
#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))

void *cabi_realloc(void *old, size_t old_size, size_t align, size_t size);
