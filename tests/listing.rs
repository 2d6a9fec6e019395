//! Functions as text: each line from the byte it claims, and no input that breaks it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod expected;
mod program;
mod sample;

use secondcall::location::Location;
use secondcall::report::listing::{Listing, ListingError, Target, functions, locate};

use sample::guarded;

#[track_caller]
fn compare(name: &str, told: &str) {
    expected::compare("report", name, told);
}

/// What a command prints; on failure, its error.
fn secondcall(arguments: &[&str]) -> String {
    let ran = program::secondcall(arguments);
    if ran.code == Some(0) { ran.out } else { ran.err }
}

fn shown(arguments: &[&str]) -> String {
    let file = expected::folder("report/guarded.wat").display().to_string();
    secondcall(&[&["wat", &file], arguments].concat()).replace(&file, "guarded.wat")
}

#[test]
fn the_command_shows_what_is_asked_for() {
    let mut told = String::new();
    let asked: &[&[&str]] = &[
        &[],
        &["--module", "1"],
        &["--func", "_start"],
        &["--func", "1"],
        &["--func", "1", "--module", "1"],
        &["--func", "0", "--module", "1"],
        &["--func", "wasi:cli/run@0.2.6#run"],
        &["--func", "main::_start"],
        &["--func", "env::log"],
        &["--func", "@0x5d"],
        &["--func", "@0"],
        &["--func", "99"],
        &["--func", "1", "--module", "2"],
    ];
    for arguments in asked {
        told += &format!("$ secondcall wat guarded.wat {}\n", arguments.join(" "));
        told += &shown(arguments);
        told += "\n";
    }
    compare("wat.txt", &told);
}

#[test]
fn lines_and_offsets_are_those_of_the_whole_print() {
    let file = guarded();
    let mut storage = String::new();
    let whole: Vec<_> = wasmprinter::Config::new()
        .offsets_and_lines(&file, &mut storage)
        .unwrap()
        .map(|(offset, text)| (offset, text.trim()))
        .collect();
    for place in functions(&file, Some(0)).unwrap() {
        let listing = Listing::of_function(&file, &place).unwrap();
        let lines: Vec<_> =
            listing.lines.iter().map(|line| (line.offset, line.text.trim())).collect();
        assert!(lines.len() > 3);
        assert!(whole.windows(lines.len()).any(|window| window == lines), "{place}: {lines:#?}");
    }
}

#[test]
fn a_byte_finds_its_line() {
    let file = guarded();
    let place = locate(&file, &Target::Name("_start".to_owned()), None).unwrap();
    let listing = Listing::of_function(&file, &place).unwrap();
    assert_eq!(listing.line_at(place.span.start), Some(0));
    assert_eq!(listing.line_at(place.span.end - 1), Some(listing.lines.len() - 1));
    assert_eq!(listing.line_at(place.span.end), None);
    assert_eq!(listing.line_at(0), None);
    for (number, line) in listing.lines.iter().enumerate() {
        assert_eq!(listing.line_at(line.offset.unwrap()), Some(number));
    }
}

#[test]
fn an_ambiguous_name_is_refused() {
    let module = "(core module (func (export \"go\")))";
    let file = wat::parse_str(format!("(component {module} {module})")).unwrap();
    let target = Target::Name("go".to_owned());
    assert!(matches!(locate(&file, &target, None), Err(ListingError::Ambiguous { .. })));
    assert!(locate(&file, &target, Some(1)).is_ok());
}

#[test]
fn a_location_without_a_function_is_refused() {
    let error = Listing::of_function(&guarded(), &Location::default()).unwrap_err();
    assert!(matches!(error, ListingError::NotAFunction));
}

#[test]
fn damaged_input_is_an_error_at_most() {
    let file = guarded();
    let places = functions(&file, None).unwrap();
    let look = |bytes: &[u8]| {
        for place in &places {
            let _ = Listing::of_function(bytes, place);
        }
        for place in functions(bytes, None).unwrap_or_default() {
            let _ = Listing::of_function(bytes, &place);
        }
        let _ = locate(bytes, &Target::Name("_start".to_owned()), None);
        let _ = locate(bytes, &Target::Offset(0x5d), None);
    };
    for end in 0..file.len() {
        look(&file[..end]);
    }
    for at in 0..file.len() {
        for value in [0x00, 0x01, 0x0b, 0x40, 0x7f, 0x80, 0xff, file[at] ^ 1] {
            let mut damaged = file.clone();
            damaged[at] = value;
            look(&damaged);
        }
    }
}

#[test]
fn rules_and_traps_are_explained() {
    let mut told = String::new();
    let asked = [
        "run-once",
        "a flying saucer",
        "wasm backtrace:\n    0: 0x853 - api.wasm!_start\n    1: 0x91a - wit-component:adapter!wasi:cli/run@0.2.6#run\n\
         wasm trap: wasm `unreachable` instruction executed",
        "    0: 0x853 - api.wasm!__rust_start_panic\n    9: 0x91a - api.wasm!_start\n\
         wasm trap: wasm `unreachable` instruction executed",
        "wasm trap: cannot enter component instance",
        "Exited with i32 exit status 0",
        "panic: runtime error: //go:wasmexport function called before runtime initialization",
    ];
    for topic in asked {
        told += &format!("\n$ secondcall explain '{topic}'\n");
        told += &secondcall(&["explain", topic]);
    }
    compare("explain.txt", &told);
}
