//! Why a call differs from its reference call: the memory and globals that earlier calls left behind, as experiments show.

use serde::{Deserialize, Serialize};

use super::inconclusive::Inconclusive;
use crate::location::ExportName;

/// The cause of a difference, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Which call of the export on its instance differs, from 1.
    pub number: u32,
    /// The other export whose call makes the difference, if it took one.
    pub after: Option<ExportName>,
    /// If it is about calls that overlap: which of them is disturbed, and when. The other calls are then the earlier ones,
    /// and the reference call is made alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switch: Option<Switch>,
    /// The fewest changes that have to be put back before the call, so that it does what its reference call does.
    pub necessary: Vec<Change>,
    /// The fewest changes that make a call do the same on an instance where the earlier calls were not made. Equal to
    /// [`Self::necessary`] if those are enough; empty if none were found.
    pub sufficient: Vec<Change>,
    /// If the budget ended long before the fewest changes were found: how many words and globals are left. Then the lists
    /// hold the first [`Cause::FEW`] of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfinished: Option<u64>,
    /// How many words and globals are left out of lists that hold more than [`Cause::MOST`].
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more: u64,
    /// All that the earlier calls changed: what a host would have to put back for the export to be fresh.
    pub changed: Option<Changed>,
    /// How many calls were made to find it, each on an instance of its own.
    pub trials: u32,
    /// Why no cause was found.
    pub unknown: Option<Inconclusive>,
}

/// Where calls that overlap disturb one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switch {
    /// The index of the disturbed call among those of the schedule, or among those after them.
    pub call: usize,
    /// When the state differs.
    pub moment: SwitchMoment,
}

/// When other calls have changed the state of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SwitchMoment {
    /// When it begins.
    Begins,
    /// When it goes on after a wait for this.
    Waits(String),
    /// When it goes on after it yielded.
    Yields,
    /// The call is made after those that overlap, which themselves answer as in sequence.
    Afterwards,
}

/// A part of an instance's state that earlier calls changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Change {
    /// Where the core module's binary begins in the component's file; `None` if the module is plugged in.
    pub module: Option<u64>,
    /// Which instance of that module it is, from 0, in the order of the file.
    pub instance: u32,
    /// What changed.
    pub place: StatePlace,
    /// Its bytes in the reference instance before the call, in hexadecimal, at most [`Change::MOST`] bytes.
    pub before: String,
    /// Its bytes after the earlier calls.
    pub after: String,
}

/// A part of an instance's state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatePlace {
    /// Bytes of a memory. The bytes of the change are those from `from` on.
    Memory {
        /// The memory's index in its core module.
        index: u32,
        /// The first byte.
        address: u64,
        /// How many bytes.
        length: u64,
        /// The address of the first byte in [`Change::before`].
        from: u64,
    },
    /// The size of a memory, in pages of 64 KiB.
    Size {
        /// The memory's index in its core module.
        index: u32,
    },
    /// A global; its bytes are those of its value.
    Global {
        /// The global's index in its core module.
        index: u32,
    },
}

/// How much calls changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Bytes of memory that changed.
    pub bytes: u64,
    /// The pages of 4 KiB that hold them.
    pub pages: u64,
    /// Globals that changed.
    pub globals: u64,
    /// Pages of 64 KiB by which memories grew.
    pub grown: u64,
    /// Elements by which tables grew.
    #[serde(default)]
    pub table_elements: u64,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Change {
    /// The most bytes of a change that are kept.
    pub const MOST: usize = 64;
}

impl Cause {
    /// As many words and globals may be a cause that was not narrowed down further.
    pub const FEW: usize = 16;
    /// Words and globals of a cause that are listed.
    pub const MOST: usize = 64;

    /// The changes that cause the difference: those that have to be put back, or else those that are enough.
    pub fn changes(&self) -> &[Change] {
        match self.necessary.is_empty() {
            true => &self.sufficient,
            false => &self.necessary,
        }
    }
}
