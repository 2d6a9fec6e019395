#![doc = include_str!("../../rules/overlapping_calls_differ/rule.md")]

use crate::calls::Calls;
use crate::finding::{Finding, Findings};
use crate::observation::{End, Overlapping, Text};

pub(super) fn check(calls: &Calls<'_, '_>, found: &mut Findings) {
    for export in calls.exports() {
        // If calls in sequence already differ from fresh ones, other answers add nothing.
        let keeps_state = export
            .compared()
            .any(|(_, reused, fresh)| reused.by_random || !reused.call.is_like(fresh));
        let Some(both) = &export.overlapping else { continue };
        let differ = || answers_differ(both).filter(|_| !keeps_state && !both.varies);
        let Some(what) = failure(both).or_else(differ) else { continue };
        let name = &export.export;
        found.report(Finding {
            calls: Some(2),
            message: format!("two concurrent calls of `{name}` on one instance {what}"),
            help: "keep the data of one call in its task, not in globals; until then, let the host make one call at \
                   a time on an instance"
                .to_owned(),
            ..calls.finding(export)
        });
    }
}

fn failure(both: &Overlapping) -> Option<String> {
    let failed = both.ends.iter().find(|end| !matches!(end, End::Returned))?;
    Some(match failed {
        End::Trapped(trap) => format!("trap ({})", trap.message),
        End::Exhausted(limit) => format!("reach their limit of {}", limit.name()),
        End::Exited(status) => format!("exit with status {status}"),
        End::HeldBack => "are never accepted".to_owned(),
        End::Unanswered | End::Returned => "get no answer".to_owned(),
    })
}

/// How the answers differ. Their order does not matter.
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
        format!("answer {}; in sequence they answer {}", shown(&both.answers), shown(&both.in_turn))
    })
}
