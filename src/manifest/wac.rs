//! The source of a composition, `*.wac`: the packages that it instantiates. Reads no more of the
//! language than that takes: comments, strings, words, and names of packages.
//!
//! Source: wac, `crates/wac-parser/src/lexer.rs` (16e3de74), `crates/wac-resolver/src/visitor.rs`
//! (2dcd2677), and for where a package is looked for `crates/wac-resolver/src/fs.rs` (039d37c6):
//! `deps/NAMESPACE/NAME[/VERSION].wasm`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Broken, Entry, Expected, Implied, Manifest, Names, Place};

pub(super) fn read(text: &str) -> Result<Manifest, Broken> {
    let words = words(text).map_err(|(message, span)| Broken {
        message,
        place: Place::of(text, span),
        foreign: false,
    })?;
    let word = |i: usize| words.get(i).map_or("", |span| &text[span.clone()]);
    if word(0) != "package" {
        let span = words.first().cloned().unwrap_or(0..0);
        let message = "a composition begins with `package` and a name".to_owned();
        return Err(Broken { message, place: Place::of(text, span), foreign: true });
    }
    let mut seen = BTreeSet::new();
    let mut entries = Vec::new();
    for (i, _) in words.iter().enumerate().filter(|(i, _)| word(*i) == "new") {
        let package = word(i + 1);
        let at = words.get(i + 1).cloned().unwrap_or(text.len()..text.len());
        let place = Place::of(text, at);
        let Some(path) = path(package) else {
            let message = "a package's name, such as `a:b`, stands after `new`".to_owned();
            return Err(Broken { message, place, foreign: false });
        };
        if seen.insert(package) {
            entries.push(Entry {
                words: format!("new {package}"),
                place,
                names: Names::Package(path),
                implied: Implied::Nothing,
                build: None,
                expected: Expected::Always,
            });
        }
    }
    Ok(Manifest { entries, ..Manifest::default() })
}

/// Where a package is looked for: `a:b@1.0.0` is `deps/a/b/1.0.0.wasm`.
fn path(package: &str) -> Option<String> {
    let (name, version) = match package.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (package, None),
    };
    let steps: Vec<&str> = name.split(':').map(|step| step.trim_start_matches('%')).collect();
    let is_name = |step: &&str| {
        step.starts_with(|it: char| it.is_ascii_alphabetic())
            && step.chars().all(|it| it.is_ascii_alphanumeric() || it == '-')
    };
    let is_version = |it: &str| {
        !it.is_empty() && it.chars().all(|it| it.is_ascii_alphanumeric() || "-.+".contains(it))
    };
    if steps.len() < 2 || !steps.iter().all(is_name) || !version.is_none_or(is_version) {
        return None;
    }
    let version = version.map(|it| format!("/{it}")).unwrap_or_default();
    Some(format!("deps/{}{version}.wasm", steps.join("/")))
}

/// The words of a text: names, keywords, and every other character by itself.
fn words(text: &str) -> Result<Vec<Range<usize>>, (String, Range<usize>)> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            comment(rest).ok_or(("this comment does not end".to_owned(), at..at + 2))?
        } else if let Some(inside) = rest.strip_prefix('"') {
            inside.find('"').ok_or(("this string does not end".to_owned(), at..at + 1))? + 2
        } else if rest.starts_with("...") {
            3
        } else if is_of_word(character) {
            let length = rest.find(|it| !is_of_word(it)).unwrap_or(rest.len());
            // A `.` may stand within a version; three of them end a word.
            let length = rest[..length].find("...").unwrap_or(length);
            words.push(at..at + length);
            length
        } else {
            if !character.is_whitespace() {
                words.push(at..at + character.len_utf8());
            }
            character.len_utf8()
        };
        at += length;
    }
    Ok(words)
}

fn is_of_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || "%:@/-.+_".contains(character)
}

/// The length of a comment, which may hold others.
fn comment(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += rest.chars().next()?.len_utf8();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Vec<String> {
        let entries = read(text).unwrap().entries.into_iter();
        let path = |entry: Entry| match entry.names {
            Names::Package(path) => path,
            other => panic!("{other:?}"),
        };
        entries.map(path).collect()
    }

    #[test]
    fn packages_that_are_instantiated() {
        let text = "package test:app targets wasi:http/proxy@0.2.0;\n\
            // let x = new no:no {};\n/* new /* new */ no:no */\n\
            let \"new\" = 1;\n\
            let a = new my:greeter@1.2.3 { ...};\n\
            let b = new my:app { a: a.greet, ...new my:deep:er{...} };\n\
            export b...;\nlet again = new my:app { };\n";
        let expected = ["deps/my/greeter/1.2.3.wasm", "deps/my/app.wasm", "deps/my/deep/er.wasm"];
        assert_eq!(files(text), expected);
    }

    #[test]
    fn what_is_broken_has_a_place() {
        let place = |text: &str| {
            let place = read(text).unwrap_err().place;
            (place.line, place.column)
        };
        assert_eq!(place("let x = new a:b;"), (1, 1));
        assert_eq!(place("package a:b;\nlet x = new ;"), (2, 13));
        assert_eq!(place("package a:b;\nlet x = new /a/../b:c {};"), (2, 13));
        assert_eq!(place("package a:b;\n  /* /* */"), (2, 3));
        assert_eq!(place("package a:b; \""), (1, 14));
        assert_eq!(place(""), (1, 1));
    }
}
