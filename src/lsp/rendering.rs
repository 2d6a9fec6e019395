//! The diagnostics and annotations that an editor shows for one check.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use gen_lsp_types::{
    Code, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, Position, Range,
    Uri,
};

use super::folders::Folders;
use super::position::{self, Columns};
use super::virtual_document::{self, VirtualDocument};
use super::workspace::Workspace;
use super::{lens, uri};
use crate::location::file_name;
use crate::report::anchor::Anchor;
use crate::report::document::{
    self, Artifact, Document, Failure, Finding, FindingPlace, Input, Place, Role,
};
use crate::report::listing::Listing;
use crate::report::run::Run;
use crate::report::wording;
use crate::verdict::Severity;

/// Most related places of a diagnostic.
const RELATED: usize = 16;
/// Largest file whose columns are converted, in bytes.
const LARGEST: u64 = 16 << 20;

/// Diagnostics by file.
pub(super) type Diagnostics = BTreeMap<PathBuf, Vec<Diagnostic>>;

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Rendering {
    pub(super) diagnostics: Diagnostics,
    pub(super) annotations: Vec<Annotation>,
}

/// A range about an artifact: a finding, or the line that stands for the whole artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Annotation {
    pub(super) path: PathBuf,
    pub(super) range: Range,
    /// The artifact's id.
    pub(super) artifact: usize,
    /// The finding's id; `None` for the whole artifact.
    pub(super) finding: Option<String>,
    /// The title of the artifact's code lens; empty for a finding.
    pub(super) title: String,
}

/// Renders a run, whose report is `document`.
pub(super) fn of_run(workspace: &Workspace, run: &Run, document: &Document) -> Rendering {
    let mut renderer = Renderer::new(workspace);
    renderer.configuration(&document.config);
    for input in document.inputs() {
        match input {
            Input::Read(artifact) => {
                let bytes = run.artifacts.get(artifact.id).map_or(&[][..], |it| &it.bytes);
                renderer.artifact(document, artifact, bytes);
            }
            Input::Unread(failure) => renderer.failure(failure),
        }
    }
    renderer.rendering
}

/// Renders the diagnostics of an invalid configuration.
pub(super) fn of_configuration(workspace: &Workspace, list: &[document::Diagnostic]) -> Rendering {
    let mut renderer = Renderer::new(workspace);
    renderer.configuration(list);
    renderer.rendering
}

/// The virtual document with the function that contains a place.
pub(super) fn function(
    folders: &Folders,
    artifact: &Artifact,
    place: &Place,
) -> Option<VirtualDocument> {
    let (core_module, function) = (place.core_module?, place.function?);
    Some(VirtualDocument::Function { file: folders.file(&artifact.path), core_module, function })
}

struct Renderer<'a> {
    workspace: &'a Workspace,
    rendering: Rendering,
    /// Functions, each with the URI under which the client opens it; `None` if it cannot be printed.
    functions: BTreeMap<VirtualDocument, Option<(Listing, Uri)>>,
    /// The lines of text files; none for a file that is not text.
    lines: BTreeMap<PathBuf, Vec<String>>,
}

impl<'a> Renderer<'a> {
    fn new(workspace: &'a Workspace) -> Self {
        let (rendering, functions, lines) = Default::default();
        Renderer { workspace, rendering, functions, lines }
    }

    fn configuration(&mut self, list: &[document::Diagnostic]) {
        for invalid in list {
            let (path, range) = self.resolve(Anchor::in_manifest(&invalid.origin));
            let message = wording::with_help(&invalid.message, &invalid.help);
            self.push(path, diagnostic(range, invalid.severity, &invalid.code, message));
        }
    }

    fn artifact(&mut self, document: &Document, artifact: &Artifact, bytes: &[u8]) {
        let (path, range) = self.resolve(Anchor::of_artifact(artifact));
        let (id, title) = (artifact.id, lens::title(artifact));
        let whole = Annotation { path, range, artifact: id, finding: None, title };
        self.rendering.annotations.push(whole);
        for finding in document.problems(artifact) {
            let (path, range) = self.resolve(Anchor::of(artifact, finding));
            let message = with_input(&artifact.path, &path, &finding.message);
            let message = wording::with_help(&message, &finding.help);
            let mut diagnostic = diagnostic(range, finding.severity, &finding.rule, message);
            if self.workspace.capabilities.related_information {
                let related = self.related(artifact, bytes, finding);
                diagnostic.related_information = Some(related).filter(|list| !list.is_empty());
            }
            self.rendering.annotations.push(Annotation {
                path: path.clone(),
                range,
                artifact: id,
                finding: Some(finding.id.clone()),
                title: String::new(),
            });
            self.push(path, diagnostic);
        }
    }

