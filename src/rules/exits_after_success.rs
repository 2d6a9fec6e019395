#![doc = include_str!("../../rules/exits_after_success/rule.md")]

use crate::calls::Calls;
use crate::facts::Facts;
use crate::facts::execution::reads::condition;
use crate::facts::guards::Reaches;
use crate::finding::{Evidence, Finding, Findings};
use crate::observation::End;
use crate::rule::Rule;

const HELP: &str =
    "return from `main` instead of exiting, build a reactor, or give each call a fresh instance";

pub(super) fn check(facts: &Facts<'_>, rule: &'static Rule, found: &mut Findings) {
    for (entry_point, outcome) in facts.calls() {
        let Some(exit) = &outcome.exit else { continue };
        let certain = exit.reaches == Reaches::Always;
        // An exit on some paths adds nothing about an export that cannot be called again anyway.
        let guarded = outcome.guard.as_ref().is_some_and(|it| it.reaches == Reaches::Always);
        if guarded && !certain {
            continue;
        }
        let export = entry_point.name;
        // The call path ends in the adapter. The last function before it decided to exit.
        let chosen = exit.stack.iter().rev().find(|site| {
            let module = facts.world.core_instances[site.instance].module;
            !facts.provenance.adapters.iter().any(|adapter| adapter.module == module)
                && !facts.is_stub(**site)
        });
        let place = chosen.copied().unwrap_or(exit.site);
        let (label, message) = match certain {
            true => (
                format!(
                    "1st call: exits here, and the instance is gone{}",
                    condition(&exit.assumptions)
                ),
                format!(
                    "`{export}` always leaves through `wasi:cli/exit`: its instance cannot be called again"
                ),
            ),
            false => (
                "1st call: may exit here, and the instance is gone then".to_owned(),
                format!(
                    "`{export}` leaves through `wasi:cli/exit` on some path: its instance cannot be called again then"
                ),
            ),
        };
        found.report(Finding {
            exits: true,
            evidence: exit.reaches.into(),
            assumes: !exit.assumptions.is_empty(),
            message,
            help: HELP.to_owned(),
            discriminator: facts.discriminator(place),
            ..Finding::inferred(rule, export, facts.location(place))
                .labelled(&label)
                .reached_by(facts.call_path(&exit.stack, exit.site))
        });
    }
}

/// The same, observed: the first call exits.
pub(super) fn observed(calls: &Calls<'_, '_>, found: &mut Findings) {
    for export in calls.exports() {
        let first = export.reused.first().map(|reused| &reused.call).or(export.fresh.first());
        let Some(End::Exited(status)) = first.map(|call| &call.end) else { continue };
        // It may lack an argument, a file or the network: then it is not exercised.
        if *status != 0 && !export.missing(calls.observation).is_empty() {
            continue;
        }
        let name = &export.export;
        let finding = Finding { exits: true, calls: Some(2), ..calls.finding(export) };
        found.report(match status {
            0 => Finding {
                message: format!(
                    "`{name}` leaves through `wasi:cli/exit`, with success: its instance cannot be called again"
                ),
                help: HELP.to_owned(),
                ..finding
            },
            _ => Finding {
                evidence: Evidence::Possible,
                message: format!(
                    "the first call of `{name}` exits with status {status}: its instance cannot be called again"
                ),
                help: "see what the call needs to succeed: `secondcall exec` shows every call".to_owned(),
                ..finding
            },
        });
    }
}
