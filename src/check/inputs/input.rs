//! What a check reads: components in files, on standard input or in an editor's buffer.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::check::error::Message;
use crate::check::paths::as_given;
use crate::component::wrap::{WrapError, is_core_module, wrapped};
use crate::inventory::{Fetched, Wrapping};
use crate::location::file_name;
use crate::manifest::{Implied, Kind};
use crate::registry::{self, Access, Attached, FetchError, Item, Signed};
use crate::report::document::{Failure, Origin, Skipped};

/// An input to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Input {
    pub(crate) from: ReadFrom,
    /// The manifest that names it, if one does.
    pub(crate) named_by: Option<NamedBy>,
}

/// Where the bytes of an input are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReadFrom {
    Stdin,
    File(PathBuf),
    /// The path of a file that is open in an editor, and the text of its buffer.
    Buffer(PathBuf, String),
    /// A name for reports, and the bytes.
    Memory(String, Vec<u8>),
    /// A component elsewhere, and whether it may be fetched.
    Elsewhere(Box<Item>, Access),
    /// The path of an input that cannot be read, and the reason.
    Failed(String, Box<Failure>),
}

/// What a manifest says about an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedBy {
    /// The entry that names it, or the place where the manifest is malformed.
    pub(crate) origin: Origin,
    pub(crate) implied: Implied,
}

/// The inputs that a search found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inputs {
    /// The inputs, in the order in which they are reported.
    pub(crate) list: Vec<Input>,
    /// What manifests name and is not on this machine, and what could not be searched.
    pub(crate) skipped: Vec<Skipped>,
    /// The manifests among what was searched.
    pub(crate) manifests: Vec<ManifestFile>,
    /// Files and folders that were passed over, with reasons, for a search that finds nothing.
    pub(crate) passed_over: Vec<String>,
}

/// A manifest that was read.
#[derive(Debug, Clone)]
pub(crate) struct ManifestFile {
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
    /// The file of each entry, if it is on this machine.
    pub(crate) files: Vec<Option<PathBuf>>,
}

/// An input that was read.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The path as given, with `/`; `-` for standard input.
    pub(crate) path: String,
    /// The component: for a text file, its encoding; for a core module, what is made of it.
    pub(crate) bytes: Result<Vec<u8>, Box<Failure>>,
    /// The text, if it is a text file.
    pub(crate) text: Option<String>,
    /// How it was made a component, if it is a core module.
    pub(crate) wrapping: Option<Wrapping>,
}

/// The largest input, in bytes.
const LARGEST: u64 = 1 << 30;

impl Inputs {
    /// The message of a run without inputs.
    pub(crate) fn nothing_found(&self) -> Message {
        let passed_over = self.passed_over.iter().map(|reason| format!("  passed over {reason}"));
        let skipped = self.skipped.iter().map(|skipped| {
            let place = skipped.place().unwrap_or_default();
            format!("  skipped {place}: {}: {}", skipped.reason, skipped.detail)
        });
        let mut reasons = passed_over.chain(skipped).peekable();
        match reasons.peek() {
            None => "no component found: build one, or name its file".into(),
            Some(_) => {
                Message::of_lines(["no component found".to_owned()].into_iter().chain(reasons))
            }
        }
    }
}

impl Input {
    /// A file that no manifest names.
    pub(crate) fn file(path: impl Into<PathBuf>) -> Self {
        Input { from: ReadFrom::File(path.into()), named_by: None }
    }

    /// Reads the input, encodes it if it is WebAssembly text, and makes a component of it if it is a core module.
    pub(crate) fn read(&self) -> Loaded {
        self.read_as(Loaded::of)
    }

    /// Reads the input; `load` makes a component of its bytes.
    pub(crate) fn read_as(&self, load: impl FnOnce(String, Vec<u8>) -> Loaded) -> Loaded {
        let path = self.shown_path();
        match self.bytes() {
            Ok(bytes) => load(path, bytes),
            Err(failure) => Loaded { path, bytes: Err(failure), text: None, wrapping: None },
        }
    }

