//! Why a call failed and where, as `schemas/explain-v1.json` has it.

use serde::Serialize;

use super::known::Failure;
use super::places::{Place, Places};
use super::trace::Trace;

/// Why a call failed.
#[derive(Serialize)]
pub(super) struct Explanation {
    /// The causes, the most telling first.
    pub(super) causes: Vec<&'static Failure>,
    /// The frames of the guest's backtrace, innermost first.
    pub(super) frames: Vec<FrameItem>,
    /// The findings at the place of the failure.
    pub(super) findings: Vec<FindingItem>,
    /// The component whose functions the frames name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) component: Option<String>,
    #[serde(skip)]
    pub(super) places: Places,
    #[serde(skip)]
    pub(super) backtraces: usize,
}

/// A frame of a guest's backtrace.
#[derive(Serialize)]
pub(super) struct FrameItem {
    #[serde(skip_serializing_if = "Option::is_none")]
    module: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    core_module: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The byte of the component's file.
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// Whether it only ends the guest: a panic, an abort.
    ends_guest: bool,
}

/// A finding at the place of the failure.
#[derive(Serialize)]
pub(super) struct FindingItem {
    pub(super) id: String,
    pub(super) rule: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) export: Option<String>,
    pub(super) message: String,
    #[serde(skip)]
    pub(super) help: String,
}

impl Explanation {
    pub(super) fn of(
        causes: Vec<&'static Failure>,
        places: Places,
        trace: &Trace,
        component: Option<String>,
    ) -> Explanation {
        let frames = places.frames.iter().enumerate();
        let frames = frames.map(|(number, it)| FrameItem {
            offset: places.offset(it).or(it.printed_offset()),
            ..FrameItem::of(it, number < places.below_panic)
        });
        let findings = places.findings.iter().map(|judged| FindingItem {
            id: judged.id.clone(),
            rule: judged.finding.rule.id,
            export: judged.finding.export.as_ref().map(ToString::to_string),
            message: judged.finding.message.clone(),
            help: judged.finding.help.clone(),
        });
        Explanation {
            causes,
            frames: frames.collect(),
            findings: findings.collect(),
            component,
            backtraces: trace.backtraces,
            places,
        }
    }

    /// The function that panicked or aborted, if the backtrace shows how the guest gave up.
    pub(super) fn gave_up_in(&self) -> Option<&str> {
        let below = self.places.below_panic;
        self.frames.get(below).filter(|_| below > 0)?.name.as_deref()
    }
}

impl FrameItem {
    fn of(place: &Place, ends_guest: bool) -> FrameItem {
        let frame = &place.frame;
        let location = place.location.as_ref();
        let module = location.and_then(|it| it.path.first());
        FrameItem {
            module: frame.module.clone(),
            core_module: module.map(|step| step.index).or(frame.core_module),
            function: location.and_then(|it| Some(it.path.last()?.index)).or(frame.function),
            name: place.name(),
            offset: None,
            source: place.source(),
            ends_guest,
        }
    }
}
