//! Calls and values in WAVE, the component model's text form of values: parsed, and checked against a type.

mod explain;
mod scan;

use std::ops::Range;

use wasm_wave::parser::ParserError;
use wasm_wave::untyped::UntypedValue;
use wasm_wave::value::{Type, Value};

use crate::script::fault::Fault;
use crate::script::mismatch::Mismatch;
use scan::{Piece, Scanner};

/// The length limit of a text in bytes.
const LONGEST: usize = 1 << 20;

/// The parts of a call, `ns:pkg/iface#func(1, _)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallText {
    pub(crate) export: Range<usize>,
    /// The arguments with their parentheses; `None` without parentheses.
    pub(crate) arguments: Option<Range<usize>>,
}

/// Parses calls separated by semicolons.
///
/// # Errors
/// If the text is malformed.
pub(crate) fn calls(text: &str) -> Result<Vec<CallText>, Fault> {
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
            return Err(Fault::new(at..end, "expected the name of an export", help));
        }
        if text[export.clone()].contains(char::is_whitespace) {
            return Err(Fault::new(export, "this is not the name of an export", ""));
        }
        let mut call = CallText { export, arguments: None };
        at = end;
        if text[at..].starts_with('(') {
            let (_, close) = parenthesized(text, at)?;
            call.arguments = Some(at..close + 1);
            at = close + 1;
        }
        calls.push(call);
        let rest = trimmed(text, at..text.len());
        match text[rest.clone()].chars().next() {
            None => return Ok(calls),
            Some(';') => at = rest.start + 1,
            Some(_) => {
                let help = "write a semicolon between two calls";
                return Err(Fault::new(rest, "unexpected text after a call", help));
            }
        }
        if text[at..].trim().is_empty() {
            return Ok(calls);
        }
    }
}

/// Parses arguments in parentheses. The ranges do not include surrounding space.
///
/// # Errors
/// If the text is malformed.
pub(crate) fn arguments(text: &str) -> Result<Vec<Range<usize>>, Fault> {
    if text.len() > LONGEST {
        return Err(too_long(text));
    }
    let whole = trimmed(text, 0..text.len());
    let help = "write them in parentheses: (1, \"x\", _)";
    if !text[whole.clone()].starts_with('(') {
        return Err(Fault::new(whole, "expected arguments in parentheses", help));
    }
    let (arguments, close) = parenthesized(text, whole.start)?;
    let is_comment = |line: &str| line.trim().is_empty() || line.trim().starts_with("//");
    if !text[close + 1..].lines().all(is_comment) {
        return Err(Fault::new(close + 1..whole.end, "unexpected text after the arguments", help));
    }
    Ok(arguments)
}

/// Whether a text is `_`, for a generated value.
pub(crate) fn is_made_up(text: &str) -> bool {
    text.trim() == "_"
}

/// Checks that a text is a value of any type.
///
/// # Errors
/// If it is not.
pub(crate) fn value(text: &str) -> Result<(), Fault> {
    if text.len() > LONGEST {
        return Err(too_long(text));
    }
    let ended = ended(text);
    UntypedValue::parse(&ended).map(|_| ()).map_err(|error| fault(text, &error))
}

/// The normalized text of a value of type `ty`.
///
/// # Errors
/// If it is malformed or has another type.
pub(crate) fn check(text: &str, ty: &Type) -> Result<String, Mismatch> {
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

/// The parser requires a line break after a comment.
fn ended(text: &str) -> String {
    format!("{text}\n")
}

fn fault(text: &str, error: &ParserError) -> Fault {
    let end = error.span().end.min(text.len());
    let range = error.span().start.min(end)..end;
    let written = text.get(range.clone()).unwrap_or_default();
    let detail = match written {
        "_" => ": `_` can only replace a whole argument".to_owned(),
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

/// The arguments in the parentheses that open at `at`, and the index of the closing one.
fn parenthesized(text: &str, at: usize) -> Result<(Vec<Range<usize>>, usize), Fault> {
    let mut scanner = Scanner::new(text, at + 1);
    let (mut arguments, mut begin, mut depth) = (Vec::new(), at + 1, 0u32);
    while let Some((range, piece)) = scanner.next()? {
        let argument = || trimmed(text, begin..range.start);
        match (piece, depth) {
            (Piece::Open, _) => depth += 1,
            (Piece::Close, 1..) => depth -= 1,
            (Piece::Close, 0) => {
                arguments.extend(Some(argument()).filter(|it| !it.is_empty()));
                return Ok((arguments, range.start));
            }
            (Piece::Comma, 1..) => {}
            (Piece::Comma, 0) if argument().is_empty() => {
                return Err(Fault::new(range, "an argument is missing before this comma", ""));
            }
            (Piece::Comma, 0) => {
                arguments.push(argument());
                begin = range.end;
            }
        }
    }
    Err(Fault::new(at..at + 1, "this bracket is not closed", ""))
}

/// The range without surrounding space.
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
    fn calls_are_parsed() {
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
    fn arguments_are_parsed() {
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
                "the 1st argument of `f` cannot be read: invalid token: `_` can only replace a whole argument",
            ),
        ] {
            let sentence = check(text, ty).unwrap_err().sentence("f", "wants", "1st argument");
            assert_eq!(sentence, expected);
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
