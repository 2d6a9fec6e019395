//! The contents of a component as plain values. Field names are those of `schemas/inspect-v1.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::facts::reuse::Kind;
use crate::facts::roles::Role;
use crate::inventory::{Admission, Overlaps, Survival, Wrapping};

/// The contents of a component.
#[derive(Debug, Serialize)]
pub(super) struct Anatomy {
    /// Size of the file, in bytes.
    pub(super) bytes: u64,
    /// SHA-256 of the component, in hexadecimal digits.
    pub(super) sha256: String,
    /// How it was made a component, if the file is a core module.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) wrapped: Option<Wrapping>,
    /// Component definitions at any depth, in file order; the root is the first.
    pub(super) components: Vec<ComponentPart>,
    /// Core modules at any depth, in file order.
    pub(super) core_modules: Vec<ModulePart>,
    /// Core instances in the order of their instantiation.
    pub(super) core_instances: Vec<InstancePart>,
    /// Whether there are more instances, or imports of instances, than the limit.
    pub(super) truncated: bool,
    /// Start functions, in the order in which they run.
    pub(super) starts: Vec<Resolved>,
    /// The root's imports.
    pub(super) imports: Vec<ImportPart>,
    /// The root's exported functions.
    pub(super) exports: Vec<ExportPart>,
    pub(super) adapters: Vec<AdapterPart>,
    pub(super) toolchains: Vec<ToolchainPart>,
    /// What matters when an instance is called again or by several callers.
    pub(super) reuse: Vec<FactPart>,
    /// The producers sections of all parts, merged.
    pub(super) producers: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Serialize)]
pub(super) struct ComponentPart {
    pub(super) component: u32,
    pub(super) name: Option<String>,
    /// The component it is nested in.
    pub(super) parent: Option<u32>,
    pub(super) offset: u64,
    pub(super) bytes: u64,
    pub(super) custom_sections: Vec<String>,
    pub(super) producers: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Serialize)]
