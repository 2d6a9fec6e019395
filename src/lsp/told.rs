//! What a check has to tell, at the places where an editor shows it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use gen_lsp_types::{
    Code, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, Position, Range,
    Uri,
};

use super::abilities::Abilities;
use super::documents::Texts;
use super::folders::Folders;
use super::position::{self, Column, Lines};
use super::spot::Spot;
use super::uri::{self, Text};
use super::{lens, texts};
use crate::component::ReadError;
use crate::location::file_name;
use crate::report::anchor::Anchor;
use crate::report::document::{
    self, Artifact, Document, Failure, Finding, FindingPlace, Input, Place, Role,
};
use crate::report::listing::Listing;
use crate::report::run::Run;
use crate::report::wording;
use crate::verdict::Severity;

/// How many places explain a diagnostic, at most.
const RELATED: usize = 16;
/// The largest text of the user's that a column is looked up in, in bytes.
const LARGEST: u64 = 16 << 20;

/// Diagnostics, by file.
pub(super) type Diagnostics = BTreeMap<PathBuf, Vec<Diagnostic>>;

/// What is told.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Told {
    pub(super) diagnostics: Diagnostics,
    pub(super) spots: Vec<Spot>,
}

/// What is needed to tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scribe<'a> {
    pub(super) folders: &'a Folders,
    pub(super) texts: &'a Texts,
    pub(super) abilities: &'a Abilities,
}

/// The functions of a run, each with the URI of its text, and the texts that lines are in.
#[derive(Default)]
struct Shelf {
    functions: BTreeMap<Text, Option<(Listing, Uri)>>,
    texts: BTreeMap<PathBuf, Option<Lines>>,
}

