//! Paths → inputs: files as named, project files for the components that they name, folders searched
//! for both.

mod expansion;
mod folder;
mod project;

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::manifest::{Implied, Kind};
use crate::report::document::{Failure, Origin, Skipped};
use expansion::Expansion;

/// An input: how it is told, and its bytes or why there are none.
#[derive(Debug)]
pub(crate) struct Input {
    /// The path as the user would write it, with `/`.
    pub path: String,
    /// The binary, or a text file's encoding.
    pub bytes: Result<Vec<u8>, Failure>,
    /// The text, if it is one.
    pub text: Option<String>,
}

/// Something to be read, and who named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// Where its bytes are.
    pub from: Bytes,
    /// The project file that names it, if one does.
    pub named: Option<Named>,
}

/// Where an input is to be read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Bytes {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
    /// A text that stands in an editor, and the path of its file, which may hold another.
    Text(PathBuf, String),
    /// Nowhere: the path as told, and what is wrong.
    Nowhere(String, Failure),
}

/// What a project file says of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// The entry that names it; or the place where that file is broken.
    pub origin: Origin,
    /// What the file says of the host.
    pub implied: Implied,
}

/// What a search found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    /// What to read, in order.
    pub list: Vec<Source>,
    /// What project files name and this machine does not have.
    pub skipped: Vec<Skipped>,
    /// What was passed over, and why: for a run that finds nothing.
    pub passed_over: Vec<String>,
}

/// An input's size, in bytes, at most.
const LARGEST: u64 = 1 << 30;

/// Finds the inputs that `paths` name. A project file gives the components it names; any other file
/// is taken as it is; a folder gives what the project files in it name, and then every other
/// component in it, at any depth, by its first bytes.
pub(crate) fn find(paths: &[PathBuf]) -> Sources {
    let mut expansion = Expansion::default();
    for path in paths {
        if path.as_os_str() == "-" {
            expansion.take(Bytes::Stdin, None);
        } else if path.is_dir() {
            folder::search(path, &mut expansion);
        } else if let Some(kind) = Kind::of_path(&with_folder(path)) {
            expansion.expand(path, kind, true);
        } else {
            expansion.take(Bytes::File(path.clone()), None);
        }
    }
    expansion.sources
}

impl Sources {
    /// What to say where there is nothing to read.
    pub(crate) fn nothing_found(&self) -> String {
        let passed_over = self.passed_over.iter().map(|it| format!("\n  passed over {it}"));
        let skipped = self.skipped.iter().map(|it| {
            let path = it.path.as_deref().unwrap_or_default();
            format!("\n  skipped {path}: {}: {}", it.reason, it.detail)
        });
        let why: String = passed_over.chain(skipped).collect();
        match why.is_empty() {
            true => "no component found: build one, or name its file".to_owned(),
            false => format!("no component found{why}"),
        }
    }
}

impl Source {
    /// Reads it. Text in WebAssembly's text format is encoded.
    pub(crate) fn read(&self) -> Input {
        let read = match &self.from {
            Bytes::Stdin => read(io::stdin().lock(), 0),
            Bytes::File(path) => fs::File::open(path).map_err(unopened).and_then(|file| {
                let room = file.metadata().map_or(0, |metadata| metadata.len());
                read(file, room)
            }),
            Bytes::Text(_, text) => Ok(text.clone().into_bytes()),
            Bytes::Nowhere(_, failure) => Err(failure.clone()),
        };
        let (bytes, text) = match read.and_then(encoded) {
            Ok((bytes, text)) => (Ok(bytes), text),
            Err(failure) => (Err(failure), None),
        };
        Input { path: self.path(), bytes, text }
    }

    /// The file, if it stands in one.
    pub(crate) fn file(&self) -> Option<&Path> {
        match &self.from {
            Bytes::File(path) | Bytes::Text(path, _) => Some(path),
            Bytes::Stdin | Bytes::Nowhere(..) => None,
        }
    }

    /// What its project file says of the host.
    pub(crate) fn implied(&self) -> Implied {
        self.named.as_ref().map_or(Implied::Nothing, |it| it.implied)
    }

