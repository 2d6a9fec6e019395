//! Values as text: the same text for the same value, and a digest of what is too long to show.

use std::fmt::Write;

use wasmtime::component::Val;

use crate::digest::sha256;
use crate::observation::Text;

/// Characters of a value or output that are shown.
const SHOWN: usize = 160;
/// Bytes of standard error that are shown. What a guest says about its failure comes last.
const SHOWN_OF_ERRORS: usize = 2 << 10;
/// The longest text of a value, in bytes. Longer values are compared by their beginning only.
const MOST: usize = 16 << 20;

pub(super) fn text(bytes: &[u8]) -> Text {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * SHOWN)]);
    let mut shown: String = start.chars().take(SHOWN).collect();
    if shown.len() < start.len() || bytes.len() > 4 * SHOWN {
        shown.push('…');
    }
    let digest = sha256(bytes)[..16].to_owned();
    Text { shown, bytes: bytes.len() as u64, digest }
}

/// The text of standard error: shows its beginning and its last lines.
pub(super) fn errors(bytes: &[u8]) -> Text {
    let whole = text(bytes);
    if bytes.len() <= SHOWN_OF_ERRORS {
        return Text { shown: String::from_utf8_lossy(bytes).into_owned(), ..whole };
    }
    let (first, _) = bytes.split_at(SHOWN_OF_ERRORS / 2);
    let (_, last) = bytes.split_at(bytes.len() - SHOWN_OF_ERRORS / 2);
    let begin = last.iter().position(|it| *it == b'\n').map_or(0, |at| at + 1);
    let [first, last] = [first, &last[begin..]].map(String::from_utf8_lossy);
    let first = first.trim_end_matches(char::REPLACEMENT_CHARACTER);
    Text { shown: format!("{first}…\n{last}"), ..whole }
}

/// Values in the style of WAVE, the component model's notation, separated by commas.
pub(super) fn values(values: &[Val]) -> String {
    let mut out = String::new();
    all(&mut out, ["", ""], values, one);
    out
}

/// The size of values in bytes: of texts and lists that of their contents, of anything else eight.
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

/// Writes items between brackets, separated by commas.
fn all<T>(
    out: &mut String,
    [open, close]: [&str; 2],
    items: &[T],
    write: impl Fn(&mut String, &T),
) {
    out.push_str(open);
    for (at, item) in items.iter().enumerate() {
        out.push_str(if at > 0 { ", " } else { "" });
        write(out, item);
    }
    out.push_str(close);
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
            all(out, ["[", "]"], values, one);
            Ok(())
        }
        Val::Tuple(values) => {
            all(out, ["(", ")"], values, one);
            Ok(())
        }
        Val::Map(entries) => {
            all(out, ["{", "}"], entries, |out, (key, value)| {
                one(out, key);
                out.push_str(": ");
                one(out, value);
            });
            Ok(())
        }
        Val::Record(fields) => {
            all(out, ["{", "}"], fields, |out, (name, value)| {
                out.push_str(name);
                out.push_str(": ");
                one(out, value);
            });
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
        let text = errors(long.as_bytes());
        assert!(text.shown.len() <= SHOWN_OF_ERRORS + 8, "{}", text.shown.len());
        assert!(text.shown.starts_with("ä line\n"), "{}", text.shown);
        assert_eq!(text.bytes, long.len() as u64);
        let words = of_failure("", &text.shown);
        assert_eq!(words.as_deref(), Some("panicked at src/lib.rs:9:9: once"));
        let one_line = format!("{}\n", "x".repeat(10_000));
        assert!(errors(one_line.as_bytes()).shown.starts_with("xxx"));
    }
}
