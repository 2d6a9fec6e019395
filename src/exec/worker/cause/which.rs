//! Which differences of an export have a cause to be found, and the calls before each.

use super::trial::Step;
use crate::exec::worker::plan::repeat::Sequence;
use crate::exec::worker::prepared::Prepared;
use crate::location::ExportName;
use crate::observation::cause::Cause;
use crate::observation::{Call, End, ObservedExport};

/// A call that differs from its reference call.
pub(super) struct Difference<'o> {
    /// Which call of the export on its instance it is, from 1.
    pub(super) number: u32,
    pub(super) after: Option<ExportName>,
    pub(super) before: Vec<Step>,
    pub(super) reference: Vec<Step>,
    /// The index of its arguments.
    pub(super) index: usize,
    pub(super) call: &'o Call,
}

impl Difference<'_> {
    /// Its cause, as long as that is unknown.
    pub(super) fn cause(&self) -> Cause {
        unknown(self.number, self.after.clone())
    }
}

/// A cause that is not found yet. `number` is that of the call, from 1.
pub(super) fn unknown(number: u32, after: Option<ExportName>) -> Cause {
    Cause {
        number,
        after,
        switch: None,
        necessary: Vec::new(),
        sufficient: Vec::new(),
        unfinished: None,
        more: 0,
        changed: None,
        trials: 0,
        unknown: None,
    }
}

/// The differences of a target: of the compared calls the first of each kind, of the repeated ones the last, and those
/// after calls of other exports. None if an earlier call exited: that ends the instance, whatever its state.
pub(super) fn of<'o>(
    prepared: &Prepared,
    target: usize,
    export: &'o ObservedExport,
) -> Vec<(usize, Difference<'o>)> {
    let mut found: Vec<Difference<'o>> = Vec::new();
    let returned = export.compared().take_while(|(_, it, _)| it.call.end == End::Returned).count();
    let differing = || {
        let compared = export.compared().take(returned + 1);
        compared.filter(|(_, it, twin)| !it.is_like(twin))
    };
    let by_answer = differing().find(|(_, it, twin)| it.call.answer != twin.answer);
    let by_end = differing().find(|(_, it, twin)| it.call.end != twin.end);
    for (number, reused, _) in [differing().next(), by_answer, by_end].into_iter().flatten() {
        if found.iter().any(|it| it.number == number) {
            continue;
        }
        let before = export.reused.iter().take(number as usize - 1);
        found.push(Difference {
            number,
            after: None,
            before: before.map(|it| (target, it.like)).collect(),
            reference: Vec::new(),
            index: reused.like,
            call: &reused.call,
        });
    }
    found.extend(repeated(prepared, target, export));
    found.extend(disturbed(prepared, target, export));
    found.into_iter().map(|it| (target, it)).collect()
}

fn repeated<'o>(
    prepared: &Prepared,
    target: usize,
    export: &'o ObservedExport,
) -> Option<Difference<'o>> {
    let repeated = export.repeated.as_ref()?;
    let later = repeated.failed.as_ref().or(repeated.changed.as_ref())?;
    let fresh: Vec<_> = export.fresh.iter().collect();
    let sequence = Sequence::of(&prepared.order(target), &fresh)?;
    let compared = export.reused.iter().map(|it| it.like);
    let again = (0..u64::from(repeated.calls)).map(|call| sequence.like(call));
    let mut before: Vec<_> = compared.chain(again).map(|like| (target, like)).collect();
    let (_, index) = before.pop()?;
    let (number, call) = (repeated.last(), &later.call);
    Some(Difference { number, after: None, before, reference: Vec::new(), index, call })
}

fn disturbed<'o>(
    prepared: &Prepared,
    target: usize,
    export: &'o ObservedExport,
) -> Vec<Difference<'o>> {
    let differences = export.disturbed.iter().filter_map(|it| {
        let by = prepared.targets.iter().position(|target| target.name == it.by)?;
        let own: Vec<Step> = (1..it.number).map(|_| (target, 0)).collect();
        let after = Some(it.by.clone());
        let before = own.iter().copied().chain([(by, 0)]).collect();
        let index = it.number as usize - 1;
        Some(Difference { number: it.number, after, before, reference: own, index, call: &it.call })
    });
    differences.collect()
}
