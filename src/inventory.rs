//! The contents of an artifact that reports show: plain values, so that reports know neither components nor facts.

mod cause;
mod inner;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use cause::{Cause, Part, Reset, Switch, SwitchMoment};
pub use inner::InnerComponent;
pub(crate) use inner::around;

use crate::location::{ExportName, Location, SourceLine};

/// How a core module was made a component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrapping {
    /// Size of the core module, in bytes.
    pub bytes: u64,
    /// The preview1 adapter: `command`, `reactor` or `proxy`; `None` if the module needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapter: Option<String>,
    /// The release of wasmtime that published the adapter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// How much greater an offset in its code is in the component than in its file; `None` if it has no code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<u64>,
}

/// Where an input was fetched from. Digests are `sha256:` and 64 hexadecimal digits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// The reference, as it was given.
    pub reference: String,
    /// The digest of the manifest, or of the index of manifests, that the reference led to; `None` for a URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manifest: Option<String>,
    /// The digest of what was fetched.
    pub content: String,
    /// The media type of the layer; `None` for a URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The platform that was chosen, such as `wasip2/wasm`; `None` if there was no choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// The component's name in an image of several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
}

/// The kind of a binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArtifactKind {
    /// A component.
    Component,
    /// A core module. It has no exports that a component host can call.
    CoreModule,
}

/// A function that the host can call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedFunction {
    /// Its full name.
    pub name: ExportName,
    /// Its type in WIT: `func(name: string) -> result`.
    pub signature: String,
    /// The core function it is lifted from: `core module 0 func 12 _start`; `None` if unknown.
    pub core_function: Option<Location>,
    /// Why the core function is unknown, as text for a report.
    pub obstacle: Option<String>,
    /// What may survive a call; `None` if that was not asked. Findings name what of it matters, so it is not stored.
    #[serde(skip)]
    pub survival: Option<Survival>,
    /// Why calls differ from their reference calls, of those that were seen to differ.
    #[serde(skip)]
    pub causes: Vec<Cause>,
    /// What its calls leave behind, by its code, if that was asked. Findings name it, so it is not stored.
    #[serde(skip)]
    pub leftovers: Vec<Leftover>,
    /// Whether it is proven that no earlier call can influence it.
    pub stateless: bool,
}

/// What calls of an export leave behind, by its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    /// The id of the fact that says so.
    pub fact: String,
    /// What the code does, as the end of a sentence about the export.
    pub words: String,
    /// The imported functions that give the handles that are left; empty if it is memory.
    pub given_by: Vec<String>,
}

/// How much of what an export writes outlives the call, in increasing order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// State of an allocator, of a language's library or of an adapter.
    Runtime,
    /// It is written, and no code that names it reads it.
    Unread,
    /// The first call writes it, the second only reads it.
    Cached,
    /// It is written and read again.
    Kept,
}

/// What state belongs to, if not to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Runtime {
    /// An allocator.
    Allocator,
    /// The library of C or C++.
    LibC,
    /// The runtime and the library of Go.
    Go,
    /// The standard library of Rust, and that of its bindings.
    Rust,
    /// A Python interpreter.
    Python,
    /// A JavaScript engine.
    #[serde(rename = "javascript")]
    JavaScript,
    /// A preview1 adapter.
    Adapter,
}

/// A location that a call of an export may leave changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Survivor {
    /// Its name, by the debug information or the name section.
    pub name: Option<String>,
    /// The core module whose code names it.
    pub core_module: u32,
    /// The core module that defines its memory or global.
    #[serde(skip)]
    pub owner: u32,
    /// If it is in a memory: its address, in bytes.
    pub address: Option<u64>,
    /// If it is in a memory: its length in bytes; `None` if unknown.
    pub bytes: Option<u64>,
    /// If it is a global: its index in the core module.
    pub global: Option<u32>,
    /// Where its declaration stands.
    pub source: Option<SourceLine>,
    /// How much of it outlives a call.
    pub grade: Grade,
    /// What it belongs to, if not to the program.
    pub runtime: Option<Runtime>,
    /// The functions that may write it, by name or number.
    pub writers: Vec<String>,
    /// The functions of all exports that may read it.
    pub readers: Vec<String>,
    /// An instruction that changes it.
    #[serde(skip)]
    pub store: Option<Location>,
}

/// What may survive a call of an export, by what its code may write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Survival {
    /// The worst grade of its locations; `None` if it has none.
    pub grade: Option<Grade>,
    /// The locations, the worst first. Of runtimes, some may be left out.
    pub locations: Vec<Survivor>,
    /// Number of the program's locations that are left out.
    pub more: u32,
    /// Whether it may grow a memory.
    pub grows_memory: bool,
    /// Whether it may write a table.
    pub writes_tables: bool,
    /// The builtins that it may make handles with.
    pub creates: Vec<String>,
    /// Whether it also writes where pointers lead that are not followed.
    pub through_pointers: bool,
    /// Whether it may run code that is not known.
    pub unknown_code: bool,
    /// What a host would have to put back after a call.
    pub reset: PutBack,
}

