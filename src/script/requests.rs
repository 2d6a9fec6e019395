//! HTTP requests from an `.http` file or a HAR archive, or from parts. Opens no file.

mod har;
mod http_file;
mod parts;
mod variables;

use crate::script::HttpRequest;
use crate::script::fault::Fault;

pub(crate) use parts::{Part, of_parts};

/// The requests of a file, at least one: a HAR archive if it begins like JSON, otherwise an `.http` file.
///
/// # Errors
/// If it is malformed or has no request.
pub(crate) fn read(text: &str) -> Result<Vec<HttpRequest>, Fault> {
    let begin = text.trim_start_matches('\u{feff}').trim_start();
    let requests = if begin.starts_with('{') { har::read(text) } else { http_file::read(text) }?;
    if requests.is_empty() {
        let help = "an .http file has lines such as GET http://localhost/items";
        return Err(Fault::new(0..0, "there is no HTTP request in this file", help));
    }
    Ok(requests)
}
