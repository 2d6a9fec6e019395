//! Facts about how a component was made: snapshots, and releases of toolchains with known defects.

use super::found::{Found, Kind};
use crate::facts::entry_points::EntryPoint;
use crate::facts::instantiation::Instantiation;
use crate::facts::provenance::Provenance;

/// Core exports of a module that a snapshot was taken of (wizer, `crates/wizer/src/lib.rs`; StarlingMonkey).
const SNAPSHOT_EXPORTS: [&str; 4] =
    ["wizer-initialize", "wizer.initialize", "wizer.resume", "component-init"];
/// Toolchains that take one.
const SNAPSHOT_TOOLCHAINS: [&str; 4] =
    ["ComponentizeJS", "Javy", "component-init-transform", "wizer"];

pub(super) fn find(
    world: &Instantiation<'_>,
    entry_points: &[EntryPoint<'_>],
    provenance: &Provenance,
    found: &mut Found,
) {
    let toolchains = provenance.toolchains.iter().map(|it| it.name.as_str());
    let mut marks: Vec<_> =
        toolchains.filter(|name| SNAPSHOT_TOOLCHAINS.contains(name)).map(str::to_owned).collect();
    for name in SNAPSHOT_EXPORTS {
        let mut modules = world.component.core_modules.iter();
        if modules.any(|(_, module)| module.exported_func(name).is_some()) {
            marks.push(format!("core export `{name}`"));
        }
    }
    if !marks.is_empty() {
        found.of_component(Kind::FrozenSnapshot, marks);
    }
    for (at, _) in entry_points.iter().enumerate().filter(|(_, it)| it.internal) {
        found.of_export(Kind::PreinitExport, at, []);
    }
    // StarlingMonkey, `builtins/web/fetch/fetch_event.cpp`: one event object, made once. ComponentizeJS gives every function
    // that a script exports a post-return, and lifts the engine's own without.
    let engines = ["ComponentizeJS", "StarlingMonkey"];
    if provenance.toolchains.iter().any(|it| engines.contains(&it.name.as_str())) {
        for (at, entry_point) in entry_points.iter().enumerate() {
            let lifted = entry_point.call.as_ref().map(|call| &call.lifted);
            if entry_point.name.interface() == Some("wasi:http/incoming-handler")
                && lifted.is_some_and(|it| it.options.post_return.is_none())
            {
                found.of_export(Kind::FetchEvent, at, []);
            }
        }
    }
    for defect in &provenance.defects {
        let items = [&defect.release, &defect.text, &defect.source].map(Clone::clone);
        found.of_component(Kind::KnownDefect, items);
    }
}