pub(super) struct ModulePart {
    pub(super) core_module: u32,
    pub(super) name: Option<String>,
    pub(super) role: Option<Role>,
    /// The component that defines it.
    pub(super) component: u32,
    pub(super) offset: u64,
    pub(super) bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub(super) sha256: String,
    pub(super) functions: Counts,
    pub(super) memories: Vec<MemoryPart>,
    pub(super) tables: Vec<TablePart>,
    pub(super) globals: Globals,
    pub(super) data: Segments,
    pub(super) start: Option<FunctionName>,
    pub(super) custom_sections: Vec<CustomSection>,
    pub(super) producers: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Counts {
    pub(super) defined: u64,
    pub(super) imported: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct MemoryPart {
    pub(super) minimum_pages: u64,
    pub(super) maximum_pages: Option<u64>,
    pub(super) memory64: bool,
    pub(super) shared: bool,
    pub(super) imported: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct TablePart {
    pub(super) minimum: u64,
    pub(super) imported: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Globals {
    pub(super) defined: u64,
    pub(super) imported: u64,
    /// Number of mutable globals.
    pub(super) mutable: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct Segments {
    pub(super) segments: u64,
    pub(super) bytes: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct FunctionName {
    pub(super) function: u32,
    pub(super) name: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct CustomSection {
    pub(super) name: String,
    pub(super) bytes: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct InstancePart {
    pub(super) core_instance: u32,
    pub(super) core_module: u32,
    pub(super) imports: Vec<Filled>,
}

/// An import of a core instance and what fills it.
#[derive(Debug, Serialize)]
pub(super) struct Filled {
    pub(super) module: String,
    pub(super) field: String,
    pub(super) sort: Sort,
    pub(super) source: Resolved,
}

/// The sorts of the core level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sort {
    Function,
    Table,
    Memory,
    Global,
    Tag,
}

/// What an item resolves to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Resolved {
    #[serde(flatten)]
    pub(super) provider: Provider,
    /// The indirections on the way, nearest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) through: Vec<Through>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Provider {
    /// A core instance; `index` is the item's index in the module.
    Core { core_instance: u32, core_module: u32, index: u32, name: Option<String> },
    /// The host.
    Host { interface: Option<String>, function: String, is_async: bool },
    /// A canonical builtin.
    Builtin { name: &'static str },
    /// Unknown.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Through {
    /// A stub that calls the function in a table's slot.
    Shim { core_instance: u32, slot: u64 },
    /// A lifted function that was lowered again.
    Lift,
}

#[derive(Debug, Serialize)]
pub(super) struct ImportPart {
    pub(super) name: String,
    /// `instance`, `function`, `type` …
    pub(super) sort: &'static str,
    pub(super) functions: Vec<ImportedFunction>,
}

#[derive(Debug, Serialize)]
pub(super) struct ImportedFunction {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) ty: String,
    /// Whether it is lowered for core code.
    pub(super) lowered: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct ExportPart {
    pub(super) name: String,
    /// The interface with its version; `None` for a function of the root.
    pub(super) interface: Option<String>,
    pub(super) function: String,
    #[serde(rename = "type")]
    pub(super) ty: String,
    /// Why the core function is unknown.
    pub(super) obstacle: Option<String>,
    pub(super) lift: Option<LiftPart>,
    /// What may survive a call; `None` if the core function is unknown.
    pub(super) survival: Option<Survival>,
    /// Whether it is proven that no earlier call can influence it.
    pub(super) stateless: bool,
    /// What it uses on both sides of a suspension; `None` if it does not suspend.
    pub(super) overlap: Option<Overlaps>,
    /// How many of its calls run at the same time; `None` if its type is not async.
    pub(super) admission: Option<AdmissionPart>,
}

/// How many calls of an asynchronous export run at the same time, and what makes them fewer.
#[derive(Debug, Serialize)]
pub(super) struct AdmissionPart {
    #[serde(flatten)]
    pub(super) admission: Admission,
    /// If they may disturb each other: by host, the setting after which one call runs at a time.
    pub(super) knobs: BTreeMap<&'static str, String>,
    /// By host that lets calls overlap, what a trap in one of them ends.
    pub(super) traps: BTreeMap<&'static str, String>,
}

/// `canon lift` with its options.
#[derive(Debug, Serialize)]
pub(super) struct LiftPart {
    pub(super) core_function: Resolved,
    /// The component that lifts it.
    pub(super) component: u32,
    pub(super) string_encoding: &'static str,
    pub(super) memory: Option<LiftMemory>,
    pub(super) realloc: Option<Resolved>,
    pub(super) post_return: Option<Resolved>,
    pub(super) callback: Option<Resolved>,
    pub(super) is_async: bool,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct LiftMemory {
    pub(super) core_module: u32,
    /// The name under which the module exports it.
    pub(super) name: String,
}

#[derive(Debug, Serialize)]
pub(super) struct AdapterPart {
    pub(super) name: String,
    pub(super) flavor: String,
    pub(super) core_module: u32,
    pub(super) releases: Option<Releases>,
    /// Its origin if it is no published release.
    pub(super) origin: Option<String>,
    pub(super) matched: Matched,
    pub(super) cost: Option<CostPart>,
}

/// What an adapter costs. A build whose library uses WASI 0.2 alone needs none.
#[derive(Debug, Serialize)]
pub(super) struct CostPart {
    /// Bytes of its core module, and of the shims and fixups beside it.
    pub(super) bytes: u64,
    /// The host's functions that only it imports.
    pub(super) imports: Vec<String>,
    /// Those among them that no export can reach; `None` if that is not known.
    pub(super) unreachable: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Releases {
    pub(super) first: String,
    pub(super) last: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Matched {
    pub(super) functions: u32,
    pub(super) of: u32,
}

#[derive(Debug, Serialize)]
pub(super) struct ToolchainPart {
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) seen: String,
}

/// A fact about exports, or about the whole component.
#[derive(Debug, Serialize)]
pub(super) struct FactPart {
    pub(super) fact: Kind,
    /// The exports concerned; empty if it is the whole component.
    pub(super) exports: Vec<String>,
    /// What it is about.
    pub(super) items: Vec<String>,
}
