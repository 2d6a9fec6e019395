//! `.http` files, as VS Code's REST Client and JetBrains' editors write them.

use std::ops::Range;

use super::parts::{Limits, Part, of_parts};
use super::variables::Variables;
use crate::script::HttpRequest;
use crate::script::fault::Fault;

/// Methods that may be written in lower case.
const METHODS: [&str; 9] =
    ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

/// Words that JetBrains' editors write in place of a method.
const OTHERS: [&str; 3] = ["GRAPHQL", "GRPC", "WEBSOCKET"];

/// The requests of a file.
pub(super) fn read(text: &str) -> Result<Vec<HttpRequest>, Fault> {
    let mut file = File { lines: lines(text), at: 0, variables: Variables::new() };
    let mut limits = Limits::default();
    let mut requests = Vec::new();
    while file.at < file.lines.len() {
        let begin = file.lines[file.at].start;
        if let Some(request) = file.section()? {
            let end = file.lines.get(file.at).map_or(text.len(), |line| line.start);
            limits.count(&request, begin..end)?;
            requests.push(request);
        }
    }
    Ok(requests)
}

#[derive(Debug, Clone, Copy)]
struct Line<'t> {
    /// Its offset in the file.
    start: usize,
    /// Without its line break.
    text: &'t str,
}

impl Line<'_> {
    fn range(self) -> Range<usize> {
        self.start..self.start + self.text.len().max(1)
    }

    fn is_comment(self) -> bool {
        let text = self.text.trim_start();
        text.starts_with('#') || text.starts_with("//")
    }

    fn is_separator(self) -> bool {
        self.text.starts_with("###")
    }
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let whole = line.trim_end_matches(['\n', '\r']);
        let mark =
            if start == 0 { whole.len() - whole.trim_start_matches('\u{feff}').len() } else { 0 };
        lines.push(Line { start: start + mark, text: &whole[mark..] });
        start += line.len();
    }
    lines
}

#[derive(Debug)]
struct File<'t> {
    lines: Vec<Line<'t>>,
    at: usize,
    variables: Variables,
}

impl<'t> File<'t> {
    /// Reads up to and including the next `###`.
    fn section(&mut self) -> Result<Option<HttpRequest>, Fault> {
        while let Some(line) = self.next() {
            let text = line.text.trim();
            if let Some(rest) = text.strip_prefix('@') {
                self.variable(line, rest)?;
            } else if text.starts_with("< {%") {
                self.skip_script(line);
            } else if !text.is_empty() && !line.is_comment() && !text.starts_with("< ") {
                return self.request(line).map(Some);
            }
        }
        self.at += 1;
        Ok(None)
    }

