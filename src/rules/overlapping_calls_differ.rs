#![doc = include_str!("../../rules/overlapping_calls_differ/rule.md")]

use crate::calls::Calls;
use crate::finding::{Finding, Findings, Moment, Timeline};
use crate::observation::overlap::{Disturbance, Schedule, ScheduledCall, Step};
use crate::observation::{End, ObservedExport, Text};

/// Characters of an answer in a timeline.
const MOST_SHOWN: usize = 24;

pub(super) fn check(calls: &Calls<'_, '_>, found: &mut Findings) {
    for export in calls.exports() {
        let schedule = export.overlapping.as_ref().and_then(|it| it.found.as_ref());
        let Some(schedule) = schedule else { continue };
        let Some(disturbance) = schedule.disturbance() else { continue };
        let what = match disturbance {
            Disturbance::Fails(call) => failure(&schedule.calls[call].end),
            Disturbance::Answers => answers(schedule),
            Disturbance::After(export) => after(schedule, export),
        };
        let most = match schedule.calls.len() {
            3 => "no more than two calls",
            _ => "one call",
        };
        let finding = match disturbance {
            Disturbance::Fails(call) => match &schedule.calls[call].end {
                end @ End::Trapped(_) => {
                    calls.locate(end, "a call ends here", calls.finding(export))
                }
                _ => calls.finding(export),
            },
            Disturbance::Answers | Disturbance::After(_) => calls.finding(export),
        };
        found.report(Finding {
            calls: Some(schedule.calls.len() as u32),
            message: format!("{} {what}", subject(export, schedule)),
            help: format!(
                "keep the data of one call in its task, not in globals; until then, let the host make {most} at a time \
                 on an instance"
            ),
            timeline: Some(timeline(schedule)),
            at_once: schedule.calls.iter().map(|it| it.export.clone()).collect(),
            ..finding
        });
    }
}

/// Which calls it is about.
fn subject(export: &ObservedExport, schedule: &Schedule) -> String {
    let name = &export.export;
    let others = schedule.calls.iter().map(|it| &it.export).find(|it| *it != name);
    match (others, schedule.calls.len()) {
        (Some(other), _) => {
            format!("concurrent calls of `{name}` and `{other}` on one instance")
        }
        (None, 3) => format!("three concurrent calls of `{name}` on one instance"),
        (None, _) => format!("two concurrent calls of `{name}` on one instance"),
    }
}

fn failure(end: &End) -> String {
    match end {
        End::Trapped(trap) => format!("trap ({})", trap.message),
        End::Exhausted(limit) => format!("reach their limit of {}", limit.name()),
        End::Exited(status) => format!("exit with status {status}"),
        End::HeldBack => "are never accepted".to_owned(),
        End::Unanswered | End::Returned => "get no answer".to_owned(),
    }
}

/// How one of the calls ended.
fn ending(call: &ScheduledCall) -> String {
    match &call.end {
        End::Returned if call.answer.bytes == 0 => "returns".to_owned(),
        End::Returned => {
            let shown: String = call.answer.shown.chars().take(MOST_SHOWN + 1).collect();
            match shown.char_indices().nth(MOST_SHOWN) {
                Some((end, _)) => format!("answers `{}…`", &shown[..end]),
                None => format!("answers `{shown}`"),
            }
        }
        End::Trapped(trap) => format!("traps ({})", trap.message),
        End::Exhausted(limit) => format!("reaches its limit of {}", limit.name()),
        End::Exited(status) => format!("exits with status {status}"),
        End::HeldBack => "is never accepted".to_owned(),
        End::Unanswered => "gets no answer".to_owned(),
    }
}

fn answers(schedule: &Schedule) -> String {
    let answers: Vec<_> = schedule.calls.iter().map(|it| it.answer.clone()).collect();
    format!("answer {}; in sequence they answer {}", list(&answers), list(&schedule.in_turn[0]))
}

fn after(schedule: &Schedule, export: usize) -> String {
    let after = &schedule.after[export].shown;
    let in_turn = &schedule.after_in_turn[0][export].shown;
    format!(
        "change the next call: it answers `{after}`; after calls in sequence it answers `{in_turn}`"
    )
}

fn list(texts: &[Text]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| format!("`{}`", text.shown)).collect();
    match texts.as_slice() {
        [first @ .., last] if first.len() > 1 => format!("{} and {last}", first.join(", ")),
        texts => texts.join(" and "),
    }
}

/// The course of the calls.
pub(crate) fn timeline(schedule: &Schedule) -> Timeline {
    let calls = schedule.calls.iter().map(|it| match it.arguments.as_str() {
        arguments if arguments.starts_with('(') => format!("{}{arguments}", it.export),
        arguments => format!("{}({arguments})", it.export),
    });
    let moments = schedule.steps.iter().map(|Step { call, what, at_once }| Moment {
        call: *call,
        text: match what.as_str() {
            "" => "begins".to_owned(),
            "request body" => "its request body arrives".to_owned(),
            function => format!("`{function}` is done"),
        },
        at_once: *at_once,
    });
    Timeline {
        schedule: schedule.id.clone(),
        calls: calls.collect(),
        moments: moments.collect(),
        ends: schedule.calls.iter().map(ending).collect(),
    }
}