/// What a host would have to put back after a call, by what the code may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PutBack {
    /// Bytes of memory in known places; one for a place of unknown length.
    pub bytes: u64,
    /// The pages of 4 KiB that hold them.
    pub pages: u64,
    /// Globals.
    pub globals: u64,
    /// Whether tables may have to be put back.
    pub tables: bool,
    /// Whether memories may grow, which cannot be taken back.
    pub grown: bool,
    /// Whether there may be more: what pointers lead to, or what unknown code does.
    pub at_least: bool,
}

/// What an asynchronous export uses on both sides of a suspension.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Overlaps {
    /// The locations of the program, in the order of their addresses.
    pub locations: Vec<Overlap>,
    /// Number of the program's locations that are left out.
    pub more: u32,
    /// Number of locations that belong to runtimes.
    pub runtimes: BTreeMap<Runtime, u32>,
}

/// A location that an asynchronous export uses on both sides of a suspension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overlap {
    /// The location. Its writers are the functions before a suspension, its readers those after one.
    pub location: Survivor,
    /// The exports that may write it meanwhile, by name; the same one in another task among them.
    pub written_by: Vec<String>,
    /// The exports that may read it meanwhile.
    pub read_by: Vec<String>,
}

/// How many calls of an asynchronous export run at the same time on one instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Admission {
    /// How many, and why.
    pub admitted: Admitted,
    /// The exports of the same component whose type is not async: their calls do not wait, and may run while a call of this
    /// export does.
    pub beside: Vec<String>,
}

/// How many calls of an asynchronous export an instance admits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Admitted {
    /// One: it is lifted without `async`.
    Serial,
    /// One, once its code has raised backpressure, which nothing that it reaches lowers. So it asks not to be called again.
    HeldBack,
    /// Any number. While one waits, others run; each runs alone between two waits, because it has a callback.
    Callback,
    /// Any number, each with a stack of its own.
    Stackful,
    /// Any number, and all of them use one stack in linear memory.
    OneStack,
}

/// An embedded preview1 adapter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adapter {
    /// The module name that it provides: `wasi_snapshot_preview1`.
    pub name: String,
    /// `command`, `reactor`, `proxy`, or `library` (made by a library, not published).
    pub flavor: String,
    /// First and last published release that it can be; `None` if none.
    pub releases: Option<(String, String)>,
    /// Its origin otherwise: `as shipped in cargo-component 0.7.0 to 0.10.1`.
    pub origin: Option<String>,
    /// Function bodies equal to those of a published release, and all function bodies.
    pub matched: (u32, u32),
    /// Its core module.
    pub location: Location,
}

/// The contents of an artifact.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Inventory {
    /// The kind of binary.
    pub kind: ArtifactKind,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Number of core modules, at any depth.
    pub core_modules: u32,
    /// Number of core functions with a body, in all core modules.
    pub functions: u32,
    /// Every function the host can call, in the order of the component's exports.
    pub exports: Vec<ExportedFunction>,
    /// The embedded adapters.
    pub adapters: Vec<Adapter>,
    /// The toolchains that made it, with versions.
    pub toolchains: Vec<String>,
    /// The producers sections of all parts, merged: field, then `name version` values, both sorted.
    pub producers: Vec<(String, Vec<String>)>,
    /// The components nested in the root that hold core modules.
    pub inner: Vec<InnerComponent>,
    /// Stages of the analysis that left something out because it exceeds their budget: `reading`, `linking`.
    pub unanalysed: Vec<String>,
}

impl PutBack {
    /// Counts the places of a survival. Those in the same page of the same module share it.
    pub(crate) fn of(locations: &[Survivor]) -> Self {
        let mut pages = BTreeSet::new();
        let mut found = PutBack {
            bytes: 0,
            pages: 0,
            globals: 0,
            tables: false,
            grown: false,
            at_least: false,
        };
        for location in locations {
            found.globals += u64::from(location.global.is_some());
            if let Some(address) = location.address {
                let bytes = location.bytes.unwrap_or(1).max(1);
                found.bytes += bytes;
                let (first, last) = (address >> 12, address.saturating_add(bytes - 1) >> 12);
                // A list of a whole memory is not counted page by page.
                pages.extend((first..=last.min(first + (1 << 16))).map(|it| (location.owner, it)));
            }
        }
        found.pages = pages.len() as u64;
        found
    }
}

impl Survivor {
    /// What it is, in words: `` `COUNTER` (src/lib.c:12) ``.
    pub(crate) fn words(&self) -> String {
        match (&self.name, self.address, self.global) {
            (Some(name), _, _) => {
                let declared = self.source.as_ref().map(|it| format!(" ({})", it.short()));
                format!("`{name}`{}", declared.unwrap_or_default())
            }
            (None, Some(address), _) => {
                let writer = self.writers.first();
                let writer = writer.map(|it| format!(", which `{it}` writes")).unwrap_or_default();
                format!("the memory at {address:#x}{writer}")
            }
            (None, None, Some(global)) => {
                format!("global {global} of core module {}", self.core_module)
            }
            (None, None, None) => "an unknown location".to_owned(),
        }
    }
}

impl Runtime {
    /// Its name, to stand before what it has: `the allocator`.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Runtime::Allocator => "the allocator",
            Runtime::LibC => "the C library",
            Runtime::Go => "the Go runtime",
            Runtime::Rust => "Rust's library",
            Runtime::Python => "the Python interpreter",
            Runtime::JavaScript => "the JavaScript engine",
            Runtime::Adapter => "the preview1 adapter",
        }
    }
}
