//! HAR archives, in which browsers save the requests of a page.

use std::ops::Range;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::parts::{Limits, Part, of_parts};
use crate::script::fault::Fault;
use crate::script::{HttpRequest, base64};

#[derive(Deserialize)]
struct Archive<'t> {
    #[serde(borrow)]
    log: Log<'t>,
}

#[derive(Deserialize)]
struct Log<'t> {
    #[serde(borrow)]
    entries: Vec<Entry<'t>>,
}

#[derive(Deserialize)]
struct Entry<'t> {
    #[serde(borrow)]
    request: &'t RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Pair>,
    post_data: Option<PostData>,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    params: Vec<Param>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Param {
    name: String,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    file_name: Option<String>,
    #[serde(default)]
    content_type: Option<String>,
}

/// The requests of an archive, except those of other protocols.
pub(super) fn read(text: &str) -> Result<Vec<HttpRequest>, Fault> {
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let json = &text[mark..];
    let archive: Archive<'_> =
        serde_json::from_str(json).map_err(|error| unreadable(json, &error).moved(mark))?;
    let mut limits = Limits::default();
    let mut requests = Vec::new();
    for entry in archive.log.entries {
        let written = entry.request.get();
        // `written` is a slice of `text`.
        let start = (written.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let range = start..start + written.len();
        let request: Request = serde_json::from_str(written)
            .map_err(|error| unreadable(written, &error).moved(start))?;
        if is_of_another_kind(&request.url) {
            continue;
        }
        let request = converted(request, &range)?;
        limits.count(&request, range)?;
        requests.push(request);
    }
    Ok(requests)
}

fn unreadable(json: &str, error: &serde_json::Error) -> Fault {
    let line = json.split_inclusive('\n').take(error.line().saturating_sub(1));
    let at = line.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
    let at = (0..=at.min(json.len())).rev().find(|at| json.is_char_boundary(*at)).unwrap_or(0);
    let words = error.to_string();
    let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
    let help = "a HAR archive has log.entries, each with a request";
    Fault::new(at..at + 1, format!("this is not a HAR archive: {words}"), help)
}

/// Whether the scheme is another one, such as `data:`, `blob:` or `ws:`.
fn is_of_another_kind(url: &str) -> bool {
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme).to_ascii_lowercase();
    let is_scheme =
        !scheme.is_empty() && scheme.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    is_scheme && !matches!(scheme.as_str(), "http" | "https" | "localhost")
}

fn converted(request: Request, range: &Range<usize>) -> Result<HttpRequest, Fault> {
    // HTTP/2 writes method and address as headers that begin with a colon.
    let headers = request.headers.into_iter().filter(|it| !it.name.starts_with(':'));
    let mut headers: Vec<_> = headers.map(|it| (it.name, it.value)).collect();
    let body = match request.post_data {
        Some(data) => {
            let is_kind = |(name, _): &(String, String)| name.eq_ignore_ascii_case("content-type");
            if !data.mime_type.is_empty() && !headers.iter().any(is_kind) {
                headers.push(("content-type".to_owned(), data.mime_type.clone()));
            }
            body(data).ok_or_else(|| {
                Fault::new(range.clone(), "the body of this request is not base64", "")
            })?
        }
        None => Vec::new(),
    };
    of_parts(&request.method, &request.url, &headers, body).map_err(|wrong| {
        let part = match wrong.part {
            Part::Method => "method",
            Part::Uri => "url",
            Part::Header(_) => "headers",
        };
        Fault::new(range.clone(), format!("in `{part}`: {}", wrong.message), "")
    })
}

fn body(data: PostData) -> Option<Vec<u8>> {
    let text = data.text.filter(|it| !it.is_empty());
    match (text, data.encoding.as_deref()) {
        (Some(text), Some("base64")) => base64::decode(&text),
        (Some(text), _) => Some(text.into_bytes()),
        (None, _) if data.mime_type.starts_with("multipart/") => {
            Some(multipart(&data.mime_type, &data.params))
        }
        (None, _) => {
            let pairs = data.params.iter();
            let pairs = pairs.map(|it| (&it.name, it.value.as_deref().unwrap_or_default()));
            let mut form = form_urlencoded::Serializer::new(String::new());
            Some(form.extend_pairs(pairs).finish().into_bytes())
        }
    }
}

