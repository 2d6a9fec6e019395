//! Reads manifests and adds the inputs that they name, and failures for those that cannot be inputs.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::binary::{Binary, binary};
use super::input::{Input, Inputs, ManifestFile, NamedBy, ReadFrom, unopened};
use super::project::Project;
use super::remote;
use crate::check::paths::{as_given, with_folder};
use crate::check::walk::matching;
use crate::config::text::{TextFile, TextSpan};
use crate::manifest::{self, Entry, Expected, Implied, Kind, Manifest, ReadError, Target};
use crate::registry::Access;
use crate::report::document::{Failure, Origin, Skipped};

/// The largest manifest, in bytes.
const LARGEST: u64 = 4 << 20;

/// Most entries of a manifest that are examined.
const MOST_ENTRIES: usize = 4096;

const NOT_LOCAL: &str = "not-local";
const NO_COMPONENT: &str = "no-component";

/// The inputs found so far.
#[derive(Debug, Default)]
pub(super) struct Expansion {
    pub(super) inputs: Inputs,
    access: Access,
    /// The hosts under which each file is an input, by its path without links.
    seen: FxHashMap<PathBuf, Vec<Implied>>,
    /// The manifests read, without links.
    read: FxHashSet<PathBuf>,
}

impl Expansion {
    /// Without inputs.
    pub(super) fn new(access: Access) -> Expansion {
        Expansion { access, ..Expansion::default() }
    }

    /// Adds an input, unless the same file is one for the same host already. A file for which no host is implied is
    /// added only if it is no input yet.
    pub(super) fn add(&mut self, from: ReadFrom, named_by: Option<NamedBy>) {
        let input = Input { from, named_by };
        let implied = input.implied();
        let path = input.path().and_then(|file| fs::canonicalize(file).ok());
        let seen = self.seen.entry(path.unwrap_or_else(|| input.shown_path().into())).or_default();
        let is_present = match (&input.from, implied) {
            (ReadFrom::Failed(..), _) => false,
            (_, Implied::Nothing) => !seen.is_empty(),
            _ => seen.contains(&implied),
        };
        if !is_present {
            seen.push(implied);
            self.inputs.list.push(input);
        }
    }

    /// Whether a file is an input.
    pub(super) fn is_input(&self, path: &Path) -> bool {
        fs::canonicalize(path).is_ok_and(|path| self.seen.contains_key(&path))
    }

