//! What the calls of an export did, as a strip of boxes.

use std::io::{self, Write};

use super::markup::verbatim;
use crate::report::document::{Call, Export, FreshCalls, Outcome};
use crate::report::style::Style;
use crate::report::text::block::outcome_words;
use crate::report::text::marks::marks;

/// Boxes of a strip. Calls beyond are counted.
const MOST: usize = 12;

/// How calls on instances of their own ended.
pub(super) fn fresh(export: &Export) -> String {
    match export.fresh {
        Some(FreshCalls { calls, succeeded }) if calls > 0 => format!("{succeeded} of {calls} ok"),
        _ => "–".to_owned(),
    }
}

/// Consecutive calls that did the same share a box. What only follows from the code is in words.
pub(super) fn strip(export: &Export, fails_first: bool, out: &mut dyn Write) -> io::Result<()> {
    let (first, again) = marks(export, fails_first, Style::PLAIN);
    if export.calls.is_empty() {
        return match (first.as_str(), again.as_str()) {
            ("-", "-") => write!(out, "–"),
            _ => write!(
                out,
                "<span class=\"inferred\">first call {}, then {}</span>",
                verbatim(&first),
                verbatim(&again)
            ),
        };
    }
    write!(out, "<ol class=\"strip\">")?;
    let mut runs = export.calls.chunk_by(|one, other| one.outcome == other.outcome);
    for run in runs.by_ref().take(MOST) {
        let [Call { call: begin, outcome }, ..] = run else { continue };
        let end = run.last().map_or(*begin, |it| it.call);
        let numbers = if *begin == end { begin.to_string() } else { format!("{begin}–{end}") };
        let class = match outcome {
            Outcome::Ok => "good",
            Outcome::Differs | Outcome::HeldBack | Outcome::Exhausted => "doubt",
            Outcome::Exit { status: 0 } if *begin == 1 => "mute",
            Outcome::Trap { .. } | Outcome::Unanswered | Outcome::Exit { .. } => "bad",
        };
        let words = verbatim(&outcome_words(outcome, *begin == end));
        write!(out, "<li class=\"{class}\"><span>{numbers}</span> {words}</li>")?;
    }
    let more: usize = runs.map(<[Call]>::len).sum();
    if more > 0 {
        write!(out, "<li class=\"mute\">{more} more</li>")?;
    }
    write!(out, "</ol>")?;
    if again == "(FAIL)" {
        write!(out, "<span class=\"inferred\">a second call fails, as the code shows</span>")?;
    }
    Ok(())
}
