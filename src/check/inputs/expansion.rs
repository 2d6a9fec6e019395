//! A project file → the inputs that it names, and what is wrong with those that are none.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::project::Project;
use super::{Bytes, Named, Source, Sources, as_given, first_bytes, unopened, with_folder};
use crate::config::text::{TextFile, TextSpan};
use crate::manifest::{self, Entry, Expected, Implied, Kind, Manifest, ReadError, Target};
use crate::report::document::{Failure, Origin, Skipped};

/// A project file's size, in bytes, at most.
const LARGEST: u64 = 4 << 20;

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Expansion {
    pub(super) sources: Sources,
    /// By the file, without links, where there is one.
    seen: FxHashMap<PathBuf, Vec<Implied>>,
    read: FxHashSet<PathBuf>,
}

impl Expansion {
    /// Takes an input, unless it is one already: under the same host, or under one that a project
    /// file implies where this one implies none.
    pub(super) fn take(&mut self, from: Bytes, named: Option<Named>) {
        let source = Source { from, named };
        let implied = source.implied();
        let path = source.file().and_then(|file| fs::canonicalize(file).ok());
        let seen = self.seen.entry(path.unwrap_or_else(|| source.path().into())).or_default();
        let is_known = match (&source.from, implied) {
            (Bytes::Nowhere(..), _) => false,
            (_, Implied::Nothing) => !seen.is_empty(),
            _ => seen.contains(&implied),
        };
        if !is_known {
            seen.push(implied);
            self.sources.list.push(source);
        }
    }

