//! Calls and values in WAVE, the component model's text form of values: taken apart, and checked against a type.

mod explain;
mod scan;

use std::ops::Range;

use wasm_wave::parser::ParserError;
use wasm_wave::untyped::UntypedValue;
use wasm_wave::value::{Type, Value};

use crate::script::fault::Fault;
use crate::script::mismatch::Mismatch;
use scan::{Piece, Scanner};

/// A text in WAVE, in bytes, at most.
pub const LONGEST: usize = 1 << 20;

/// A call as it is written: `ns:pkg/iface#func(1, _)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallText {
    /// The export's name.
    pub export: Range<usize>,
    /// The arguments with their parentheses; `None` if there are no parentheses.
    pub arguments: Option<Range<usize>>,
}

/// The calls of a text, between semicolons.
///
/// # Errors
/// When it is none.
pub fn calls(text: &str) -> Result<Vec<CallText>, Fault> {
    if text.len() > LONGEST {
        return Err(too_long(text));
    }
    let mut calls = Vec::new();
    let mut at = 0;
    loop {
        let end = text[at..].find(['(', ';']).map_or(text.len(), |it| at + it);
        let export = trimmed(text, at..end);
        if export.is_empty() {
            let help = "write a call, such as ns:pkg/iface#func(1, \"x\")";
            return Err(Fault::new(at..end, "the name of an export belongs here", help));
        }
        if text[export.clone()].contains(char::is_whitespace) {
            return Err(Fault::new(export, "this is no name of an export", ""));
        }
        let mut call = CallText { export, arguments: None };
        at = end;
        if text[at..].starts_with('(') {
            let close = matching(text, at)?;
            call.arguments = Some(at..close + 1);
            at = close + 1;
        }
        calls.push(call);
        let rest = trimmed(text, at..text.len());
        match text[rest.clone()].chars().next() {
            None => return Ok(calls),
            Some(';') => at = rest.start + 1,
            Some(_) => {
                let help = "a semicolon stands between two calls";
                return Err(Fault::new(rest, "this does not belong here", help));
            }
        }
        if text[at..].trim().is_empty() {
            return Ok(calls);
        }
    }
}

/// The arguments of a text in parentheses, each without the space around it.
///
/// # Errors
/// When it is none.
pub fn arguments(text: &str) -> Result<Vec<Range<usize>>, Fault> {
    if text.len() > LONGEST {
        return Err(too_long(text));
    }
    let whole = trimmed(text, 0..text.len());
    let help = "write them in parentheses: (1, \"x\", _)";
    if !text[whole.clone()].starts_with('(') {
        return Err(Fault::new(whole, "arguments stand in parentheses", help));
    }
    let close = matching(text, whole.start)?;
    let is_comment = |line: &str| line.trim().is_empty() || line.trim().starts_with("//");
    if !text[close + 1..].lines().all(is_comment) {
        return Err(Fault::new(close + 1..whole.end, "this follows the last argument", help));
    }
    let mut arguments = Vec::new();
    let mut scanner = Scanner::new(text, whole.start + 1);
    let (mut depth, mut begin) = (0u32, whole.start + 1);
    while let Some((range, piece)) = scanner.next()? {
        match piece {
            Piece::Open => depth += 1,
            Piece::Close => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => {
                    let last = trimmed(text, begin..range.start);
                    if !last.is_empty() {
                        arguments.push(last);
                    }
                    break;
                }
            },
            Piece::Comma if depth == 0 => {
                let argument = trimmed(text, begin..range.start);
                if argument.is_empty() {
                    return Err(Fault::new(range, "an argument is missing before this comma", ""));
                }
                arguments.push(argument);
                begin = range.end;
            }
            Piece::Comma => {}
        }
    }
    Ok(arguments)
}

/// Whether a text is `_`: a value that is made up.
pub fn is_made_up(text: &str) -> bool {
    text.trim() == "_"
}

/// Whether a text is a value, whatever its type.
///
/// # Errors
/// When it is none.
pub fn value(text: &str) -> Result<(), Fault> {
    if text.len() > LONGEST {
        return Err(too_long(text));
    }
    let ended = ended(text);
    UntypedValue::parse(&ended).map(|_| ()).map_err(|error| fault(text, &error))
}

/// A value of a type, in the one way to write it.
///
/// # Errors
/// When it is of another type.
pub fn check(text: &str, ty: &Type) -> Result<String, Mismatch> {
    let unreadable = |error: &ParserError| {
        let fault = fault(text, error);
        Mismatch::other(Some(fault.range), format!("cannot be read: {}", fault.message))
    };
    let ended = ended(text);
    let untyped = UntypedValue::parse(&ended).map_err(|error| unreadable(&error))?;
    let value: Value = untyped.to_wasm_value(ty).map_err(|error| {
        explain::mismatch(untyped.node(), ty, &ended).unwrap_or_else(|| unreadable(&error))
    })?;
    wasm_wave::to_string(&value)
        .map_err(|error| Mismatch::other(None, format!("has no text form: {error}")))
}

/// A comment that ends without a line's end is more than the parser takes.
fn ended(text: &str) -> String {
    format!("{text}\n")
}

fn fault(text: &str, error: &ParserError) -> Fault {
    let end = error.span().end.min(text.len());
    let range = error.span().start.min(end)..end;
    let written = text.get(range.clone()).unwrap_or_default();
    let detail = match written {
        "_" => ": `_` may only stand for a whole argument".to_owned(),
        "" => String::new(),
        short if short.len() <= 40 => format!(": `{short}`"),
        _ => String::new(),
    };
    let help =
        "values are written in WAVE: 1, \"text\", [1, 2], {field: 1}, some(1), ok(1), case(1)";
    Fault::new(range, format!("{}{detail}", error.kind()), help)
}

