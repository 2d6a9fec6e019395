//! All rules: one `mod` and one line in the table for each. A check reads the code or what calls did, never both.

mod answers_change;
mod constructors_on_every_export;
mod exits_after_success;
mod export_needs_running_main;
mod first_call_fails;
mod handles_grow;
mod instantiation_fails;
mod known_answers_differ;
mod later_call_fails;
mod memory_grows;
mod output_changes;
mod overlapping_calls_differ;
mod reused_like_fresh;
mod run_once_guard;
mod some_arguments_trap;
mod unguarded_command_rerun;
mod wears_out;

pub(crate) use overlapping_calls_differ::timeline;

use std::sync::LazyLock;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::calls::Calls;
use crate::component::Component;
use crate::facts::Facts;
use crate::facts::guards::Reaches;
use crate::finding::{Evidence, Findings};
use crate::observation::Observation;
use crate::rule::Rule;

/// The checks of a rule.
enum Check {
    /// Reads facts of the code.
    Code(fn(&Facts<'_>, &'static Rule, &mut Findings)),
    /// Reads what calls did.
    Calls(fn(&Calls<'_, '_>, &mut Findings)),
    /// One of each. `verdict::reconcile` merges findings with the same cause.
    Either(fn(&Facts<'_>, &'static Rule, &mut Findings), fn(&Calls<'_, '_>, &mut Findings)),
}

macro_rules! rule {
    ($id:ident, Either) => {
        (page!($id), Check::Either($id::check, $id::observed))
    };
    ($id:ident, $check:ident) => {
        (page!($id), Check::$check($id::check))
    };
}

macro_rules! page {
    ($id:ident) => {
        Rule::from_page(
            stringify!($id),
            include_str!(concat!("../rules/", stringify!($id), "/rule.md")),
        )
    };
}

static TABLE: LazyLock<Vec<(Rule, Check)>> = LazyLock::new(|| {
    vec![
        rule!(answers_change, Calls),
        rule!(constructors_on_every_export, Code),
        rule!(exits_after_success, Either),
        rule!(export_needs_running_main, Code),
        rule!(first_call_fails, Calls),
        rule!(handles_grow, Calls),
        rule!(instantiation_fails, Calls),
        rule!(known_answers_differ, Code),
        rule!(later_call_fails, Calls),
        rule!(memory_grows, Calls),
        rule!(output_changes, Calls),
        rule!(overlapping_calls_differ, Calls),
        rule!(reused_like_fresh, Calls),
        rule!(run_once_guard, Code),
        rule!(some_arguments_trap, Calls),
        rule!(unguarded_command_rerun, Code),
        rule!(wears_out, Calls),
    ]
});

/// Every rule, by id.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    TABLE.iter().map(|(rule, _)| rule)
}

impl<'de> Deserialize<'de> for &'static Rule {
    /// Reads an id.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        all().find(|rule| rule.id == id).ok_or_else(|| D::Error::custom("no such rule"))
    }
}

/// The ids of all rules, in the order of the table.
pub(crate) fn ids() -> Vec<&'static str> {
    all().map(|rule| rule.id).collect()
}

/// The rules that find nothing without an execution.
pub fn of_calls() -> impl Iterator<Item = &'static Rule> {
    TABLE.iter().filter(|(_, check)| matches!(check, Check::Calls(_))).map(|(rule, _)| rule)
}

/// Runs every rule that reads the code.
pub(crate) fn run(facts: &Facts<'_>) -> Findings {
    let mut found = Findings::default();
    for (rule, check) in TABLE.iter() {
        if let Check::Code(check) | Check::Either(check, _) = check {
            check(facts, rule, &mut found);
        }
    }
    found
}

/// Runs every rule that reads what calls did.
pub(crate) fn observe(observation: &Observation, component: &Component<'_>) -> Findings {
    let mut found = Findings::default();
    for (rule, check) in TABLE.iter() {
        if let Check::Calls(check) | Check::Either(_, check) = check {
            check(&Calls { observation, component, rule }, &mut found);
        }
    }
    found
}

impl From<Reaches> for Evidence {
    fn from(reaches: Reaches) -> Self {
        match reaches {
            Reaches::Always => Evidence::Certain,
            Reaches::Maybe => Evidence::Possible,
        }
    }
}