fn multipart(mime_type: &str, params: &[Param]) -> Vec<u8> {
    let boundary = mime_type.split_once("boundary=").map_or("secondcall", |(_, it)| it);
    let boundary = boundary.split(';').next().unwrap_or_default().trim_matches('"');
    let mut body = String::new();
    for param in params {
        body += &format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{}\"", param.name);
        if let Some(name) = &param.file_name {
            body += &format!("; filename=\"{name}\"");
        }
        if let Some(kind) = &param.content_type {
            body += &format!("\r\ncontent-type: {kind}");
        }
        body += &format!("\r\n\r\n{}\r\n", param.value.as_deref().unwrap_or_default());
    }
    body += &format!("--{boundary}--\r\n");
    body.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARCHIVE: &str = r#"{"log": {"version": "1.2", "creator": {}, "entries": [
        {"startedDateTime": "", "request": {"method": "GET", "url": "https://shop.example/a?b=c#d", "httpVersion": "h2",
            "headers": [{"name": ":authority", "value": "shop.example"}, {"name": "Accept", "value": "*/*"}],
            "queryString": [], "cookies": [], "headersSize": -1, "bodySize": 0}, "response": {"content": {"text": "\ud800"}}},
        {"request": {"method": "GET", "url": "data:image/png;base64,AA"}},
        {"request": {"method": "POST", "url": "http://localhost/f", "headers": [],
            "postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "a b", "value": "é&"}, {"name": "c"}]}}},
        {"request": {"method": "PUT", "url": "http://localhost/g", "headers": [{"name": "content-length", "value": "7"}],
            "postData": {"mimeType": "image/png", "text": "/wA=", "encoding": "base64"}}},
        {"request": {"method": "POST", "url": "http://localhost/h",
            "postData": {"mimeType": "multipart/form-data; boundary=X", "params": [{"name": "f", "fileName": "a.txt", "contentType": "text/plain", "value": "v"}]}}}
    ]}}"#;

    #[test]
    fn archives_of_browsers() {
        let requests = read(ARCHIVE).unwrap();
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(requests[0].uri, "https://shop.example/a?b=c");
        assert_eq!(requests[0].headers, [header("accept", "*/*")]);
        assert_eq!(requests[1].body, b"a+b=%C3%A9%26&c=");
        assert_eq!(
            requests[1].headers,
            [header("content-type", "application/x-www-form-urlencoded")]
        );
        assert_eq!(requests[2].body, [0xff, 0]);
        assert_eq!(requests[2].headers[0], header("content-length", "2"));
        let multipart = String::from_utf8(requests[3].body.clone()).unwrap();
        assert_eq!(
            multipart,
            "--X\r\ncontent-disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n\
             content-type: text/plain\r\n\r\nv\r\n--X--\r\n"
        );
    }

    #[test]
    fn faults_have_spans() {
        let wrong = ARCHIVE.replace("\"PUT\"", "\"P T\"");
        let fault = read(&wrong).unwrap_err();
        assert!(wrong[fault.range].starts_with("{\"method\": \"P T\""));
        assert_eq!(fault.message, "in `method`: `P T` is not an HTTP method");
        let fault = read("{\"log\": {\"entries\": [{\"request\": {\"method\": 1}}]}}").unwrap_err();
        assert_eq!(
            fault.message,
            "this is not a HAR archive: invalid type: integer `1`, expected a string"
        );
        assert_eq!(fault.range.start, 44);
        let fault = read(&ARCHIVE.replace("/wA=", "/wA?")).unwrap_err();
        assert_eq!(fault.message, "the body of this request is not base64");
        assert!(read("{}").is_err() && read("{\"log\"").is_err());
    }

    #[test]
    fn damaged_archives_do_not_panic() {
        for at in (0..ARCHIVE.len()).filter(|at| ARCHIVE.is_char_boundary(*at)) {
            assert!(read(&ARCHIVE[..at]).is_err());
            for piece in ["\"", "}", "[", "\u{0}", "é"] {
                let _ = read(&format!("{}{piece}{}", &ARCHIVE[..at], &ARCHIVE[at..]));
            }
        }
        let deep = format!("{{\"log\": {}", "[".repeat(100_000));
        assert!(read(&deep).is_err());
    }
}
