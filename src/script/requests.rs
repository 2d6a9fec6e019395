//! HTTP requests from the text of an `.http` file or a HAR archive, or from parts. Opens no file.

mod har;
mod http_file;
mod variables;

use std::ops::Range;

use crate::script::HttpRequest;
use crate::script::fault::Fault;

/// Requests of a file, at most.
const MOST: usize = 1000;
/// Bytes of all bodies of a file together, at most.
const LARGEST: usize = 16 << 20;

/// The requests of a file: a HAR archive if it begins like JSON, else an `.http` file. At least one.
///
/// # Errors
/// When it is neither.
pub fn read(text: &str) -> Result<Vec<HttpRequest>, Fault> {
    let begin = text.trim_start_matches('\u{feff}').trim_start();
    let requests = if begin.starts_with('{') { har::read(text) } else { http_file::read(text) }?;
    if requests.is_empty() {
        let help = "an .http file holds a line such as GET http://localhost/items";
        return Err(Fault::new(0..0, "there is no HTTP request in this file", help));
    }
    Ok(requests)
}

/// What is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The part.
    pub part: Part,
    /// One sentence.
    pub message: String,
}

/// A part of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The method.
    Method,
    /// The address.
    Uri,
    /// The header with this number, from 0.
    Header(usize),
}

/// A request of these parts. An address without a host is one of `localhost`.
///
/// # Errors
/// When it is none.
pub fn of_parts(
    method: &str,
    address: &str,
    headers: &[(String, String)],
    body: Vec<u8>,
) -> Result<HttpRequest, Wrong> {
    let wrong = |part: Part, message: String| Wrong { part, message };
    if method.is_empty() || !method.bytes().all(is_token) {
        return Err(wrong(Part::Method, format!("`{method}` is no method of HTTP")));
    }
    let mut kept = Vec::new();
    for (number, (name, value)) in headers.iter().enumerate() {
        let part = Part::Header(number);
        if name.is_empty() || !name.bytes().all(is_token) {
            return Err(wrong(part, format!("`{name}` is no name of a header")));
        }
        if value.bytes().any(|it| it != b'\t' && it.is_ascii_control()) {
            let message = format!("the header `{name}` has a control character in its value");
            return Err(wrong(part, message));
        }
        let name = name.to_ascii_lowercase();
        let value = match name.as_str() {
            "content-length" => body.len().to_string(),
            _ => value.trim().to_owned(),
        };
        kept.push((name, value));
    }
    let host = kept.iter().find(|(name, _)| name == "host").map(|(_, value)| value.as_str());
    let uri = uri(address, host.filter(|it| !it.is_empty()).unwrap_or("localhost"))
        .ok_or_else(|| wrong(Part::Uri, format!("`{address}` is no address of HTTP")))?;
    // These speak of a connection, of which a handler sees nothing.
    kept.retain(|(name, _)| {
        !matches!(
            name.as_str(),
            "host"
                | "connection"
                | "keep-alive"
                | "proxy-connection"
                | "te"
                | "transfer-encoding"
                | "upgrade"
        )
    });
    Ok(HttpRequest { method: method.to_owned(), uri, headers: kept, body })
}

/// An absolute address. What cannot stand in one is escaped, and a fragment is left out.
fn uri(address: &str, host: &str) -> Option<String> {
    let address = address.split('#').next().unwrap_or_default().trim();
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(['/', '?']) => {
            (scheme.to_ascii_lowercase(), rest.to_owned())
        }
        _ if address.starts_with('/') => ("http".to_owned(), format!("{host}{address}")),
        _ if address.starts_with('?') => ("http".to_owned(), format!("{host}/{address}")),
        _ => ("http".to_owned(), address.to_owned()),
    };
    if !matches!(scheme.as_str(), "http" | "https") {
        return None;
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let is_host = |it: u8| it.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:[]@%".contains(&it);
    if authority.is_empty() || !authority.bytes().all(is_host) || !has_port(authority) {
        return None;
    }
    let mut uri = format!("{scheme}://{authority}");
    if !path.starts_with('/') {
        uri.push('/');
    }
    for byte in path.bytes() {
        match byte {
            b'!'
            | b'#'..=b';'
            | b'='
            | b'?'..=b'Z'
            | b'_'
            | b'a'..=b'z'
            | b'~'
            | b'['
            | b']'
            | b'|' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(uri)
}

/// Whether what follows a host's name is the number of a port, if anything does.
fn has_port(authority: &str) -> bool {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let after = host.rfind(']').map_or(host, |at| &host[at + 1..]);
    let (name, port) = after.split_once(':').unwrap_or((after, "80"));
    let named = host.contains(']') || !name.is_empty();
    named && port.parse::<u16>().is_ok() && port.bytes().all(|it| it.is_ascii_digit())
}

/// What may stand in a method or in a header's name.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Holds a file to its limits.
#[derive(Debug, Default)]
struct Room {
    requests: usize,
    bytes: usize,
}

impl Room {
    fn take(&mut self, request: &HttpRequest, range: Range<usize>) -> Result<(), Fault> {
        self.requests += 1;
        self.bytes += request.body.len();
        if self.requests > MOST {
            let help = "keep those that the handler is to answer";
            return Err(Fault::new(range, format!("there are more than {MOST} requests"), help));
        }
        if self.bytes > LARGEST {
            return Err(Fault::new(range, "all bodies together have more than 16 MiB", ""));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_absolute() {
        for (address, expected) in [
            ("/items?page=1#top", Some("http://localhost/items?page=1")),
            ("http://example.com", Some("http://example.com/")),
            ("HTTPS://example.com:8443?q=a b", Some("https://example.com:8443/?q=a%20b")),
            ("example.com/é", Some("http://example.com/%C3%A9")),
            ("localhost:8080/x\"<>", Some("http://localhost:8080/x%22%3C%3E")),
            ("http://[::1]:80/", Some("http://[::1]:80/")),
            ("?x", Some("http://localhost/?x")),
            ("/a?to=http://b/c", Some("http://localhost/a?to=http://b/c")),
            ("ws://example.com/", None),
            ("", None),
            ("http:///x", None),
            ("http://a b/", None),
            ("http://a:b/", None),
            ("http://:80/", None),
        ] {
            assert_eq!(uri(address, "localhost").as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn headers_are_those_that_a_handler_sees() {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let headers =
            [header("Host", "shop.example"), header("Content-Length", "9"), header("X-A", " b ")];
        let request = of_parts("POST", "/x", &headers, b"abc".to_vec()).unwrap();
        assert_eq!(request.uri, "http://shop.example/x");
        assert_eq!(request.headers, [header("content-length", "3"), header("x-a", "b")]);
        let part =
            |method, headers: &[_]| of_parts(method, "/", headers, Vec::new()).unwrap_err().part;
        assert_eq!(part("G T", &[]), Part::Method);
        assert_eq!(part("GET", &[header("a b", "")]), Part::Header(0));
        assert_eq!(part("GET", &[header("a", "b\nc")]), Part::Header(0));
    }
}
