//! What the author gave and every instance finds: HTTP requests, standard input, files.

use std::sync::Arc;

use bytes::Bytes;

use super::clock::Clock;
use super::files::Files;
use crate::script::{HttpRequest, Script};

/// What every instance finds.
pub(in crate::exec::worker) struct Given {
    /// What HTTP handlers are to answer.
    pub(super) requests: Arc<Vec<HttpRequest>>,
    /// Standard input.
    pub(super) stdin: Bytes,
    /// The files with which each instance begins.
    pub(super) files: Files,
}

impl Given {
    /// Takes the standard input and the files out of a script: they may be large.
    pub(in crate::exec::worker) fn taken_from(script: &mut Script) -> Self {
        Given {
            requests: Arc::new(script.requests.clone()),
            stdin: script.guest.stdin.take().map(|it| it.0).unwrap_or_default().into(),
            files: Files::of(script.guest.files.take().unwrap_or_default(), Clock::new()),
        }
    }
}
