#![doc = include_str!("../../rules/known_answers_differ/rule.md")]

use crate::facts::Facts;
use crate::facts::execution::reads::condition;
use crate::finding::{Evidence, Finding, Findings, Label};
use crate::rule::Rule;

pub(super) fn check(facts: &Facts<'_>, rule: &'static Rule, found: &mut Findings) {
    for (entry_point, outcome) in facts.calls() {
        let Some(difference) = &outcome.difference else { continue };
        let export = entry_point.name;
        let label = |site, text: String| Label { location: facts.location(site), text };
        let condition = condition(&difference.assumptions);
        let labels = vec![
            label(difference.store, format!("1st call leaves a value here{condition}")),
            label(difference.load, "2nd call reads it".to_owned()),
        ];
        let location = facts.location(difference.load);
        let has_arguments = !entry_point.signature.starts_with("func()");
        let whatever = if has_arguments { ", whatever the arguments" } else { "" };
        found.report(Finding {
            labels,
            answers: true,
            evidence: Evidence::Certain,
            assumes: !difference.assumptions.is_empty(),
            message: format!(
                "`{export}` answers {} on a fresh instance and {} in its second call{whatever}",
                difference.first, difference.second
            ),
            help: "keep the data of one call out of globals and statics; if the state is intended, accept the \
                   finding with a reason"
                .to_owned(),
            discriminator: facts.discriminator(difference.load),
            ..Finding::inferred(rule, export, location)
                .reached_by(facts.call_path(&[], difference.load))
        });
    }
}
