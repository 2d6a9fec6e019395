//! State that belongs to a runtime, recognized by the names of functions and variables. What has no name is not guessed.

use rustc_hash::{FxHashMap, FxHashSet};

use super::locations::Func;
use crate::allocators;
use crate::component::Component;
use crate::component::core_module::CoreModule;
use crate::component::index_space::{ComponentId, CoreModuleId};
use crate::demangle::demangled;
use crate::facts::instantiation::Instantiation;
use crate::inventory::Runtime;

/// Functions of wasi-libc and of the C++ runtime that keep state of their own.
const LIBC: [&str; 31] = [
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
    "read",
    "readv",
    "write",
    "writev",
    "getcwd",
    "stdio_get_read_stream",
    "stdio_get_write_stream",
    "stdio_isatty",
];
/// How names of functions begin that belong to the library of C or C++.
const LIBC_PREFIXES: [&str; 13] = [
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
    "descriptor_table_",
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
/// How names of functions begin that belong to the libraries of Rust and keep state of their own (rust 1.95:
/// `library/std/src/`; wit-bindgen 0.57: `src/rt/`). Generic functions are not among them: the program's code may be inlined there.
const RUST_PREFIXES: [&str; 11] = [
    "std::alloc::",
    "std::env::",
    "std::io::stdio::",
    "std::panic::",
    "std::panicking::",
    "std::rt::",
    "std::sys::",
    "std::thread::current::",
    "wit_bindgen::rt::async_support::spawn::",
    "wit_bindgen::rt::run_ctors_once",
    "wasip3_task_set",
];
/// How paths of packages of Go's library begin (go 1.27: `src/`). Another program's package begins with a name of its own.
const GO_PACKAGES: [&str; 23] = [
    "bufio", "bytes", "cmp", "context", "errors", "fmt", "internal", "io", "iter", "maps", "math",
    "os", "reflect", "runtime", "slices", "sort", "strconv", "strings", "sync", "syscall", "time",
    "unicode", "unique",
];
/// The second steps of these paths (the same; TinyGo 0.40: `src/`).
const GO_INNER: [&str; 24] = [
    "atomic",
    "big",
    "bits",
    "cgo",
    "cmplx",
    "coverage",
    "debug",
    "exec",
    "fs",
    "internal",
    "interrupt",
    "ioutil",
    "js",
    "metrics",
    "pprof",
    "race",
    "rand",
    "signal",
    "trace",
    "tzdata",
    "user",
    "utf16",
    "utf8",
    "volatile",
];
/// How names of functions begin that Go's linker and its bindings add (go 1.27: `src/runtime/asm_wasm.s`, `rt0_wasip1_wasm.s`;
/// componentize-go: `go.bytecodealliance.org/pkg/wit`).
const GO_PREFIXES: [&str; 3] =
    ["gcWriteBarrier", "wasm_pc_f_loop", "go.bytecodealliance.org_pkg_wit_"];
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
        return Some(Runtime::Go);
    }
    let name = demangled(name);
    RUST_PREFIXES.iter().any(|prefix| name.starts_with(prefix)).then_some(Runtime::Rust)
}

/// Whether a function of a Go program is of Go's library. In its name, the linker replaces the slashes of the package's path
/// (go 1.27: `cmd/link/internal/wasm/asm.go`); TinyGo keeps them, and puts a receiver's type in parentheses.
fn is_of_go(name: &str) -> bool {
    if GO_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
        return true;
    }
    let name = name.trim_start_matches(['(', '*']);
    let package = &name[..name.find('.').unwrap_or(name.len())];
    let mut steps = package.split(['/', '_']);
    let first = steps.next().unwrap_or_default();
    // A program may be a module `time_util`.
    let is_known = |step: &str| first == "internal" || GO_INNER.binary_search(&step).is_ok();
    GO_PACKAGES.binary_search(&first).is_ok() && steps.next().is_none_or(is_known)
}

/// The runtimes of a component's core modules.
#[derive(Debug)]
pub struct Runtimes {
    /// The modules that belong to a runtime as a whole.
    whole: FxHashMap<CoreModuleId, Runtime>,
    /// The modules that are programs in Go.
    go: FxHashSet<CoreModuleId>,
}

