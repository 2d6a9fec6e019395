//! What is to be checked, and when: changes that come together are one, a newer one replaces what an
//! older one began, and calls are made only when the code has been read. Of a scope, one check is under way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gen_lsp_types::Diagnostic;

use super::checks::Scope;
use super::entry::{Entry, Start};
use super::spot::Spot;
use super::watch::State;
use crate::check::configuration::FILE;
use crate::check::inputs::Named;
use crate::manifest::Kind;
use crate::report::document::Document;

/// After a change, others may follow at once.
const DEBOUNCE: Duration = Duration::from_millis(60);

/// All scopes.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    pub(super) entries: BTreeMap<Scope, Entry>,
    /// The number of the latest check. No two have the same, of whatever scope.
    generation: u64,
}

impl Schedule {
    /// A scope has changed; with `search`, perhaps in what belongs to it.
    pub(super) fn change(&mut self, scope: Scope, search: bool) {
        let entry = self.entries.entry(scope).or_default();
        entry.due = Some(Instant::now() + DEBOUNCE);
        entry.search |= search;
        entry.called &= !search;
    }

    /// All scopes are to be checked as if never before: what the clock ended may go on this time.
    pub(super) fn change_all(&mut self) {
        for entry in self.entries.values_mut() {
            entry.memory.forget();
            entry.due = Some(Instant::now());
            entry.search = true;
            entry.called = false;
        }
    }

    /// A file has changed; `new` where it may not have been there before. A folder is searched only where
    /// the file may name components or be one: what else is saved is most of what is saved.
    pub(super) fn changed(&mut self, path: &Path, new: bool) {
        let is_component = path.extension().is_some_and(|it| it == "wasm");
        let is_ours = path.ends_with(FILE);
        let told = path.to_string_lossy().replace('\\', "/");
        let is_manifest = !is_ours && Kind::of_path(&told).is_some();
        let scopes: Vec<_> = self.entries.keys().cloned().collect();
        for scope in scopes {
            let Some(entry) = self.entries.get_mut(&scope) else { continue };
            entry.called &= !is_component;
            let is_input = entry.files.contains_key(path) && !is_ours;
            let (is_known, was_folder) = (entry.depends_on(path), entry.depends_below(path));
            let (matters, search) = match &scope {
                Scope::Folder(folder) => {
                    let is_source = is_manifest || is_component && !is_known || new && is_input;
                    (path.starts_with(folder) && (is_ours || is_source), is_source || was_folder)
                }
                // What is in effect for it may be another thing now.
                Scope::Text(_) => (is_ours || is_manifest, false),
            };
            if matters || is_known || was_folder {
                self.change(scope, search);
            }
        }
    }

    /// A scope is gone. Nobody waits for its check.
    pub(super) fn remove(&mut self, scope: &Scope) {
        if let Some(entry) = self.entries.remove(scope) {
            entry.abandon();
        }
    }

    /// All scopes are gone.
    pub(super) fn clear(&mut self) {
        for scope in self.entries.keys().cloned().collect::<Vec<_>>() {
            self.remove(&scope);
        }
    }

    /// When the next check is to begin.
    pub(super) fn next(&self) -> Option<Instant> {
        // One that waits for the end of the check before it begins with that.
        let waiting = self.entries.values().filter(|entry| !entry.is_abandoned());
        waiting.filter_map(|entry| entry.due).min()
    }

    /// The checks that are due. One whose scope is being checked begins when that check has ended, which
    /// nobody waits for any more.
    pub(super) fn start(&mut self, now: Instant) -> Vec<Start> {
        let is_due = |entry: &Entry| entry.due.is_some_and(|due| due <= now);
        let due = self.entries.iter().filter(|(_, entry)| is_due(entry));
        let due: Vec<_> = due.map(|(scope, _)| (scope.clone(), self.named(scope))).collect();
        let mut starts = Vec::new();
        for (scope, named) in due {
            let Some(entry) = self.entries.get_mut(&scope) else { continue };
            if entry.running.is_some() {
                entry.abandon();
                continue;
            }
            entry.due = None;
            entry.named = named;
            if std::mem::take(&mut entry.search) {
                entry.sources = None;
            }
            self.generation += 1;
            starts.push(entry.start(&scope, self.generation));
        }
        starts
    }

