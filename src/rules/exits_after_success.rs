#![doc = include_str!("../../rules/exits_after_success/rule.md")]

use crate::facts::Facts;
use crate::facts::guards::Reaches;
use crate::finding::Finding;
use crate::finding::Findings;
use crate::finding::Kind;
use crate::finding::Label;
use crate::rule::Rule;

pub(super) fn check(facts: &Facts<'_>, rule: &'static Rule, found: &mut Findings) {
    for (entry_point, prospect) in facts.calls() {
        let Some(exit) = &prospect.exit else { continue };
        let certain = exit.reaches == Reaches::Always;
        // Whether some path leaves early says nothing new of a call that cannot be repeated anyway.
        let guarded = prospect.guard.as_ref().is_some_and(|it| it.reaches == Reaches::Always);
        if guarded && !certain {
            continue;
        }
        let export = entry_point.name;
        let mut call_path = vec![export.to_string()];
        call_path.extend(facts.call_path(&exit.stack, exit.site));
        // The road ends in the adapter; what chose to exit is the last function before it.
        let chosen = exit.stack.iter().rev().find(|site| {
            let module = facts.world.core_instances[site.instance].module;
            !facts.provenance.adapters.iter().any(|adapter| adapter.module == module)
                && !facts.is_stub(**site)
        });
        let place = chosen.copied().unwrap_or(exit.site);
        found.report(Finding {
            rule,
            kind: Kind::Fail,
            export: Some(export.clone()),
            location: facts.location(place),
            labels: vec![Label {
                location: facts.location(place),
                text: if certain {
                    "1st call: exits here, and the instance is gone"
                } else {
                    "1st call: may exit here, and the instance is gone then"
                }
                .to_owned(),
            }],
            calls: None,
            evidence: exit.reaches.into(),
            message: if certain {
                format!("`{export}` always leaves through `wasi:cli/exit`: its instance cannot be called again")
            } else {
                format!("`{export}` leaves through `wasi:cli/exit` on some path: its instance cannot be called again then")
            },
            help: "return from `main` instead of exiting, build a reactor, or give each call a fresh instance"
                .to_owned(),
            call_path,
            discriminator: facts.discriminator(place),
            callers: Vec::new(),
        });
    }
}
