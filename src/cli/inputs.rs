//! Paths → inputs: files as named, folders searched for components.

use std::fs;
use std::io;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;

/// An input: how it is told, and its bytes or why there are none.
#[derive(Debug)]
pub struct Input {
    /// The path as the user would write it, with `/`.
    pub path: String,
    /// The binary, or a text file's encoding.
    pub bytes: Result<Vec<u8>, String>,
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
    let mut seen = Vec::new();
    sources.list.retain(|source| {
        let first = !seen.contains(source);
        seen.extend(first.then(|| source.clone()));
        first
    });
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
        match self {
            Source::Stdin => Input { path: "-".to_owned(), bytes: read(io::stdin().lock()) },
            Source::File(path) => {
                let bytes = match fs::File::open(path) {
                    Ok(file) => read(file),
                    Err(error) => Err(error.to_string()),
                };
                Input { path: told(path), bytes }
            }
        }
    }
}

fn read(source: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    source.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > LARGEST {
        return Err("it is larger than 1 GiB".to_owned());
    }
    let is_text = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if !matches!(is_text, Some(b'(' | b';')) {
        return Ok(bytes);
    }
    wat::parse_bytes(&bytes).map(Into::into).map_err(|error| error.to_string())
}

/// A path for a report: as given, with `/`, and without a leading `./`.
fn told(path: &Path) -> String {
    let text = path.display().to_string().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}
