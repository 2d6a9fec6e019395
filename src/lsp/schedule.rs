//! What is to be checked, and when: changes that come together are one, a newer one replaces what an
//! older one began, and calls are made only when the code has been read.

use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use std::time::Instant;

use super::checks::Checked;
use super::checks::Scope;
use crate::cli::examine::Memory;
use crate::cli::inputs::Sources;
use crate::report::document::Document;

use super::told::Told;
use super::watch::State;

/// After a change, others may follow at once.
const DEBOUNCE: Duration = Duration::from_millis(60);

/// A scope, what is known of it and what is under way.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// When it is to be checked.
    due: Option<Instant>,
    /// Whether what an earlier search found may not hold any more.
    search: bool,
    sources: Option<Sources>,
    /// The check under way; it becomes true to stop it.
    running: Option<Arc<AtomicBool>>,
    /// The number of the latest check.
    generation: u64,
    /// What is known, and what is told of it.
    pub(super) document: Option<Document>,
    pub(super) told: Told,
    files: BTreeMap<PathBuf, State>,
    pub(super) memory: Arc<Memory>,
}

/// All scopes.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    pub(super) entries: BTreeMap<Scope, Entry>,
}

/// A check that is to begin.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) scope: Scope,
    pub(super) generation: u64,
    pub(super) sources: Option<Sources>,
    pub(super) stop: Arc<AtomicBool>,
    pub(super) memory: Arc<Memory>,
}

impl Schedule {
    /// A scope has changed; with `search`, perhaps in what belongs to it.
    pub(super) fn change(&mut self, scope: Scope, search: bool) {
        let entry = self.entries.entry(scope).or_default();
        entry.due = Some(Instant::now() + DEBOUNCE);
        entry.search |= search;
    }

    /// Files have changed; `new` where they may not have been there before.
    pub(super) fn changed(&mut self, path: &Path, new: bool) {
        let scopes: Vec<_> = self.entries.keys().cloned().collect();
        for scope in scopes {
            let is_component = path.extension().is_some_and(|it| it == "wasm");
            match &scope {
                Scope::Folder(folder) if path.starts_with(folder) => {
                    let known = self.entries.get(&scope).is_some_and(|it| it.has(path));
                    self.change(scope, new || !known || !is_component);
                }
                // What is in effect for it may be another thing now.
                Scope::Text(_) if !is_component => self.change(scope, false),
                _ => {}
            }
        }
    }

    /// A scope is gone. Its check is stopped.
    pub(super) fn remove(&mut self, scope: &Scope) {
        if let Some(entry) = self.entries.remove(scope) {
            entry.stop();
        }
    }

    /// When the next check is to begin.
    pub(super) fn next(&self) -> Option<Instant> {
        self.entries.values().filter_map(|entry| entry.due).min()
    }

    /// The checks that are due; each stops the one before it.
    pub(super) fn start(&mut self, now: Instant) -> Vec<Start> {
        let due = self.entries.iter_mut().filter(|(_, it)| it.due.is_some_and(|due| due <= now));
        due.map(|(scope, entry)| {
            entry.due = None;
            if std::mem::take(&mut entry.search) {
                entry.sources = None;
            }
            entry.start(scope)
        })
        .collect()
    }

    /// A check of the same state of a scope, now with calls.
    pub(super) fn again(&mut self, scope: &Scope) -> Option<Start> {
        let entry = self.entries.get_mut(scope).filter(|entry| entry.due.is_none())?;
        Some(entry.start(scope))
    }

    /// What became of a check; whether it is news. One that another has replaced tells nothing.
    pub(super) fn done(&mut self, scope: &Scope, generation: u64, checked: Checked) -> bool {
        let entry = self.entries.get_mut(scope);
        let Some(entry) = entry.filter(|it| it.generation == generation) else { return false };
        entry.running = None;
        entry.sources = Some(checked.sources);
        entry.files = checked.files;
        let told = match checked.document {
            Some(document) => {
                entry.document = Some(document);
                checked.told
            }
            // The user's own file is broken: what was known of the components stays.
            None => {
                let mut told = entry.told.clone();
                for (path, diagnostics) in checked.told.diagnostics {
                    told.diagnostics.insert(path, diagnostics);
                }
                told
            }
        };
        let is_news = told != entry.told;
        entry.told = told;
        is_news
    }

    /// Whether no check of a scope was begun since.
    pub(super) fn is_latest(&self, scope: &Scope, generation: u64) -> bool {
        self.entries.get(scope).is_some_and(|it| it.generation == generation)
    }

    /// A check could not be made.
    pub(super) fn failed(&mut self, scope: &Scope, generation: u64) {
        if let Some(entry) = self.entries.get_mut(scope).filter(|it| it.generation == generation) {
            entry.running = None;
        }
    }

    /// Stops the check of a scope, and begins no other.
    pub(super) fn stop(&mut self, scope: &Scope) {
        if let Some(entry) = self.entries.get_mut(scope) {
            entry.stop();
        }
    }

    /// Whether anything is under way or due.
    pub(super) fn is_busy(&self) -> bool {
        self.entries.values().any(|entry| entry.running.is_some() || entry.due.is_some())
    }

    /// All files that checks depend on.
    pub(super) fn files(&self) -> BTreeMap<PathBuf, State> {
        self.entries.values().flat_map(|entry| entry.files.clone()).collect()
    }
}

impl Entry {
    fn start(&mut self, scope: &Scope) -> Start {
        self.stop();
        let stop = Arc::new(AtomicBool::new(false));
        self.running = Some(Arc::clone(&stop));
        self.generation += 1;
        Start {
            scope: scope.clone(),
            generation: self.generation,
            sources: self.sources.clone(),
            stop,
            memory: Arc::clone(&self.memory),
        }
    }

    fn stop(&self) {
        if let Some(running) = &self.running {
            running.store(true, Relaxed);
        }
    }

    fn has(&self, path: &Path) -> bool {
        self.files.contains_key(path)
    }
}