    /// Adds what a manifest names. If the user named the manifest itself (`asked`), every entry counts.
    pub(super) fn expand(&mut self, path: &Path, kind: Kind, asked: bool) {
        if fs::canonicalize(path).is_ok_and(|real| !self.read.insert(real)) {
            return;
        }
        let text = match text(path) {
            Ok(text) => text,
            Err(error) if asked || is_by_name(path, kind) => {
                return self.fail(path, unopened(error), None);
            }
            Err(error) if kind == Kind::Cargo => {
                return self.skip(path, "broken-manifest", error.to_string(), None);
            }
            Err(_) => return,
        };
        if !asked && !kind.may_be(&text) {
            return;
        }
        let manifest = match manifest::read(kind, &with_folder(path), &text) {
            Ok(manifest) => manifest,
            Err(error) => return self.malformed(path, &text, kind, asked, error),
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let folder = match kind {
            Kind::Wash => folder.parent().map_or(folder.join(".."), Path::to_owned),
            _ => folder.to_owned(),
        };
        let project = match Project::of(&folder) {
            Ok(project) => project,
            Err(error) => return self.fail(path, unopened(error), None),
        };
        let before = self.inputs.list.len() + self.inputs.skipped.len();
        let entries = manifest.entries.iter().take(MOST_ENTRIES);
        let shown = as_given(path);
        let file = TextFile::new(&shown, &text);
        let files = entries.map(|entry| self.entry(path, &file, &project, entry, asked)).collect();
        if let more @ 1.. = manifest.entries.len().saturating_sub(MOST_ENTRIES) {
            let detail = format!(
                "not analysed: budget of manifests: it names {more} more components after the first {MOST_ENTRIES}"
            );
            self.skip(path, "analysis-budget", detail, None);
        }
        self.inputs.manifests.push(ManifestFile { path: path.to_owned(), kind, files });
        if asked {
            self.members(&project, &folder, &manifest);
        }
        if asked && self.inputs.list.len() + self.inputs.skipped.len() == before {
            self.skip(path, NO_COMPONENT, "it names no component".to_owned(), None);
        }
    }

    /// Reports a malformed manifest: as a failure if the user named it or its name identifies it, otherwise as skipped,
    /// unless it is a file of some other program.
    fn malformed(&mut self, path: &Path, text: &str, kind: Kind, asked: bool, error: ReadError) {
        let ReadError { message, span, foreign } = error;
        let span = TextFile::new(&as_given(path), text).span(span);
        let named_by = named_by(span, String::new(), Implied::Nothing);
        if asked || is_by_name(path, kind) {
            self.fail(path, Failure::new("manifest", message), Some(named_by));
        } else if !foreign {
            self.skip(path, "broken-manifest", message, Some(named_by));
        }
    }

    /// Adds what an entry names, and returns its file if it exists.
    fn entry(
        &mut self,
        path: &Path,
        text: &TextFile<'_>,
        project: &Project,
        entry: &Entry,
        asked: bool,
    ) -> Option<PathBuf> {
        let key = &entry.key;
        let span = text.span(entry.span.clone());
        let line = span.line;
        let named_by = Some(named_by(span, key.clone(), entry.implied));
        let found = match &entry.target {
            Target::Invalid(message) => Err(message.clone()),
            Target::Remote { what, advice, reference } => {
                let advice = match reference {
                    Ok(reference) if self.access.manifests => {
                        for from in remote::resolved(&reference.to_string(), reference, self.access)
                        {
                            self.add(from, named_by.clone());
                        }
                        return None;
                    }
                    Ok(_) => format!("add --fetch, or {advice}"),
                    Err(why) if self.access.manifests => format!("{why}: {advice}"),
                    Err(_) => advice.clone(),
                };
                let detail = format!("`{key}` names {what}: {advice}");
                self.skip(path, NOT_LOCAL, detail, named_by);
                return None;
            }
            Target::Nothing => {
                let detail = format!("`{key}` names no component");
                self.skip(path, NO_COMPONENT, detail, named_by);
                return None;
            }
            Target::File(file) | Target::Package(file) => project.file(file, 0),
            Target::Output(files) => output(project, files),
        };
        let file = match found {
            Ok(file) => file,
            Err(message) => {
                self.fail(path, Failure::new("manifest", message), named_by);
                return None;
            }
        };
        if file.is_file() {
            self.add(ReadFrom::File(file.clone()), named_by);
            return Some(file);
        }
        if let Target::Package(_) = entry.target {
            let detail = format!(
                "`{key}`: {} does not exist, so the package comes from a registry: save it there, or \
                 check it by itself",
                as_given(&file)
            );
            self.skip(path, NOT_LOCAL, detail, named_by);
            return None;
        }
        let advice = match &entry.build {
            Some(build) => format!("there is no such file: build it with `{build}`"),
            None => "there is no such file: build it first".to_owned(),
        };
        let is_expected = match entry.expected {
            Expected::Always => true,
            Expected::WhenAsked => asked,
            Expected::Never => false,
        };
        if file.is_dir() {
            let message = "this is a folder, not a component".to_owned();
            self.fail(&file, Failure::new("manifest", message), named_by);
        } else if is_expected {
            self.fail(&file, Failure::new("open", advice), named_by);
        } else {
            let entry = format!("{}:{}", as_given(path), line);
            self.inputs.passed_over.push(format!("{entry}: {}: {advice}", as_given(&file)));
        }
        None
    }

    /// Adds the other packages of a Cargo workspace.
    fn members(&mut self, project: &Project, folder: &Path, manifest: &Manifest) {
        for pattern in &manifest.members {
            let mut members = vec![String::new()];
            for step in pattern.split('/').filter(|step| !matches!(*step, "" | ".")) {
                let of = |member: &String| match step {
                    // Members outside the workspace's folder are not searched.
                    ".." => Vec::new(),
                    _ if !step.contains(['*', '?', '[']) => vec![format!("{member}{step}/")],
                    _ => {
                        let names = matching(&folder.join(member), step).into_iter();
                        names.map(|name| format!("{member}{name}/")).collect()
                    }
                };
                members = members.iter().flat_map(of).collect();
            }
            for member in members {
                let is_meant =
                    !manifest.excluded.iter().any(|it| *it == member.trim_end_matches('/'));
                let file = project.file(&format!("{member}Cargo.toml"), 0);
                if let Some(file) = file.ok().filter(|file| is_meant && file.is_file()) {
                    self.expand(&file, Kind::Cargo, false);
                }
            }
        }
    }

    fn fail(&mut self, path: &Path, failure: impl Into<Box<Failure>>, named_by: Option<NamedBy>) {
        self.add(ReadFrom::Failed(as_given(path), failure.into()), named_by);
    }

    pub(super) fn skip(
        &mut self,
        path: &Path,
        reason: &str,
        detail: String,
        named_by: Option<NamedBy>,
    ) {
        self.inputs.skipped.push(Skipped {
            path: Some(as_given(path)),
            reason: reason.to_owned(),
            detail,
            origin: named_by.map(|it| it.origin),
            ..Skipped::default()
        });
    }
}

/// Whether a manifest's name alone identifies it.
fn is_by_name(path: &Path, kind: Kind) -> bool {
    match kind {
        Kind::Spin => path.ends_with("spin.toml"),
        Kind::Wash | Kind::Wac => true,
        Kind::Cargo | Kind::Cluster => false,
    }
}

/// The output of a build: the first of `files` that is a component, or else the first that exists, or else the first.
fn output(project: &Project, files: &[String]) -> Result<PathBuf, String> {
    let mut paths = Vec::new();
    for up in 0..=project.above() {
        for file in files {
            paths.push(project.file(file, up)?);
        }
    }
    let mut components = paths.iter().filter(|path| binary(path) == Some(Binary::Component));
    let found = components.next().or_else(|| paths.iter().find(|path| path.is_file()));
    Ok(found.or(paths.first()).cloned().unwrap_or_default())
}

/// The text of a manifest, without a byte order mark.
fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    fs::File::open(path)?.take(LARGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(io::Error::other("it is larger than 4 MiB"));
    }
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn named_by(span: TextSpan, entry: String, implied: Implied) -> NamedBy {
    NamedBy { origin: Origin { entry, ..Origin::of(&span) }, implied }
}
