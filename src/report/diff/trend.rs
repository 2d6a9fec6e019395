//! Whether what is known of an export or under a host is better or worse than before.

use crate::report::answer::Outlook;
use crate::report::diff::model::Trend;
use crate::verdict::Verdict;

/// The trend from one verdict to another.
pub(super) fn of_verdicts(before: &Verdict, after: &Verdict) -> Trend {
    /// The higher, the less can go wrong at a later call; `None` if that is unknown.
    fn rank(verdict: &Verdict) -> Option<(u8, u32)> {
        Some(match verdict {
            Verdict::SingleShot => (0, 0),
            Verdict::BreaksAfter(call) => (1, *call),
            Verdict::Stateful => (2, 0),
            Verdict::ReusableObserved(_) => (3, 0),
            Verdict::StatelessProven => (4, 0),
            Verdict::Unknown => return None,
        })
    }
    match (rank(before), rank(after)) {
        _ if before == after => Trend::Same,
        (Some(_), None) => Trend::LessKnown,
        // A proof that is missing is no harm that was seen.
        (Some((4, _)), Some((3, _))) => Trend::LessKnown,
        (Some(old), Some(new)) if old == new => Trend::Different,
        (Some(old), Some(new)) => better_if(new > old),
        (None, Some((3.., _))) => Trend::Better,
        (None, _) => Trend::Worse,
    }
}

/// The trend from one outlook to another.
pub(super) fn of_outlooks(before: Outlook, after: Outlook) -> Trend {
    use Outlook::{Affected, Fails, MayFail, NotCalled, NothingFailed, Unknown};
    let is_harm = |it| matches!(it, Fails | Affected);
    match (before, after) {
        _ if before == after => Trend::Same,
        (NotCalled, _) | (_, NotCalled) => Trend::Different,
        (Fails, Affected) => Trend::Better,
        (_, Fails | Affected) => Trend::Worse,
        (_, NothingFailed) => Trend::Better,
        (NothingFailed, MayFail | Unknown) => Trend::LessKnown,
        (_, Unknown) if is_harm(before) => Trend::LessKnown,
        (_, MayFail) if is_harm(before) => Trend::Better,
        _ => Trend::Different,
    }
}

/// The trend of a number of which more is better.
pub(super) fn of_calls(before: u64, after: u64) -> Trend {
    of_bytes(after, before)
}

/// The trend of a number of which more is worse. Less than a tenth of difference may be the estimate's.
pub(super) fn of_bytes(before: u64, after: u64) -> Trend {
    let is_more = |more: u64, less: u64| more.saturating_mul(9) > less.saturating_mul(10);
    match (is_more(after, before), is_more(before, after)) {
        _ if before == after => Trend::Same,
        (true, _) => Trend::Worse,
        (_, true) => Trend::Better,
        _ => Trend::Different,
    }
}

pub(super) fn better_if(is_better: bool) -> Trend {
    if is_better { Trend::Better } else { Trend::Worse }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_better_if_less_can_go_wrong() {
        use Verdict::{
            BreaksAfter, ReusableObserved, SingleShot, Stateful, StatelessProven, Unknown,
        };
        let table = [
            (Stateful, Stateful, Trend::Same),
            (ReusableObserved(8), Stateful, Trend::Worse),
            (Stateful, SingleShot, Trend::Worse),
            (BreaksAfter(3), BreaksAfter(9), Trend::Better),
            (BreaksAfter(9), BreaksAfter(3), Trend::Worse),
            (ReusableObserved(8), ReusableObserved(20), Trend::Different),
            (StatelessProven, ReusableObserved(8), Trend::LessKnown),
            (ReusableObserved(8), StatelessProven, Trend::Better),
            (SingleShot, Unknown, Trend::LessKnown),
            (ReusableObserved(8), Unknown, Trend::LessKnown),
            (Unknown, ReusableObserved(8), Trend::Better),
            (Unknown, SingleShot, Trend::Worse),
        ];
        for (before, after, expected) in table {
            assert_eq!(of_verdicts(&before, &after), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn an_outlook_is_better_if_fewer_calls_are_harmed() {
        use Outlook::{Affected, Fails, MayFail, NotCalled, NothingFailed, Unknown};
        let table = [
            (NothingFailed, Fails, Trend::Worse),
            (NothingFailed, Affected, Trend::Worse),
            (Affected, Fails, Trend::Worse),
            (Unknown, Fails, Trend::Worse),
            (MayFail, Affected, Trend::Worse),
            (Fails, Affected, Trend::Better),
            (Fails, NothingFailed, Trend::Better),
            (Unknown, NothingFailed, Trend::Better),
            (Fails, Unknown, Trend::LessKnown),
            (Fails, MayFail, Trend::Better),
            (NothingFailed, MayFail, Trend::LessKnown),
            (NothingFailed, Unknown, Trend::LessKnown),
            (NotCalled, Fails, Trend::Different),
            (Unknown, MayFail, Trend::Different),
            (Fails, Fails, Trend::Same),
        ];
        for (before, after, expected) in table {
            assert_eq!(of_outlooks(before, after), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn small_differences_of_an_estimate_are_no_trend() {
        assert_eq!(of_bytes(1000, 1050), Trend::Different);
        assert_eq!(of_bytes(1000, 1200), Trend::Worse);
        assert_eq!(of_bytes(0, 1), Trend::Worse);
        assert_eq!(of_calls(100_000, 90_000), Trend::Different);
        assert_eq!(of_calls(100_000, 80_000), Trend::Worse);
        assert_eq!(of_calls(9, 9), Trend::Same);
        assert_eq!(of_calls(u64::MAX, u64::MAX - 1), Trend::Different);
    }
}
