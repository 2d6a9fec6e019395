//! The kinds of facts about reuse, and the facts while they are found.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

/// What a fact says. The names are those of `schemas/inspect-v1.json` and `data/terms.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Results with strings or lists, and no `post-return` that frees them.
    ResultNotFreed,
    /// The same, in a language that collects garbage: the items.
    ResultCollected,
    /// The same, of code that allocates nothing.
    ResultInPlace,
    /// The allocator of the arguments only moves a pointer up. Item: the pointer.
    AllocatorNeverFrees,
    /// It is moved up by the allocator, and set back by other functions: the items.
    AllocatorReset,
    /// A preview1 adapter keeps its state in memory of such an allocator.
    AdapterInArena,
    /// Calls get handles from the functions that are the items, and the component drops and passes on none of their type.
    HandlesNeverDropped,
    /// Resources that the component defines and exports have no destructor. Items: their names.
    ResourceWithoutDestructor,
    /// Code calls a function that is lifted in its own component, in one that contains it or in one that it contains.
    CallsOwnLift,
    /// A core module exports `_initialize`, and nothing runs it.
    NeverInitialized,
    /// `proc_exit` of an adapter that has no exit traps.
    AdapterExitTraps,
    /// Files are opened through an adapter, and no export closes one.
    FilesNeverClosed,
    /// The destructors of static objects and the exit handlers run.
    ExitHandlersRun,
    /// Code of a call that is not async may wait, which traps. Items: where.
    WaitsWithoutAsync,
    /// What the items make is never dropped by any export.
    LeftBehind,
    /// An asynchronous call reaches no `task.return`, and no exit.
    NeverAnswers,
    /// Futures are made, and no export writes one.
    FutureNeverWritten,
    /// Several core modules set the same slot of `context.set`. Items: the slot and the modules.
    ContextSlotShared,
    /// The memory is a snapshot of an instance that ran at build time. Items: how that shows.
    FrozenSnapshot,
    /// The handler of requests is the JavaScript engine's own, for `fetch` events.
    FetchEvent,
    /// The entry point of a pre-initialization is still exported.
    PreinitExport,
    /// A release of a toolchain with a known defect. Items: release, defect, source.
    KnownDefect,
}

impl Kind {
    /// Its name in documents, as `secondcall explain` takes it.
    pub fn id(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(id)) => id,
            _ => String::new(),
        }
    }
}

/// A fact about exports, or about the whole component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it says.
    pub kind: Kind,
    /// The exports concerned, by index of the entry point; empty if it is the whole component.
    pub exports: Vec<usize>,
    /// What it is about, as `kind` says.
    pub items: Vec<String>,
}

/// Facts while they are found. Exports with the same items share one.
#[derive(Debug, Default)]
pub(super) struct Found(BTreeMap<(Kind, Vec<String>), BTreeSet<usize>>);

impl Found {
    pub(super) fn of_export(
        &mut self,
        kind: Kind,
        export: usize,
        items: impl IntoIterator<Item = String>,
    ) {
        self.0.entry((kind, items.into_iter().collect())).or_default().insert(export);
    }

    pub(super) fn of_component(&mut self, kind: Kind, items: impl IntoIterator<Item = String>) {
        self.0.entry((kind, items.into_iter().collect())).or_default();
    }

    /// Whether there is a fact of a kind.
    pub(super) fn has(&self, kind: Kind) -> bool {
        self.0.keys().any(|(it, _)| *it == kind)
    }

    pub(super) fn facts(self) -> Vec<Fact> {
        let facts = self.0.into_iter();
        let facts = facts.map(|((kind, items), exports)| Fact {
            kind,
            exports: exports.into_iter().collect(),
            items,
        });
        facts.collect()
    }
}