    /// Reads the input, and makes nothing of it.
    ///
    /// # Errors
    /// If it cannot be read, or fetched.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, Box<Failure>> {
        match &self.from {
            ReadFrom::Stdin => read(io::stdin().lock(), 0),
            ReadFrom::File(path) => fs::File::open(path).map_err(unopened).and_then(|file| {
                let size = file.metadata().map_or(0, |metadata| metadata.len());
                read(file, size)
            }),
            ReadFrom::Buffer(_, text) => Ok(text.clone().into_bytes()),
            ReadFrom::Memory(_, bytes) => Ok(bytes.clone()),
            ReadFrom::Elsewhere(item, access) => {
                registry::read(item, *access, LARGEST).map_err(|error| unfetched(&error))
            }
            ReadFrom::Failed(_, failure) => Err(failure.clone()),
        }
    }

    /// The signed statements that are attached to it in its registry, each with its reference; `None` if it is in none.
    ///
    /// # Errors
    /// If the registry does not answer.
    #[expect(clippy::type_complexity, reason = "pairs in a list, each part of which can be absent")]
    pub(crate) fn statements(&self) -> Option<Result<Vec<(String, Vec<u8>)>, Box<Failure>>> {
        match &self.from {
            ReadFrom::Elsewhere(item, access) => {
                Some(registry::statements(item, *access).map_err(|error| unfetched(&error)))
            }
            _ => None,
        }
    }

    /// Attaches a statement to the image with this digest, in its registry.
    ///
    /// # Errors
    /// If it is in no registry, or the registry does not take the statement.
    pub(crate) fn attach(
        &self,
        image: &str,
        statement: &Signed<'_>,
    ) -> Result<Attached, Box<Failure>> {
        match &self.from {
            ReadFrom::Elsewhere(item, access) => {
                registry::attach(item, image, statement, *access).map_err(|error| unfetched(&error))
            }
            ReadFrom::Failed(_, failure) => Err(failure.clone()),
            _ => Err(Box::new(Failure::new("fetch", "it is in no registry"))),
        }
    }

    /// The path of its file; `None` if it has none.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.from {
            ReadFrom::File(path) | ReadFrom::Buffer(path, _) => Some(path),
            ReadFrom::Stdin
            | ReadFrom::Memory(..)
            | ReadFrom::Elsewhere(..)
            | ReadFrom::Failed(..) => None,
        }
    }

    /// The host that its manifest implies; if none names it, that of the application it was published in.
    pub(crate) fn implied(&self) -> Implied {
        match (&self.named_by, &self.from) {
            (Some(named_by), _) => named_by.implied,
            (None, ReadFrom::Elsewhere(item, _)) if item.is_of_spin => Implied::Spin,
            _ => Implied::Nothing,
        }
    }

    /// Where it was fetched from, if it was.
    pub(crate) fn fetched(&self) -> Option<&Fetched> {
        match &self.from {
            ReadFrom::Elsewhere(item, _) => Some(&item.fetched),
            _ => None,
        }
    }

    /// The path that reports show.
    pub(crate) fn shown_path(&self) -> String {
        match &self.from {
            ReadFrom::Stdin => "-".to_owned(),
            ReadFrom::File(path) | ReadFrom::Buffer(path, _) => as_given(path),
            ReadFrom::Elsewhere(item, _) => item.shown.clone(),
            ReadFrom::Memory(name, _) | ReadFrom::Failed(name, _) => name.clone(),
        }
    }
}

impl Loaded {
    /// Encodes the bytes if they are WebAssembly text, and makes a component of them if they are a core module.
    pub(crate) fn of(path: String, bytes: Vec<u8>) -> Loaded {
        let mut loaded = Loaded::of_module(path, bytes);
        loaded.bytes = loaded.bytes.and_then(|bytes| match is_core_module(&bytes) {
            true => {
                let (component, wrapping) =
                    wrapped(&bytes).map_err(|error| unwrapped(&error, &loaded.path))?;
                loaded.wrapping = Some(wrapping);
                Ok(component)
            }
            false => Ok(bytes),
        });
        loaded
    }

    /// Whether [`Loaded::of`] makes other bytes of these.
    pub(crate) fn is_converted(bytes: &[u8]) -> bool {
        bytes.starts_with(BYTE_ORDER_MARK) || is_text(bytes) || is_core_module(bytes)
    }

    /// Encodes the bytes if they are WebAssembly text. A core module stays what it is.
    pub(crate) fn of_module(path: String, bytes: Vec<u8>) -> Loaded {
        let (bytes, text) = match encoded(bytes) {
            Ok((bytes, text)) => (Ok(bytes), text),
            Err(failure) => (Err(failure), None),
        };
        Loaded { path, bytes, text, wrapping: None }
    }
}

