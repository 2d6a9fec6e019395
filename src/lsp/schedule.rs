//! When each scope is checked. Changes in quick succession cause one check, a newer check replaces an older one, a scope
//! has at most one check at a time, and exports are executed only after a static check.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use gen_lsp_types::Diagnostic;

use super::job::{Job, Scope};
use super::rendering::Annotation;
use super::scope_state::ScopeState;
use crate::check::configuration::FILE;
use crate::check::inputs::NamedBy;
use crate::check::stamp::Stamps;
use crate::manifest::Kind;
use crate::report::document::Document;

/// Time after a change in which others are expected.
const DEBOUNCE: Duration = Duration::from_millis(60);

#[derive(Debug, Default)]
pub(super) struct Schedule {
    pub(super) scopes: BTreeMap<Scope, ScopeState>,
    /// The generation of the latest job.
    generation: u64,
}

impl Schedule {
    /// Checks a scope soon. `search`: the inputs in it may have changed.
    pub(super) fn change(&mut self, scope: Scope, search: bool) {
        let state = self.scopes.entry(scope).or_default();
        state.due = Some(Instant::now() + DEBOUNCE);
        state.search |= search;
        state.executed &= !search;
    }

    /// Checks all scopes now and without earlier results. Analyses that reached their time limit are repeated. If exports
    /// were executed, they are executed at once, so that their findings do not disappear in between.
    pub(super) fn change_all(&mut self) {
        for state in self.scopes.values_mut() {
            state.cache.clear();
            state.due = Some(Instant::now());
            state.search = true;
        }
    }

    /// Checks the scopes that a changed file affects. `new`: the file may not have existed before. A folder is searched
    /// again only if the file may be a component or name one.
    pub(super) fn file_changed(&mut self, path: &Path, new: bool) {
        let is_component = path.extension().is_some_and(|extension| extension == "wasm");
        let is_configuration = path.ends_with(FILE);
        let with_slashes = path.to_string_lossy().replace('\\', "/");
        let is_manifest = !is_configuration && Kind::of_path(&with_slashes).is_some();
        let mut changes = Vec::new();
        for (scope, state) in &mut self.scopes {
            state.executed &= !is_component;
            let is_input = state.files.contains_key(path) && !is_configuration;
            let (is_dependency, was_folder) = (state.depends_on(path), state.depends_below(path));
            let (affected, search) = match scope {
                Scope::Folder(folder) => {
                    let may_name_inputs =
                        is_manifest || is_component && !is_dependency || new && is_input;
                    let is_inside = path.starts_with(folder);
                    let affected = is_inside && (is_configuration || may_name_inputs);
                    (affected, may_name_inputs || was_folder)
                }
                // The configuration in effect may have changed.
                Scope::Buffer(_) => (is_configuration || is_manifest, false),
            };
            if affected || is_dependency || was_folder {
                changes.push((scope.clone(), search));
            }
        }
        changes.into_iter().for_each(|(scope, search)| self.change(scope, search));
    }

    pub(super) fn remove(&mut self, scope: &Scope) {
        if let Some(state) = self.scopes.remove(scope) {
            state.abandon();
        }
    }

    pub(super) fn clear(&mut self) {
        self.scopes.values().for_each(ScopeState::abandon);
        self.scopes.clear();
    }

    /// When the next check begins.
    pub(super) fn next(&self) -> Option<Instant> {
        // A scope with an abandoned check is started by the end of that check.
        let waiting = self.scopes.values().filter(|state| !state.is_abandoned());
        waiting.filter_map(|state| state.due).min()
    }

    /// Starts the checks that are due. A scope with a running check abandons it, and starts when it has ended.
    pub(super) fn start(&mut self, now: Instant) -> Vec<Job> {
        let is_due = |state: &ScopeState| state.due.is_some_and(|due| due <= now);
        let due = self.scopes.iter().filter(|(_, state)| is_due(state));
        let due: Vec<_> = due.map(|(scope, _)| (scope.clone(), self.named_by(scope))).collect();
        let mut jobs = Vec::new();
        for (scope, named_by) in due {
            let Some(state) = self.scopes.get_mut(&scope) else { continue };
            if state.running.is_some() {
                state.abandon();
                continue;
            }
            state.due = None;
            state.named_by = named_by;
            if std::mem::take(&mut state.search) {
                state.inputs = None;
            }
            self.generation += 1;
            jobs.push(state.start(&scope, self.generation, state.executed));
        }
        jobs
    }