    fn path(&self) -> String {
        match &self.from {
            Bytes::Stdin => "-".to_owned(),
            Bytes::File(path) | Bytes::Text(path, _) => as_given(path),
            Bytes::Nowhere(path, _) => path.clone(),
        }
    }
}

fn read(source: impl Read, room: u64) -> Result<Vec<u8>, Failure> {
    // Room for all of it at once: growing step by step copies a large file several times.
    let mut bytes = Vec::with_capacity(room.min(LARGEST) as usize + 1);
    source.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unopened)?;
    if bytes.len() as u64 > LARGEST {
        return Err(unopened("it is larger than 1 GiB"));
    }
    Ok(bytes)
}

/// The binary, and the text that it was encoded from.
fn encoded(bytes: Vec<u8>) -> Result<(Vec<u8>, Option<String>), Failure> {
    // A byte order mark is no part of the text.
    let bytes = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(text) => text.to_vec(),
        None => bytes,
    };
    let is_text = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if !matches!(is_text, Some(b'(' | b';')) {
        return Ok((bytes, None));
    }
    let failure = |message| Failure { stage: "read".to_owned(), message, ..Failure::default() };
    let text = String::from_utf8(bytes)
        .map_err(|_| failure("it is neither WebAssembly nor a text in UTF-8".to_owned()))?;
    match wat::parse_str(&text) {
        Ok(binary) => Ok((binary, Some(text))),
        Err(error) => {
            let error = error.to_string();
            let position = position(&error);
            let (line, column) = position.unzip();
            let at = line.and_then(|line| text.lines().nth((line as usize).checked_sub(1)?));
            let text = at.unwrap_or_default().to_owned();
            Err(Failure { line, column, text, ..failure(in_one_line(&error, position)) })
        }
    }
}

fn unopened(reason: impl ToString) -> Failure {
    Failure { stage: "open".to_owned(), message: reason.to_string(), ..Failure::default() }
}

/// What is wrong with a text, in one line: the rest is an excerpt.
fn in_one_line(message: &str, position: Option<(u32, u32)>) -> String {
    let what = message.lines().next().unwrap_or_default();
    match position {
        Some((line, column)) => format!("{what} (line {line}, column {column})"),
        None => what.to_owned(),
    }
}

/// The place from the second line of a message, `--> <anon>:2:4`.
fn position(message: &str) -> Option<(u32, u32)> {
    let (_, place) = message.lines().nth(1)?.split_once(">:")?;
    let (line, column) = place.split_once(':')?;
    Some((line.parse().ok()?, column.parse().ok()?))
}

/// The first bytes of a file: what it is.
fn first_bytes(path: &Path) -> Option<[u8; 8]> {
    let mut bytes = [0; 8];
    fs::File::open(path).ok()?.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// A path for a report: as given, with `/`, and without a leading `./`.
fn as_given(path: &Path) -> String {
    let text = path.display().to_string().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

/// A path, with the folder that it stands in: within `.wash`, `config.yaml` is `.wash/config.yaml`.
fn with_folder(path: &Path) -> String {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    match (folder, std::env::current_dir()) {
        (None, Ok(here)) => as_given(&here.join(path)),
        _ => as_given(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_text() {
        let (binary, text) = encoded(b"\xef\xbb\xbf(component)".to_vec()).unwrap();
        assert!(binary.starts_with(b"\0asm"));
        assert_eq!(text.as_deref(), Some("(component)"));
    }

    #[test]
    fn a_file_is_one_input_by_whatever_way() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("p")).unwrap();
        fs::write(path("x.wat"), "(component)").unwrap();
        let mut ways = vec![path("x.wat"), path("./x.wat"), path("p/../x.wat")];
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(path("x.wat"), path("link.wat")).unwrap();
            ways.push(path("link.wat"));
        }
        let found = find(&ways).list;
        assert_eq!(found.iter().map(Source::file).collect::<Vec<_>>(), [Some(&*ways[0])]);
        // What cannot be read is told under each name.
        assert_eq!(find(&[path("a.wat"), path("b.wat"), path("a.wat")]).list.len(), 2);
    }
}