    /// The next line of the section.
    fn next(&mut self) -> Option<Line<'t>> {
        let line = *self.lines.get(self.at).filter(|line| !line.is_separator())?;
        self.at += 1;
        Some(line)
    }

    fn variable(&mut self, line: Line<'_>, rest: &str) -> Result<(), Fault> {
        let Some((name, value)) = rest.split_once('=') else {
            return Err(Fault::new(
                line.range(),
                "this line sets no variable",
                "write @name = value",
            ));
        };
        let start = line.start + line.text.find('=').map_or(0, |it| it + 1);
        self.variables.set(
            name.trim(),
            value.trim(),
            start + (value.len() - value.trim_start().len()),
        )
    }

    /// Skips a script that begins on `line`.
    fn skip_script(&mut self, line: Line<'_>) {
        let mut line = Some(line);
        while line.is_some_and(|line| !line.text.contains("%}")) {
            line = self.next();
        }
    }

    fn request(&mut self, first: Line<'_>) -> Result<HttpRequest, Fault> {
        let indent = first.text.len() - first.text.trim_start().len();
        let whole = first.text.trim();
        let (word, rest) = whole.split_once(char::is_whitespace).unwrap_or((whole, ""));
        let upper = word.to_ascii_uppercase();
        let is_method = METHODS.contains(&upper.as_str())
            || !rest.trim().is_empty()
                && !word.is_empty()
                && word.bytes().all(|it| it.is_ascii_uppercase() || it == b'-');
        let (method, address) = if is_method { (upper.as_str(), rest) } else { ("GET", whole) };
        if OTHERS.contains(&method) {
            let message = format!("`{method}` is not an HTTP method");
            return Err(Fault::new(first.range(), message, "keep only HTTP requests"));
        }
        let start = first.start + indent + (whole.len() - address.len());
        let mut uri = self.variables.expand(
            without_version(address).trim(),
            start + (address.len() - address.trim_start().len()),
        )?;
        let mut range = first.range();
        while let Some(line) = self.lines.get(self.at).copied() {
            let text = line.text.trim();
            let goes_on = text.starts_with(['?', '&']) || line.text.starts_with([' ', '\t']);
            if text.is_empty() || !goes_on || line.is_comment() {
                break;
            }
            self.at += 1;
            uri += &self.variables.expand(without_version(text).trim(), line.start)?;
            range.end = line.range().end;
        }
        if uri.is_empty() {
            let help = "write it after the method: GET http://localhost/items";
            return Err(Fault::new(range, "this request has no address", help));
        }
        let (mut headers, mut places) = (Vec::new(), Vec::new());
        let mut ended = false;
        while let Some(line) = self.next() {
            let text = line.text.trim();
            if text.is_empty() {
                break;
            }
            if line.is_comment() {
                continue;
            }
            if self.is_handler(line) {
                ended = true;
                break;
            }
            let Some((name, value)) = line.text.split_once(':') else {
                let help = "write a header as Name: value, and an empty line before the body";
                return Err(Fault::new(line.range(), "this is not a header", help));
            };
            let start = line.start + name.len() + 1;
            headers.push((name.trim().to_owned(), self.variables.expand(value.trim(), start)?));
            places.push(line.range());
        }
        let body = if ended { Vec::new() } else { self.body(&headers)? };
        // The rest of the section is a script for the response.
        while self.next().is_some() {}
        of_parts(method, &uri, &headers, body).map_err(|wrong| {
            let range = match wrong.part {
                Part::Header(number) => places[number].clone(),
                Part::Method | Part::Uri => range.clone(),
            };
            Fault::new(range, wrong.message, "")
        })
    }

    /// The lines up to the next section, except those about the response.
    fn body(&mut self, headers: &[(String, String)]) -> Result<Vec<u8>, Fault> {
        let kind = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let kind = kind.map_or("", |(_, value)| value.as_str()).to_ascii_lowercase();
        let end = match kind.split(['/', ';']).next().unwrap_or_default() {
            "multipart" => "\r\n",
            _ if kind.starts_with("application/x-www-form-urlencoded") => "",
            _ => "\n",
        };
        let mut lines = Vec::new();
        while let Some(line) = self.next() {
            if self.is_handler(line) {
                continue;
            }
            if line.text.starts_with("< ") || line.text.starts_with("<@") {
                let help = "write the body here";
                return Err(Fault::new(
                    line.range(),
                    "bodies in other files are not supported",
                    help,
                ));
            }
            lines.push(self.variables.expand(line.text, line.start)?);
        }
        let blank = lines.iter().rev().take_while(|line| line.trim().is_empty()).count();
        lines.truncate(lines.len() - blank);
        let mut body = lines.join(end);
        if end == "\r\n" && !body.is_empty() {
            body += end;
        }
        Ok(body.into_bytes())
    }

    /// Whether a line tells an editor what to do with the response. Skips its script, if it has one.
    fn is_handler(&mut self, line: Line<'_>) -> bool {
        let text = line.text.trim_end();
        if text.starts_with("> {%") {
            self.skip_script(line);
            return true;
        }
        let names_file = text.starts_with("> ") && text.ends_with(".js");
        names_file || [">> ", ">>! ", "<> "].iter().any(|it| text.starts_with(it))
    }
}

