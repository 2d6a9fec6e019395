//! The names of functions as their authors wrote them. Compilers of Rust and C++ encode a path and types into
//! a symbol, and linkers decode it in part; identities of findings use the names as they stand in the file.

use std::borrow::Cow;
use std::fmt::{self, Write};

use cpp_demangle::{BorrowedSymbol, DemangleOptions, ParseOptions};

/// Longest symbol that is decoded, in bytes. The work is more than linear in the length.
const LONGEST_SYMBOL: usize = 1024;
/// Longest demangled name, in bytes: a short symbol can expand to a very long name.
const LONGEST_NAME: usize = 400;
/// How deep the types in a symbol may be nested.
const DEEPEST: u32 = 48;
/// Hexadecimal digits of the hash that ends a path in Rust's older symbols.
const HASH: usize = 16;

/// The demangled name of a symbol, without Rust's hashes; a name that is no symbol is returned as it is.
pub(crate) fn demangled(name: &str) -> Cow<'_, str> {
    if name.len() > LONGEST_SYMBOL {
        return Cow::Borrowed(name);
    }
    let decoded = if name.starts_with("_R") || name.starts_with("_ZN") {
        rust(name).or_else(|| cpp(name))
    } else if name.starts_with("_Z") || name.starts_with("__Z") {
        cpp(name)
    } else {
        half_decoded(name)
    };
    decoded.map_or(Cow::Borrowed(name), Cow::Owned)
}

/// Of a symbol of Rust. The hash of an older one is checked: a C++ name can look like one.
fn rust(symbol: &str) -> Option<String> {
    let decoded = rustc_demangle::try_demangle(symbol).ok()?;
    let mut name = Capped::default();
    // What does not fit is cut off, and is no error.
    let _ = write!(name, "{decoded:#}");
    name.finished()
}

fn cpp(symbol: &str) -> Option<String> {
    let parsing = ParseOptions::default().recursion_limit(DEEPEST);
    let (decoded, rest) =
        BorrowedSymbol::with_tail_and_options(symbol.as_bytes(), &parsing).ok()?;
    // Optimizers append `.1`, `.llvm.123`, `.command_export`.
    if !rest.is_empty() && !rest.starts_with(b".") {
        return None;
    }
    let mut name = Capped::default();
    let telling = DemangleOptions::new().recursion_limit(DEEPEST);
    let _ = decoded.structured_demangle(&mut name, &telling);
    name.finished()
}

/// Of a path that LLVM's linker made from an older symbol of Rust. It knows only C++, so that the hash and the
/// characters that Rust encodes by itself are left: `_$LT$i32$u20$as$u20$a..B$GT$::f::h0123456789abcdef`.
fn half_decoded(name: &str) -> Option<String> {
    let (path, hash) = name.rsplit_once("::h")?;
    let (hash, tail) = hash.split_at_checked(HASH)?;
    let is_hash = hash.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it));
    if !is_hash || !(tail.is_empty() || tail.starts_with('.')) {
        return None;
    }
    let plain = |it: &str| it.bytes().all(|it| it.is_ascii_alphanumeric() || b"_$.".contains(&it));
    if !path.split("::").all(plain) {
        return Some(path.to_owned());
    }
    let mut symbol = "_ZN".to_owned();
    for step in path.split("::") {
        let _ = write!(symbol, "{}{step}", step.len());
    }
    let _ = write!(symbol, "{}h{hash}E", HASH + 1);
    rust(&symbol).or_else(|| Some(path.to_owned()))
}

/// A text that takes no more than [`LONGEST_NAME`] bytes, and refuses the first piece that would not fit.
#[derive(Default)]
struct Capped {
    text: String,
    full: bool,
}

impl Capped {
    fn finished(mut self) -> Option<String> {
        if self.full {
            self.text.push_str("...");
        }
        Some(self.text).filter(|text| !text.is_empty())
    }
}

impl fmt::Write for Capped {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.full |= self.text.len() + piece.len() > LONGEST_NAME;
        if self.full {
            return Err(fmt::Error);
        }
        self.text.push_str(piece);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn symbols_become_names() {
        let table = [
            ("_start", "_start"),
            ("wasi:cli/run@0.2.6#run", "wasi:cli/run@0.2.6#run"),
            ("main.(*Server).Handle", "main.(*Server).Handle"),
            ("_ZN4core9panicking9panic_fmt17h0123456789abcdefE", "core::panicking::panic_fmt"),
            ("core::panicking::panic_fmt::h0123456789abcdef", "core::panicking::panic_fmt"),
            (
                "_$LT$alloc..string..String$u20$as$u20$core..fmt..Write$GT$::write_str::h0123456789abcdef",
                "<alloc::string::String as core::fmt::Write>::write_str",
            ),
            (
                "std::panicking::begin_panic_handler::_$u7b$$u7b$closure$u7d$$u7d$::h0123456789abcdef",
                "std::panicking::begin_panic_handler::{{closure}}",
            ),
            ("<A as b::C>::d::h0123456789abcdef", "<A as b::C>::d"),
            ("_RNvCsbmNqQUJIY6D_7mycrate3foo", "mycrate::foo"),
            ("_ZN3foo3barEi", "foo::bar(int)"),
            ("_Znwm", "operator new(unsigned long)"),
            ("_Z", "_Z"),
            ("a::hello", "a::hello"),
            ("ähm::h0123456789abcdé", "ähm::h0123456789abcdé"),
        ];
        for (symbol, name) in table {
            assert_eq!(demangled(symbol), name, "{symbol}");
        }
    }

    #[test]
    fn hostile_symbols_cost_little() {
        let start = Instant::now();
        // Each type stands for two of the one before.
        let mut doubling = "_Z1fSt4pairIiiE".to_owned();
        for at in 0..60 {
            let at = ["", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "A", "B"][at % 13];
            doubling.push_str(&format!("St4pairIS{at}_S{at}_E"));
        }
        let nested = format!("_Z1f{}i", "P".repeat(1000));
        let packs = format!("_Z1fI{}", "J".repeat(900));
        let names = format!("_Z{}", "N".repeat(1000));
        let expressions = format!("_ZN1fIX{}EE", "cl".repeat(450));
        let backward = format!("_RI{}C1a{}E", "I".repeat(300), "B1_".repeat(200));
        let tuples = format!("_RINvC1a1bT{}E", "TB9_B9_E".repeat(100));
        let ambiguous = format!("_Z{}", "L_Z".repeat(340));
        let operators = format!("_ZN{}", "cv".repeat(500));
        for symbol in
            [doubling, nested, packs, names, expressions, backward, tuples, ambiguous, operators]
        {
            assert!(demangled(&symbol).len() <= symbol.len().max(LONGEST_NAME + 3), "{symbol}");
        }
        let long = "x".repeat(1 << 20);
        assert_eq!(demangled(&long), long);
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    }
}
