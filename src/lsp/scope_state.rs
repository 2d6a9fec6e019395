//! The latest result for a scope, and its running check.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use gen_lsp_types::Diagnostic;

use super::job::{Checked, Job, Scope};
use super::rendering::{Diagnostics, Rendering};
use crate::check::Stop;
use crate::check::examine::ResultCache;
use crate::check::inputs::{Inputs, NamedBy};
use crate::check::stamp::Stamps;
use crate::report::document::Document;

#[derive(Debug, Default)]
pub(super) struct ScopeState {
    /// When the next check begins.
    pub(super) due: Option<Instant>,
    /// Whether the next check searches for inputs again.
    pub(super) search: bool,
    pub(super) inputs: Option<Inputs>,
    /// The generation of the running check, and what ends it.
    pub(super) running: Option<(u64, Stop)>,
    /// Why the latest check could not run.
    pub(super) failure: Option<String>,
    pub(super) document: Option<Document>,
    pub(super) rendering: Rendering,
    /// Diagnostics of an invalid configuration, which keeps `document` from being updated.
    invalid: Diagnostics,
    pub(super) files: Stamps,
    /// The manifest entry that names the buffer, if any.
    pub(super) named_by: Option<NamedBy>,
    pub(super) cache: Arc<ResultCache>,
    /// Whether the result includes an execution of the current components. The next check executes them at once then,
    /// so that its findings do not disappear in between.
    pub(super) executed: bool,
}

impl ScopeState {
    /// Stores the result of a check. Returns whether anything to display changed.
    pub(super) fn update(&mut self, checked: Checked, executed: bool) -> bool {
        self.failure = None;
        self.executed = executed;
        self.inputs = Some(checked.inputs);
        self.files = checked.files;
        let (rendering, invalid) = match checked.document {
            Some(document) => {
                self.document = Some(document);
                (checked.rendering, Diagnostics::new())
            }
            None => (self.rendering.clone(), checked.rendering.diagnostics),
        };
        let changed = (&rendering, &invalid) != (&self.rendering, &self.invalid);
        (self.rendering, self.invalid) = (rendering, invalid);
        changed
    }

    /// All diagnostics, by file.
    pub(super) fn diagnostics(&self) -> impl Iterator<Item = (&PathBuf, &Vec<Diagnostic>)> {
        let rendered = self.rendering.diagnostics.iter();
        let rendered = rendered.filter(|(path, _)| !self.invalid.contains_key(*path));
        self.invalid.iter().chain(rendered)
    }

    /// The scope's next check.
    pub(super) fn start(&mut self, scope: &Scope, generation: u64, executes: bool) -> Job {
        let stop = Stop::default();
        self.running = Some((generation, stop.clone()));
        Job {
            scope: scope.clone(),
            generation,
            inputs: self.inputs.clone(),
            named_by: self.named_by.clone(),
            stop,
            cache: Arc::clone(&self.cache),
            executes,
        }
    }

    /// Ends the running check without a result.
    pub(super) fn abandon(&self) {
        if let Some((_, stop)) = &self.running {
            stop.abandon();
        }
    }

    pub(super) fn is_abandoned(&self) -> bool {
        self.running.as_ref().is_some_and(|(_, stop)| stop.is_abandoned())
    }

    /// Whether the result depends on a file: the check read it, or its diagnostics are in it and may have moved.
    pub(super) fn depends_on(&self, path: &Path) -> bool {
        self.files.contains_key(path) || self.rendering.diagnostics.contains_key(path)
    }

    /// Whether the result depends on a file below this folder, which may have been removed.
    pub(super) fn depends_below(&self, path: &Path) -> bool {
        let mut from_here = self.files.range(path.to_owned()..);
        from_here.next().is_some_and(|(file, _)| file != path && file.starts_with(path))
    }
}