    /// Takes what a project file names. `asked`: the user named it, so that all of it counts.
    pub(super) fn expand(&mut self, path: &Path, kind: Kind, asked: bool) {
        if fs::canonicalize(path).is_ok_and(|real| !self.read.insert(real)) {
            return;
        }
        let text = match text(path) {
            Ok(text) => text,
            Err(error) if asked || is_by_name(path, kind) => {
                return self.take(Bytes::Nowhere(as_given(path), unopened(error)), None);
            }
            Err(error) if kind == Kind::Cargo => {
                return self.skip(path, "broken-manifest", error.to_string());
            }
            Err(_) => return,
        };
        if !asked && !kind.may_be(&text) {
            return;
        }
        let manifest = match manifest::read(kind, &with_folder(path), &text) {
            Ok(manifest) => manifest,
            Err(error) => return self.broken(path, &text, kind, asked, error),
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let folder = match kind {
            Kind::Wash => folder.parent().map_or(folder.join(".."), Path::to_owned),
            _ => folder.to_owned(),
        };
        let project = match Project::of(&folder) {
            Ok(project) => project,
            Err(error) => {
                return self.take(Bytes::Nowhere(as_given(path), unopened(error)), None);
            }
        };
        let before = self.sources.list.len() + self.sources.skipped.len();
        for entry in &manifest.entries {
            self.entry(path, &text, &project, entry, asked);
        }
        if asked {
            self.members(&project, &folder, &manifest);
        }
        if asked && self.sources.list.len() + self.sources.skipped.len() == before {
            self.sources.passed_over.push(format!("{}: it names no component", as_given(path)));
        }
    }

    /// A project file that cannot be read. Where nobody asked for it, one that only its ending makes
    /// look like a project file is passed over, and of the others some are told as no fault.
    fn broken(&mut self, path: &Path, text: &str, kind: Kind, asked: bool, error: ReadError) {
        let ReadError { message, span, foreign } = error;
        let span = TextFile { path: &as_given(path), text }.span(span);
        if asked || is_by_name(path, kind) {
            let named = named(span, String::new(), Implied::Nothing);
            self.take(Bytes::Nowhere(as_given(path), failure("manifest", message)), Some(named));
        } else if !foreign {
            let detail = format!("line {}, column {}: {message}", span.line, span.column);
            self.skip(path, "broken-manifest", detail);
        }
    }

    fn entry(&mut self, path: &Path, text: &str, project: &Project, entry: &Entry, asked: bool) {
        let span = TextFile { path: &as_given(path), text }.span(entry.span.clone());
        let line = span.line;
        let named = named(span, entry.key.clone(), entry.implied);
        let expected = match entry.expected {
            Expected::Always => true,
            Expected::WhenAsked => asked,
            Expected::Never => false,
        };
        let found = match &entry.target {
            Target::Invalid(message) => {
                let failure = failure("manifest", message.clone());
                return self.take(Bytes::Nowhere(as_given(path), failure), Some(named));
            }
            Target::Remote { what, advice } => {
                let detail = format!("line {}, `{}` names {what}: {advice}", line, entry.key);
                return self.skip(path, "not-local", detail);
            }
            Target::File(file) | Target::Package(file) => project.file(file, 0),
            Target::Output(files) => output(project, files),
        };
        let file = match found {
            Ok(file) => file,
            Err(message) => {
                let failure = failure("manifest", message);
                return self.take(Bytes::Nowhere(as_given(path), failure), Some(named));
            }
        };
        if file.is_file() {
            return self.take(Bytes::File(file), Some(named));
        }
        if let Target::Package(_) = entry.target {
            let detail = format!(
                "line {}, `{}`: there is no {}, so it comes from a registry: put it there, or check \
                 it by itself",
                line,
                entry.key,
                as_given(&file)
            );
            return self.skip(path, "not-local", detail);
        }
        let advice = match &entry.build {
            Some(build) => format!("there is no such file: build it with `{build}`"),
            None => "there is no such file: build it first".to_owned(),
        };
        match expected {
            _ if file.is_dir() => {
                let failure = failure("manifest", "this is a folder, not a component".to_owned());
                self.take(Bytes::Nowhere(as_given(&file), failure), Some(named));
            }
            true => {
                self.take(Bytes::Nowhere(as_given(&file), failure("open", advice)), Some(named))
            }
            false => {
                let place = format!("{}:{}", as_given(path), line);
                self.sources.passed_over.push(format!("{place}: {}: {advice}", as_given(&file)));
            }
        }
    }

    /// The other packages of a cargo workspace.
    fn members(&mut self, project: &Project, folder: &Path, manifest: &Manifest) {
        for pattern in &manifest.members {
            let mut folders = vec![folder.to_owned()];
            for step in pattern.split('/').filter(|step| !matches!(*step, "" | ".")) {
                folders = folders.iter().flat_map(|folder| matching(folder, step)).collect();
            }
            for member in folders {
                let relative = as_given(member.strip_prefix(folder).unwrap_or(&member));
                let file = project.file(&format!("{relative}/Cargo.toml"), 0);
                let is_meant = !manifest.excluded.contains(&relative);
                if let Some(file) = file.ok().filter(|file| is_meant && file.is_file()) {
                    self.expand(&file, Kind::Cargo, false);
                }
            }
        }
    }

    fn skip(&mut self, path: &Path, reason: &str, detail: String) {
        self.sources.skipped.push(Skipped {
            artifact: None,
            path: Some(as_given(path)),
            export: None,
            reason: reason.to_owned(),
            detail,
        });
    }
}

/// Whether a project file's name alone says what it is.
fn is_by_name(path: &Path, kind: Kind) -> bool {
    match kind {
        Kind::Spin => path.ends_with("spin.toml"),
        Kind::Wash | Kind::Wac => true,
        Kind::Cargo | Kind::Cluster => false,
    }
}

/// The folders in a folder that a step of a pattern means: `*` stands for any characters.
fn matching(folder: &Path, step: &str) -> Vec<PathBuf> {
    let Some((start, end)) = step.split_once('*') else {
        // A member outside the workspace's folder is not looked for.
        return if step == ".." { Vec::new() } else { vec![folder.join(step)] };
    };
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|it| it.is_dir()));
    let names = folders.filter_map(|entry| entry.file_name().into_string().ok());
    let fits = |name: &String| {
        name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
    };
    let mut found: Vec<_> = names.filter(fits).map(|name| folder.join(name)).collect();
    found.sort();
    found
}

/// What a build has made: the first of `files` that is a component, else the first that is there,
/// else the first.
fn output(project: &Project, files: &[String]) -> Result<PathBuf, String> {
    let mut paths = Vec::new();
    for up in 0..=project.above() {
        for file in files {
            paths.push(project.file(file, up)?);
        }
    }
    let is_component =
        |path: &&PathBuf| matches!(first_bytes(path), Some([0, b'a', b's', b'm', _, _, 1, 0]));
    let found = paths.iter().find(is_component).or(paths.iter().find(|it| it.is_file()));
    Ok(found.or(paths.first()).cloned().unwrap_or_default())
}

fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    fs::File::open(path)?.take(LARGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(io::Error::other("it is larger than 4 MiB"));
    }
    // A byte order mark is no part of the text.
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn named(span: TextSpan, entry: String, implied: Implied) -> Named {
    let TextSpan { path, line, column, length, excerpt: text } = span;
    Named { origin: Origin { path, line, column, entry, text, length }, implied }
}

fn failure(stage: &str, message: String) -> Failure {
    Failure { stage: stage.to_owned(), message, ..Failure::default() }
}
