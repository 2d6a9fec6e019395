//! What is known of a scope, and the check of it that is under way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use gen_lsp_types::Diagnostic;

use super::checks::{Checked, Scope};
use super::told::{Diagnostics, Told};
use super::watch::State;
use crate::check::Stop;
use crate::check::examine::Memory;
use crate::check::inputs::{Named, Sources};
use crate::report::document::Document;

/// A scope, what is known of it and what is under way.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// When it is to be checked.
    pub(super) due: Option<Instant>,
    /// Whether what an earlier search found may not hold any more.
    pub(super) search: bool,
    pub(super) sources: Option<Sources>,
    pub(super) running: Option<Running>,
    /// Why the latest check could not be made.
    pub(super) failure: Option<String>,
    /// What is known, and what is told of it.
    pub(super) document: Option<Document>,
    pub(super) told: Told,
    /// What is wrong with the user's own files, if that is why no more is known.
    broken: Diagnostics,
    pub(super) files: BTreeMap<PathBuf, State>,
    /// What a manifest says of the text, if one names it.
    pub(super) named: Option<Named>,
    pub(super) memory: Arc<Memory>,
    /// Whether what is told holds what calls of these components showed.
    pub(super) called: bool,
}

/// The check under way.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) generation: u64,
    pub(super) stop: Stop,
}

/// A check that is to begin.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) scope: Scope,
    pub(super) generation: u64,
    pub(super) sources: Option<Sources>,
    pub(super) named: Option<Named>,
    pub(super) stop: Stop,
    pub(super) memory: Arc<Memory>,
    /// Whether calls can be made at once: they were made of these components before, and what they showed
    /// is not to go and come back.
    pub(super) called: bool,
}

impl Entry {
    /// What became of its check, in which exports were called or not; whether it is news.
    pub(super) fn done(&mut self, checked: Checked, executed: bool) -> bool {
        self.failure = None;
        self.called = executed;
        self.sources = Some(checked.sources);
        self.files = checked.files;
        // Where the user's own file is broken, what was known of the components stays.
        let (told, broken) = match checked.document {
            Some(document) => {
                self.document = Some(document);
                (checked.told, Diagnostics::new())
            }
            None => (self.told.clone(), checked.told.diagnostics),
        };
        let is_news = (&told, &broken) != (&self.told, &self.broken);
        (self.told, self.broken) = (told, broken);
        is_news
    }

    /// All that is to be told, by file.
    pub(super) fn diagnostics(&self) -> impl Iterator<Item = (&PathBuf, &Vec<Diagnostic>)> {
        let told = self.told.diagnostics.iter();
        self.broken.iter().chain(told.filter(|(path, _)| !self.broken.contains_key(*path)))
    }

    pub(super) fn start(&mut self, scope: &Scope, generation: u64) -> Start {
        let stop = Stop::default();
        self.running = Some(Running { generation, stop: stop.clone() });
        Start {
            scope: scope.clone(),
            generation,
            sources: self.sources.clone(),
            named: self.named.clone(),
            stop,
            memory: Arc::clone(&self.memory),
            called: self.called,
        }
    }

    pub(super) fn abandon(&self) {
        if let Some(running) = &self.running {
            running.stop.abandon();
        }
    }

    pub(super) fn is_abandoned(&self) -> bool {
        self.running.as_ref().is_some_and(|running| running.stop.is_abandoned())
    }

    /// Whether a file had a part in what is told. A text that lines are in has: once it is edited, they are
    /// not its lines any more.
    pub(super) fn depends_on(&self, path: &Path) -> bool {
        self.files.contains_key(path) || self.told.diagnostics.contains_key(path)
    }

    /// The same for what is in a folder of this path, which may be gone as a whole.
    pub(super) fn depends_below(&self, path: &Path) -> bool {
        let mut from_here = self.files.range(path.to_owned()..);
        from_here.next().is_some_and(|(file, _)| file != path && file.starts_with(path))
    }
}
