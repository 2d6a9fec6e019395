//! Pictures of the components in a report.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io;
use std::panic::resume_unwind;
use std::thread;

use crate::check;
use crate::graph;
use crate::location::file_name;
use crate::report::binaries::Binaries;
use crate::report::document::{Artifact, Document};
use crate::report::graph::Picture;
use crate::verdict::Severity;

/// Components of a report that are drawn, and their bytes in all. Each is analyzed once more for it.
const MOST: usize = 50;
const MOST_BYTES: usize = 64 << 20;
/// With more components than this, those without an error or warning are not drawn.
const ALL: usize = 10;

/// The pictures of the components whose binaries are at hand, those with the worst findings first.
pub(super) fn of(document: &Document, binaries: &Binaries<'_>) -> BTreeMap<usize, Picture> {
    let worst = |it: &Artifact| document.problems(it).map(|finding| finding.severity).max();
    let all = document.artifacts.iter().map(|it| (Reverse(worst(it)), it));
    let matters = |(Reverse(worst), _): &(Reverse<Option<Severity>>, _)| {
        *worst > Some(Severity::Note) || document.artifacts.len() <= ALL
    };
    let mut wanted: Vec<_> = all.filter(matters).collect();
    wanted.sort_by_key(|(worst, _)| *worst);
    let mut left = MOST_BYTES;
    let mut chosen = Vec::new();
    for (_, artifact) in wanted.into_iter().take(MOST) {
        let Some(bytes) = binaries.get(artifact).filter(|it| it.len() <= left) else { continue };
        left -= bytes.len();
        chosen.push((artifact, bytes));
    }
    let draw = || {
        let drawn = chosen.into_iter().filter_map(|(artifact, bytes)| {
            let title = file_name(&artifact.path);
            Some((artifact.id, graph::reported(bytes, title, (document, artifact)).ok()?))
        });
        drawn.collect()
    };
    // A report is whole without pictures.
    deep(draw).unwrap_or_default()
}

/// Does `work` on a stack on which calls nest as deeply as in `check`.
///
/// # Errors
/// If no thread can be started.
pub(super) fn deep<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let builder = thread::Builder::new().stack_size(check::worker::STACK);
        let thread = builder.spawn_scoped(scope, work)?;
        Ok(thread.join().unwrap_or_else(|bug| resume_unwind(bug)))
    })
}
