//! A host, as its file in `data/profiles/` describes it: how long an instance lives there and
//! which knob changes that. Judges nothing.

use serde::Deserialize;

/// What a host does with an instance. What a user calls a *host* (`--host`) is a profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub struct Profile {
    /// The name a user types: `wasmtime-serve-p3`. The stem of its file.
    #[serde(skip)]
    pub id: String,
    /// The host, for a sentence: `wasmtime serve (wasip3)`.
    pub title: String,
    /// Where this was read.
    pub source: String,
    /// The day it was checked, `YYYY-MM-DD`.
    pub checked: String,
    /// The exports this host calls: interfaces without version (`wasi:cli/run`), or `*` for any.
    pub entrypoints: Vec<String>,
    /// How many calls one instance gets, one after the other; absent: no limit.
    pub serial_max: Option<u32>,
    /// How many calls may be under way at once in one instance; absent: no limit.
    pub concurrent_max: Option<u32>,
    /// What happens to an instance after a trap.
    pub on_trap: OnTrap,
    /// How long an idle instance is kept, in the host's words.
    #[serde(default)]
    pub idle: Option<String>,
    /// Who switches reuse on.
    #[serde(default)]
    pub opt_in_by: Option<OptInBy>,
    /// What to set on this host so that an instance gets one call: the value to type.
    #[serde(default)]
    pub single_use_knob: Option<String>,
    /// All knobs that concern reuse, as typed.
    #[serde(default)]
    pub knobs: Vec<String>,
    /// One or two sentences for `secondcall hosts`.
    pub summary: String,
}

/// What a host does with an instance that trapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnTrap {
    /// The instance is dropped; the next call gets a new one.
    Drop,
    /// The instance stays and every later call fails.
    PoisonForever,
    /// The embedder restores a snapshot.
    Restore,
    /// The process ends.
    Exit,
    /// The specification does not say.
    Unspecified,
}

/// Who decides that instances are reused, where that is not the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OptInBy {
    /// The host, by default.
    Host,
    /// The guest, through an API.
    Guest,
    /// The operator, by configuration.
    Operator,
}
