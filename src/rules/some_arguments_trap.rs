#![doc = include_str!("../../rules/some_arguments_trap/rule.md")]

use crate::calls::Calls;
use crate::finding::{Finding, Findings};
use crate::observation::{Call, End};

pub(super) fn check(calls: &Calls<'_, '_>, found: &mut Findings) {
    for export in calls.exports().iter().filter(|it| it.takes_arguments && it.succeeded() > 0) {
        // A host that refused something may be the cause, and a destructor is reported once.
        let is_its_own = |call: &&Call| {
            !call.was_refused() && calls.observation.reported_at(export, call).is_none()
        };
        let trapping = export.fresh.iter().filter(is_its_own).filter_map(|call| match &call.end {
            End::Trapped(trap) => Some((call, trap)),
            _ => None,
        });
        let trapping: Vec<_> = trapping.collect();
        let Some((call, trap)) = trapping.first() else { continue };
        found.report(Finding {
            message: format!(
                "{} of {} calls of `{}` with different arguments trap on a fresh instance, as with `({})`{}: {}{}",
                trapping.len(),
                export.fresh.len(),
                export.export,
                call.short_arguments(),
                call.in_destructor(),
                trap.message,
                call.after_colon(),
            ),
            help: "a trap ends the instance, for every caller of a host that keeps it: return an error value for \
                   arguments that cannot be handled"
                .to_owned(),
            ..calls.failure(export, call, "the call ends here")
        });
    }
}
