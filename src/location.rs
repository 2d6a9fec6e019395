//! Locations in a component: a span of bytes and the path of items that contain it. Knows no wasm type and no format.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::demangle::demangled;

/// A range of bytes of the input file: `start` inclusive, `end` exclusive, 0-based.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Span {
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
}

impl Span {
    /// Creates a span from `start` to `end`, in bytes of the input file.
    pub fn new(start: u64, end: u64) -> Self {
        Span { start, end }
    }

    /// Length in bytes.
    pub fn len(self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// Whether the span holds no byte.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// The kind of an item in a [`Location`]'s path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ItemKind {
    /// A component nested in the root component.
    Component,
    /// A core module, numbered across the whole file, in file order.
    CoreModule,
    /// A function of a core module, in its function index space (imports first).
    Func,
    /// A memory of a core module.
    Memory,
    /// A global of a core module.
    Global,
    /// A table of a core module.
    Table,
}

/// One step of a path: `core module 1`, then ``func 17 `run` ``.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Step {
    /// The kind of item.
    pub kind: ItemKind,
    /// Its index in the index space of that kind.
    pub index: u32,
    /// Its name from the name section or an export, as encoded in the file.
    pub name: Option<String>,
}

impl Step {
    /// Its demangled name, if it has one.
    pub fn shown_name(&self) -> Option<Cow<'_, str>> {
        self.name.as_deref().map(demangled)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            ItemKind::Component => "component",
            ItemKind::CoreModule => "core module",
            ItemKind::Func => "func",
            ItemKind::Memory => "memory",
            ItemKind::Global => "global",
            ItemKind::Table => "table",
        };
        write!(f, "{kind} {}", self.index)?;
        match self.shown_name() {
            Some(name) => write!(f, " `{name}`"),
            None => Ok(()),
        }
    }
}

/// The location of an item or instruction in the input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Location {
    /// The items that contain it, outermost first; empty for the component itself.
    pub path: Vec<Step>,
    /// Its bytes; for an instruction, the bytes of that instruction.
    pub span: Span,
}

impl Location {
    /// The first step of a kind, if the path has one.
    pub fn step(&self, kind: ItemKind) -> Option<&Step> {
        self.path.iter().find(|step| step.kind == kind)
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.path.iter().enumerate() {
            if i > 0 {
                f.write_str(" > ")?;
            }
            write!(f, "{step}")?;
        }
        if self.path.is_empty() {
            f.write_str("component")?;
        }
        Ok(())
    }
}

/// The source line of an instruction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceLine {
    /// The path of the source file, as recorded in the component.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, if recorded.
    pub column: Option<u32>,
}

impl SourceLine {
    /// The file with its folder, and the line: `src/lib.c:12`.
    pub(crate) fn short(&self) -> String {
        let steps: Vec<_> = self.path.rsplit('/').take(2).filter(|step| !step.is_empty()).collect();
        let path: Vec<_> = steps.into_iter().rev().collect();
        format!("{}:{}", path.join("/"), self.line)
    }
}

/// Parts of the paths of standard libraries and packages.
const LIBRARIES: [&str; 16] = [
    "/rustc/",
    "/lib/rustlib/",
    "/.cargo/registry/",
    "/.cargo/git/",
    "/cargo/registry/",
    "library/core/src/",
    "library/std/src/",
    "library/alloc/src/",
    "/go/src/runtime/",
    "/go/src/internal/",
    "/go/pkg/mod/",
    "/tinygo/src/",
    "/wasi-libc/",
    "/wasi-sdk",
    "wasisdk://",
    "/node_modules/",
];

/// Whether a source file belongs to a library, by its path.
pub(crate) fn is_library(path: &str) -> bool {
    LIBRARIES.iter().any(|folder| path.contains(folder))
}

/// The last step of a path with `/`. Of a reference, what stays the same when a new build is published: the name without tag,
/// version and digest, or the component's in an image of several.
pub(crate) fn file_name(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    if path.starts_with("oci://") {
        return match path.split_once('#') {
            Some((_, component)) => component,
            None => name.split([':', '@']).next().unwrap_or(name),
        };
    }
    match path.strip_prefix("wasi-pkg:").and_then(|it| it.split_once(':')) {
        Some((_, name)) => name.split('@').next().unwrap_or(name),
        None => name,
    }
}

/// The full name of an exported function: `wasi:http/incoming-handler@0.2.0#handle`, or `tick` for a function that the
/// root component exports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExportName(String);

impl ExportName {
    /// The name of `function` in the exported instance, or at the root if that is `None`.
    pub fn new(instance: Option<&str>, function: &str) -> Self {
        ExportName(match instance {
            Some(instance) => format!("{instance}#{function}"),
            None => function.to_owned(),
        })
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn text_mut(&mut self) -> &mut String {
        &mut self.0
    }

    /// The interface without its version, `wasi:cli/run`; `None` for a function of the root.
    pub fn interface(&self) -> Option<&str> {
        let (interface, _) = self.0.rsplit_once('#')?;
        Some(interface.split_once('@').map_or(interface, |(name, _)| name))
    }

    /// The interface's version, `0.2.6`, if it has one.
    pub fn version(&self) -> Option<&str> {
        let (interface, _) = self.0.rsplit_once('#')?;
        interface.split_once('@').map(|(_, version)| version)
    }

    /// The whole name without the interface's version: `wasi:http/incoming-handler#handle`.
    pub fn unversioned(&self) -> String {
        match self.interface() {
            Some(interface) => format!("{interface}#{}", self.function()),
            None => self.0.clone(),
        }
    }

    /// The function's own name: `handle`.
    pub fn function(&self) -> &str {
        self.0.rsplit_once('#').map_or(&self.0, |(_, function)| function)
    }
}

impl fmt::Display for ExportName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
