//! The frames of a trace in the component that printed it: functions, source lines, and the finding at the same place.

use crate::component::Component;
use crate::component::core_module::CoreModule;
use crate::component::index_space::Idx;
use crate::demangle::demangled;
use crate::location::{ItemKind, Location, SourceLine};
use crate::panics;
use crate::report::Judged;
use crate::sources;

use super::trace::{Frame, Offset, Trace};

/// The frames of a trace, in the component if it is known.
pub(super) struct Places {
    pub(super) frames: Vec<Place>,
    /// How many frames, innermost first, only end the guest: a panic, an abort.
    pub(super) below_panic: usize,
    /// The findings at the place of the innermost frame that is not part of a panic.
    pub(super) findings: Vec<Judged>,
    /// Whether the names that the trace has are others than those in the component.
    pub(super) is_other_build: bool,
    /// How much smaller an offset is in the file that was given than in the component: it may be a core module.
    shift: u64,
}

/// A frame in the component.
pub(super) struct Place {
    pub(super) frame: Frame,
    /// `None` if there is no component, or no function of it fits the frame.
    pub(super) location: Option<Location>,
    pub(super) line: Option<SourceLine>,
}

impl Places {
    /// The frames alone.
    pub(super) fn without_component(trace: &Trace) -> Places {
        let frames = trace.frames.iter().cloned();
        let frames: Vec<_> =
            frames.map(|frame| Place { frame, location: None, line: None }).collect();
        let below_panic = below_panic(&frames);
        Places { frames, below_panic, findings: Vec::new(), is_other_build: false, shift: 0 }
    }

    /// The frames in `component`, with the lines of `text`, its path and source if it is a `.wat`. `shift` is how much
    /// greater offsets are in it than in the core module it was made from, if it was; `findings` are those in it.
    pub(super) fn of(
        trace: &Trace,
        component: &Component<'_>,
        text: Option<(&str, &str)>,
        shift: Option<u64>,
        findings: Vec<Judged>,
    ) -> Places {
        let is_unreachable = trace.messages.iter().any(|line| line.contains("unreachable"));
        let mut frames = Vec::new();
        let mut foreign = 0;
        for (number, frame) in trace.frames.iter().enumerate() {
            let mut moved = frame.clone();
            // A runtime of core modules counts from the beginning of the module, which is the file.
            if let (Some(shift), Some(Offset::File(at) | Offset::Module(at))) =
                (shift, frame.offset)
            {
                moved.offset = at.checked_add(shift).map(Offset::File);
            }
            let location = located(&moved, component, is_unreachable && number == 0);
            // A frame of another component, or of another build, has no place here.
            let own = location.filter(|it| fits(frame, it));
            foreign += usize::from(own.is_none() && frame.offset.is_some());
            frames.push(Place { frame: frame.clone(), location: own, line: None });
        }
        let known = frames.iter().filter_map(|it| it.location.as_ref());
        let lines = match text {
            Some((path, text)) => sources::written(component, text, path, known),
            None => sources::recorded(component, known),
        };
        for place in &mut frames {
            place.line = place.location.as_ref().and_then(|it| lines.get(it)).cloned();
        }
        let with_offset = frames.iter().filter(|it| it.frame.offset.is_some()).count();
        let below_panic = below_panic(&frames);
        let findings = match frames.get(below_panic).and_then(|it| it.location.as_ref()) {
            Some(location) => at(location, findings),
            None => Vec::new(),
        };
        let is_other_build = foreign * 2 > with_offset;
        let shift = shift.unwrap_or_default();
        Places { frames, below_panic, findings, is_other_build, shift }
    }

    /// The byte of a frame's instruction in the file that was given.
    pub(super) fn offset(&self, place: &Place) -> Option<u64> {
        place.location.as_ref().map(|it| it.span.start.saturating_sub(self.shift))
    }
}

