//! A check of what belongs together: a workspace folder, or one text that is open.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};
use std::{fs, thread};

use super::abilities::Abilities;
use super::documents::Texts;
use super::folders::Folders;
use super::options::Options;
use super::told::{self, Told};
use super::watch::{self, State};
use crate::check::examine::Memory;
use crate::check::inputs::{self, Bytes, Named, Source, Sources};
use crate::check::settle::{self, Refusal};
use crate::check::{Examination, Stop};
use crate::report::document::{self, Document};

/// A file that was written this short a time ago may not be whole yet.
const FRESH: Duration = Duration::from_millis(150);
/// How often one looks whether it still grows.
const GLANCE: Duration = Duration::from_millis(20);
/// How long one waits for it, at most.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is checked together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    /// A folder of the workspace, and the components in it.
    Folder(PathBuf),
    /// A component in text form that is open.
    Text(PathBuf),
}

impl Scope {
    /// Its folder or file.
    pub(super) fn path(&self) -> &Path {
        match self {
            Scope::Folder(path) | Scope::Text(path) => path,
        }
    }
}

/// A check to be made.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) scope: Scope,
    /// What an earlier search found, where it still holds.
    pub(super) sources: Option<Sources>,
    /// What a manifest says of the text, if one names it.
    pub(super) named: Option<Named>,
    pub(super) texts: Arc<Texts>,
    /// The workspace's folders: sources below them can be shown.
    pub(super) folders: Folders,
    pub(super) options: Options,
    pub(super) abilities: Abilities,
    /// Whether exports are called, too.
    pub(super) executes: bool,
    pub(super) stop: Stop,
    pub(super) memory: Arc<Memory>,
}

/// What became of a check.
#[derive(Debug)]
pub(super) struct Checked {
    /// What is known now; `None` where the user's files are broken, and what was known stays.
    pub(super) document: Option<Document>,
    pub(super) told: Told,
    pub(super) sources: Sources,
    /// The files that it depends on.
    pub(super) files: BTreeMap<PathBuf, State>,
}

impl Job {
    /// Makes the check.
    ///
    /// # Errors
    /// When it could not be made: a sentence. A bug of ours ends the check and not the server.
    pub(super) fn run(self) -> Result<Checked, String> {
        catch_unwind(AssertUnwindSafe(|| self.check())).unwrap_or_else(|bug| {
            let words = bug.downcast_ref::<String>().map(String::as_str);
            let words = words.or_else(|| bug.downcast_ref::<&str>().copied()).unwrap_or("a panic");
            Err(format!("a bug of secondcall stopped a check: {words}"))
        })
    }

    fn check(&self) -> Result<Checked, String> {
        let paths = [self.scope.path().to_owned()];
        let sources = match (&self.scope, &self.sources) {
            (Scope::Text(path), _) => self.text(path),
            (Scope::Folder(_), Some(known)) => known.clone(),
            (Scope::Folder(path), None) if path.is_dir() => inputs::find(&paths),
            (Scope::Folder(_), None) => Sources::default(),
        };
        for source in &sources.list {
            if let Bytes::File(file) = &source.from {
                await_writer(file, &self.stop);
            }
        }
        let path = self.scope.path();
        let root = self.folders.holding(path).unwrap_or(path);
        let request = self.options.request(self.executes);
        let stop = self.stop.clone();
        let memory = Some(&*self.memory);
        let examination =
            Examination { request: &request, paths: &paths, root, stop, memory, progress: None };
        let mut files = files(&sources, &self.folders);
        let gathered = examination.of(sources.clone()).and_then(|mut gathered| {
            if let Some(path) = request.baseline() {
                gathered.hide(&settle::baseline(&path)?, false);
            }
            Ok(gathered)
        });
        if !self.stop.is_abandoned() {
            self.memory.end_check();
        }
        let scribe =
            told::Scribe { folders: &self.folders, texts: &self.texts, abilities: &self.abilities };
        match gathered {
            Ok(mut gathered) => {
                if let Scope::Text(_) = self.scope {
                    // Of an acceptance that is for another component, the folder's check knows more.
                    gathered.run.config.clear();
                    // And it is the folder's check that speaks in the manifest.
                    gathered.run.artifacts.iter_mut().for_each(|it| it.origin = None);
                }
                let chosen = gathered.effective.iter().flat_map(|it| &it.files).map(Path::new);
                let given = gathered.effective.iter().flat_map(|it| it.config.given.paths());
                for file in chosen.chain(given) {
                    let path = self.folders.file(file);
                    files.entry(path).or_insert_with_key(|path| watch::state(path));
                }
                let document = Document::of(&gathered.run);
                let told = scribe.run(&gathered.run, &document);
                Ok(Checked { document: Some(document), told, sources, files })
            }
            Err(Refusal::Diagnostics(list)) => {
                let list: Vec<_> = list.iter().map(document::Diagnostic::of).collect();
                for broken in &list {
                    let path = self.folders.file(&broken.origin.path);
                    files.entry(path).or_insert_with_key(|path| watch::state(path));
                }
                Ok(Checked { document: None, told: scribe.configuration(&list), sources, files })
            }
            Err(Refusal::Message(words) | Refusal::NoInputs(words) | Refusal::Unread(words)) => {
                Err(words)
            }
        }
    }

    /// A text that is open, as it stands there.
    fn text(&self, path: &Path) -> Sources {
        let text = self.texts.get(path).cloned();
        let from = text.map(|text| Bytes::Text(path.to_owned(), text));
        let list = from.map(|from| Source { from, named: self.named.clone() });
        Sources { list: list.into_iter().collect(), ..Sources::default() }
    }
}

/// Waits until a file that was just written is complete.
fn await_writer(file: &Path, stop: &Stop) {
    let start = Instant::now();
    let state = || {
        let metadata = fs::metadata(file).ok()?;
        Some((metadata.len(), metadata.modified().ok()?))
    };
    let age = |modified: SystemTime| modified.elapsed().unwrap_or(FRESH);
    let mut known = state();
    while let Some((_, modified)) = known {
        if age(modified) >= FRESH || start.elapsed() > PATIENCE || stop.is_abandoned() {
            return;
        }
        thread::sleep(GLANCE);
        known = state();
    }
}

/// The files that a check depends on, as they are before they are read: components and manifests.
fn files(sources: &Sources, folders: &Folders) -> BTreeMap<PathBuf, State> {
    let mut files = BTreeMap::new();
    let mut add = |path: &Path| {
        let path = folders.file(path);
        let state = watch::state(&path);
        files.insert(path, state);
    };
    for source in &sources.list {
        let file = match &source.from {
            Bytes::File(path) => Some(path.as_path()),
            Bytes::Nowhere(path, _) => Some(Path::new(path)),
            Bytes::Text(..) | Bytes::Stdin => None,
        };
        file.into_iter().for_each(&mut add);
        // Where one component is built, another may be.
        file.and_then(Path::parent).into_iter().for_each(&mut add);
        if let Some(named) = &source.named {
            add(Path::new(&named.origin.path));
        }
    }
    files
}
