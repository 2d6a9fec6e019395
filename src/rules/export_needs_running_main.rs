#![doc = include_str!("../../rules/export_needs_running_main/rule.md")]

use crate::facts::Facts;
use crate::finding::{Evidence, Finding, Findings};
use crate::location::Location;
use crate::rule::Rule;

pub(super) fn check(facts: &Facts<'_>, rule: &'static Rule, found: &mut Findings) {
    for (entry_point, outcome) in facts.calls() {
        if outcome.needs_running_main.is_none() {
            continue;
        }
        let export = entry_point.name;
        let core = entry_point.call.as_ref().map(|call| call.lifted.core);
        let location: Location = core.and_then(|core| facts.function(core)).unwrap_or_default();
        let name = location.path.last().and_then(|step| step.name.clone()).unwrap_or_default();
        let path = location.to_string().replace(" > ", " ");
        found.report(Finding {
            evidence: Evidence::Certain,
            message: format!(
                "`{export}` needs `main` to be running, and nothing in this component starts it"
            ),
            help: "build a library: Go and TinyGo `-buildmode=c-shared`".to_owned(),
            discriminator: name,
            ..Finding::inferred(rule, export, location)
                .labelled("1st call: the runtime was never started")
                .reached_by([path])
        });
    }
}
