//! The waits of calls during which others run.

use crate::exec::worker::instance::Moment;
use crate::exec::worker::plan::overlap::order::Pick;

/// A wait of a call, or the time before it begins, during which other calls run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap {
    /// The call.
    pub(super) call: usize,
    /// When it begins to wait.
    pub(super) from: Moment,
    /// When it goes on.
    pub(super) until: Moment,
    /// How many picks are made in the order of the schedule.
    pub(super) picks: usize,
    /// How many of these are the call's own.
    pub(super) own: usize,
    /// Whether it ends when all calls have begun that begin at the same time: then the call may yield.
    pub(super) yields: bool,
}

/// The gaps of all calls, those that end first come first.
pub(super) fn of(picks: &[Pick]) -> Vec<Gap> {
    // So many begin at the same time.
    let group = picks.iter().skip(1).take_while(|it| it.at_once).count() + 1;
    let after = |index: usize| match index + 1 < group {
        true => Moment::Begun(index + 1),
        false => Moment::Before(index + 1),
    };
    let calls = picks.iter().map(|it| it.call + 1).max().unwrap_or_default();
    let mut gaps = Vec::new();
    for call in 0..calls {
        let mut last: Option<usize> = None;
        let own = picks.iter().enumerate().filter(|(_, it)| it.call == call);
        for (number, (index, _)) in own.enumerate() {
            if last.map_or(0, |it| it + 1) < index {
                // Of calls that begin at the same time, none runs on before the others have begun.
                let (until, picks) = match index < group {
                    true => (Moment::Begun(index), index + 1),
                    false => (Moment::Before(index), index),
                };
                let from = last.map_or(Moment::Before(0), after);
                gaps.push(Gap { call, from, until, picks, own: number, yields: false });
            }
            if index + 1 < group {
                let (from, until) = (after(index), Moment::Begun(group));
                let own = number + 1;
                gaps.push(Gap { call, from, until, picks: group, own, yields: true });
            }
            last = Some(index);
        }
    }
    gaps.sort_by_key(|gap| match gap.until {
        Moment::Begun(steps) | Moment::Before(steps) => steps,
    });
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exec::worker::plan::overlap::order::parse;

    fn gaps(schedule: &str) -> Vec<(usize, Moment, Moment, usize)> {
        let (_, order) = parse(schedule).expect("it is a schedule");
        of(order.picks()).iter().map(|it| (it.call, it.from, it.until, it.own)).collect()
    }

    #[test]
    fn a_call_waits_while_others_run() {
        use Moment::{Before, Begun};
        assert_eq!(gaps("0.0+0.0:AABB"), [(1, Before(0), Before(2), 0)]);
        let turns = [(1, Before(0), Before(1), 0), (0, Before(1), Before(3), 1)];
        assert_eq!(gaps("0.0+0.0:ABBA"), turns);
        let at_once =
            [(1, Before(0), Begun(1), 0), (0, Begun(1), Begun(2), 1), (0, Begun(1), Before(3), 1)];
        assert_eq!(gaps("0.0+0.0:A&BBA"), at_once);
    }
}
