//! Makes requests from their parts, within the limits of a file.

use std::ops::Range;

use crate::script::HttpRequest;
use crate::script::fault::Fault;

/// The most requests in a file.
const MOST: usize = 1000;
/// The most bytes of all bodies, or of all variables, of a file.
pub(super) const LARGEST: usize = 16 << 20;

/// A part of a request that is invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) part: Part,
    /// One sentence.
    pub(crate) message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Method,
    Uri,
    /// The header with this index.
    Header(usize),
}

/// Makes a request. An address without a host gets that of the header `host`, or `localhost`.
///
/// # Errors
/// If a part is invalid.
pub(crate) fn of_parts(
    method: &str,
    address: &str,
    headers: &[(String, String)],
    body: Vec<u8>,
) -> Result<HttpRequest, Wrong> {
    let wrong = |part: Part, message: String| Wrong { part, message };
    if method.is_empty() || !method.bytes().all(is_token) {
        return Err(wrong(Part::Method, format!("`{method}` is not an HTTP method")));
    }
    let mut kept = Vec::new();
    for (number, (name, value)) in headers.iter().enumerate() {
        let part = Part::Header(number);
        if name.is_empty() || !name.bytes().all(is_token) {
            return Err(wrong(part, format!("`{name}` is not the name of a header")));
        }
        if value.bytes().any(|it| it != b'\t' && it.is_ascii_control()) {
            let message = format!("the value of the header `{name}` has a control character");
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
        .ok_or_else(|| wrong(Part::Uri, format!("`{address}` is not an HTTP address")))?;
    // Headers of a connection, which a handler does not see.
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

/// The absolute address, escaped and without its fragment; `None` if it is not one of HTTP.
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

/// Whether the host has a name, and its port, if any, is a number.
fn has_port(authority: &str) -> bool {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let after = host.rfind(']').map_or(host, |at| &host[at + 1..]);
    let (name, port) = after.split_once(':').unwrap_or((after, "80"));
    let named = host.contains(']') || !name.is_empty();
    named && port.parse::<u16>().is_ok() && port.bytes().all(|it| it.is_ascii_digit())
}

/// Whether a method or a header's name may contain a byte.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Enforces the limits of a file.
#[derive(Debug, Default)]
pub(super) struct Limits {
    requests: usize,
    bytes: usize,
}

impl Limits {
    pub(super) fn count(
        &mut self,
        request: &HttpRequest,
        range: Range<usize>,
    ) -> Result<(), Fault> {
        self.requests += 1;
        self.bytes += request.body.len();
        if self.requests > MOST {
            let help = "keep fewer requests";
            return Err(Fault::new(range, format!("there are more than {MOST} requests"), help));
        }
        if self.bytes > LARGEST {
            return Err(Fault::new(range, "the bodies are larger than 16 MiB in total", ""));
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