impl Place {
    /// The source line, by the component's debug information or as it was printed.
    pub(super) fn source(&self) -> Option<String> {
        let line = self.line.as_ref().map(|it| format!("{}:{}", it.path, it.line));
        line.or_else(|| self.frame.source.clone())
    }

    /// The function's name as it is shown: that in the component, or else in the trace.
    pub(super) fn name(&self) -> Option<String> {
        let own = self.location.as_ref().and_then(|it| it.path.last()?.shown_name());
        let own = own.map(|name| name.into_owned());
        own.or_else(|| self.frame.name.as_deref().map(|name| demangled(name).into_owned()))
    }

    /// The byte of the file that the trace has.
    pub(super) fn printed_offset(&self) -> Option<u64> {
        match self.frame.offset {
            Some(Offset::File(offset)) => Some(offset),
            _ => None,
        }
    }
}

/// Whether module and function at `location` have the names that the trace has for `frame`, where both are known.
fn fits(frame: &Frame, location: &Location) -> bool {
    let module = location.step(ItemKind::CoreModule).and_then(|step| step.name.as_deref());
    if module.zip(frame.module.as_deref()).is_some_and(|(own, printed)| own != printed) {
        return false;
    }
    let own = location.path.last().and_then(|step| step.name.as_deref());
    let (Some(own), Some(printed)) = (own, frame.name.as_deref()) else { return true };
    // Engines decode short names as C++ types: `a` is `signed char`.
    if own.len() <= 2 {
        return true;
    }
    // They leave out parameters, or add the hash of a Rust symbol.
    let (own, printed) = (demangled(own), demangled(printed));
    let start = |name: &str| name.split('(').next().unwrap_or_default().to_owned();
    let (own, printed) = (start(&own), start(&printed));
    own.starts_with(&printed) || printed.starts_with(&own)
}

/// The instruction of a frame; with `is_unreachable`, the `unreachable` that it leads to.
fn located(frame: &Frame, component: &Component<'_>, is_unreachable: bool) -> Option<Location> {
    let at = |offset: u64| {
        let unreachable = is_unreachable.then(|| component.unreachable_at(offset)).flatten();
        let location = unreachable.or_else(|| component.instruction_at(offset))?;
        let function = location.path.last()?.index;
        frame.function.is_none_or(|printed| printed == function).then_some(location)
    };
    let of_module = |module: &CoreModule<'_>, offset| {
        let offset = module.span.start.checked_add(offset)?;
        (offset < module.span.end).then(|| at(offset)).flatten()
    };
    match frame.offset? {
        Offset::File(offset) => at(offset),
        Offset::Module(offset) => {
            let modules = component.core_modules.iter().filter(|(id, module)| {
                let is_named = |name: &String| module.name.is_none_or(|own| own == name);
                frame.core_module.is_none_or(|number| number == id.raw())
                    && frame.module.as_ref().is_none_or(is_named)
            });
            let mut found: Vec<_> =
                modules.filter_map(|(_, module)| of_module(module, offset)).collect();
            // A function of the same number and length in two modules is no place.
            (found.len() == 1).then(|| found.pop()).flatten()
        }
    }
}

/// The number of frames that end the guest.
fn below_panic(frames: &[Place]) -> usize {
    let location = |place: &Place| {
        let name = place.frame.name.clone();
        let step = crate::location::Step { kind: ItemKind::Func, index: 0, name };
        let printed = Location { path: vec![step], ..Location::default() };
        place.location.clone().unwrap_or(printed)
    };
    panics::below_panic(&frames.iter().map(location).collect::<Vec<_>>())
}

/// The findings that explain a failure at `location`: the same instruction is marked.
fn at(location: &Location, findings: Vec<Judged>) -> Vec<Judged> {
    let marks = |judged: &Judged| {
        let finding = &judged.finding;
        let labels = finding.labels.iter().map(|label| &label.location);
        labels.chain([&finding.location]).any(|it| it.span == location.span)
    };
    let mut found = findings;
    found.retain(marks);
    found
}
