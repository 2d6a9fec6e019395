//! Paths → inputs: files as named, folders searched for components.

use std::fs;
use std::io;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;

use rustc_hash::FxHashSet;

use crate::report::run::Failure;

/// An input: how it is told, and its bytes or why there are none.
#[derive(Debug)]
pub struct Input {
    /// The path as the user would write it, with `/`.
    pub path: String,
    /// The binary, or a text file's encoding.
    pub bytes: Result<Vec<u8>, Failure>,
}

/// Where an input is to be read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

/// What a search found.
#[derive(Debug, Default)]
pub struct Sources {
    /// What to read, in order.
    pub list: Vec<Source>,
    /// What was passed over, and why: for a run that finds nothing.
    pub passed_over: Vec<String>,
}

/// Folders within folders that are searched.
const DEEPEST: usize = 64;
/// An input's size, in bytes, at most.
const LARGEST: u64 = 1 << 30;

/// Finds the inputs that `paths` name. A file is taken as it is; a folder gives every component
/// in it, at any depth, by its first bytes.
pub fn find(paths: &[PathBuf]) -> Sources {
    let mut sources = Sources::default();
    for path in paths {
        if path.as_os_str() == "-" {
            sources.list.push(Source::Stdin);
        } else if path.is_dir() {
            search(path, 0, &mut sources);
        } else {
            sources.list.push(Source::File(path.clone()));
        }
    }
    let mut seen = FxHashSet::default();
    sources.list.retain(|source| seen.insert(source.path()));
    sources
}

fn search(folder: &Path, depth: usize, sources: &mut Sources) {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut paths: Vec<PathBuf> = match entries {
        Ok(entries) => entries.into_iter().map(|entry| entry.path()).collect(),
        Err(error) => {
            sources.passed_over.push(format!("{}: {error}", told(folder)));
            return;
        }
    };
    paths.sort();
    for path in paths {
        // A link may lead out of the folder, or back into it.
        let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
        if metadata.is_dir() {
            let hidden = path.file_name().is_some_and(|name| name == ".git");
            if !hidden && depth < DEEPEST {
                search(&path, depth + 1, sources);
            }
        } else if metadata.is_file() {
            match first_bytes(&path) {
                Some([0, b'a', b's', b'm', _, _, 1, 0]) => sources.list.push(Source::File(path)),
                Some([0, b'a', b's', b'm', ..]) => {
                    sources.passed_over.push(format!("{}: a core module", told(&path)));
                }
                _ => {}
            }
        }
    }
}

fn first_bytes(path: &Path) -> Option<[u8; 8]> {
    let mut bytes = [0; 8];
    fs::File::open(path).ok()?.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

impl Source {
    /// Reads it. Text in WebAssembly's text format is encoded.
    pub fn read(&self) -> Input {
        let bytes = match self {
            Source::Stdin => read(io::stdin().lock(), 0),
            Source::File(path) => fs::File::open(path).map_err(unopened).and_then(|file| {
                let room = file.metadata().map_or(0, |metadata| metadata.len());
                read(file, room)
            }),
        };
        Input { path: self.path(), bytes }
    }

    fn path(&self) -> String {
        match self {
            Source::Stdin => "-".to_owned(),
            Source::File(path) => told(path),
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
    let is_text = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if !matches!(is_text, Some(b'(' | b';')) {
        return Ok(bytes);
    }
    wat::parse_bytes(&bytes).map(Into::into).map_err(|error| Failure {
        stage: "read".to_owned(),
        offset: None,
        message: in_one_line(&error.to_string()),
    })
}

fn unopened(reason: impl ToString) -> Failure {
    Failure { stage: "open".to_owned(), offset: None, message: reason.to_string() }
}

/// What is wrong with a text, and where: its first line, and the place from the line below it,
/// `--> <anon>:2:4`. The rest is an excerpt.
fn in_one_line(message: &str) -> String {
    let (what, excerpt) = message.split_once('\n').unwrap_or((message, ""));
    let place = excerpt.lines().next().and_then(|line| line.split_once(">:"));
    match place.and_then(|(_, place)| place.split_once(':')) {
        Some((line, column)) => format!("{what} (line {line}, column {column})"),
        None => what.to_owned(),
    }
}

/// A path for a report: as given, with `/`, and without a leading `./`.
fn told(path: &Path) -> String {
    let text = path.display().to_string().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}
