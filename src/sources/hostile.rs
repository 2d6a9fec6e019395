//! Debug sections that no toolchain leaves, and paths that some do.

use std::time::{Duration, Instant};

use gimli::{EndianSlice, LittleEndian};

use super::budget::Budget;
use super::in_module;
use super::sections::Sections;
use crate::location::{SourceLine, Span};

/// Longer than any of these takes, even unoptimized on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// A line table of version 4, with one folder and one file.
fn table(folder: &[u8], file: &[u8], program: &[u8]) -> Vec<u8> {
    let mut header = vec![1, 1, 1, 0xfb, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1];
    for list in [folder, file] {
        header.extend(list);
        header.push(0);
        header.extend(if list == file { &[1, 0, 0, 0][..] } else { &[0][..] });
    }
    let mut rest = vec![4, 0];
    rest.extend((header.len() as u32).to_le_bytes());
    rest.extend(header);
    rest.extend(program);
    let mut table = (rest.len() as u32).to_le_bytes().to_vec();
    table.extend(rest);
    table
}

/// Sets the address.
fn at(address: u32) -> Vec<u8> {
    [&[0, 5, 2][..], &address.to_le_bytes()].concat()
}

/// A row here, and the end ten bytes behind it.
const ROW: [u8; 6] = [1, 2, 10, 0, 1, 1];

/// A unit that names its table and the folder `/home`, by an abbreviation of this code.
fn unit(code: u8, table: u32) -> Vec<u8> {
    let mut rest = vec![4, 0, 0, 0, 0, 0, 4, code];
    rest.extend(table.to_le_bytes());
    rest.extend(b"/home\0");
    let mut unit = (rest.len() as u32).to_le_bytes().to_vec();
    unit.extend(rest);
    unit
}

/// An abbreviation of this code: a compile unit with `stmt_list` and `comp_dir`.
fn abbreviation(code: u8) -> [u8; 9] {
    [code, 0x11, 0, 0x10, 0x17, 0x1b, 0x08, 0, 0]
}

fn found(info: &[u8], abbrev: &[u8], line: &[u8], span: Span) -> Option<SourceLine> {
    let start = Instant::now();
    let section = |bytes| EndianSlice::new(bytes, LittleEndian);
    let sections = Sections {
        abbrev: section(abbrev),
        info: section(info),
        line: section(line),
        ..Sections::default()
    };
    let found = in_module(&sections, &[span], &mut Budget::default()).remove(0);
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    found
}

fn path(folder: &[u8], file: &[u8]) -> Option<String> {
    let line = table(folder, file, &[at(5), ROW.to_vec()].concat());
    let found = found(&unit(1, 0), &abbreviation(1), &line, Span::new(7, 8))?;
    assert_eq!((found.line, found.column), (1, None));
    Some(found.path)
}

#[test]
fn paths_are_put_together() {
    for (folder, file, expected) in [
        (&b"src"[..], &b"main.c"[..], "/home/src/main.c"),
        (b"../lib", b"./x.c", "/home/../lib/./x.c"),
        (b"/usr/include", b"x.h", "/usr/include/x.h"),
        (b"src", b"/x.c", "/x.c"),
        (b"C:\\work\\src", b"main.c", "C:/work/src/main.c"),
        (b"c:/work/", b"main.c", "c:/work/main.c"),
        (b"src", b"\xff\xfe.c", "/home/src/\u{fffd}\u{fffd}.c"),
    ] {
        assert_eq!(path(folder, file).as_deref(), Some(expected));
    }
    // What is no path.
    assert_eq!(path(b"src", &[b'x'; 5000]), None);
}

#[test]
fn a_table_whose_unit_is_not_there_tells_what_it_has() {
    let line = table(b"src", b"main.c", &[at(5), ROW.to_vec()].concat());
    let found = found(&[], &[], &line, Span::new(7, 8)).unwrap();
    assert_eq!(found.path, "src/main.c");
}

#[test]
fn removed_functions_and_other_bytes_have_no_line() {
    let line =
        table(b"src", b"main.c", &[at(0), ROW.to_vec(), at(u32::MAX), ROW.to_vec()].concat());
    for span in [Span::new(5, 6), Span::new(50, 60), Span::new(u64::MAX - 1, u64::MAX)] {
        assert_eq!(found(&[], &[], &line, span), None);
    }
}

#[test]
fn many_units_of_one_table_run_it_once() {
    let mut program = at(5);
    // A special opcode, which makes a row, a byte.
    program.resize(4 << 20, 32);
    let line = table(b"src", b"main.c", &program);
    let info: Vec<_> = (0..100_000).flat_map(|_| unit(2, 1)).collect();
    assert!(found(&info, &abbreviation(2), &line, Span::new(0, 1 << 40)).is_some());
}

#[test]
fn abbreviations_that_units_share_are_not_read_for_each_of_them() {
    let line = table(b"src", b"main.c", &[at(5), ROW.to_vec()].concat());
    // A megabyte of others before the one that is meant.
    let mut abbrev: Vec<_> = (0..150_000).flat_map(|_| abbreviation(2)).collect();
    abbrev.extend(abbreviation(1));
    let info: Vec<_> = (0..100_000).flat_map(|_| unit(1, 1)).collect();
    assert_eq!(found(&info, &abbrev, &line, Span::new(7, 8)).unwrap().path, "src/main.c");
}