fn too_long(text: &str) -> Fault {
    Fault::new(0..text.len(), "this is longer than 1 MiB", "")
}

/// Where the bracket that opens at `at` closes.
fn matching(text: &str, at: usize) -> Result<usize, Fault> {
    let mut scanner = Scanner::new(text, at);
    let mut depth = 0u32;
    while let Some((range, piece)) = scanner.next()? {
        match piece {
            Piece::Open => depth += 1,
            Piece::Close => depth = depth.saturating_sub(1),
            Piece::Comma => continue,
        }
        if depth == 0 {
            return Ok(range.start);
        }
    }
    Err(Fault::new(at..at + 1, "this bracket is not closed", ""))
}

/// A range without the space around what is in it.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text[range.clone()];
    let start = range.start + (part.len() - part.trim_start().len());
    start..(start + part.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_calls(text: &str) -> Vec<(&str, Option<&str>)> {
        let calls = calls(text).unwrap();
        calls.into_iter().map(|it| (&text[it.export], it.arguments.map(|it| &text[it]))).collect()
    }

    #[test]
    fn calls_are_taken_apart() {
        assert_eq!(of_calls("a#b(1, \"x;)\")"), [("a#b", Some("(1, \"x;)\")"))]);
        assert_eq!(
            of_calls(" open ; x:y/z@1.0.0#[method]c.put(_, (1, 2)) ;close();"),
            [
                ("open", None),
                ("x:y/z@1.0.0#[method]c.put", Some("(_, (1, 2))")),
                ("close", Some("()"))
            ]
        );
        for wrong in ["", ";", "(1)", "a(1", "a(1) b(2)", "a b(1)", "a(\"x)"] {
            assert!(calls(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn arguments_are_taken_apart() {
        let of = |text: &'static str| -> Vec<&str> {
            arguments(text).unwrap().into_iter().map(|it| &text[it]).collect()
        };
        assert_eq!(of("()"), [""; 0]);
        assert_eq!(
            of(" ( 1 , \"a, b\" , ',' , _, {x: [1, 2]}, ) "),
            ["1", "\"a, b\"", "','", "_", "{x: [1, 2]}"]
        );
        assert_eq!(
            of("(\"\\\"\", '\\'', \"\"\"\n\",\"\n\"\"\" // x)\n)"),
            ["\"\\\"\"", "'\\''", "\"\"\"\n\",\"\n\"\"\" // x)"]
        );
        for wrong in ["", "1", "(1", "(1) 2", "(,)", "(1,,2)", "('"] {
            assert!(arguments(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn values_are_checked() {
        let person =
            Type::record([("name", Type::STRING), ("age", Type::option(Type::U8))]).unwrap();
        let colour = Type::enum_ty(["red", "dark-blue"]).unwrap();
        for (text, ty, expected) in [
            (" 7 // days", &Type::U32, "7"),
            ("{age: 7, name: \"x\"}", &person, "{name: \"x\", age: some(7)}"),
            ("dark-blue", &colour, "dark-blue"),
            ("[1, 2,]", &Type::list(Type::S8), "[1, 2]"),
        ] {
            assert_eq!(check(text, ty).as_deref(), Ok(expected));
        }
        for (text, ty, expected) in [
            ("\"x\"", &Type::U32, "`f` wants u32 as its 1st argument, not a string"),
            ("-1", &Type::U32, "`f` wants u32 as its 1st argument, not -1"),
            ("{name: 1}", &person, "`f` wants string as `name` of its 1st argument, not 1"),
            ("{age: 1}", &person, "the 1st argument of `f` lacks the field `name`"),
            (
                "{nam: \"\"}",
                &person,
                "the 1st argument of `f` has no field `nam`; there are name, age",
            ),
            (
                "green",
                &colour,
                "the 1st argument of `f` has no case `green`; there are red, dark-blue",
            ),
            (
                "[1, x]",
                &Type::list(Type::S8),
                "`f` wants s8 as element 2 of its 1st argument, not `x`",
            ),
            (
                "[_]",
                &Type::list(Type::S8),
                "the 1st argument of `f` cannot be read: invalid token: `_` may only stand for a whole argument",
            ),
        ] {
            let told = check(text, ty).unwrap_err().sentence("f", "wants", "1st argument");
            assert!(told.starts_with(expected.split(": `_`").next().unwrap()), "{told}");
        }
    }

    #[test]
    fn nothing_panics() {
        let pieces = [
            "(", ")", "[", "]", "{", "}", ",", ":", "\"", "'", "\\", "//", "\n", "é", "1", "x",
            "_", "%", "some", ";",
        ];
        let types = [Type::STRING, Type::CHAR, Type::list(Type::U8), Type::option(Type::U8)];
        for one in pieces {
            for two in pieces {
                for three in pieces {
                    for text in [format!("{one}{two}{three}"), format!("({one}{two}{three})")] {
                        let _ = (calls(&text), arguments(&text), value(&text));
                        types.iter().for_each(|ty| drop(check(&text, ty)));
                    }
                }
            }
        }
        let deep = "[".repeat(100_000);
        assert!(value(&deep).is_err() && arguments(&format!("({deep})")).is_err());
    }
}
