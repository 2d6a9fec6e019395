#![doc = include_str!("../../rules/unguarded_command_rerun/rule.md")]

use crate::facts::Facts;
use crate::facts::execution::Site;
use crate::facts::guards::Reaches;
use crate::facts::instantiation::CoreFunc;
use crate::finding::{Finding, Findings};
use crate::rule::Rule;

pub(super) fn check(facts: &Facts<'_>, rule: &'static Rule, found: &mut Findings) {
    for (entry_point, outcome) in facts.calls() {
        let Some((instance, func)) = outcome.command else { continue };
        let ends_anyway = outcome.guard.as_ref().is_some_and(|it| it.reaches == Reaches::Always)
            || outcome.exit.as_ref().is_some_and(|it| it.reaches == Reaches::Always);
        if ends_anyway {
            continue;
        }
        let Some(location) = facts.function(CoreFunc::Defined(instance, func)) else { continue };
        let export = entry_point.name;
        let entry = Site { instance, func, op: 0 };
        found.report(Finding {
            message: format!(
                "a second call of `{export}` runs the whole program again on memory that the first one used"
            ),
            help: "build a reactor, rebuild with a toolchain that forbids the second run, or give \
                   each call a fresh instance"
                .to_owned(),
            discriminator: facts.discriminator(entry),
            ..Finding::inferred(rule, export, location)
                .labelled("2nd call: starts the program again, on the 1st call's memory")
                .reached_by(facts.call_path(&[], entry))
        });
    }
}
