//! What an artifact is and holds, as far as a report tells it: plain values, filled by `lint`,
//! so that the report needs to know neither the component nor the facts.

use serde::{Deserialize, Serialize};

use crate::location::{ExportName, Location};

/// What kind of binary an input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArtifactKind {
    /// A component.
    Component,
    /// A core module: it has no component-level export to call.
    CoreModule,
}

/// An exported function that the host can call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedFunction {
    /// Its full name.
    pub name: ExportName,
    /// Its type in WIT's words: `func(name: string) -> result`.
    pub signature: String,
    /// The core function it is lifted from, as the analysis resolved it: `core module 0 func 12 _start`;
    /// `None` where the road could not be followed.
    pub core_function: Option<Location>,
    /// Why nothing can be said of it, if so: the words for the report.
    pub obstacle: Option<String>,
}

/// An embedded preview1 adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adapter {
    /// The import module it serves: `wasi_snapshot_preview1`.
    pub name: String,
    /// `command`, `reactor`, `proxy`, or `library` (made by a library, none of the published ones).
    pub flavor: String,
    /// First and last release of the published adapters that it can be, if it is one of them.
    pub releases: Option<(String, String)>,
    /// Where else it can come from: `as shipped in cargo-component 0.7.0 to 0.10.1`.
    pub origin: Option<String>,
    /// How many of its function bodies are those of a published release, of how many.
    pub matched: (u32, u32),
    /// The core module.
    pub location: Location,
}

/// What an artifact is and holds.
#[derive(Debug, Clone)]
pub struct Inventory {
    /// Component or core module.
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
    /// The toolchains seen, by our own names, with what gave them away.
    pub toolchains: Vec<String>,
    /// The producers sections of all parts, merged: field, then `name version` values, both sorted.
    pub producers: Vec<(String, Vec<String>)>,
}
