//! Texts that no file of the user's holds: functions, rules' pages, reports.

use std::path::{Path, PathBuf};

use super::uri::Text;
use crate::check::inputs::{Bytes, Source};
use crate::digest::sha256;
use crate::location::{ItemKind, Location, Span, Step};
use crate::report::binaries::Binaries;
use crate::report::document::{Document, Input};
use crate::report::listing::Listing;
use crate::report::style::Style;
use crate::report::text;
use crate::{cache, rules};

/// Longest line of a function, in characters.
const LINE_LIMIT: usize = 1000;

/// A function, printed.
///
/// # Errors
/// When the file has no such function, or it cannot be printed.
pub(super) fn listing(file: &[u8], core_module: u32, function: u32) -> Result<Listing, String> {
    let step = |kind, index| Step { kind, index, name: None };
    let path = vec![step(ItemKind::CoreModule, core_module), step(ItemKind::Func, function)];
    let location = Location { path, span: Span::default() };
    Listing::of_function(file, &location).map_err(|error| error.to_string())
}

/// A function's text: a line that says what it is, then each instruction behind its offset in the file.
pub(super) fn function(listing: &Listing) -> String {
    let Listing { core_module, function, lines } = listing;
    let mut text = format!(";; core module {core_module}, func {function}\n");
    for line in lines {
        let offset = match line.offset {
            Some(offset) => mark(offset),
            None => " ".repeat(12),
        };
        text += &format!("{offset} {}\n", Style::PLAIN.printable(&line.text, LINE_LIMIT));
    }
    text
}

/// The line of a text that [`function`] made, from 0, that shows the instruction at `offset` of the file.
pub(super) fn line_of(text: &str, offset: u64) -> Option<u32> {
    let line = text.lines().position(|line| line.starts_with(&mark(offset)))?;
    u32::try_from(line).ok()
}

/// What stands before an instruction: its offset in the file.
fn mark(offset: u64) -> String {
    format!("(;{offset:#08x};)")
}

/// The line of [`function`], from 0, that shows the byte at `offset` of the file.
pub(super) fn line(listing: &Listing, offset: u64) -> Option<u32> {
    u32::try_from(listing.line_at(offset)? + 1).ok()
}

/// A text by what names it. Of files, only those that `document` speaks of.
///
/// # Errors
/// When there is no such text: a sentence.
pub(super) fn content(text: &Text, document: Option<&Document>) -> Result<String, String> {
    match text {
        Text::Rule(id) => {
            let rule = rules::all().find(|rule| rule.id == id);
            rule.map(|rule| rule.body.to_owned()).ok_or_else(|| format!("there is no rule `{id}`"))
        }
        Text::Function { file, core_module, function: number } => {
            document.ok_or("no check has read this file")?;
            Ok(function(&listing(&read(file)?, *core_module, *number)?))
        }
        Text::Report(file) => {
            let document = document.ok_or("no check has read this file")?;
            report(document, read(file)?)
        }
    }
}

/// What is told of an artifact, by the document that speaks of it alone.
fn report(document: &Document, bytes: Vec<u8>) -> Result<String, String> {
    let mut binaries = Binaries::default();
    if let [Input::Read(artifact), ..] = document.inputs()[..] {
        binaries.offer(artifact, bytes);
    }
    let mut out = Vec::new();
    text::write(document, &binaries, Style::PLAIN, &mut out).map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    let source = Source { from: Bytes::File(file.to_owned()), named: None };
    source.read().bytes.map_err(|failure| failure.message)
}

/// A file with a text, for a client that opens files only.
pub(super) fn written(text: &Text, content: &str) -> Option<PathBuf> {
    let name = match text {
        Text::Function { core_module, function, .. } => {
            format!("core{core_module}-func{function}.wat")
        }
        Text::Rule(id) => format!("{id}.md"),
        Text::Report(_) => "report.txt".to_owned(),
    };
    keep(&name, content)
}

/// Writes a text into the user's cache, under its SHA-256.
fn keep(name: &str, content: &str) -> Option<PathBuf> {
    let file = cache::folder()?.join("texts").join(&sha256(content)[..16]).join(name);
    if !file.is_file() {
        cache::write(&file, content.as_bytes()).ok()?;
    }
    Some(file)
}
