#![doc = include_str!("../../rules/later_call_fails/rule.md")]

use crate::calls::Calls;
use crate::finding::{Finding, Findings};
use crate::location::ExportName;
use crate::observation::{Call, End, ObservedExport, ReusedCall};

/// A call that failed where the same call on a fresh instance does not.
struct Failure<'a> {
    call: &'a Call,
    /// Which call of the export on its instance it was.
    number: u32,
    /// The other export whose call makes it fail, if it took one.
    other: Option<&'a ExportName>,
    /// How it differs from a call on a fresh instance, for the message.
    after: String,
}

pub(super) fn check(calls: &Calls<'_, '_>, found: &mut Findings) {
    for export in calls.exports() {
        let Some(Failure { call, number, other, after }) = failure(export) else { continue };
        if calls.observation.reported_at(export, call).is_some()
            || !export.missing(calls.observation).is_empty()
        {
            continue;
        }
        let subject = call.on_same_instance(&export.export, number);
        let how = call.how_it_fails();
        let fresh = match export.fresh.first().map(|call| &call.end) {
            Some(End::Exited(_)) => "leaves through `wasi:cli/exit`",
            _ => "returns",
        };
        let mut finding = Finding {
            calls: other.is_none().then_some(number),
            differs: Some((number, other.cloned())),
            message: format!("{subject} {how}{after}, where a fresh instance {fresh}"),
            help: "give each call a fresh instance, or find what an earlier call leaves behind: \
                   `secondcall exec` shows every call"
                .to_owned(),
            ..calls.failure(export, call, &format!("call {number} ends here"))
        };
        if let End::Trapped(trap) = &call.end
            && finding.discriminator.is_empty()
        {
            finding.discriminator.clone_from(&trap.message);
        }
        found.report(finding);
    }
}

fn failure(export: &ObservedExport) -> Option<Failure<'_>> {
    // If a fresh instance exits as well, the call after the exit is the one that fails.
    let fails = |reused: &ReusedCall, fresh: &Call| {
        let returns = fresh.end == End::Returned;
        !reused.call.end.is_success() || returns && matches!(reused.call.end, End::Exited(_))
    };
    let failed = export.compared().find(|(_, reused, fresh)| fails(reused, fresh));
    if let Some((number, reused, _)) = failed.filter(|_| !export.fails_by_argument) {
        return Some(Failure { call: &reused.call, number, other: None, after: String::new() });
    }
    let disturbed = export.disturbed.iter().find(|it| !it.call.end.is_success())?;
    let after = format!(" after a call of `{}`", disturbed.by);
    Some(Failure {
        call: &disturbed.call,
        number: disturbed.number,
        other: Some(&disturbed.by),
        after,
    })
}