    /// A check of the same state of a scope, now with calls.
    pub(super) fn again(&mut self, scope: &Scope) -> Option<Start> {
        let entry = self.entries.get_mut(scope);
        let entry = entry.filter(|entry| entry.due.is_none() && entry.running.is_none())?;
        self.generation += 1;
        Some(entry.start(scope, self.generation))
    }

    /// A check has ended. Gives the entry that waited for it, if any does.
    pub(super) fn ended(&mut self, scope: &Scope, generation: u64) -> Option<&mut Entry> {
        let entry = self.entries.get_mut(scope)?;
        let running = entry.running.take_if(|running| running.generation == generation)?;
        (!running.stop.is_abandoned()).then_some(entry)
    }

    /// What a manifest says of a text, by what the searches found.
    fn named(&self, scope: &Scope) -> Option<Named> {
        let Scope::Text(path) = scope else { return None };
        let found = self.entries.values().filter_map(|entry| entry.sources.as_ref());
        let mut found = found.flat_map(|sources| &sources.list);
        found.find(|source| source.file() == Some(path) && source.named.is_some())?.named.clone()
    }

    /// Texts are checked again of which manifests say something else now.
    pub(super) fn name_texts(&mut self) {
        let texts = self.entries.iter().filter(|(scope, entry)| self.named(scope) != entry.named);
        for scope in texts.map(|(scope, _)| scope.clone()).collect::<Vec<_>>() {
            self.change(scope, false);
        }
    }

    /// What is told of files. Of a text that is open, what is told of it as it stands there counts, and not
    /// what is told of its file.
    pub(super) fn diagnostics(&self) -> impl Iterator<Item = (&PathBuf, &Vec<Diagnostic>)> {
        self.entries.iter().flat_map(move |(scope, entry)| {
            entry.diagnostics().filter(move |(path, _)| !self.is_hidden(scope, path))
        })
    }

    /// The lines that speak of artifacts, each with the document that has these.
    pub(super) fn spots(&self) -> impl Iterator<Item = (&Document, &Spot)> {
        self.entries.iter().flat_map(move |(scope, entry)| {
            let spots = entry.told.spots.iter().filter(|it| !self.is_hidden(scope, &it.path));
            entry
                .document
                .iter()
                .flat_map(move |document| spots.clone().map(move |it| (document, it)))
        })
    }

    fn is_hidden(&self, scope: &Scope, path: &Path) -> bool {
        let of_text = || self.entries.get(&Scope::Text(path.to_owned()));
        matches!(scope, Scope::Folder(_)) && of_text().is_some_and(|it| it.document.is_some())
    }

    /// A check could not be made.
    pub(super) fn failed(&mut self, scope: &Scope, why: String) {
        if let Some(entry) = self.entries.get_mut(scope) {
            entry.failure = Some(why);
        }
    }

    /// Whether a check could not be made for this reason, and none since.
    pub(super) fn is_known(&self, why: &str) -> bool {
        self.entries.values().any(|entry| entry.failure.as_deref() == Some(why))
    }

    /// Makes no more calls in the check of a scope.
    pub(super) fn stop_calls(&mut self, scope: &Scope) {
        if let Some(running) = self.entries.get(scope).and_then(|entry| entry.running.as_ref()) {
            running.stop.stop_calls();
        }
    }

    /// Whether anything is under way or due.
    pub(super) fn is_busy(&self) -> bool {
        self.entries.values().any(|entry| entry.running.is_some() || entry.due.is_some())
    }

    /// Whether a check depends on a file.
    pub(super) fn knows(&self, path: &Path) -> bool {
        self.entries.values().any(|entry| entry.depends_on(path))
    }