    fn failure(&mut self, failure: &Failure) {
        // Most core modules in text format are not meant to be components.
        if failure.stage == "wrap" && failure.path.ends_with(".wat") {
            return;
        }
        let (path, range) = self.resolve(Anchor::of_failure(failure));
        let message = with_input(&failure.path, &path, &failure.with_command());
        self.push(path, diagnostic(range, Severity::Error, &failure.stage, message));
    }

    fn push(&mut self, path: PathBuf, diagnostic: Diagnostic) {
        self.rendering.diagnostics.entry(path).or_default().push(diagnostic);
    }

    /// The places that explain a finding, and the calls that lead to it.
    fn related(
        &mut self,
        artifact: &Artifact,
        bytes: &[u8],
        finding: &Finding,
    ) -> Vec<DiagnosticRelatedInformation> {
        let message = |it: &FindingPlace| match (it.role, &it.text) {
            (_, Some(text)) => Some(text.clone()),
            (Role::Caller, None) => Some("called from here".to_owned()),
            (Role::Primary, None) => {
                let labeled = finding.labels().any(|label| label.place.offset == it.place.offset);
                (!labeled).then(|| "it happens here".to_owned())
            }
            (Role::Related, None) => None,
        };
        let places = finding.locations.iter().filter(|it| !it.place.is_whole());
        let related = places.filter_map(|it| {
            let message = message(it)?;
            let location = self.location(artifact, bytes, it)?;
            Some(DiagnosticRelatedInformation { location, message })
        });
        related.take(RELATED).collect()
    }

    /// The location of a place: in the source for calls and for components in text format, else in the function's
    /// virtual document, which shows each instruction.
    fn location(
        &mut self,
        artifact: &Artifact,
        bytes: &[u8],
        finding_place: &FindingPlace,
    ) -> Option<Location> {
        let place = &finding_place.place;
        let is_present = place.source.as_ref().is_some_and(|source| source.present);
        let is_variable = place.function.is_none();
        if is_present && (finding_place.role == Role::Caller || is_variable || artifact.is_text()) {
            let (path, range) = self.resolve(Anchor::at(artifact, place));
            return Some(Location { uri: uri::of_path(&path), range });
        }
        let key = function(&self.workspace.folders, artifact, place)?;
        let text_content = self.workspace.capabilities.text_content;
        let function = self.functions.entry(key).or_insert_with_key(|document| {
            let VirtualDocument::Function { core_module, function, .. } = document else {
                return None;
            };
            let listing = virtual_document::listing(bytes, *core_module, *function).ok()?;
            let uri = match text_content {
                true => document.uri(),
                false => uri::of_path(&document.write(&virtual_document::print(&listing))?),
            };
            Some((listing, uri))
        });
        let (listing, uri) = function.as_ref()?;
        let start = Position::new(virtual_document::line(listing, place.offset)?, 0);
        Some(Location { uri: uri.clone(), range: Range { start, end: start } })
    }

    /// The file and range of an anchor.
    fn resolve(&mut self, anchor: Anchor<'_>) -> (PathBuf, Range) {
        let path = self.workspace.folders.file(anchor.path);
        let columns = match (anchor.column, anchor.length) {
            (Some(column), Some(length)) => Columns::Characters(column, length),
            (Some(column), None) => Columns::FromByte(column),
            (None, _) => Columns::All,
        };
        let lines = self.lines.entry(path.clone()).or_insert_with_key(|path| {
            let buffer = self.workspace.buffer(path).map(str::to_owned);
            let text = buffer.or_else(|| read(path)).unwrap_or_default();
            text.lines().map(str::to_owned).collect()
        });
        let encoding = self.workspace.capabilities.encoding;
        let range = position::range(lines, anchor.line, columns, encoding);
        (path, range)
    }
}

/// The text of a file without its byte order mark; `None` if it is large or not text.
fn read(path: &Path) -> Option<String> {
    let is_small = fs::metadata(path).is_ok_and(|it| it.is_file() && it.len() <= LARGEST);
    if !is_small || path.extension().is_some_and(|extension| extension == "wasm") {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// `message`, preceded by the name of the input if that is not the file at `path`.
fn with_input(input: &str, path: &Path, message: &str) -> String {
    let name = file_name(input);
    if path.ends_with(name) { message.to_owned() } else { format!("{name}: {message}") }
}

fn diagnostic(range: Range, severity: Severity, code: &str, message: String) -> Diagnostic {
    Diagnostic {
        range,
        severity: Some(match severity {
            Severity::Error => DiagnosticSeverity::Error,
            Severity::Warning => DiagnosticSeverity::Warning,
            Severity::Note => DiagnosticSeverity::Information,
        }),
        code: Some(Code::String(code.to_owned())),
        source: Some("secondcall".to_owned()),
        message: message.into(),
        code_description: None,
        tags: None,
        related_information: None,
        data: None,
    }
}
