//! The source of a composition, `*.wac`: the packages that it instantiates. Reads only as much of the
//! language as that takes: comments, strings, words and package names.
//!
//! Source: wac, `crates/wac-parser/src/lexer.rs` (16e3de74), `crates/wac-resolver/src/visitor.rs`
//! (2dcd2677), and for where a package is looked for `crates/wac-resolver/src/fs.rs` (039d37c6):
//! `deps/NAMESPACE/NAME[/VERSION].wasm`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::error::ReadError;
use super::host::Implied;
use super::model::{Entry, Expected, Manifest, Target};

pub(super) fn read(text: &str) -> Result<Manifest, ReadError> {
    let words = words(text)?;
    let word = |i: usize| words.get(i).map_or("", |span| &text[span.clone()]);
    if word(0) != "package" {
        let span = words.first().cloned().unwrap_or(0..0);
        return Err(ReadError::foreign("a composition begins with `package` and a name", span));
    }
    let mut seen = BTreeSet::new();
    let mut entries = Vec::new();
    for (i, _) in words.iter().enumerate().filter(|(i, _)| word(*i) == "new") {
        let package = word(i + 1);
        let span = words.get(i + 1).cloned().unwrap_or(text.len()..text.len());
        let Some(path) = path(package) else {
            let message = "expected the name of a package, such as `a:b`, after `new`";
            return Err(ReadError::malformed(message, span));
        };
        if seen.insert(package) {
            entries.push(Entry {
                key: format!("new {package}"),
                span,
                target: Target::Package(path),
                implied: Implied::Nothing,
                build: None,
                expected: Expected::Always,
            });
        }
    }
    Ok(Manifest { entries, ..Manifest::default() })
}

/// The path of a package: `a:b@1.0.0` is `deps/a/b/1.0.0.wasm`.
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

/// The words of a text: names and keywords; every other character is a word of its own.
fn words(text: &str) -> Result<Vec<Range<usize>>, ReadError> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            let unclosed = || ReadError::malformed("this comment is not closed", at..at + 2);
            comment(rest).ok_or_else(unclosed)?
        } else if let Some(inside) = rest.strip_prefix('"') {
            let unclosed = || ReadError::malformed("this string is not closed", at..at + 1);
            inside.find('"').ok_or_else(unclosed)? + 2
        } else if rest.starts_with("...") {
            3
        } else if is_of_word(character) {
            let length = rest.find(|it| !is_of_word(it)).unwrap_or(rest.len());
            // A word may contain `.`, as in a version, but ends before `...`.
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
        let path = |entry: Entry| match entry.target {
            Target::Package(path) => path,
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
    fn mistakes_have_spans() {
        for (text, start) in [
            ("let x = new a:b;", 0),
            ("package a:b;\nlet x = new ;", 25),
            ("package a:b;\nlet x = new /a/../b:c {};", 25),
            ("package a:b;\n  /* /* */", 15),
            ("package a:b; \"", 13),
            ("", 0),
        ] {
            assert_eq!(read(text).unwrap_err().span.start, start, "{text}");
        }
    }
}