/// The address without a trailing ` HTTP/1.1`.
fn without_version(address: &str) -> &str {
    let address = address.trim_end();
    match address.rsplit_once(char::is_whitespace) {
        Some((before, last)) if last.starts_with("HTTP/") => before,
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(text: &str) -> Vec<String> {
        let summary = |request: HttpRequest| {
            let headers = request.headers.iter().map(|(name, value)| format!(" {name}={value}"));
            let headers: String = headers.collect();
            let body = String::from_utf8(request.body).unwrap();
            format!("{} {}{headers} {body:?}", request.method, request.uri)
        };
        match read(text) {
            Ok(requests) => requests.into_iter().map(summary).collect(),
            Err(fault) => vec![format!("{:?} {}", &text[fault.range], fault.message)],
        }
    }

    #[test]
    fn files_of_editors() {
        let text = "\u{feff}# All of the shop.\r\n@host = http://shop.example\r\n@path={{host}}/items\r\n\r\n\
            ### List\r\n// @no-redirect\r\nGET {{path}}\r\n    ?page=1\r\n    &size=2 HTTP/1.1\r\nAccept: text/html\r\n# not sent\r\nX-Id: {{$guid}}\r\n\r\n\
            ### Create\nPOST /items HTTP/1.1\nContent-Type: application/json\n\n{\n  # \"x\": 1\n}\n\n\
            > {%\n  client.test()\n%}\n\n<> 2026.json\n\
            ###\n\n\
            ### Bare\nhttps://a.example/x\n\
            ### Form\npost /form\nContent-Type: application/x-www-form-urlencoded\n\na=1\n&b=2\n";
        assert_eq!(
            summary(text),
            [
                "GET http://shop.example/items?page=1&size=2 accept=text/html x-id=5eed5eed-5eed-45ee-8d5e-ed5eed5eed5e \"\"",
                "POST http://localhost/items content-type=application/json \"{\\n  # \\\"x\\\": 1\\n}\"",
                "GET https://a.example/x \"\"",
                "POST http://localhost/form content-type=application/x-www-form-urlencoded \"a=1&b=2\"",
            ]
        );
    }

    #[test]
    fn faults_have_spans() {
        for (text, expected) in [
            ("GET {{base}}/x\n", "\"{{base}}\" there is no variable `base` in this file"),
            ("GET /x\nAccept\n", "\"Accept\" this is not a header"),
            ("GET /x\nA b: c\n", "\"A b: c\" `A b` is not the name of a header"),
            (
                "POST /x\n\n< ./body.json\n",
                "\"< ./body.json\" bodies in other files are not supported",
            ),
            ("GET\n", "\"GET\" this request has no address"),
            ("GRPC localhost/x\n", "\"GRPC localhost/x\" `GRPC` is not an HTTP method"),
            ("GET ftp://x/\n", "\"GET ftp://x/\" `ftp://x/` is not an HTTP address"),
            ("@x\n", "\"@x\" this line sets no variable"),
        ] {
            assert_eq!(summary(text), [expected], "{text}");
        }
    }

    #[test]
    fn variables_do_not_grow_for_ever() {
        let mut text = "@a0 = 0123456789\n".to_owned();
        for number in 1..60 {
            text += &format!("@a{number} = {{{{a{0}}}}}{{{{a{0}}}}}\n", number - 1);
        }
        let fault = read(&text).unwrap_err();
        assert!(fault.message.starts_with("variables grow"), "{}", fault.message);
    }

    #[test]
    fn damaged_files_do_not_panic() {
        let whole =
            "@a = b\n### x\nPOST {{a}}/x HTTP/1.1\nA: {{a}}\n\n{\"é\": \"{{a}}\"}\n> {% x %}\n";
        for at in (0..whole.len()).filter(|at| whole.is_char_boundary(*at)) {
            for piece in ["", "\n", "###", "{{", "}}", "<", "> {%", ":", "\0", "é", "@", "\r"] {
                let _ = read(&format!("{}{piece}{}", &whole[..at], &whole[at..]));
                let _ = read(&format!("{}{piece}", &whole[..at]));
            }
        }
        let many = "GET /\n###\n".repeat(1001);
        assert_eq!(read(&many).unwrap_err().message, "there are more than 1000 requests");
    }
}
