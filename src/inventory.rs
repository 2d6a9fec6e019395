//! The contents of an artifact that reports show: plain values, so that reports know neither components nor facts.

use serde::{Deserialize, Serialize};

use crate::location::{ExportName, Location};

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedFunction {
    /// Its full name.
    pub name: ExportName,
    /// Its type in WIT: `func(name: string) -> result`.
    pub signature: String,
    /// The core function it is lifted from: `core module 0 func 12 _start`; `None` if unknown.
    pub core_function: Option<Location>,
    /// Why the core function is unknown, as text for a report.
    pub obstacle: Option<String>,
}

/// An embedded preview1 adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone)]
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
}
