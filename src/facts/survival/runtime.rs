//! State that belongs to a runtime, recognized by the names of functions and variables. What has no name is not guessed.

use crate::allocators;
use crate::component::Component;
use crate::component::core_module::CoreModule;
use crate::inventory::Runtime;

/// Functions of wasi-libc and of the C++ runtime that keep state of their own.
const LIBC: [&str; 23] = [
    "exit",
    "atexit",
    "fflush",
    "fclose",
    "fopen",
    "fputs",
    "fputc",
    "fwrite",
    "fwrite_unlocked",
    "fputs_unlocked",
    "puts",
    "putchar",
    "printf",
    "vprintf",
    "fprintf",
    "vfprintf",
    "printf_core",
    "setvbuf",
    "getenv",
    "setenv",
    "putenv",
    "unsetenv",
    "strerror",
];
/// How names of functions begin that belong to the library of C or C++.
const LIBC_PREFIXES: [&str; 12] = [
    "__stdio_",
    "__stdout_",
    "__stderr_",
    "__stdin_",
    "__wasi",
    "__wasilibc_",
    "__libc_",
    "__funcs_on_exit",
    "__cxa_",
    "__towrite",
    "__overflow",
    "__init_",
];
/// Variables of wasi-libc's allocators.
const ALLOCATOR_VARIABLES: [&str; 5] =
    ["_gm_", "mparams", "__curbrk", "freeRegionBuckets", "DLMALLOC"];
/// Variables of wasi-libc.
const LIBC_VARIABLES: [&str; 12] = [
    "errno",
    "__environ",
    "environ",
    "__wasilibc_environ",
    "__wasilibc_cwd",
    "__stdout_used",
    "__stderr_used",
    "__stdin_used",
    "__stdout_FILE",
    "__stderr_FILE",
    "__stdin_FILE",
    "__libc",
];
/// Folders of sources, as debug information names them.
const ALLOCATOR_FOLDERS: [&str; 3] = ["/dlmalloc/", "/dlmalloc-", "/emmalloc/"];
const LIBC_FOLDERS: [&str; 3] = ["wasi-libc", "libc-top-half", "libc-bottom-half"];

/// The runtime that a function belongs to, by its name as the file has it.
pub fn of_function(name: &str) -> Option<Runtime> {
    if allocators::is_allocator(name) {
        return Some(Runtime::Allocator);
    }
    if LIBC.contains(&name) || LIBC_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
        return Some(Runtime::LibC);
    }
    // Go's linker keeps the package before the name.
    if name.starts_with("runtime.") {
        return Some(Runtime::Language);
    }
    None
}

/// What a variable of wasi-libc and of its allocator keeps, by its name and by the source file that declares it
/// (wasi-libc: `dlmalloc/src/malloc.c`, `libc-top-half/musl/src/exit/atexit.c`, `src/stdio/`, `src/env/`).
pub fn purpose(name: &str, file: Option<&str>) -> Option<&'static str> {
    let in_file = |end: &str| file.is_some_and(|file| file.ends_with(end));
    Some(match name {
        "_gm_" | "mparams" => "dlmalloc's free lists",
        "__stdout_FILE" | "__stdout_used" => "stdout's buffer",
        "__stderr_FILE" | "__stderr_used" => "stderr's buffer",
        "__stdin_FILE" | "__stdin_used" => "stdin's buffer",
        "buf" if in_file("/stdout.c") => "stdout's buffer",
        "__environ" | "environ" | "__wasilibc_environ" => "the environment",
        _ if in_file("atexit.c") => "atexit's list",
        _ => return None,
    })
}

/// The heap of an interpreter that a core module holds, or whose memory it shares. componentize-py links `libpython3.N.so`
/// (componentize-py 0.25: `src/lib.rs`); componentize-js adds itself to the producers of the component around its engine
/// (ComponentizeJS 0.23: `src/componentize.js`).
pub fn heap(component: &Component<'_>, module: &CoreModule<'_>) -> Option<&'static str> {
    let mut beside = component.core_modules.iter().filter(|(_, it)| it.home == module.home);
    let is_python = |it: &CoreModule<'_>| it.name.is_some_and(|name| name.contains("libpython3"));
    if beside.any(|(_, it)| is_python(it)) {
        return Some("the Python heap");
    }
    let mut producers = component.definitions[module.home].producers.iter();
    let is_javascript = producers.any(|(_, name, _)| *name == "ComponentizeJS");
    is_javascript.then_some("the JavaScript heap")
}

/// The runtime that a variable belongs to, by its name and by the source file that declares it.
pub fn of_variable(name: &str, file: Option<&str>) -> Option<Runtime> {
    let in_folder = |folders: &[&str]| {
        file.is_some_and(|file| folders.iter().any(|folder| file.contains(folder)))
    };
    if ALLOCATOR_VARIABLES.contains(&name) || in_folder(&ALLOCATOR_FOLDERS) {
        return Some(Runtime::Allocator);
    }
    (LIBC_VARIABLES.contains(&name) || in_folder(&LIBC_FOLDERS)).then_some(Runtime::LibC)
}