impl Runtimes {
    /// Recognizes adapters, interpreters and Go. `adapters` are the modules that are preview1 adapters.
    pub fn of(component: &Component<'_>, adapters: impl Iterator<Item = CoreModuleId>) -> Self {
        let python: FxHashSet<_> = homes_of_python(component).collect();
        let modules = || component.core_modules.iter();
        let of = |module: &CoreModule<'_>| {
            let python = python.contains(&module.home).then_some(Runtime::Python);
            python.or_else(|| is_javascript(component, module.home).then_some(Runtime::JavaScript))
        };
        let interpreters = modules().filter_map(|(id, module)| Some((id, of(module)?)));
        let adapters = adapters.map(|id| (id, Runtime::Adapter));
        let is_go = |module: &CoreModule<'_>| {
            let mut producers = module.producers.iter();
            producers.any(|(field, name, _)| {
                matches!((*field, *name), ("language", "Go") | ("processed-by", "TinyGo"))
            })
        };
        Runtimes {
            whole: interpreters.chain(adapters).collect(),
            go: modules().filter(|(_, module)| is_go(module)).map(|(id, _)| id).collect(),
        }
    }

    /// The runtime that all of these functions belong to; the first one's, if they belong to several.
    pub(in crate::facts) fn of_all(
        &self,
        world: &Instantiation<'_>,
        writers: &[Func],
    ) -> Option<Runtime> {
        let of = |(instance, func): &Func| {
            let module = world.module(*instance);
            let whole = self.whole.get(&module.id).copied();
            whole.or_else(|| {
                let name = module.func_name(*func)?;
                let go = || (self.go.contains(&module.id) && is_of_go(name)).then_some(Runtime::Go);
                of_function(name).or_else(go)
            })
        };
        let first = of(writers.first()?)?;
        writers.iter().all(|writer| of(writer).is_some()).then_some(first)
    }
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
    if homes_of_python(component).any(|home| home == module.home) {
        return Some("the Python heap");
    }
    is_javascript(component, module.home).then_some("the JavaScript heap")
}

/// The components that hold a Python interpreter.
fn homes_of_python(component: &Component<'_>) -> impl Iterator<Item = ComponentId> {
    let modules = component.core_modules.iter().map(|(_, module)| module);
    let is_python = |it: &CoreModule<'_>| it.name.is_some_and(|name| name.contains("libpython3"));
    modules.filter(move |module| is_python(module)).map(|module| module.home)
}

/// Whether a component is a JavaScript engine with a program.
fn is_javascript(component: &Component<'_>, home: ComponentId) -> bool {
    let mut producers = component.definitions[home].producers.iter();
    producers.any(|(_, name, _)| *name == "ComponentizeJS")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_of_libraries() {
        let of = |name| of_function(name);
        assert_eq!(of("dlmalloc"), Some(Runtime::Allocator));
        assert_eq!(of("__wasilibc_initialize_environ"), Some(Runtime::LibC));
        assert_eq!(of("runtime.schedinit"), Some(Runtime::Go));
        assert_eq!(of("std::panicking::default_hook"), Some(Runtime::Rust));
        // The program's closure may be inlined in a generic function.
        assert_eq!(of("std::thread::local::LocalKey<T>::with"), None);
        assert_eq!(of("time.llvm.42"), None);
    }

    #[test]
    fn packages_of_go() {
        for of_go in [
            "internal_bisect.__dedup_.seen",
            "os.init",
            "sync_atomic.(*Int32).Add",
            "internal/task.start",
            "(*sync.Mutex).Lock",
        ] {
            assert!(is_of_go(of_go), "{of_go}");
        }
        for of_program in [
            "main.main",
            "github.com_me_os.init",
            "example.com_fmt.Tick",
            "osprey.Fly",
            "time_util.Tick",
            "",
        ] {
            assert!(!is_of_go(of_program), "{of_program}");
        }
        assert!(GO_PACKAGES.is_sorted() && GO_INNER.is_sorted());
    }
}
