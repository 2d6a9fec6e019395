#![doc = include_str!("../../rules/constructors_on_every_export/rule.md")]

use crate::facts::Facts;
use crate::finding::{Evidence, Finding, Findings};
use crate::rule::Rule;

pub(super) fn check(facts: &Facts<'_>, rule: &'static Rule, found: &mut Findings) {
    for wrapped in &facts.wrapped {
        let export = facts.entry_points[wrapped.entry_point].name;
        let location = facts.location(wrapped.call);
        let also =
            if wrapped.realloc { ", and so does each allocation for its arguments" } else { "" };
        let runs = if wrapped.named_only { "may run" } else { "runs" };
        found.report(Finding {
            // `strip` takes names away, and anyone may give them.
            evidence: if wrapped.named_only { Evidence::Possible } else { Evidence::Certain },
            message: format!("every call of `{export}` {runs} the static constructors again{also}"),
            help: "link with a reactor's entry point (`-mexec-model=reactor`), or call \
                   `__wasm_call_ctors` once from code of your own, so that the linker adds no wrappers"
                .to_owned(),
            discriminator: facts.discriminator(wrapped.call),
            ..Finding::inferred(rule, export, location)
                .labelled("every call: runs the constructors again")
                .reached_by(facts.call_path(&[], wrapped.call))
        });
    }
}
