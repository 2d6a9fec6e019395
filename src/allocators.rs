//! Functions of allocators, and of libraries that open files and streams, known by their names. What runs below the first
//! of them says nothing of who asks for memory or for a handle.

use crate::demangle::demangled;
use crate::location::Location;

/// Functions of allocators: of wasi-libc's dlmalloc and emmalloc, of Rust's `dlmalloc` crate, of wit-bindgen.
const ALLOCATOR: [&str; 25] = [
    "malloc",
    "free",
    "calloc",
    "realloc",
    "aligned_alloc",
    "posix_memalign",
    "memalign",
    "malloc_usable_size",
    "dlmalloc",
    "dlfree",
    "dlcalloc",
    "dlrealloc",
    "dlmemalign",
    "dlposix_memalign",
    "internal_memalign",
    "dispose_chunk",
    "prepend_alloc",
    "try_realloc_chunk",
    "tmalloc_large",
    "tmalloc_small",
    "sys_alloc",
    "sys_trim",
    "release_unused_segments",
    "sbrk",
    "cabi_realloc",
];
/// Parts of the names of Rust's functions that allocate.
const ALLOCATOR_PATHS: [&str; 6] = [
    "dlmalloc::",
    "__rust_alloc",
    "__rust_dealloc",
    "__rust_realloc",
    "__rdl_alloc",
    "std::sys::alloc::",
];
/// Functions of Go's runtime that allocate (Go 1.27: `runtime/malloc.go`), and of TinyGo's (0.42: `runtime/gc_blocks.go`).
const GO: [&str; 7] = [
    "runtime.mallocgc",
    "runtime.newobject",
    "runtime.makeslice",
    "runtime.growslice",
    "runtime.alloc",
    "runtime.systemstack",
    "runtime.mcall",
];

/// How names of functions begin that take handles for others: of wasi-libc (`libc-bottom-half/sources/`), and of the
/// libraries of Rust and Go.
const OPENING: [&str; 12] = [
    "__wasi",
    "__wasilibc",
    "fopen",
    "fdopen",
    "freopen",
    "open",
    "fdopendir",
    "std::",
    "core::",
    "alloc::",
    "syscall.",
    "os.",
];
/// How the names of modules begin that adapt preview 1, and of those that connect them (wit-component 0.245).
const ADAPTERS: &str = "wit-component:";

/// How the names of functions of AssemblyScript's library begin (0.28: `std/assembly/`).
const ASSEMBLYSCRIPT: &str = "~lib/";

/// Whether a function with this name, as the file has it, belongs to an allocator.
pub(crate) fn is_allocator(name: &str) -> bool {
    if ALLOCATOR.contains(&name) {
        return true;
    }
    let name = demangled(name);
    ALLOCATOR_PATHS.iter().any(|path| name.contains(path))
}

/// How many of these places, innermost first, are of the allocator: those up to its outermost function. 0 if that would
/// leave none.
pub(crate) fn below_allocation(places: &[Location]) -> usize {
    let allocates = |place: &Location| {
        let name = place.path.last().and_then(|step| step.name.as_deref());
        name.is_some_and(|name| {
            is_allocator(name) || GO.contains(&name) || name.starts_with(ASSEMBLYSCRIPT)
        })
    };
    let outermost = places.iter().rposition(allocates).map_or(0, |at| at + 1);
    if outermost < places.len() { outermost } else { 0 }
}

/// How many of these places, innermost first, are of an adapter or of functions that open for others. 0 if that would leave
/// none.
pub(crate) fn below_opening(places: &[Location]) -> usize {
    let opens = |place: &&Location| {
        let names = place.path.iter().filter_map(|step| step.name.as_deref());
        let mut names = names.map(demangled);
        names.any(|name| {
            name.starts_with(ADAPTERS) || OPENING.iter().any(|begin| name.starts_with(begin))
        })
    };
    let below = places.iter().take_while(opens).count();
    if below < places.len() { below } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::{ItemKind, Step};

    #[test]
    fn who_asks_for_memory_is_outside_of_the_allocator() {
        let place = |name: &str| {
            let name = Some(name.to_owned()).filter(|name| !name.is_empty());
            let path = vec![Step { kind: ItemKind::Func, index: 0, name }];
            Location { path, ..Location::default() }
        };
        let below = |names: &[&str]| {
            below_allocation(&names.iter().map(|name| place(name)).collect::<Vec<_>>())
        };
        assert_eq!(below(&["sbrk", "dlmalloc", "malloc", "leak", "run"]), 3);
        assert_eq!(below(&["", "malloc", "leak"]), 2);
        assert_eq!(below(&["grow", "leak"]), 0);
        assert_eq!(below(&["sbrk", "malloc"]), 0);
        assert_eq!(below(&["~lib/rt/tlsf/growMemory", "~lib/array/Array#push", "leak/keep"]), 2);
        assert_eq!(below(&["runtime.sysMap", "runtime.mallocgc", "main.leak"]), 2);
    }
}
