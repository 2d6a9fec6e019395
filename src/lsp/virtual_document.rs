//! Documents that exist only in the server: functions in text format, pages of rules, reports of components.

use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;

use super::uri;
use crate::check::inputs::Input as CheckInput;
use crate::digest::sha256;
use crate::location::{ItemKind, Location, Span, Step};
use crate::report::binaries::Binaries;
use crate::report::document::{Document, Input};
use crate::report::listing::Listing;
use crate::report::style::Style;
use crate::report::text::{self, Detail, View};
use crate::{cache, rules};

const FUNCTION: &str = "secondcall-wat";
const RULE: &str = "secondcall-rule";
const REPORT: &str = "secondcall-report";
/// The URI schemes of virtual documents.
pub(super) const SCHEMES: [&str; 3] = [FUNCTION, RULE, REPORT];

/// Longest line of a function, in characters.
const LINE_LIMIT: usize = 1000;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum VirtualDocument {
    /// `secondcall-wat:/work/api.wasm/core0/func12.wat`: a function of the component in `file`. The indices are those
    /// of [`ItemKind::CoreModule`] and [`ItemKind::Func`].
    Function { file: PathBuf, core_module: u32, function: u32 },
    /// `secondcall-rule:/run_once_guard.md`: the page of the rule with this id.
    Rule(String),
    /// `secondcall-report:/work/api.wasm.txt`: the report of the component in this file.
    Report(PathBuf),
}

impl VirtualDocument {
    pub(super) fn uri(&self) -> Uri {
        Uri(match self {
            VirtualDocument::Function { file, core_module, function } => {
                format!("{FUNCTION}:{}/core{core_module}/func{function}.wat", uri::encode(file))
            }
            VirtualDocument::Rule(id) => format!("{RULE}:/{id}.md"),
            VirtualDocument::Report(file) => format!("{REPORT}:{}.txt", uri::encode(file)),
        })
    }

    /// The document that a URI names, if any.
    pub(super) fn of(uri: &str) -> Option<Self> {
        let (scheme, rest) = uri.split_once(':')?;
        match scheme {
            FUNCTION => {
                let (rest, function) = rest.strip_suffix(".wat")?.rsplit_once("/func")?;
                let (path, core_module) = rest.rsplit_once("/core")?;
                Some(VirtualDocument::Function {
                    file: uri::decode(path)?,
                    core_module: core_module.parse().ok()?,
                    function: function.parse().ok()?,
                })
            }
            RULE => {
                let id = rest.strip_prefix('/')?.strip_suffix(".md")?;
                Some(VirtualDocument::Rule(id.to_owned()))
            }
            REPORT => Some(VirtualDocument::Report(uri::decode(rest.strip_suffix(".txt")?)?)),
            _ => None,
        }
    }

    /// The document's text. `report` is that of its component; a file without one is not read.
    ///
    /// # Errors
    /// If there is no such document: a sentence.
    pub(super) fn content(&self, report: Option<&Document>) -> Result<String, String> {
        let report = || report.ok_or("no check has read this file");
        match self {
            VirtualDocument::Rule(id) => {
                let rule = rules::all().find(|rule| rule.id == id);
                rule.map(|rule| rule.body.to_owned()).ok_or_else(|| format!("unknown rule `{id}`"))
            }
            VirtualDocument::Function { file, core_module, function } => {
                report()?;
                Ok(print(&listing(&read(file)?, *core_module, *function)?))
            }
            VirtualDocument::Report(file) => {
                let (report, bytes) = (report()?, read(file)?);
                let mut binaries = Binaries::default();
                if let [Input::Read(artifact), ..] = report.inputs()[..] {
                    binaries.offer(artifact, bytes, None);
                }
                let mut out = Vec::new();
                let view = View { detail: Detail::Verbose, ..Style::PLAIN.into() };
                text::write(report, &binaries, view, &mut out)
                    .map_err(|error| error.to_string())?;
                Ok(String::from_utf8_lossy(&out).into_owned())
            }
        }
    }

    /// Writes the document into the user's cache, for a client that opens only files. `None` if that fails.
    pub(super) fn write(&self, content: &str) -> Option<PathBuf> {
        let name = match self {
            VirtualDocument::Function { core_module, function, .. } => {
                format!("core{core_module}-func{function}.wat")
            }
            VirtualDocument::Rule(id) => format!("{id}.md"),
            VirtualDocument::Report(_) => "report.txt".to_owned(),
        };
        let file = cache::folder()?.join("texts").join(&sha256(content)[..16]).join(name);
        if !file.is_file() {
            cache::write(&file, content.as_bytes()).ok()?;
        }
        Some(file)
    }
}

/// Disassembles a function of the component `bytes`.
///
/// # Errors
/// If there is no such function or it cannot be printed: a sentence.
pub(super) fn listing(bytes: &[u8], core_module: u32, function: u32) -> Result<Listing, String> {
    let step = |kind, index| Step { kind, index, name: None };
    let path = vec![step(ItemKind::CoreModule, core_module), step(ItemKind::Func, function)];
    let location = Location { path, span: Span::default() };
    Listing::of_function(bytes, &location).map_err(|error| error.to_string())
}

/// A heading, then each instruction after its offset in the file.
pub(super) fn print(listing: &Listing) -> String {
    let Listing { core_module, function, lines } = listing;
    let mut text = format!(";; core module {core_module}, func {function}\n");
    for line in lines {
        let offset = line.offset.map_or(" ".repeat(12), offset_comment);
        text += &format!("{offset} {}\n", Style::PLAIN.printable(&line.text, LINE_LIMIT));
    }
    text
}

/// The line of a [printed](print) listing, from 0, with the byte at `offset` of the file.
pub(super) fn line(listing: &Listing, offset: u64) -> Option<u32> {
    u32::try_from(listing.line_at(offset)? + 1).ok()
}

/// The line of a printed function, from 0, with the instruction that begins at `offset` of the file.
pub(super) fn line_in(text: &str, offset: u64) -> Option<u32> {
    let line = text.lines().position(|line| line.starts_with(&offset_comment(offset)))?;
    u32::try_from(line).ok()
}

fn offset_comment(offset: u64) -> String {
    format!("(;{offset:#08x};)")
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    CheckInput::file(file).read().bytes.map_err(|failure| failure.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_uri_names_a_document_or_none() {
        for path in ["/work/a b/100%/é?#/[x].wasm", "/x/core0/func1.wat/y.wasm"] {
            let file = PathBuf::from(path);
            for document in [
                VirtualDocument::Function { file: file.clone(), core_module: 2, function: 17 },
                VirtualDocument::Report(file.clone()),
                VirtualDocument::Rule("run_once_guard".to_owned()),
            ] {
                assert_eq!(VirtualDocument::of(&document.uri().0), Some(document));
            }
        }
        for uri in ["secondcall-wat:/x.wasm", "secondcall-wat:/x/coreA/func1.wat", "file:///x.wat"]
        {
            assert_eq!(VirtualDocument::of(uri), None, "{uri}");
        }
    }
}