    /// Repeats the latest check of a scope with execution, unless another one is due.
    pub(super) fn start_execution(&mut self, scope: &Scope) -> Option<Job> {
        let state = self.scopes.get_mut(scope);
        let state = state.filter(|state| state.due.is_none() && state.running.is_none())?;
        self.generation += 1;
        Some(state.start(scope, self.generation, true))
    }

    /// Records the end of a check. Returns its scope's state, unless the check was abandoned.
    pub(super) fn end(&mut self, job: &Job) -> Option<&mut ScopeState> {
        let state = self.scopes.get_mut(&job.scope)?;
        let (_, stop) = state.running.take_if(|(generation, _)| *generation == job.generation)?;
        (!stop.is_abandoned()).then_some(state)
    }

    /// The manifest entry that names a buffer, from the checks of folders.
    fn named_by(&self, scope: &Scope) -> Option<NamedBy> {
        let Scope::Buffer(path) = scope else { return None };
        let inputs = self.scopes.values().filter_map(|state| state.inputs.as_ref());
        let mut inputs = inputs.flat_map(|inputs| &inputs.list);
        let found = inputs.find(|it| it.path() == Some(path) && it.named_by.is_some())?;
        found.named_by.clone()
    }

    /// Checks the buffers whose manifest entries changed.
    pub(super) fn update_named_buffers(&mut self) {
        let changed =
            self.scopes.iter().filter(|(scope, state)| self.named_by(scope) != state.named_by);
        for scope in changed.map(|(scope, _)| scope.clone()).collect::<Vec<_>>() {
            self.change(scope, false);
        }
    }

    /// Diagnostics by file. For a file open in the editor, those computed from its buffer replace those computed from
    /// disk.
    pub(super) fn diagnostics(&self) -> impl Iterator<Item = (&PathBuf, &Vec<Diagnostic>)> {
        self.scopes.iter().flat_map(move |(scope, state)| {
            state.diagnostics().filter(move |(path, _)| !self.is_replaced(scope, path))
        })
    }

    /// All annotations that are in effect, each with the document of its artifact.
    pub(super) fn annotations(&self) -> impl Iterator<Item = (&Document, &Annotation)> {
        self.scopes.iter().flat_map(move |(scope, state)| {
            let annotations = state.rendering.annotations.iter();
            let shown = annotations.filter(move |it| !self.is_replaced(scope, &it.path));
            shown.filter_map(|annotation| Some((state.document.as_ref()?, annotation)))
        })
    }

    /// Whether a buffer's results replace those of this scope for a file.
    fn is_replaced(&self, scope: &Scope, path: &Path) -> bool {
        let buffer = || self.scopes.get(&Scope::Buffer(path.to_owned()));
        matches!(scope, Scope::Folder(_)) && buffer().is_some_and(|it| it.document.is_some())
    }

    /// Records why a check of a scope could not run. Returns whether this is the only scope with that reason.
    pub(super) fn fail(&mut self, scope: &Scope, why: &str) -> bool {
        let is_new = self.scopes.values().all(|state| state.failure.as_deref() != Some(why));
        if let Some(state) = self.scopes.get_mut(scope) {
            state.failure = Some(why.to_owned());
        }
        is_new
    }

