#![doc = include_str!("../../rules/run_once_guard/rule.md")]

use crate::facts::Facts;
use crate::facts::execution::reads::condition;
use crate::facts::guards::Reaches;
use crate::finding::{Finding, Findings, Label};
use crate::rule::Rule;

pub(super) fn check(facts: &Facts<'_>, rule: &'static Rule, found: &mut Findings) {
    for (entry_point, outcome) in facts.calls() {
        let Some(guard) = &outcome.guard else { continue };
        let export = entry_point.name;
        let certain = guard.reaches == Reaches::Always;
        let label = |site, text: &str| Label { location: facts.location(site), text: text.into() };
        let mut labels = vec![label(guard.load, "2nd call: reads what the 1st left")];
        if let Some(store) = guard.store {
            let cleared = match certain {
                true => format!("nothing clears it{}", condition(&guard.assumptions)),
                false => "some path leaves it set".to_owned(),
            };
            labels.push(label(store, &format!("1st call sets it; {cleared}")));
        }
        let (stack, trap) = facts.above_panic(&guard.stack, guard.trap);
        labels.push(label(trap, "2nd call traps here"));
        let finding = Finding::inferred(rule, export, facts.location(trap));
        found.report(Finding {
            labels,
            evidence: guard.reaches.into(),
            traps: true,
            assumes: !guard.assumptions.is_empty(),
            message: if certain {
                format!("`{export}` traps when called again in the same instance")
            } else {
                format!("`{export}` may trap when called again in the same instance")
            },
            help: if outcome.command.is_some() || export.interface() == Some("wasi:cli/run") {
                "give each call a fresh instance, or build a reactor: \
                 Rust `crate-type = [\"cdylib\"]`, C `-mexec-model=reactor`"
            } else {
                "make the export return to the state it began in, or give each call a fresh instance"
            }
            .to_owned(),
            discriminator: facts.discriminator(guard.trap),
            ..finding.reached_by(facts.call_path(stack, trap))
        });
    }
}