    /// All files that checks depend on.
    pub(super) fn files(&self) -> BTreeMap<PathBuf, State> {
        self.entries.values().flat_map(|entry| entry.files.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::inputs::Sources;
    use crate::lsp::checks::Checked;
    use crate::lsp::told::Told;

    fn later() -> Instant {
        Instant::now() + 2 * DEBOUNCE
    }

    #[test]
    fn of_a_scope_one_check_is_under_way() {
        let scope = Scope::Text(PathBuf::from("/x.wat"));
        let mut schedule = Schedule::default();
        schedule.change(scope.clone(), true);
        let first = schedule.start(later()).remove(0);
        schedule.change(scope.clone(), true);
        assert!(schedule.start(later()).is_empty());
        assert!(first.stop.is_abandoned());
        assert_eq!(schedule.next(), None);
        // It ends without a result, and the other begins.
        assert!(schedule.ended(&scope, first.generation).is_none());
        let second = schedule.start(later()).remove(0);
        assert!(schedule.again(&scope).is_none());
        assert!(schedule.ended(&scope, second.generation).is_some());
        assert!(!schedule.is_busy());
    }

    #[test]
    fn a_scope_that_comes_again_takes_no_older_result() {
        let scope = Scope::Text(PathBuf::from("/x.wat"));
        let mut schedule = Schedule::default();
        schedule.change(scope.clone(), true);
        let closed = schedule.start(later()).remove(0);
        schedule.remove(&scope);
        schedule.change(scope.clone(), true);
        let opened = schedule.start(later()).remove(0);
        assert!(schedule.ended(&scope, closed.generation).is_none());
        assert!(schedule.ended(&scope, opened.generation).is_some());
    }

    /// Whether a folder is checked again, whether it is searched, and whether calls are made at once, after a
    /// change of a file.
    fn after(path: &str, new: bool) -> (bool, bool, bool) {
        let scope = Scope::Folder(PathBuf::from("/work/app"));
        let mut schedule = Schedule::default();
        schedule.change(scope.clone(), true);
        let check = schedule.start(later()).remove(0);
        let files = ["/work/app/build/api.wasm", "/work/app/spin.toml", "/work/secondcall.toml"];
        let told = Told {
            diagnostics: [(PathBuf::from("/work/app/src/main.rs"), Vec::new())].into(),
            ..Told::default()
        };
        let files = files.map(|it| (PathBuf::from(it), None)).into();
        let checked =
            Checked { document: None, told: Told::default(), sources: Sources::default(), files };
        let entry = schedule.ended(&scope, check.generation).unwrap();
        entry.done(checked, true);
        entry.told = told;
        schedule.changed(Path::new(path), new);
        let entry = &schedule.entries[&scope];
        (entry.due.is_some(), entry.search, entry.called)
    }

    #[test]
    fn what_does_not_matter_is_not_searched_for() {
        for (path, new, expected) in [
            ("/work/app/src/lib.rs", true, (false, false, true)),
            ("/work/app/README.md", true, (false, false, true)),
            ("/work/other/x.wasm", true, (false, false, false)),
            ("/work/app/build/api.wasm", false, (true, false, false)),
            ("/work/app/build/api.wasm", true, (true, true, false)),
            ("/work/app/build/new.wasm", false, (true, true, false)),
            ("/work/app/spin.toml", false, (true, true, false)),
            ("/work/app/.wash/config.yaml", true, (true, true, false)),
            // What is in effect, and the text that a line is in.
            ("/work/app/secondcall.toml", true, (true, false, true)),
            ("/work/secondcall.toml", false, (true, false, true)),
            ("/work/app/src/main.rs", true, (true, false, true)),
            // A folder that is deleted as a whole.
            ("/work/app/build", true, (true, true, false)),
        ] {
            assert_eq!(after(path, new), expected, "{path}");
        }
    }

    #[test]
    fn a_user_who_stops_the_calls_is_told_the_rest() {
        let scope = Scope::Text(PathBuf::from("/x.wat"));
        let mut schedule = Schedule::default();
        schedule.change(scope.clone(), true);
        let check = schedule.start(later()).remove(0);
        schedule.stop_calls(&scope);
        assert!(schedule.ended(&scope, check.generation).is_some());
    }
}
