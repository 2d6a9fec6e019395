#![doc = include_str!("../../rules/first_call_fails/rule.md")]

use crate::component::Component;
use crate::finding::Evidence;
use crate::finding::Finding;
use crate::finding::Findings;
use crate::observation::Call;
use crate::observation::End;
use crate::observation::Observation;
use crate::rule::Rule;

pub(super) fn check(
    seen: &Observation,
    component: &Component<'_>,
    rule: &'static Rule,
    found: &mut Findings,
) {
    for export in &seen.exports {
        let name = &export.export;
        let fails = |call: &Call| matches!(call.end, End::Trapped(_) | End::Unanswered);
        let Some(first) = export.fresh.first().filter(|_| export.fresh.iter().all(fails)) else {
            continue;
        };
        // With other arguments, or another answer of an import that was made up, it may do better.
        let made_up = export.takes_arguments || !seen.stubbed.is_empty();
        let how = match &first.end {
            End::Trapped(trap) => format!("traps ({})", trap.message),
            _ => "gets no answer".to_owned(),
        };
        let with = match (export.takes_arguments, seen.stubbed.is_empty()) {
            (true, _) => format!(", in all {} tries with made-up arguments", export.fresh.len()),
            (false, false) => ", where its imports are made up".to_owned(),
            (false, true) => String::new(),
        };
        let there = Finding::observed(rule, name, component.place_of(&first.end))
            .labelled("1st call ends here".to_owned())
            .led_to_by(component.callers_of(&first.end));
        found.report(Finding {
            evidence: if made_up { Evidence::Possible } else { Evidence::Observed },
            calls: Some(1),
            message: format!("the first call of `{name}` {how} on a fresh instance{with}"),
            help:
                "reuse is not the cause: see what the export needs first; `secondcall exec` shows every call"
                    .to_owned(),
            ..there
        });
    }
}