    /// Stops the execution of exports in a scope's running check.
    pub(super) fn stop_execution(&mut self, scope: &Scope) {
        if let Some((_, stop)) = self.scopes.get(scope).and_then(|state| state.running.as_ref()) {
            stop.stop_calls();
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        self.scopes.values().any(|state| state.running.is_some() || state.due.is_some())
    }

    pub(super) fn depends_on(&self, path: &Path) -> bool {
        self.scopes.values().any(|state| state.depends_on(path))
    }

    /// All files that results depend on.
    pub(super) fn files(&self) -> Stamps {
        self.scopes.values().flat_map(|state| state.files.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::inputs::Inputs;
    use crate::lsp::job::Checked;
    use crate::lsp::rendering::Rendering;

    /// Starts the only check that is due.
    fn start(schedule: &mut Schedule) -> Job {
        schedule.start(Instant::now() + 2 * DEBOUNCE).remove(0)
    }

    /// A schedule with a running check of a buffer.
    fn running() -> (Schedule, Job) {
        let mut schedule = Schedule::default();
        schedule.change(Scope::Buffer(PathBuf::from("/x.wat")), true);
        let job = start(&mut schedule);
        (schedule, job)
    }

    #[test]
    fn a_scope_has_one_check_at_a_time() {
        let (mut schedule, first) = running();
        let scope = first.scope.clone();
        schedule.change(scope.clone(), true);
        assert!(schedule.start(Instant::now() + 2 * DEBOUNCE).is_empty());
        assert!(first.stop.is_abandoned());
        assert_eq!(schedule.next(), None);
        assert!(schedule.end(&first).is_none());
        let second = start(&mut schedule);
        assert!(schedule.start_execution(&scope).is_none());
        assert!(schedule.end(&second).is_some());
        assert!(!schedule.is_busy());
    }

    #[test]
    fn a_reopened_scope_ignores_earlier_checks() {
        let (mut schedule, closed) = running();
        schedule.remove(&closed.scope);
        schedule.change(closed.scope.clone(), true);
        let opened = start(&mut schedule);
        assert!(schedule.end(&closed).is_none());
        assert!(schedule.end(&opened).is_some());
    }

    #[test]
    fn a_repeated_check_executes_at_once_what_was_executed() {
        for executed in [false, true] {
            let (mut schedule, job) = running();
            let checked = Checked {
                document: None,
                rendering: Rendering::default(),
                inputs: Inputs::default(),
                files: Stamps::new(),
            };
            schedule.end(&job).unwrap().update(checked, executed);
            schedule.change_all();
            assert_eq!(start(&mut schedule).executes, executed);
        }
    }

    #[test]
    fn stopping_the_execution_keeps_the_check() {
        let (mut schedule, job) = running();
        schedule.stop_execution(&job.scope);
        assert!(schedule.end(&job).is_some());
    }

    /// Whether a changed file causes a check of a folder, a search of it, and an execution at once.
    fn after_change(path: &str, new: bool) -> (bool, bool, bool) {
        let scope = Scope::Folder(PathBuf::from("/work/app"));
        let mut schedule = Schedule::default();
        schedule.change(scope.clone(), true);
        let job = start(&mut schedule);
        let files = ["/work/app/build/api.wasm", "/work/app/spin.toml", "/work/secondcall.toml"];
        let checked = Checked {
            document: None,
            rendering: Rendering::default(),
            inputs: Inputs::default(),
            files: files.map(|it| (PathBuf::from(it), None)).into(),
        };
        let state = schedule.end(&job).unwrap();
        state.update(checked, true);
        let source = PathBuf::from("/work/app/src/main.rs");
        state.rendering.diagnostics = [(source, Vec::new())].into();
        schedule.file_changed(Path::new(path), new);
        let state = &schedule.scopes[&scope];
        (state.due.is_some(), state.search, state.executed)
    }

    #[test]
    fn only_relevant_changes_cause_a_search() {
        for (path, new, expected) in [
            ("/work/app/src/lib.rs", true, (false, false, true)),
            ("/work/app/README.md", true, (false, false, true)),
            ("/work/other/x.wasm", true, (false, false, false)),
            ("/work/app/build/api.wasm", false, (true, false, false)),
            ("/work/app/build/api.wasm", true, (true, true, false)),
            ("/work/app/build/new.wasm", false, (true, true, false)),
            ("/work/app/spin.toml", false, (true, true, false)),
            ("/work/app/.wash/config.yaml", true, (true, true, false)),
            // Configurations, and a source with a diagnostic.
            ("/work/app/secondcall.toml", true, (true, false, true)),
            ("/work/secondcall.toml", false, (true, false, true)),
            ("/work/app/src/main.rs", true, (true, false, true)),
            // A removed folder.
            ("/work/app/build", true, (true, true, false)),
        ] {
            assert_eq!(after_change(path, new), expected, "{path}");
        }
    }
}
