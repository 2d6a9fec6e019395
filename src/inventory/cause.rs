//! The cause of a difference, with names.

mod switch;

use serde::{Deserialize, Serialize};

use crate::location::{ExportName, Location, SourceLine};

pub use switch::{Switch, SwitchMoment};

/// Parts that are named in a sentence.
const NAMED: usize = 3;

/// Why a call differs from its reference call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Which call of the export on its instance differs, from 1.
    pub number: u32,
    /// The other export whose call makes the difference, if it took one.
    pub after: Option<ExportName>,
    /// If it is about calls that overlap: which of them is disturbed, and when.
    pub switch: Option<Switch>,
    /// The state that makes it; empty if that is unknown.
    pub parts: Vec<Part>,
    /// How many parts there are: `parts` holds the first [`Cause::MOST`].
    pub found: u64,
    /// Whether the budget ended before the fewest parts were found.
    pub is_unfinished: bool,
    /// Whether the call does what its reference call does once these parts are put back.
    pub mends: bool,
    /// Whether these parts alone make a call on a fresh instance do the same.
    pub suffices: bool,
    /// What a host would have to put back for the call to be like its reference call.
    pub reset: Option<Reset>,
    /// How many trials it took.
    pub trials: u32,
    /// Why it is unknown: a reason and its details.
    pub unknown: Option<(String, String)>,
}

/// How much earlier calls changed: what a host would have to put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reset {
    /// Bytes of memory.
    pub bytes: u64,
    /// The pages of 4 KiB that hold them.
    pub pages: u64,
    /// Globals.
    pub globals: u64,
    /// Pages of 64 KiB by which memories grew.
    pub grown: u64,
    /// Elements by which tables grew.
    #[serde(default)]
    pub table_elements: u64,
}

/// A part of an instance's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it is: the name of a variable or global, or its place in words.
    pub name: String,
    /// Whether `name` is a name in the program, and no description.
    pub named: bool,
    /// Whose it is if it is not the program's own: `the allocator`, `atexit's list`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Its core module, numbered across the file; `None` if it is plugged in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub core_module: Option<u32>,
    /// If it is in a memory: its address, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<u64>,
    /// If it is in a memory: how many bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// If it is a global: its index in the core module.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global: Option<u32>,
    /// Its value before the earlier calls.
    pub before: String,
    /// Its value after them.
    pub after: String,
    /// The functions that may write it, by name or number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub writers: Vec<String>,
    /// The functions that may read it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readers: Vec<String>,
    /// Where its declaration stands. No report has this and the next two fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<SourceLine>,
    /// The memory or global, as a place in the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// An instruction that writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<Location>,
}

impl Part {
    /// What it is, with the line of its declaration and its owner: `` `calls` (src/lib.c:2) ``.
    pub(crate) fn words(&self) -> String {
        let mut words = match self.named {
            true => format!("`{}`", self.name),
            false => self.name.clone(),
        };
        if let Some(line) = &self.declared {
            words += &format!(" ({})", line.short());
        }
        if !self.named
            && let Some(writer) = self.writers.first()
        {
            words += &format!(", which `{writer}` writes");
        }
        if let Some(owner) = &self.owner {
            words += &format!(", {owner}");
        }
        words
    }
}

impl Cause {
    /// Parts that are kept.
    pub const MOST: usize = 16;