impl Scribe<'_> {
    /// All of a run, of which `document` is the telling.
    pub(super) fn run(&self, run: &Run, document: &Document) -> Told {
        let mut told = Told::default();
        let mut shelf = Shelf::default();
        self.wrong(&document.config, &mut shelf, &mut told);
        for input in document.inputs() {
            match input {
                Input::Read(artifact) => {
                    self.artifact(run, document, artifact, &mut shelf, &mut told);
                }
                Input::Unread(failure) => self.failure(failure, &mut shelf, &mut told),
            }
        }
        told
    }

    /// What is wrong with the user's own files.
    pub(super) fn configuration(&self, list: &[document::Diagnostic]) -> Told {
        let mut told = Told::default();
        self.wrong(list, &mut Shelf::default(), &mut told);
        told
    }

    fn wrong(&self, list: &[document::Diagnostic], shelf: &mut Shelf, told: &mut Told) {
        for wrong in list {
            let (path, range) = self.place(Anchor::in_manifest(&wrong.origin), shelf);
            let message = wording::with_help(&wrong.message, &wrong.help);
            let diagnostic = diagnostic(range, wrong.severity, &wrong.code, message);
            told.diagnostics.entry(path).or_default().push(diagnostic);
        }
    }

    fn artifact(
        &self,
        run: &Run,
        document: &Document,
        artifact: &Artifact,
        shelf: &mut Shelf,
        told: &mut Told,
    ) {
        let (path, range) = self.place(Anchor::of_artifact(artifact), shelf);
        let title = lens::title(artifact);
        let whole = Spot { path, range, artifact: artifact.id, finding: None, title };
        told.spots.push(whole);
        for finding in document.problems(artifact) {
            let (path, range) = self.place(Anchor::of(artifact, finding), shelf);
            let message = named(&artifact.path, &path, &finding.message);
            let message = wording::with_help(&message, &finding.help);
            let mut diagnostic = diagnostic(range, finding.severity, &finding.rule, message);
            if self.abilities.related_information {
                let related = self.related(run, artifact, finding, shelf);
                diagnostic.related_information = Some(related).filter(|it| !it.is_empty());
            }
            told.spots.push(Spot {
                path: path.clone(),
                range,
                artifact: artifact.id,
                finding: Some(finding.id.clone()),
                title: String::new(),
            });
            told.diagnostics.entry(path).or_default().push(diagnostic);
        }
    }

    fn failure(&self, failure: &Failure, shelf: &mut Shelf, told: &mut Told) {
        // A core module in an editor is what it is: most are never to be components.
        if failure.message == ReadError::CoreModule.to_string() && failure.path.ends_with(".wat") {
            return;
        }
        let (path, range) = self.place(Anchor::of_failure(failure), shelf);
        let severity = match failure.stage.as_str() {
            // It may just not be built yet.
            "open" => Severity::Note,
            _ => Severity::Error,
        };
        let message = named(&failure.path, &path, &failure.message);
        let diagnostic = diagnostic(range, severity, &failure.stage, message);
        told.diagnostics.entry(path).or_default().push(diagnostic);
    }

    /// The places that explain a finding, and the calls that led to it.
    fn related(
        &self,
        run: &Run,
        artifact: &Artifact,
        finding: &Finding,
        shelf: &mut Shelf,
    ) -> Vec<DiagnosticRelatedInformation> {
        let words = |it: &FindingPlace| match (it.role, &it.text) {
            (_, Some(text)) => Some(text.clone()),
            (Role::Caller, None) => Some("called from here".to_owned()),
            (Role::Primary, None) => {
                let told = finding.labels().any(|label| label.place.offset == it.place.offset);
                (!told).then(|| "it happens here".to_owned())
            }
            (Role::Related, None) => None,
        };
        let all = finding.locations.iter().filter(|it| !it.place.is_whole());
        let all = all.filter_map(|it| {
            let message = words(it)?;
            let location = self.location(run, artifact, it, shelf)?;
            Some(DiagnosticRelatedInformation { location, message })
        });
        all.take(RELATED).collect()
    }

    /// The line of a place: of a call, and of a component in text form, in the source; else in the function's
    /// text, which shows each instruction.
    fn location(
        &self,
        run: &Run,
        artifact: &Artifact,
        it: &FindingPlace,
        shelf: &mut Shelf,
    ) -> Option<Location> {
        let place = &it.place;
        let is_present = place.source.as_ref().is_some_and(|source| source.present);
        if is_present && (it.role == Role::Caller || artifact.is_text()) {
            let (path, range) = self.place(Anchor::at(artifact, place), shelf);
            return Some(Location { uri: uri::of_path(&path), range });
        }
        let text = function(self.folders, artifact, place)?;
        let bytes = &run.artifacts.get(artifact.id)?.bytes;
        let found = shelf.functions.entry(text).or_insert_with_key(|text| self.shown(text, bytes));
        let (listing, uri) = found.as_ref()?;
        let line = texts::line(listing, place.offset)?;
        let position = Position { line, character: 0 };
        Some(Location { uri: uri.clone(), range: Range { start: position, end: position } })
    }

    /// A function of the component with these bytes, and the URI under which the client opens its text.
    fn shown(&self, text: &Text, bytes: &[u8]) -> Option<(Listing, Uri)> {
        let Text::Function { core_module, function, .. } = text else { return None };
        let listing = texts::listing(bytes, *core_module, *function).ok()?;
        let uri = match self.abilities.text_content {
            true => text.uri(),
            false => uri::of_path(&texts::written(text, &texts::function(&listing))?),
        };
        Some((listing, uri))
    }

    /// The file and the range of an anchor.
    fn place(&self, anchor: Anchor<'_>, shelf: &mut Shelf) -> (PathBuf, Range) {
        let path = self.folders.file(anchor.path);
        let column = match (anchor.column, anchor.length) {
            (Some(column), Some(length)) => Column::Characters(column, Some(length)),
            (Some(column), None) => Column::Bytes(column),
            (None, _) => Column::Unknown,
        };
        let text =
            shelf.texts.entry(path.clone()).or_insert_with(|| self.text(&path).map(Lines::of));
        let range = position::range(text.as_ref(), anchor.line, column, self.abilities.encoding);
        (path, range)
    }

    /// A text as it stands in the editor, else as its file has it.
    fn text(&self, path: &Path) -> Option<String> {
        if let Some(text) = self.texts.get(path) {
            return Some(text.clone());
        }
        let is_small = fs::metadata(path).is_ok_and(|it| it.is_file() && it.len() <= LARGEST);
        let is_binary = path.extension().is_some_and(|it| it == "wasm");
        let text =
            if is_small && !is_binary { fs::read_to_string(path).ok()? } else { return None };
        // A byte order mark is no part of the first line.
        Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    }
}

/// A message about the input at `input`, shown in the file at `path`: which input, if it is another file.
fn named(input: &str, path: &Path, message: &str) -> String {
    let name = file_name(input);
    if path.ends_with(name) { message.to_owned() } else { format!("{name}: {message}") }
}

/// The text of the function that a place stands in.
pub(super) fn function(folders: &Folders, artifact: &Artifact, place: &Place) -> Option<Text> {
    let file = folders.file(&artifact.path);
    let (core_module, function) = (place.core_module?, place.function?);
    Some(Text::Function { file, core_module, function })
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
        code_description: None,
        source: Some("secondcall".to_owned()),
        message: message.into(),
        tags: None,
        related_information: None,
        data: None,
    }
}
