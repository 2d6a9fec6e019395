//! JUDGED: every rule, one `mod` and one line in the table.

mod constructors_on_every_export;
mod exits_after_success;
mod export_needs_running_main;
mod run_once_guard;
mod unguarded_command_rerun;

use std::sync::LazyLock;

use crate::facts::Facts;
use crate::facts::guards::Reaches;
use crate::finding::Evidence;
use crate::finding::Finding;
use crate::finding::Findings;
use crate::rule::Rule;

type Check = fn(&Facts<'_>, &'static Rule, &mut Findings);

macro_rules! rule {
    ($id:ident) => {
        (
            Rule::from_page(
                stringify!($id),
                include_str!(concat!("../rules/", stringify!($id), "/rule.md")),
            ),
            $id::check as Check,
        )
    };
}

static TABLE: LazyLock<Vec<(Rule, Check)>> = LazyLock::new(|| {
    vec![
        rule!(constructors_on_every_export),
        rule!(exits_after_success),
        rule!(export_needs_running_main),
        rule!(run_once_guard),
        rule!(unguarded_command_rerun),
    ]
});

/// Every rule, by id.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    TABLE.iter().map(|(rule, _)| rule)
}

/// Runs every rule and gives what they found, in the order in which it is told.
pub fn run(facts: &Facts<'_>) -> Vec<Finding> {
    let mut found = Findings::default();
    for (rule, check) in TABLE.iter() {
        check(facts, rule, &mut found);
    }
    found.into_sorted()
}

impl From<Reaches> for Evidence {
    /// What a path proves that is taken so surely.
    fn from(reaches: Reaches) -> Self {
        match reaches {
            Reaches::Always => Evidence::Certain,
            Reaches::Maybe => Evidence::Possible,
        }
    }
}
