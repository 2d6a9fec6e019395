//! Values as text: the same text for the same value, and a digest of what is too long to show.

use std::fmt::Write;

use wasmtime::component::Val;

use crate::digest::sha256;
use crate::observation::Text;

/// Characters of a value or output that are kept to be shown.
const SHOWN: usize = 160;
/// Bytes of standard error that are kept to be shown: what a guest says of its own failure comes last.
const SHOWN_OF_ERRORS: usize = 2 << 10;
/// Bytes of one value's text; a longer value is told from others by its beginning only.
const MOST: usize = 16 << 20;

/// These bytes, as they are told.
pub(super) fn text(bytes: &[u8]) -> Text {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * SHOWN)]);
    let mut shown: String = start.chars().take(SHOWN).collect();
    if shown.len() < start.len() || bytes.len() > 4 * SHOWN {
        shown.push('…');
    }
    let digest = sha256(bytes)[..16].to_owned();
    Text { shown, bytes: bytes.len() as u64, digest }
}

/// Standard error, as it is shown: its beginning and the last lines.
pub(super) fn errors(bytes: &[u8]) -> Text {
    let told = text(bytes);
    if bytes.len() <= SHOWN_OF_ERRORS {
        return Text { shown: String::from_utf8_lossy(bytes).into_owned(), ..told };
    }
    let (first, _) = bytes.split_at(SHOWN_OF_ERRORS / 2);
    let (_, last) = bytes.split_at(bytes.len() - SHOWN_OF_ERRORS / 2);
    let begin = last.iter().position(|it| *it == b'\n').map_or(0, |at| at + 1);
    let [first, last] = [first, &last[begin..]].map(String::from_utf8_lossy);
    let first = first.trim_end_matches(char::REPLACEMENT_CHARACTER);
    Text { shown: format!("{first}…\n{last}"), ..told }
}

/// These values in WAVE's manner, the component model's text for values, with commas between them.
pub(super) fn values(values: &[Val]) -> String {
    let mut out = String::new();
    list(&mut out, values);
    out
}

/// The bytes of these values: of texts and lists their contents, of all else eight.
pub(super) fn size(values: &[Val]) -> u64 {
    values.iter().map(size_of).sum()
}

fn size_of(value: &Val) -> u64 {
    match value {
        Val::String(text) => text.len() as u64,
        Val::List(values) if matches!(values.first(), Some(Val::U8(_) | Val::S8(_))) => {
            values.len() as u64
        }
        Val::List(values) | Val::FixedLengthList(values) | Val::Tuple(values) => size(values),
        Val::Map(entries) => entries.iter().map(|(key, value)| size_of(key) + size_of(value)).sum(),
        Val::Record(fields) => fields.iter().map(|(_, value)| size_of(value)).sum(),
        Val::Variant(_, Some(value))
        | Val::Option(Some(value))
        | Val::Result(Ok(Some(value)) | Err(Some(value))) => 8 + size_of(value),
        _ => 8,
    }
}

fn list(out: &mut String, values: &[Val]) {
    for (i, value) in values.iter().enumerate() {
        out.push_str(if i > 0 { ", " } else { "" });
        one(out, value);
    }
}

fn one(out: &mut String, value: &Val) {
    if out.len() > MOST {
        return;
    }
    // Writing to a string cannot fail.
    let _ = match value {
        Val::Bool(it) => write!(out, "{it}"),
        Val::S8(it) => write!(out, "{it}"),
        Val::U8(it) => write!(out, "{it}"),
        Val::S16(it) => write!(out, "{it}"),
        Val::U16(it) => write!(out, "{it}"),
        Val::S32(it) => write!(out, "{it}"),
        Val::U32(it) => write!(out, "{it}"),
        Val::S64(it) => write!(out, "{it}"),
        Val::U64(it) => write!(out, "{it}"),
        Val::Float32(it) => write!(out, "{it:?}"),
        Val::Float64(it) => write!(out, "{it:?}"),
        Val::Char(it) => write!(out, "{it:?}"),
        Val::String(it) => write!(out, "{it:?}"),
        Val::List(values) | Val::FixedLengthList(values) => {
            out.push('[');
            list(out, values);
            out.push(']');
            Ok(())
        }
        Val::Tuple(values) => {
            out.push('(');
            list(out, values);
            out.push(')');
            Ok(())
        }
        Val::Map(entries) => {
            out.push('{');
            for (i, (key, value)) in entries.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                one(out, key);
                out.push_str(": ");
                one(out, value);
            }
            out.push('}');
            Ok(())
        }
        Val::Record(fields) => {
            out.push('{');
            for (i, (name, value)) in fields.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                out.push_str(name);
                out.push_str(": ");
                one(out, value);
            }
            out.push('}');
            Ok(())
        }
        Val::Variant(case, payload) => case_of(out, case, payload.as_deref()),
        Val::Enum(case) => case_of(out, case, None),
        Val::Option(None) => case_of(out, "none", None),
        Val::Option(payload) => case_of(out, "some", payload.as_deref()),
        Val::Result(Ok(payload)) => case_of(out, "ok", payload.as_deref()),
        Val::Result(Err(payload)) => case_of(out, "err", payload.as_deref()),
        Val::Flags(names) => write!(out, "{{{}}}", names.join(", ")),
        Val::Resource(_) => write!(out, "<resource>"),
        Val::Future(_) => write!(out, "<future>"),
        Val::Stream(_) => write!(out, "<stream>"),
        Val::ErrorContext(_) => write!(out, "<error context>"),
    };
}

fn case_of(out: &mut String, case: &str, payload: Option<&Val>) -> std::fmt::Result {
    out.push_str(case);
    if let Some(payload) = payload {
        out.push('(');
        one(out, payload);
        out.push(')');
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::words::of_failure;

    #[test]
    fn the_end_of_standard_error_is_kept() {
        let short = "line\n".repeat(100);
        assert_eq!(errors(short.as_bytes()).shown, short);
        let panic = "thread 'main' panicked at src/lib.rs:9:9:\nonce\n";
        let long = format!("{}{panic}", "ä line\n".repeat(10_000));
        let told = errors(long.as_bytes());
        assert!(told.shown.len() <= SHOWN_OF_ERRORS + 8, "{}", told.shown.len());
        assert!(told.shown.starts_with("ä line\n"), "{}", told.shown);
        assert_eq!(told.bytes, long.len() as u64);
        let words = of_failure("", &told.shown);
        assert_eq!(words.as_deref(), Some("panicked at src/lib.rs:9:9: once"));
        let one_line = format!("{}\n", "x".repeat(10_000));
        assert!(errors(one_line.as_bytes()).shown.starts_with("xxx"));
    }
}
