//! An input: what it is, what made it, and the verdict of each export.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::config::text::TextSpan;
use crate::finding::Evidence;
use crate::inventory::{Adapter, ArtifactKind, Fetched, Wrapping};
use crate::location::ExportName;
use crate::report::answer::Answer;
use crate::report::document::calls::{Call, FreshCalls};
use crate::report::document::place::{Place, Sources};
use crate::report::given::Given;
use crate::verdict::Verdict;

/// An input that could be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// Its index among the inputs, by which findings refer to it.
    pub id: usize,
    /// Its path as the user would write it, relative, with `/`.
    pub path: String,
    /// What is described: for a core module, the component that was made of it.
    pub kind: ArtifactKind,
    /// Its size.
    pub bytes: u64,
    /// Of the component; for a text, of its encoding.
    pub sha256: String,
    /// How it was made a component, if the file is a core module. Then offsets are those of the component.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrapped: Option<Wrapping>,
    /// Where it was fetched from; `None` for a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched: Option<Fetched>,
    /// The place in a manifest that names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The paths of other inputs with the same bytes and the same results.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// How its exports fare under each of its hosts; empty in documents of older versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// The hosts it was judged for, where its manifest implies others than the run's; else empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<ImpliedHost>,
    /// Number of core modules, at any depth.
    pub core_modules: u32,
    /// Number of core functions with a body.
    pub functions: u32,
    /// The embedded adapters.
    pub adapters: Vec<AdapterItem>,
    /// The toolchains seen.
    pub toolchains: Vec<String>,
    /// The producers sections of all parts, merged.
    pub producers: BTreeMap<String, Vec<String>>,
    /// Imports that were filled with functions that do nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made_up_imports: Vec<String>,
    /// Why the system did not filter the system calls of the process that made the calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfiltered: Option<String>,
    /// The author's inputs for its calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Given>,
    /// Every function that a host can call.
    pub exports: Vec<Export>,
    /// Finds exports by name.
    #[serde(skip)]
    pub by_name: ByName,
}

/// Positions in a list of exports by name, once anyone asks. Says nothing that the list does not say.
#[derive(Debug, Clone, Default)]
pub struct ByName(OnceLock<FxHashMap<String, usize>>);

impl PartialEq for ByName {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for ByName {}

/// A place in a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The manifest's path.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// The entry, in the manifest's words; empty for a place that is none.
    pub entry: String,
    /// The first 240 bytes of the line; empty if the place is behind them.
    #[serde(default)]
    pub text: String,
    /// Characters of the line.
    #[serde(default)]
    pub length: u32,
}

impl Origin {
    /// The place of a span that is no entry of a manifest.
    pub(crate) fn of(span: &TextSpan) -> Self {
        let TextSpan { path, line, column, length, excerpt } = span.clone();
        Origin { path, line, column, entry: String::new(), text: excerpt, length }
    }
}

/// A host that a manifest implies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImpliedHost {
    /// Its id.
    pub id: String,
    /// The manifest's settings, by the host's own names.
    pub settings: BTreeMap<String, i64>,
}

/// An embedded adapter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdapterItem {
    /// The import module it serves.
    pub name: String,
    /// `command`, `reactor`, `proxy` or `library`.
    pub flavor: String,
    /// The releases that it can be of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub releases: Option<Releases>,
    /// Where else it can come from, reading on from "preview1 adapter".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// How many of its functions are those of a published release.
    pub matched: Matched,
    /// The core module.
    pub location: Place,
}

/// A range of releases, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Releases {
    /// The first.
    pub first: String,
    /// The last.
    pub last: String,
}

/// How many functions match a published release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// Functions that match.
    pub functions: u32,
    /// All functions.
    pub of: u32,
}

/// A function that a host can call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Its full name.
    pub name: ExportName,
    /// Its type in WIT's words.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub ty: Option<String>,
    /// The members `verdict` and `verdict_calls`.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// How certain the verdict is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// Why there is no verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<String>,
    /// The core function it is lifted from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub core_function: Option<Place>,
    /// The calls on one instance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<Call>,
    /// How calls on fresh instances ended, if any was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fresh: Option<FreshCalls>,
    /// Another export that was called first on each instance: without it the first call fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<ExportName>,
    /// Variables that each instance found in its environment: without them the first call fails.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variables: Vec<String>,
}

impl Artifact {
    /// The first export with this name.
    pub(crate) fn export(&self, name: &str) -> Option<&Export> {
        let positions = self.by_name.0.get_or_init(|| {
            let all = self.exports.iter().enumerate().rev();
            all.map(|(at, export)| (export.name.as_str().to_owned(), at)).collect()
        });
        self.exports.get(*positions.get(name)?)
    }

    /// What to add to a sentence about it: ` (also in target/release/deps/api.wasm)`; empty if it has one path.
    pub(crate) fn also_in(&self) -> String {
        match self.also.is_empty() {
            true => String::new(),
            false => format!(" (also in {})", self.also.join(", ")),
        }
    }

    /// Whether its name is that of a text.
    pub(crate) fn is_text(&self) -> bool {
        self.path.ends_with(".wat")
    }

    /// Whether the file is a text or a core module: then offsets are those of the component that was made of it.
    pub(crate) fn is_encoded(&self) -> bool {
        self.is_text() || self.wrapped.is_some()
    }
}

#[cfg(test)]
impl Artifact {
    /// An artifact for tests, without anything in it.
    pub(crate) fn example() -> Self {
        Artifact {
            id: 0,
            path: "api.wasm".to_owned(),
            kind: ArtifactKind::Component,
            bytes: 8,
            sha256: String::new(),
            wrapped: None,
            fetched: None,
            origin: None,
            also: Vec::new(),
            answers: Vec::new(),
            hosts: Vec::new(),
            core_modules: 0,
            functions: 0,
            adapters: Vec::new(),
            toolchains: Vec::new(),
            producers: BTreeMap::new(),
            made_up_imports: Vec::new(),
            unfiltered: None,
            given: None,
            exports: Vec::new(),
            by_name: ByName::default(),
        }
    }
}

impl AdapterItem {
    pub(in crate::report) fn of(adapter: &Adapter) -> Self {
        let (functions, of) = adapter.matched;
        AdapterItem {
            name: adapter.name.clone(),
            flavor: adapter.flavor.clone(),
            releases: adapter.releases.clone().map(|(first, last)| Releases { first, last }),
            origin: adapter.origin.clone(),
            matched: Matched { functions, of },
            location: Place::of(&adapter.location, &Sources::new()),
        }
    }
}