    /// A sentence: `` `calls` (lib.c:2): 0 before call 1, 1 after; with it put back, call 2 answers as a fresh instance
    /// does ``. `does` is the verb for what the call does: `answers`.
    pub(crate) fn sentence(&self, does: &str) -> String {
        if let Some((reason, detail)) = &self.unknown {
            return format!("unknown ({reason}): {detail}");
        }
        let (before, after) = match (&self.switch, &self.after, self.number) {
            (Some(switch), ..) => (switch.before(), switch.after()),
            (_, Some(other), _) => (format!("before the call of `{other}`"), "after".to_owned()),
            (_, None, 2) => ("before call 1".to_owned(), "after".to_owned()),
            (_, None, 3) => ("before the first of calls 1 and 2".to_owned(), "after".to_owned()),
            (_, None, number) => {
                (format!("before the first of calls 1 to {}", number - 1), "after".to_owned())
            }
        };
        let by = if self.switch.is_some() { "other" } else { "earlier" };
        let mut parts = Vec::new();
        if self.is_unfinished {
            let found = self.found;
            parts.push(format!("{found} words changed by {by} calls, not narrowed down (budget)"));
        }
        let named = if self.is_unfinished { 0 } else { NAMED };
        for (at, part) in self.parts.iter().take(named).enumerate() {
            let (words, from, to) = (part.words(), &part.before, &part.after);
            parts.push(match (at, from.is_empty()) {
                (_, true) => words,
                (0, _) => format!("{words}: {from} {before}, {to} {after}"),
                _ => format!("{words}: {from}, then {to}"),
            });
        }
        let more = self.found.saturating_sub(NAMED as u64);
        if more > 0 && !self.is_unfinished {
            parts.push(format!("{more} more"));
        }
        let (it, makes) = if self.found == 1 { ("it", "it makes") } else { ("them", "they make") };
        let number = self.number;
        let reference = match (&self.after, number) {
            (Some(_), _) => "as without that call".to_owned(),
            _ => "as a fresh instance does".to_owned(),
        };
        let effect = match (&self.switch, self.mends) {
            (Some(switch), mends) => switch.effect(mends, it, makes),
            (None, true) => format!("with {it} put back, call {number} {does} {reference}"),
            (None, false) => {
                format!("put into a fresh instance, {makes} its first call do the same")
            }
        };
        format!("{}; {effect}", parts.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, named: bool, line: Option<u32>) -> Part {
        Part {
            name: name.to_owned(),
            named,
            owner: None,
            core_module: Some(0),
            address: Some(0x410),
            bytes: Some(4),
            global: None,
            before: "0".to_owned(),
            after: "1".to_owned(),
            writers: vec!["tick".to_owned()],
            readers: Vec::new(),
            declared: line.map(|line| SourceLine {
                path: "/home/u/app/counter.c".to_owned(),
                line,
                column: None,
            }),
            location: None,
            store: None,
        }
    }

    fn cause(number: u32, parts: Vec<Part>) -> Cause {
        let (mends, suffices) = (true, true);
        let (after, switch, reset, unknown) = (None, None, None, None);
        let (found, is_unfinished) = (parts.len() as u64, false);
        let trials = 3;
        Cause {
            number,
            after,
            switch,
            parts,
            found,
            is_unfinished,
            mends,
            suffices,
            reset,
            trials,
            unknown,
        }
    }

    #[test]
    fn a_sentence_names_the_state_its_values_and_the_effect() {
        let calls = || part("calls_so_far", true, Some(2));
        assert_eq!(
            cause(2, vec![calls()]).sentence("answers"),
            "`calls_so_far` (app/counter.c:2): 0 before call 1, 1 after; with it put back, call 2 answers as a \
             fresh instance does"
        );
        let memory = || part("the memory at 0x410", false, None);
        let owned = Part { owner: Some("atexit's list".to_owned()), ..part("slot", true, None) };
        assert_eq!(
            cause(3, vec![memory(), owned]).sentence("returns"),
            "the memory at 0x410, which `tick` writes: 0 before the first of calls 1 and 2, 1 after; `slot`, atexit's list: 0, then \
             1; with them put back, call 3 returns as a fresh instance does"
        );
        let after = Some(ExportName::new(None, "set"));
        assert_eq!(
            Cause { after, ..cause(2, vec![calls()]) }.sentence("answers"),
            "`calls_so_far` (app/counter.c:2): 0 before the call of `set`, 1 after; with it put back, call 2 answers as \
             without that call"
        );
        let put_in = Cause { mends: false, ..cause(9, vec![memory(); 5]) }.sentence("returns");
        assert!(put_in.contains("before the first of calls 1 to 8, 1 after"), "{put_in}");
        assert!(
            put_in.ends_with(
                "2 more; put into a fresh instance, they make its first call do the same"
            )
        );
        let switch = |moment, waits_for: Option<&str>| {
            let waits_for = waits_for.map(str::to_owned);
            Cause {
                switch: Some(Switch { call: "A".to_owned(), moment, waits_for }),
                ..cause(1, vec![calls()])
            }
        };
        assert_eq!(
            switch(SwitchMoment::Waits, Some("pause")).sentence("answers"),
            "`calls_so_far` (app/counter.c:2): 0 when A begins to wait for `pause`, 1 when A goes on; with it put back \
             then, A does what it does alone"
        );
        assert_eq!(
            Cause { mends: false, ..switch(SwitchMoment::Begins, None) }.sentence("answers"),
            "`calls_so_far` (app/counter.c:2): 0 on a fresh instance, 1 when A begins; put in while A runs alone, it \
             makes it do the same"
        );
        let unfinished =
            Cause { found: 13_055, is_unfinished: true, ..cause(2, vec![memory(); 16]) };
        assert_eq!(
            unfinished.sentence("answers"),
            "13055 words changed by earlier calls, not narrowed down (budget); with them put back, call 2 answers as a \
             fresh instance does"
        );
        let unknown = Some(("budget".to_owned(), "150 trials were not enough".to_owned()));
        assert_eq!(
            Cause { unknown, ..cause(2, Vec::new()) }.sentence("answers"),
            "unknown (budget): 150 trials were not enough"
        );
    }
}
