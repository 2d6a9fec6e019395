#![doc = include_str!("../../rules/overlapping_calls_differ/rule.md")]

use crate::component::Component;
use crate::finding::{Finding, Findings};
use crate::observation::{End, Observation, Overlapping, Text};
use crate::rule::Rule;

pub(super) fn check(
    seen: &Observation,
    component: &Component<'_>,
    rule: &'static Rule,
    found: &mut Findings,
) {
    for export in &seen.exports {
        // Where calls in turn answer otherwise than fresh instances, other answers are no news.
        let keeps_state =
            export.compared().any(|(_, it, fresh)| it.by_random || !it.call.is_like(fresh));
        let Some(both) = &export.overlapping else { continue };
        let differ = || answers_differ(both).filter(|_| !keeps_state && !both.varies);
        let Some(what) = failure(both).or_else(differ) else { continue };
        let name = &export.export;
        found.report(Finding {
            calls: Some(2),
            message: format!("two calls of `{name}` at once on the same instance {what}"),
            help: "keep what belongs to one call in its task, not in globals; until then, let the host make \
                   one call at a time in an instance"
                .to_owned(),
            ..Finding::observed(rule, name, component.location())
        });
    }
}

fn failure(both: &Overlapping) -> Option<String> {
    let failed = both.ends.iter().find(|end| !matches!(end, End::Returned))?;
    Some(match failed {
        End::Trapped(trap) => format!("trap ({})", trap.message),
        End::Exhausted(limit) => format!("reach their limit of {}", limit.name()),
        End::Exited(status) => format!("exit with status {status}"),
        End::HeldBack => "are never let in".to_owned(),
        End::Unanswered | End::Returned => "get no answer".to_owned(),
    })
}

/// How the answers differ. Which of the two comes first is the component's business.
fn answers_differ(both: &Overlapping) -> Option<String> {
    let sorted = |texts: &[Text]| {
        let mut digests: Vec<_> = texts.iter().map(|text| text.digest.clone()).collect();
        digests.sort();
        digests
    };
    let shown = |texts: &[Text]| {
        let texts = texts.iter().map(|text| format!("`{}`", text.shown));
        texts.collect::<Vec<_>>().join(" and ")
    };
    let answers = sorted(&both.answers);
    (answers != sorted(&both.in_turn) && answers != sorted(&both.apart)).then(|| {
        format!(
            "answer {}; one after the other they answer {}",
            shown(&both.answers),
            shown(&both.in_turn)
        )
    })
}