/// Reads to the end; `size` is the expected number of bytes.
fn read(source: impl Read, size: u64) -> Result<Vec<u8>, Box<Failure>> {
    // Growing step by step would copy a large file several times.
    let mut bytes = Vec::with_capacity(size.min(LARGEST) as usize + 1);
    source.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unopened)?;
    if bytes.len() as u64 > LARGEST {
        return Err(unopened("it is larger than 1 GiB"));
    }
    Ok(bytes)
}

/// It may stand before a text, and is no part of it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

fn is_text(bytes: &[u8]) -> bool {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(first, Some(b'(' | b';'))
}

/// The binary, and the text it was encoded from, if any.
fn encoded(mut bytes: Vec<u8>) -> Result<(Vec<u8>, Option<String>), Box<Failure>> {
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    if !is_text(&bytes) {
        return Ok((bytes, None));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::new("read", "it is neither WebAssembly nor UTF-8 text"))?;
    match wat::parse_str(&text) {
        Ok(binary) => Ok((binary, Some(text))),
        Err(error) => {
            let error = error.to_string();
            // The lines after the first one are an excerpt.
            let message = error.lines().next().unwrap_or_default();
            let position = position(&error);
            let place = position.map(|(line, column)| format!(" (line {line}, column {column})"));
            let (line, column) = position.unzip();
            let at = line.and_then(|line| text.lines().nth((line as usize).checked_sub(1)?));
            let excerpt = at.unwrap_or_default().to_owned();
            let message = message.to_owned() + &place.unwrap_or_default();
            Err(Box::new(Failure { line, column, text: excerpt, ..Failure::new("read", message) }))
        }
    }
}

/// The failure of a core module of which no component can be made, with what its author can do.
fn unwrapped(error: &WrapError, path: &str) -> Box<Failure> {
    let mut failure = Failure::new("wrap", error.to_string());
    match error {
        WrapError::Invalid(error) => {
            let offset = Some(error.offset());
            failure = Failure { offset, ..Failure::new("read", error.to_string()) };
        }
        WrapError::NoWorld { preview1 } => {
            let name = if path == "-" { "app.wasm" } else { path };
            let stem = file_name(name).trim_end_matches(".wasm").trim_end_matches(".wat");
            let [name, embedded, component] =
                [name, &format!("{stem}.embedded.wasm"), &format!("{stem}.component.wasm")]
                    .map(quoted);
            let (adapt, adapter) = match preview1 {
                true => (
                    " --adapt wasi_snapshot_preview1.reactor.wasm",
                    ", and the adapter from the assets of a wasmtime release",
                ),
                false => ("", ""),
            };
            failure.message += &format!(
                ": make a component of it, with the folder of its world for `wit`{adapter}"
            );
            failure.command = format!(
                "wasm-tools component embed wit {name} -o {embedded} && wasm-tools component new \
                 {embedded}{adapt} -o {component}"
            );
        }
        WrapError::Unsuitable(_) => {}
    }
    Box::new(failure)
}

/// A path as a word of a shell.
fn quoted(path: &str) -> String {
    let is_plain = |it: char| it.is_alphanumeric() || "/._-+@:\\".contains(it);
    if path.chars().all(is_plain) { path.to_owned() } else { format!("\"{path}\"") }
}

/// A failure to open or read a file.
pub(super) fn unopened(reason: impl ToString) -> Box<Failure> {
    Box::new(Failure::new("open", reason.to_string()))
}

/// A failure to fetch what a reference names.
pub(super) fn unfetched(error: &FetchError) -> Box<Failure> {
    Box::new(Failure::new("fetch", error.to_string()))
}

/// Line and column from the second line of an error of `wat`, `--> <anon>:2:4`.
fn position(message: &str) -> Option<(u32, u32)> {
    let (_, place) = message.lines().nth(1)?.split_once(">:")?;
    let (line, column) = place.split_once(':')?;
    Some((line.parse().ok()?, column.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_dropped() {
        let (binary, text) = encoded(b"\xef\xbb\xbf(component)".to_vec()).unwrap();
        assert!(binary.starts_with(b"\0asm"));
        assert_eq!(text.as_deref(), Some("(component)"));
    }
}
