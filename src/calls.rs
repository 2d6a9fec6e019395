//! What a rule of calls reads, and the place of a finding about a call that failed: the offsets of the runtime's
//! backtrace, as locations in the component. Judges nothing.

use std::iter;

use crate::allocators;
use crate::component::Component;
use crate::finding::{Finding, Label};
use crate::location::{Location, Step};
use crate::observation::{Call, CallPath, End, Observation, ObservedExport};
use crate::panics;
use crate::rule::Rule;

/// What a rule of calls reads.
pub(crate) struct Calls<'a, 'c> {
    pub(crate) observation: &'a Observation,
    pub(crate) component: &'a Component<'c>,
    pub(crate) rule: &'static Rule,
}

impl Calls<'_, '_> {
    pub(crate) fn exports(&self) -> &[ObservedExport] {
        &self.observation.exports
    }

    /// A finding about calls of an export, without a message.
    pub(crate) fn finding(&self, export: &ObservedExport) -> Finding {
        Finding::observed(self.rule, &export.export, self.component.location())
    }

    /// A finding about a call of an export that failed, at the place where it ended, with a label there.
    pub(crate) fn failure(&self, export: &ObservedExport, call: &Call, label: &str) -> Finding {
        self.locate(&call.end, label, self.finding(export))
    }

    /// Moves a finding to the place where a call ended, with a label there.
    pub(crate) fn locate(&self, end: &End, label: &str, mut finding: Finding) -> Finding {
        let mut frames = self.frames(end).into_iter();
        finding.traps = matches!(end, End::Trapped(_));
        finding.location = frames.next().unwrap_or_default();
        finding.callers = frames.collect();
        if let Some(function) = finding.location.path.last() {
            finding.discriminator = function.name.clone().unwrap_or_default();
            finding = finding.labelled(label);
        }
        let path = finding.callers.iter().rev().chain([&finding.location]);
        let functions = path.filter(|location| !location.path.is_empty()).map(function);
        let functions: Vec<_> = functions.collect();
        finding.reached_by(functions)
    }

    /// Adds to a finding where calls ask for memory, outside of the allocator, with a label there. The finding keeps its
    /// place. Also returns the name of that function, if it has one.
    pub(crate) fn with_growth(
        &self,
        path: &CallPath,
        finding: Finding,
    ) -> (Finding, Option<String>) {
        let below = allocators::below_allocation;
        let (finding, asks) =
            self.with_path(path, finding, "each call asks for memory here", below);
        // Without names, it may be the allocator.
        (finding, asks.and_then(|step| Some(step.shown_name()?.into_owned())))
    }

    /// The same for handles, outside of the functions of a language's library that open or subscribe.
    pub(crate) fn with_handle(
        &self,
        path: &CallPath,
        finding: Finding,
    ) -> (Finding, Option<String>) {
        let below = allocators::below_opening;
        let text = "each call takes a handle here and keeps it";
        let (finding, asks) = self.with_path(path, finding, text, below);
        let name = |step: Step| match step.shown_name() {
            Some(name) => name.into_owned(),
            None => step.to_string(),
        };
        (finding, asks.map(name))
    }

    /// The same, with the function's step. `below` says how many frames, innermost first, do not say who asks.
    fn with_path(
        &self,
        path: &CallPath,
        mut finding: Finding,
        text: &str,
        below: fn(&[Location]) -> usize,
    ) -> (Finding, Option<Step>) {
        let frames = path.frames.iter().filter_map(|it| self.component.instruction_at(it.offset?));
        let mut frames: Vec<_> = frames.collect();
        frames.drain(..below(&frames));
        let Some(innermost) = frames.first() else { return (finding, None) };
        let text = text.to_owned();
        finding.labels.push(Label { location: innermost.clone(), text });
        let step = innermost.path.last().cloned();
        let functions: Vec<_> = frames.iter().rev().map(function).collect();
        finding.callers = frames;
        (finding.reached_by(functions), step)
    }

    /// Where a call trapped, innermost frame first: the trapping instruction, or the call by which the guest gave up (a
    /// panic, for example). The first is the component itself if its instruction is unknown. Empty without a trap.
    fn frames(&self, end: &End) -> Vec<Location> {
        let End::Trapped(trap) = end else { return Vec::new() };
        let component = self.component;
        let innermost = trap.frames.first().and_then(|frame| frame.offset).and_then(|offset| {
            let is_unreachable = trap.message == "unreachable";
            let unreachable = is_unreachable.then(|| component.unreachable_at(offset)).flatten();
            unreachable.or_else(|| component.instruction_at(offset))
        });
        let callers = trap.frames.iter().skip(1);
        let callers = callers.filter_map(|frame| component.instruction_at(frame.offset?));
        let mut frames: Vec<_> = iter::once(innermost.unwrap_or_default()).chain(callers).collect();
        frames.drain(..panics::below_panic(&frames));
        frames
    }
}

/// A function as a step of a call path.
fn function(location: &Location) -> String {
    let steps: Vec<_> = location.path.iter().map(ToString::to_string).collect();
    steps.join(" ")
}
