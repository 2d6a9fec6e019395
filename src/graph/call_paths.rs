//! The core instances on the call path of a finding, from the export to the place. The finding names modules; the facts
//! behind it know which of their instances.

use crate::component::index_space::{FuncIdx, Idx};
use crate::config::glob;
use crate::facts::Facts;
use crate::facts::execution::Site;
use crate::facts::instantiation::{CoreFunc, CoreInstanceId};
use crate::finding::Finding;
use crate::location::{ExportName, ItemKind};
use crate::verdict::Severity;

/// Stops of one call path, at most; a recursion over instances has more.
const MOST_STOPS: usize = 16;

/// The way of a call.
#[derive(Debug)]
pub(super) struct CallPath<'f> {
    /// The export, by its place among the entry points.
    pub(super) entry_point: usize,
    pub(super) severity: Severity,
    pub(super) finding: &'f Finding,
    /// Where it comes by, one stop for each instance that it enters.
    pub(super) stops: Vec<Stop>,
}

/// An instance, and the function that is entered there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stop {
    pub(super) instance: CoreInstanceId,
    pub(super) func: FuncIdx,
}

/// The call paths of the first findings whose export is wanted (all of them, or those that a glob means),
/// at most `most`; and how many more there are.
pub(super) fn of<'f>(
    facts: &Facts<'_>,
    judged: &'f [(Severity, Finding)],
    wanted: &[String],
    most: usize,
) -> (Vec<CallPath<'f>>, usize) {
    let is_wanted = |export: &ExportName| {
        wanted.is_empty() || wanted.iter().any(|glob| glob::matches_export(glob, export))
    };
    let wanted: Vec<_> =
        judged.iter().filter(|(_, it)| it.export.as_ref().is_some_and(is_wanted)).collect();
    let call_paths = wanted.iter().take(most).filter_map(|(severity, finding)| {
        let export = finding.export.as_ref()?;
        let entry_point = facts.entry_points.iter().position(|it| it.name == export)?;
        let mut stops = stops(facts, entry_point, finding);
        if stops.len() > MOST_STOPS {
            stops.drain(MOST_STOPS / 2..stops.len() - MOST_STOPS / 2);
            stops.dedup_by_key(|stop| stop.instance);
        }
        Some(CallPath { entry_point, severity: *severity, finding, stops })
    });
    (call_paths.collect(), wanted.len().saturating_sub(most))
}

fn stops(facts: &Facts<'_>, entry_point: usize, finding: &Finding) -> Vec<Stop> {
    let stop = |site: &Site| Stop { instance: site.instance, func: site.func };
    let entered = match facts.entry_points[entry_point].call.as_ref().map(|it| it.lifted.core) {
        Some(CoreFunc::Defined(instance, func)) => Some(Stop { instance, func }),
        _ => None,
    };
    let path = finding.call_path.get(1..).unwrap_or_default();
    let chains = chains(facts, entry_point).into_iter();
    let mut chains = chains.filter(|(stack, end)| facts.call_path(stack, *end) == path);
    let mut stops: Vec<Stop> = match chains.next() {
        Some((mut sites, end)) => {
            sites.push(end);
            // Some calls go on behind the place that the finding shows.
            let is_place = |site: &Site| facts.location(*site).path == finding.location.path;
            if let Some(last) = sites.iter().rposition(is_place) {
                sites.truncate(last + 1);
            }
            sites.iter().map(stop).collect()
        }
        None => first_instance(facts, finding).into_iter().collect(),
    };
    if let Some(entered) = entered
        && stops.first().is_none_or(|first| first.instance != entered.instance)
    {
        stops.insert(0, entered);
    }
    stops.dedup_by_key(|stop| stop.instance);
    stops
}

/// The chains of calls behind findings.
fn chains(facts: &Facts<'_>, entry_point: usize) -> Vec<(Vec<Site>, Site)> {
    let outcome = &facts.outcomes[entry_point];
    let guard = outcome.guard.iter().map(|it| (it.stack.clone(), it.trap));
    let exit = outcome.exit.iter().map(|it| (it.stack.clone(), it.site));
    let wrapped = facts.wrapped.iter().filter(|it| it.entry_point == entry_point);
    let wrapped = wrapped.map(|it| (Vec::new(), it.call));
    let begun =
        outcome.command.map(|(instance, func)| (Vec::new(), Site { instance, func, op: 0 }));
    guard.chain(exit).chain(wrapped).chain(begun).collect()
}

/// The first instance of a finding's module.
fn first_instance(facts: &Facts<'_>, finding: &Finding) -> Option<Stop> {
    let module = finding.location.step(ItemKind::CoreModule)?.index;
    let func = FuncIdx::new(finding.location.step(ItemKind::Func)?.index);
    let mut instances = facts.world.core_instances.iter();
    let (instance, _) = instances.find(|(_, instance)| instance.module.raw() == module)?;
    Some(Stop { instance, func })
}
