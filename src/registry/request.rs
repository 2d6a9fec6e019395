//! A question to a registry or another server, and the answer.

use crate::registry::error::FetchError;

/// What is asked for, and of whom.
#[cfg_attr(
    not(feature = "registry"),
    expect(dead_code, reason = "only the exchange reads all of it")
)]
#[derive(Debug, Clone)]
pub(super) struct Request<'r> {
    pub(super) method: Method<'r>,
    pub(super) server: Server<'r>,
    /// Media types of the answer; empty for any.
    pub(super) accept: &'r [&'r str],
    /// Bytes of the answer, at most.
    pub(super) most: u64,
}

/// What is done with what is at the server's path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method<'r> {
    Get,
    /// The same without the body.
    Head,
    /// Sends nothing.
    Post,
    Put {
        media_type: &'r str,
        body: &'r [u8],
    },
}

#[cfg_attr(
    not(feature = "registry"),
    expect(dead_code, reason = "only the exchange reads all of it")
)]
#[derive(Debug, Clone, Copy)]
pub(super) enum Server<'r> {
    /// An OCI registry: `path` begins with a slash.
    Registry { host: &'r str, name: &'r str, repository: &'r str, path: &'r str },
    /// A host that is asked without credentials.
    Host { host: &'r str, name: &'r str, path: &'r str },
    /// A URL of its own.
    Url(&'r str),
}

/// An answer that was read whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// The URL that was asked.
    pub(super) url: String,
    /// The header `Link`.
    pub(super) link: Option<String>,
    /// The header `Location`.
    pub(super) location: Option<String>,
    /// The header `OCI-Subject`.
    pub(super) subject: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Request<'_> {
    /// Who is asked, for a message.
    pub(super) fn whom(&self) -> String {
        match self.server {
            Server::Registry { host, .. } => format!("the registry {host}"),
            Server::Host { host, .. } => host.to_owned(),
            Server::Url(url) => url.to_owned(),
        }
    }

    /// What is asked, for a message.
    pub(super) fn what(&self) -> &str {
        match self.server {
            // What a registry adds to the place of an upload is long, and may give access to it.
            Server::Registry { path, .. } if self.writes() => {
                path.split_once('?').map_or(path, |(path, _)| path)
            }
            Server::Registry { path, .. } | Server::Host { path, .. } => path,
            Server::Url(_) => "",
        }
    }

    /// The error that this request met.
    pub(super) fn failed(&self, why: &str) -> FetchError {
        let asked = if self.writes() { "asked to write" } else { "asked for" };
        match self.what() {
            "" => FetchError::new(format!("{}: {why}", self.whom())),
            what => FetchError::new(format!("{}: {why}, {asked} {what}", self.whom())),
        }
    }

    /// Whether it changes something.
    pub(super) fn writes(&self) -> bool {
        matches!(self.method, Method::Post | Method::Put { .. })
    }
}

impl Answer {
    /// What a registry says of an error: its status, and codes and messages of the body.
    ///
    /// Source: distribution-spec, "Error codes" (v1.1).
    pub(super) fn error(&self) -> String {
        #[derive(serde::Deserialize)]
        struct Body {
            errors: Vec<Entry>,
        }
        #[derive(serde::Deserialize)]
        struct Entry {
            code: String,
            #[serde(default)]
            message: String,
        }
        let body: Option<Body> = serde_json::from_slice(&self.body).ok();
        let entries = body.into_iter().flat_map(|it| it.errors).take(3);
        let entries: Vec<_> = entries
            .map(|Entry { code, message }| {
                let text = if message.is_empty() { code } else { format!("{code}: {message}") };
                let text = text.chars().take(200);
                text.map(|it| if it.is_control() { ' ' } else { it }).collect::<String>()
            })
            .collect();
        match entries.as_slice() {
            [] => format!("it answered {}", self.status),
            entries => format!("it answered {} ({})", self.status, entries.join("; ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_codes_and_messages() {
        let error =
            |body: &str| Answer { status: 404, body: body.into(), ..Answer::default() }.error();
        assert_eq!(error("<html>"), "it answered 404");
        let body = r#"{"errors":[{"code":"NAME_UNKNOWN","message":"no such name","detail":{}},{"code":"X"}]}"#;
        assert_eq!(error(body), "it answered 404 (NAME_UNKNOWN: no such name; X)");
    }
}
