#![doc = include_str!("../../rules/first_call_fails/rule.md")]

use crate::calls::Calls;
use crate::finding::{Finding, Findings};

pub(super) fn check(calls: &Calls<'_, '_>, found: &mut Findings) {
    for export in calls.exports() {
        if !export.never_succeeds()
            || !export.missing(calls.observation).is_empty()
            || calls.observation.only_fails_in_destructor(export).is_some()
        {
            continue;
        }
        let name = &export.export;
        let first = &export.fresh[0];
        let how = first.how_it_fails();
        let why = match first.fails_always() {
            true => ", whatever its arguments and imports are",
            false => "",
        };
        found.report(Finding {
            calls: Some(1),
            message: format!("the first call of `{name}` {how} on a fresh instance{why}"),
            help: "reuse is not the cause: no call can succeed; `secondcall exec` shows every call"
                .to_owned(),
            ..calls.failure(export, first, "1st call ends here")
        });
    }
}
