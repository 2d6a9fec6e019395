//! Code flows, from the call that succeeds to the one that fails, and stacks, from the host to the place.

use crate::finding::{Moment, Timeline};
use crate::report::document::{Artifact, Finding, FindingPlace};
use crate::report::sarif::log::{
    CodeFlow, Frame, Location, LogicalLocation, Stack, Text, ThreadFlow, ThreadFlowLocation,
};
use crate::report::sarif::places::{self, Files};
use crate::report::sarif::profile::Profile;

/// The labels in the order of their calls; `None` for a finding with fewer than two.
pub(super) fn of(
    finding: &Finding,
    artifact: &Artifact,
    files: &Files,
    profile: Profile,
) -> Option<CodeFlow> {
    let mut labels: Vec<_> = finding.labels().collect();
    labels.sort_by_key(|label| call(label));
    let step = |(label, number): (&FindingPlace, usize)| ThreadFlowLocation {
        location: Location {
            physical_location: Some(files.step(artifact, &label.place, profile)),
            logical_locations: vec![places::named(&label.place)],
            message: label.text.as_deref().map(Text::sentence),
            ..Location::default()
        },
        execution_order: number,
    };
    let locations: Vec<_> = labels.into_iter().zip(1..).map(step).collect();
    (locations.len() > 1)
        .then(|| CodeFlow { thread_flows: vec![ThreadFlow { message: None, locations }] })
}

/// Calls that overlap, each as a thread of its own; the order of execution is theirs together.
pub(super) fn of_overlap(
    finding: &Finding,
    artifact: &Artifact,
    files: &Files,
    profile: Profile,
) -> Option<CodeFlow> {
    let timeline = finding.timeline.as_ref()?;
    let place = finding.place()?;
    let thread = |(call, name): (usize, &String)| {
        let of_call = (1..).zip(&timeline.moments).filter(|(_, moment)| moment.call == call);
        let step = |(number, moment): (usize, &Moment)| ThreadFlowLocation {
            location: Location {
                physical_location: Some(files.step(artifact, place, profile)),
                logical_locations: vec![places::named(place)],
                message: Some(Text::sentence(&format!(
                    "call {} {}",
                    Timeline::name(call),
                    moment.text
                ))),
                ..Location::default()
            },
            execution_order: number,
        };
        let message = Text::plain(format!("{} = {name}", Timeline::name(call)));
        ThreadFlow { message: Some(message), locations: of_call.map(step).collect() }
    };
    let threads: Vec<_> = timeline.calls.iter().enumerate().map(thread).collect();
    // Each thread flow needs a step (SARIF 2.1.0, 3.37.6).
    let is_whole = threads.iter().all(|thread| !thread.locations.is_empty());
    is_whole.then_some(CodeFlow { thread_flows: threads })
}

/// The call that a label names first: `1st call`, `call 10`; 0 if none.
fn call(label: &FindingPlace) -> u32 {
    let mut words = label.text.as_deref().unwrap_or_default().split([' ', ':']);
    let number = match (words.next(), words.next()) {
        (Some("call"), Some(number)) => number,
        (Some(number), Some("call")) => number.trim_end_matches(char::is_alphabetic),
        _ => "",
    };
    number.parse().unwrap_or_default()
}

/// The call path from the host to the place; innermost first, as stacks are.
pub(super) fn stack(finding: &Finding) -> Option<Stack> {
    let frame = |words: &String| Frame {
        location: Location {
            logical_locations: vec![LogicalLocation {
                name: None,
                fully_qualified_name: words.clone(),
                kind: Some("function"),
            }],
            message: Some(Text::plain(words)),
            ..Location::default()
        },
    };
    let frames: Vec<_> = finding.call_path.iter().rev().map(frame).collect();
    let message = Text::plain("The road from the host's call to the place.");
    (!frames.is_empty()).then_some(Stack { message, frames })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::Location;
    use crate::report::document::Sources;
    use crate::report::document::{Place, Role};

    #[test]
    fn the_call_that_a_label_speaks_of() {
        let label = |text: &str| FindingPlace {
            role: Role::Related,
            text: Some(text.to_owned()),
            place: Place::of(&Location::default(), &Sources::new()),
        };
        let of = |text| call(&label(text));
        assert_eq!(of("1st call sets it; nothing clears it"), 1);
        assert_eq!(of("2nd call: reads what the 1st left"), 2);
        assert_eq!(of("call 10 ends here"), 10);
        assert_eq!(of("every call: runs the constructors again"), 0);
        assert_eq!(of(""), 0);
    }
}