#[test]
fn rows_over_everything_end() {
    let spans: Vec<_> = (0..20_000).map(|it| Span::new(it, it + 1000)).collect();
    let sequences =
        (1..200_000).rev().map(|it| [at(it), vec![1, 3, 1, 2, 0xff, 0xff, 0x7f, 0, 1, 1]].concat());
    let program: Vec<_> = sequences.flatten().collect();
    let line = table(b"src", b"main.c", &program);
    let section = EndianSlice::new(&line, LittleEndian);
    let sections = Sections { line: section, ..Sections::default() };
    let start = Instant::now();
    let mut budget = Budget(1 << 24);
    in_module(&sections, &spans, &mut budget);
    assert_eq!(budget.0, 0);
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}

#[test]
fn lists_of_files_that_claim_to_be_huge_are_not_believed() {
    // Version 5, with a format of one path, and 2^63 folders.
    let mut rest = vec![5, 0, 4, 0];
    let mut header = vec![1, 1, 1, 0xfb, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 1, 1, 0x0b];
    header.extend([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
    header.resize(2 << 20, 0);
    rest.extend((header.len() as u32).to_le_bytes());
    rest.extend(header);
    let mut line = (rest.len() as u32).to_le_bytes().to_vec();
    line.extend(rest);
    // The table behind it is read.
    line.extend(table(b"src", b"main.c", &[at(5), ROW.to_vec()].concat()));
    assert!(found(&[], &[], &line, Span::new(7, 8)).is_some());
}

/// A unit with a function in which `entries` stand, and the abbreviations of it: 3 is an inlined function with one
/// range, 4 one with several, and 5 has as many attributes as are wanted, which take no bytes.
fn inlining(entries: &[u8], attributes: usize) -> (Vec<u8>, Vec<u8>) {
    let mut rest = vec![4, 0, 0, 0, 0, 0, 4];
    rest.extend(b"\x01\0\0\0\0/home\0");
    rest.extend([&[2][..], &5_u32.to_le_bytes(), &10_u32.to_le_bytes(), entries, &[0, 0]].concat());
    let mut info = (rest.len() as u32).to_le_bytes().to_vec();
    info.extend(rest);
    let abbrev = [
        &[1, 0x11, 1, 0x10, 0x17, 0x1b, 0x08, 0, 0][..],
        &[2, 0x2e, 1, 0x11, 0x01, 0x12, 0x06, 0, 0],
        &[3, 0x1d, 1, 0x11, 0x01, 0x12, 0x06, 0x58, 0x0b, 0x59, 0x0b, 0x57, 0x0b, 0, 0],
        &[4, 0x1d, 0, 0x55, 0x17, 0x58, 0x0b, 0x59, 0x0b, 0, 0],
        &[5, 0x1d, 0],
        &[0x59, 0x19].repeat(attributes),
        &[0, 0, 0],
    ];
    (info, abbrev.concat())
}

/// A call that was inlined from 6 to 10, at column 3 of a line of the second file.
fn call(line: u8, inner: &[u8]) -> Vec<u8> {
    let range = [6_u32.to_le_bytes(), 4_u32.to_le_bytes()].concat();
    [&[3][..], &range, &[2, line, 3], inner, &[0]].concat()
}

#[test]
fn of_inlined_functions_of_a_library_the_callers_line_counts() {
    let line = table(
        b"/rustc/0/library/core/src",
        b"option.rs\0\x01\0\0/a/main.rs",
        &[at(5), ROW.to_vec()].concat(),
    );
    // In the user's function, one of the library that stands in two parts.
    let (info, abbrev) = inlining(&call(9, &[4, 0, 0, 0, 0, 1, 77]), 0);
    let ranges: Vec<_> = [7_u32, 8, 9, 10, 0, 0].map(u32::to_le_bytes).concat();
    let section = |bytes| EndianSlice::new(bytes, LittleEndian);
    let sections = Sections {
        abbrev: section(&abbrev),
        info: section(&info),
        line: section(&line),
        ranges: section(&ranges),
        ..Sections::default()
    };
    let spans = [7, 8, 9, 12].map(|it| Span::new(it, it + 1));
    let lines = in_module(&sections, &spans, &mut Budget::default());
    let told: Vec<_> = lines.iter().flatten().map(|it| (it.path.as_str(), it.line)).collect();
    let user = ("/a/main.rs", 9);
    assert_eq!(told, [user, user, user, ("/rustc/0/library/core/src/option.rs", 1)]);
    assert_eq!(lines[0].as_ref().unwrap().column, Some(3));
    for cut in 0..info.len() {
        let sections = Sections { info: section(&info[..cut]), ..sections };
        in_module(&sections, &spans, &mut Budget::default());
    }
}

#[test]
fn attributes_without_bytes_and_shared_ranges_count() {
    let line = table(b"src", b"main.c", &[at(5), ROW.to_vec()].concat());
    let flags = inlining(&[5].repeat(4 << 20), 100_000);
    let shared = inlining(&[4, 0, 0, 0, 0, 1, 77].repeat(500_000), 0);
    let made = [flags, shared];
    let ranges: Vec<_> =
        [[7_u32, 8].map(u32::to_le_bytes).concat().repeat(100_000), vec![0; 8]].concat();
    let section = |bytes| EndianSlice::new(bytes, LittleEndian);
    for (info, abbrev) in &made {
        let start = Instant::now();
        let sections = Sections {
            abbrev: section(abbrev),
            info: section(info),
            line: section(&line),
            ranges: section(&ranges),
            ..Sections::default()
        };
        let lines = in_module(&sections, &[Span::new(7, 8)], &mut Budget::default());
        assert_eq!(lines.iter().flatten().count(), 1);
        assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    }
}
