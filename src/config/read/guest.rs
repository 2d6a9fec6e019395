//! `[guest]` and `requests`.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::{Reader, Value, entries};
use crate::config::diagnostic::Code;
use crate::config::given::{FilePath, Guest, Pair, Requests, Stdin};
use crate::script::HttpRequest;
use crate::script::requests::{self, Part};

/// The keys of `[guest]`, in the order of their description.
pub const GUEST_KEYS: [&str; 6] =
    ["arguments", "environment", "stdin", "stdin-file", "config", "folder"];
/// The keys of a request.
pub const REQUEST_KEYS: [&str; 4] = ["method", "url", "headers", "body"];

impl<'a> Reader<'a> {
    pub(super) fn guest(&mut self, value: &Value<'a>) -> Guest {
        let mut guest = Guest::default();
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type::<()>(value, "a table: [guest]");
            return guest;
        };
        for (key, value) in entries(table) {
            match key.get_ref().as_ref() {
                "arguments" => {
                    let strings = self.strings(value).filter(|it| self.holds_no_zero(value, it));
                    guest.arguments = strings.map(|it| (it, self.span(key.span())));
                }
                "environment" => guest.environment = self.pairs(value, true),
                "config" => guest.config = self.pairs(value, false),
                "stdin" => {
                    let text = self.string(value);
                    guest.stdin = text.map(|it| Stdin::Text(it, self.span(key.span())));
                }
                "stdin-file" => {
                    if table.contains_key("stdin") {
                        let message = "`stdin` and `stdin-file` exclude each other".to_owned();
                        self.complain(Code::WrongValue, key.span(), message, "keep one of them");
                    }
                    guest.stdin = self.written(value).map(FilePath::new).map(Stdin::File);
                }
                "folder" => guest.folder = self.written(value).map(FilePath::new),
                other => self.unknown_key(key.span(), other, &GUEST_KEYS),
            }
        }
        guest
    }

    fn pairs(&mut self, value: &Value<'a>, is_environment: bool) -> Vec<Pair> {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type::<()>(value, "a table of strings");
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for (key, value) in entries(table) {
            let name = key.get_ref().to_string();
            if is_environment && (name.is_empty() || name.contains(['=', '\0'])) {
                let message = format!("`{name}` is no name of a variable");
                self.complain(Code::WrongValue, key.span(), message, "");
                continue;
            }
            let text = self.string(value);
            let text = text.filter(|it| self.holds_no_zero(value, std::slice::from_ref(it)));
            let span = self.span(key.span());
            pairs.extend(text.map(|value| Pair { name, value, span }));
        }
        pairs
    }

    /// Whether strings can be given to a program.
    fn holds_no_zero(&mut self, value: &Value<'_>, strings: &[String]) -> bool {
        let good = !strings.iter().any(|it| it.contains('\0'));
        if !good {
            self.wrong_value::<()>(value, "leave out the character U+0000");
        }
        good
    }

    pub(super) fn requests(&mut self, value: &Value<'a>) -> Option<Requests> {
        if let DeValue::String(_) = value.get_ref() {
            return self.written(value).map(FilePath::new).map(Requests::File);
        }
        let tables =
            self.tables(value, "the path of an .http file or HAR archive, or [[requests]],");
        let requests: Vec<_> =
            tables.into_iter().filter_map(|(table, range)| self.request(table, range)).collect();
        Some(Requests::List(requests, self.span(value.span())))
    }

    fn request(&mut self, table: &DeTable<'a>, range: Range<usize>) -> Option<HttpRequest> {
        let complaints = self.diagnostics.len();
        let (mut method, mut url, mut body) = (None, None, None);
        let (mut headers, mut spans) = (Vec::new(), Vec::new());
        for (key, value) in entries(table) {
            match key.get_ref().as_ref() {
                "method" => method = self.string(value).map(|it| (it, value.span())),
                "url" => url = self.string(value).map(|it| (it, value.span())),
                "body" => body = self.string(value),
                "headers" => {
                    let DeValue::Table(table) = value.get_ref() else {
                        self.wrong_type::<()>(value, "a table of strings");
                        continue;
                    };
                    for (key, value) in entries(table) {
                        let text = self.string(value).unwrap_or_default();
                        headers.push((key.get_ref().to_string(), text));
                        spans.push(key.span());
                    }
                }
                other => self.unknown_key(key.span(), other, &REQUEST_KEYS),
            }
        }
        if !table.contains_key("url") {
            let help = "write the address, such as \"/items?page=1\"";
            self.complain(Code::MissingKey, range, "this request has no `url`".to_owned(), help);
        }
        if self.diagnostics.len() > complaints {
            return None;
        }
        let (url, at) = url?;
        let (method, method_at) = method.unwrap_or_else(|| ("GET".to_owned(), at.clone()));
        let body = body.unwrap_or_default().into_bytes();
        match requests::of_parts(&method, &url, &headers, body) {
            Ok(request) => Some(request),
            Err(wrong) => {
                let range = match wrong.part {
                    Part::Method => method_at,
                    Part::Uri => at,
                    Part::Header(number) => spans[number].clone(),
                };
                self.complain(Code::WrongValue, range, wrong.message, "");
                None
            }
        }
    }
}
