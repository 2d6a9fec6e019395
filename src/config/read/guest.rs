//! `[guest]` and `requests`.

use std::ops::Range;

use toml::de::DeValue;

use super::reader::{Reader, Value, entries};
use crate::config::diagnostic::Code;
use crate::config::given::{Guest, Pair, Requests, Stdin};
use crate::script::HttpRequest;
use crate::script::requests::{Part, of_parts};

/// The keys of `[guest]`, in the order of the documentation.
pub const GUEST_KEYS: [&str; 6] =
    ["arguments", "environment", "stdin", "stdin-file", "config", "folder"];
/// The keys of a request.
pub const REQUEST_KEYS: [&str; 4] = ["method", "url", "headers", "body"];

/// Reads `[guest]`.
pub(super) fn guest<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<Guest> {
    let table = reader.table(value, "a `[guest]` table")?;
    reader.check_keys(table, &GUEST_KEYS);
    let mut guest = Guest { folder: reader.get(table, "folder", Reader::path), ..Guest::default() };
    for (key, value) in entries(table) {
        let span = reader.span(key.span());
        match key.get_ref().as_ref() {
            "arguments" => {
                let arguments = reader.strings(value);
                let arguments = arguments.filter(|it| has_no_zero(reader, value, it));
                guest.arguments = arguments.map(|it| (it, span));
            }
            "environment" => guest.environment = pairs(reader, value, true).unwrap_or_default(),
            "config" => guest.config = pairs(reader, value, false).unwrap_or_default(),
            "stdin" => guest.stdin = reader.string(value).map(|text| Stdin::Text(text, span)),
            "stdin-file" => {
                if table.contains_key("stdin") {
                    let message = "`stdin` and `stdin-file` exclude each other";
                    reader.report(Code::WrongValue, key.span(), message, "keep one of them");
                }
                guest.stdin = reader.path(value).map(Stdin::File);
            }
            _ => {}
        }
    }
    Some(guest)
}

fn pairs<'a>(
    reader: &mut Reader<'a>,
    value: &Value<'a>,
    is_environment: bool,
) -> Option<Vec<Pair>> {
    let entries = entries(reader.table(value, "a table of strings")?).into_iter();
    let read = entries.filter_map(|(key, value)| {
        let name = key.get_ref().to_string();
        if is_environment && (name.is_empty() || name.contains(['=', '\0'])) {
            let message = format!("`{name}` cannot be the name of a variable");
            reader.report(Code::WrongValue, key.span(), message, "");
            return None;
        }
        let text = reader.string(value)?;
        has_no_zero(reader, value, std::slice::from_ref(&text)).then(|| Pair {
            name,
            value: text,
            span: reader.span(key.span()),
        })
    });
    Some(read.collect())
}

/// Whether strings can be passed to a program; otherwise reports them.
fn has_no_zero<'a>(reader: &mut Reader<'a>, value: &Value<'a>, strings: &[String]) -> bool {
    let is_valid = !strings.iter().any(|it| it.contains('\0'));
    if !is_valid {
        reader.wrong_value::<()>(value, "remove the character U+0000");
    }
    is_valid
}

/// Reads `requests`.
pub(super) fn requests<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<Requests> {
    if let DeValue::String(_) = value.get_ref() {
        return reader.path(value).map(Requests::File);
    }
    let form = "the path of an .http file or HAR archive, or `[[requests]]` tables";
    let list = reader.list(value, form, request)?;
    Some(Requests::List(list, reader.span(value.span())))
}

fn request<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<HttpRequest> {
    let table = reader.table(value, "a table")?;
    reader.check_keys(table, &REQUEST_KEYS);
    let body = reader.get(table, "body", Reader::string).unwrap_or_default();
    let method = table.get("method").map_or(Some("GET".to_owned()), |it| reader.string(it));
    let headers = table.get("headers").map_or(Some(Vec::new()), |it| headers(reader, it));
    let help = "write the address, such as \"/items?page=1\"";
    let at = reader.required(table, ("request", value.span()), "url", help)?;
    let (url, method, headers) = (reader.string(at)?, method?, headers?);
    let (headers, ranges): (Vec<_>, Vec<_>) = headers.into_iter().unzip();
    of_parts(&method, &url, &headers, body.into_bytes())
        .map_err(|wrong| {
            let range = match wrong.part {
                Part::Method => table.get("method").unwrap_or(at).span(),
                Part::Uri => at.span(),
                Part::Header(number) => ranges[number].clone(),
            };
            reader.report(Code::WrongValue, range, wrong.message, "");
        })
        .ok()
}

/// The name and value of a header, and the bytes of the name.
type SpannedHeader = ((String, String), Range<usize>);

/// `None` after a diagnostic.
fn headers<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<Vec<SpannedHeader>> {
    let entries = entries(reader.table(value, "a table of strings")?);
    let read: Vec<_> = entries
        .into_iter()
        .map(|(key, value)| {
            let value = reader.string(value)?;
            Some(((key.get_ref().to_string(), value), key.span()))
        })
        .collect();
    read.into_iter().collect()
}
