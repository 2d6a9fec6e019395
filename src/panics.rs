//! Functions by which a guest gives up, known by their names: panics, assertions, aborts. What runs below the first
//! of them is the language's own, and says nothing of why.

use crate::demangle::demangled;
use crate::location::Location;

/// Crates of Rust's own library, whose code runs on behalf of whoever calls it.
const RUST_LIBRARY: [&str; 4] = ["core::", "alloc::", "std::", "__rustc::"];
/// How the last step of such a name begins where the function never returns.
const RUST_ENDS: [&str; 8] = [
    "abort",
    "assert_failed",
    "capacity_overflow",
    "expect_failed",
    "handle_alloc_error",
    "handle_error",
    "rust_oom",
    "unwrap_failed",
];
/// Functions of C, C++ and the WASI adapter.
const EXACT: [&str; 12] = [
    "abort",
    "_abort",
    "__assert_fail",
    "__assert_func",
    "__cxa_bad_cast",
    "__cxa_pure_virtual",
    "__cxa_rethrow",
    "__cxa_throw",
    "__stack_chk_fail",
    "std::terminate()",
    "wasi_snapshot_preview1::macros::assert_fail",
    "~lib/builtins/abort",
];
/// Functions of the runtimes of Go and TinyGo whose names do not say `panic`.
const GO: [&str; 5] = ["abort", "fatal", "fatalthrow", "throw", "trap"];

/// How many of these places, innermost first, a reader need not see: those from where the guest gave up, and those
/// of Rust's library between there and the code that called it. 0 where that would leave none.
pub(crate) fn below_panic<'a>(places: impl IntoIterator<Item = &'a Location>) -> usize {
    let names: Vec<_> = places.into_iter().map(name).collect();
    let Some(entry) = names.iter().rposition(|name| name.as_deref().is_some_and(gives_up)) else {
        return 0;
    };
    let own = |name: &Option<String>| !name.as_deref().is_some_and(is_rust_library);
    match names[entry + 1..].iter().position(own) {
        Some(library) => entry + 1 + library,
        None if entry + 1 < names.len() => entry + 1,
        None => 0,
    }
}

fn name(place: &Location) -> Option<String> {
    let name = place.path.last()?.name.as_deref()?;
    Some(demangled(name).into_owned())
}

/// Whether a function with this decoded name is one by which a guest gives up.
fn gives_up(name: &str) -> bool {
    if let Some(path) = RUST_LIBRARY.iter().find_map(|it| name.strip_prefix(it)) {
        let (modules, last) = path.rsplit_once("::").unwrap_or(("", path));
        let panics = |step: &str| step.contains("panic") && step != "panicking";
        // `std::panic::catch_unwind` and `std::panicking::catch_unwind` run code, and do not end it.
        return panics(last)
            || modules.split("::").any(|step| panics(step) && step != "panic")
            || last.ends_with("_fail")
            || RUST_ENDS.iter().any(|it| last.starts_with(it))
            || ["rust_begin_unwind", "__rust_abort", "__rust_start_panic"].contains(&last);
    }
    if let Some(function) = name.strip_prefix("runtime.") {
        return function.to_ascii_lowercase().contains("panic") || GO.contains(&function);
    }
    let zig = ["debug.", "builtin."].iter().find_map(|it| name.strip_prefix(it));
    EXACT.contains(&name)
        || zig.is_some_and(|function| function.to_ascii_lowercase().contains("panic"))
        || ["rust_begin_unwind", "rust_panic", "__rust_start_panic"].contains(&name)
        || name.starts_with("$ss") && name.contains("assertionFailure")
}

fn is_rust_library(name: &str) -> bool {
    let name = name.trim_start_matches('<');
    RUST_LIBRARY.iter().any(|it| name.starts_with(it))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::{ItemKind, Step};

    fn shown(names: &[&'static str]) -> Vec<&'static str> {
        let places = names.iter().map(|name| {
            let name = Some((*name).to_owned());
            let step = Step { kind: ItemKind::Func, index: 0, name };
            Location { path: vec![step], ..Location::default() }
        });
        names[below_panic(&places.collect::<Vec<_>>())..].to_vec()
    }

    #[test]
    fn a_path_ends_where_the_guest_gives_up() {
        let rust = [
            "abort",
            "_RNvNtCshXfaRvt2tfW_3std7process5abort",
            "_RNvCsfLfy6EI15iL_7___rustc10rust_panic",
            "_RNvNtCshXfaRvt2tfW_3std9panicking15panic_with_hook",
            "_RNvCsfLfy6EI15iL_7___rustc17rust_begin_unwind",
            "_RNvNtCs9pv848UzQwQ_4core9panicking9panic_fmt",
            "_ZN4core6option13unwrap_failed17h0123456789abcdefE",
            "_ZN4core6option15Option$LT$T$GT$6unwrap17h0123456789abcdefE",
            "tick",
        ];
        assert_eq!(shown(&rust), ["tick"]);
        assert_eq!(shown(&["abort", "__assert_fail", "check", "run"]), ["check", "run"]);
        assert_eq!(shown(&["runtime.abort", "runtime._panic", "main.f"]), ["main.f"]);
        assert_eq!(shown(&["debug.defaultPanic", "main.f"]), ["main.f"]);
    }

    #[test]
    fn other_paths_stay() {
        let main = [
            "user::main",
            "std::panicking::catch_unwind::do_call",
            "std::panic::catch_unwind",
            "std::rt::lang_start_internal",
            "_start",
        ];
        assert_eq!(shown(&main), main);
        assert_eq!(shown(&["abort"]), ["abort"]);
        assert_eq!(shown(&["std::process::abort"]), ["std::process::abort"]);
        assert_eq!(shown(&["core::slice::sort", "f"]), ["core::slice::sort", "f"]);
        assert_eq!(shown(&[]), [""; 0]);
    }
}
