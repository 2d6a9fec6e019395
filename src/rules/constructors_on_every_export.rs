#![doc = include_str!("../../rules/constructors_on_every_export/rule.md")]

use crate::facts::Facts;
use crate::finding::{Evidence, Finding, Findings, Label};
use crate::rule::Rule;

pub(super) fn check(facts: &Facts<'_>, rule: &'static Rule, found: &mut Findings) {
    for wrapped in &facts.wrapped {
        let export = facts.entry_points[wrapped.entry_point].name;
        let location = facts.location(wrapped.call);
        let mut call_path = vec![export.to_string()];
        call_path.extend(facts.call_path(&[], wrapped.call));
        let also =
            if wrapped.realloc { ", and so does each allocation for its arguments" } else { "" };
        found.report(Finding {
            labels: vec![Label {
                location: location.clone(),
                text: "every call: runs the constructors again".to_owned(),
            }],
            evidence: Evidence::Certain,
            message: format!("every call of `{export}` runs the static constructors again{also}"),
            help: "link with a reactor's entry point (`-mexec-model=reactor`), or call \
                   `__wasm_call_ctors` once from code of your own, so that the linker adds no wrappers"
                .to_owned(),
            call_path,
            discriminator: facts.discriminator(wrapped.call),
            ..Finding::inferred(rule, export, location)
        });
    }
}
