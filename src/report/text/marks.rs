//! The columns `first` and `again` of the verdict table.

use crate::finding::Evidence;
use crate::report::document::{Call, Export, FreshCalls, Outcome};
use crate::report::style::Style;
use crate::verdict::Verdict;

/// The first call of an export and a later one, in a few characters each.
pub(in crate::report) fn marks(
    export: &Export,
    fails_first: bool,
    style: Style,
) -> (String, String) {
    if let [first, later @ ..] = export.calls.as_slice() {
        let proven = later.is_empty()
            && export.verdict == Verdict::SingleShot
            && export.evidence == Some(Evidence::Certain);
        let again = if proven { "(FAIL)".to_owned() } else { again(later, style) };
        return (some_of(export).unwrap_or_else(|| outcome(first)), again);
    }
    let times = style.marks().times;
    let happened = export.evidence == Some(Evidence::Observed);
    let doubt = if export.evidence == Some(Evidence::Possible) { "?" } else { "" };
    let (first, again) = match &export.verdict {
        Verdict::SingleShot if happened => ("ok", "FAIL 2".to_owned()),
        Verdict::SingleShot => ("?", format!("(FAIL{doubt})")),
        Verdict::BreaksAfter(call) => ("ok", format!("FAIL {call}")),
        Verdict::Stateful if happened => ("ok", "differs".to_owned()),
        Verdict::Stateful => ("?", format!("(differs{doubt})")),
        Verdict::ReusableObserved(calls) => {
            ("ok", format!("ok {times}{}", calls.saturating_sub(1)))
        }
        Verdict::StatelessProven => ("?", "(same)".to_owned()),
        Verdict::Unknown if export.obstacle.is_some() => ("-", "-".to_owned()),
        Verdict::Unknown => ("?", "?".to_owned()),
    };
    let first = if fails_first { "(FAIL)" } else { first };
    (first.to_owned(), again)
}

/// How many calls on fresh instances succeeded, where it depends on their arguments: `5 of 8 ok`.
fn some_of(export: &Export) -> Option<String> {
    let FreshCalls { calls, succeeded } = export.fresh?;
    (0 < succeeded && succeeded < calls).then(|| format!("{succeeded} of {calls} ok"))
}

fn outcome(Call { call, outcome }: &Call) -> String {
    match outcome {
        Outcome::Ok => "ok".to_owned(),
        Outcome::Differs => format!("differs {call}"),
        Outcome::Trap { .. } => format!("FAIL {call}"),
        Outcome::Exit { status } if *call == 1 => format!("exits ({status})"),
        Outcome::Exit { status } => format!("exits ({status}) {call}"),
        Outcome::Unanswered => format!("no answer {call}"),
        Outcome::HeldBack => format!("held back {call}"),
        Outcome::Exhausted => "-".to_owned(),
    }
}

/// The first later call that did something else than the first, or how many did the same.
fn again(later: &[Call], style: Style) -> String {
    match later.iter().find(|it| it.outcome != Outcome::Ok) {
        Some(other) => outcome(other),
        None if later.is_empty() => "-".to_owned(),
        None => format!("ok {}{}", style.marks().times, later.len()),
    }
}
