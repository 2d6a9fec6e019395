//! One check of a scope, on a thread of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::client::catch_panic;
use super::rendering::{self, Rendering};
use super::watch;
use super::workspace::Workspace;
use crate::check::error::CheckError;
use crate::check::examine::ResultCache;
use crate::check::inputs::{self, Input, Inputs, NamedBy, ReadFrom};
use crate::check::request::Request;
use crate::check::settle::{self, Outcome};
use crate::check::stamp::{Stamps, stamp};
use crate::check::{Session, Stop};
use crate::registry::Access;
use crate::report::document::{self, Document};

/// What one check covers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    /// A folder of the workspace, with the components in it.
    Folder(PathBuf),
    /// An open buffer with a component in text format.
    Buffer(PathBuf),
}

impl Scope {
    pub(super) fn path(&self) -> &Path {
        match self {
            Scope::Folder(path) | Scope::Buffer(path) => path,
        }
    }
}

#[derive(Debug)]
pub(super) struct Job {
    pub(super) scope: Scope,
    /// Differs from that of every other job.
    pub(super) generation: u64,
    /// The inputs that an earlier check found, if they are still valid.
    pub(super) inputs: Option<Inputs>,
    /// The manifest entry that names the buffer, if any.
    pub(super) named_by: Option<NamedBy>,
    pub(super) stop: Stop,
    pub(super) cache: Arc<ResultCache>,
    pub(super) executes: bool,
}

#[derive(Debug)]
pub(super) struct Checked {
    /// `None` if the configuration is invalid; earlier results remain valid then.
    pub(super) document: Option<Document>,
    pub(super) rendering: Rendering,
    pub(super) inputs: Inputs,
    /// The files that the result depends on, as they were before they were read.
    pub(super) files: Stamps,
}

impl Job {
    /// Runs the check.
    ///
    /// # Errors
    /// If it could not run: a sentence.
    pub(super) fn run(&self, workspace: &Workspace) -> Result<Checked, String> {
        catch_panic(|| self.check(workspace))
    }

    fn check(&self, workspace: &Workspace) -> Result<Checked, String> {
        let path = self.scope.path();
        let paths = [path.to_owned()];
        let inputs = match (&self.scope, &self.inputs) {
            (Scope::Buffer(path), _) => self.buffer(path, workspace),
            (Scope::Folder(_), Some(inputs)) => inputs.clone(),
            (Scope::Folder(path), None) if path.is_dir() => inputs::find(&paths, Access::CACHE),
            (Scope::Folder(_), None) => Inputs::default(),
        };
        for input in &inputs.list {
            if let ReadFrom::File(file) = &input.from {
                watch::await_writer(file, &self.stop);
            }
        }
        let mut files = Stamps::new();
        let mut depend_on = |path: &Path| {
            let path = workspace.folders.file(path);
            files.entry(path).or_insert_with_key(|path| stamp(path));
        };
        for input in &inputs.list {
            let file = match &input.from {
                ReadFrom::File(path) => Some(path.as_path()),
                ReadFrom::Failed(path, _) => Some(Path::new(path)),
                ReadFrom::Buffer(..)
                | ReadFrom::Memory(..)
                | ReadFrom::Elsewhere(..)
                | ReadFrom::Stdin => None,
            };
            file.into_iter().for_each(&mut depend_on);
            // Another component may be built in the same folder.
            file.and_then(Path::parent).into_iter().for_each(&mut depend_on);
            let manifest = input.named_by.as_ref().map(|named| Path::new(&named.origin.path));
            manifest.into_iter().for_each(&mut depend_on);
        }
        let root = workspace.folders.containing(path).unwrap_or(path);
        let outcome = self.run_session(&paths, root, inputs.clone(), workspace);
        if !self.stop.is_abandoned() {
            self.cache.end_check();
        }
        let (document, rendering) = match outcome {
            Ok(mut outcome) => {
                if let Scope::Buffer(_) = self.scope {
                    // The folder's check reports unused acceptances, and annotates the manifest.
                    outcome.run.config.clear();
                    outcome.run.artifacts.iter_mut().for_each(|artifact| artifact.origin = None);
                }
                for effective in &outcome.configs {
                    effective.files.iter().map(Path::new).for_each(&mut depend_on);
                    effective.config.given.paths().into_iter().for_each(&mut depend_on);
                }
                let document = Document::of(&outcome.run);
                let rendering = rendering::of_run(workspace, &outcome.run, &document);
                (Some(document), rendering)
            }
            Err(CheckError::Config(list)) => {
                let list: Vec<_> = list.iter().map(document::Diagnostic::of).collect();
                list.iter().for_each(|invalid| depend_on(Path::new(&invalid.origin.path)));
                (None, rendering::of_configuration(workspace, &list))
            }
            Err(error) => return Err(error.into_message()),
        };
        Ok(Checked { document, rendering, inputs, files })
    }

    fn run_session(
        &self,
        paths: &[PathBuf],
        root: &Path,
        inputs: Inputs,
        workspace: &Workspace,
    ) -> Result<Outcome, CheckError> {
        let opened = vec![root.to_owned()];
        let request = &Request { opened, ..workspace.options.request(self.executes) };
        let (stop, cache) = (self.stop.clone(), Some(&*self.cache));
        let session = Session { request, paths, root, stop, cache, progress: None };
        let mut outcome = session.run(inputs)?;
        if let Some(path) = request.baseline() {
            outcome.hide(&settle::baseline(&path)?, false);
        }
        Ok(outcome)
    }

    fn buffer(&self, path: &Path, workspace: &Workspace) -> Inputs {
        let text = workspace.buffer(path).map(str::to_owned);
        let from = text.map(|text| ReadFrom::Buffer(path.to_owned(), text));
        let list = from.map(|from| Input { from, named_by: self.named_by.clone() });
        Inputs { list: list.into_iter().collect(), ..Inputs::default() }
    }
}
