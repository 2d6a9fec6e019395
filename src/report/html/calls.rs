//! What the calls of an export did, as a strip of boxes.

use std::io::{self, Write};

use super::markup::verbatim;
use crate::report::document::{Call, Export, FreshCalls, Outcome};
use crate::report::style::Style;
use crate::report::text::block::outcome_words;
use crate::report::text::marks::marks;
use crate::verdict::Verdict;

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
    let alike = export.calls.iter().all(|it| it.outcome == Outcome::Ok);
    let note = match export.verdict {
        _ if again == "(FAIL)" => "a second call fails, as the code shows",
        Verdict::SingleShot | Verdict::BreaksAfter(_) | Verdict::Stateful if alike => {
            "other calls differ: see the finding"
        }
        _ => return Ok(()),
    };
    write!(out, "<span class=\"soft\">{note}</span>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn drawn(verdict: &str, outcomes: &[serde_json::Value]) -> String {
        let calls = (1..).zip(outcomes).map(|(call, outcome)| {
            let mut call = json!({ "call": call });
            call.as_object_mut().unwrap().extend(outcome.as_object().unwrap().clone());
            call
        });
        let calls: Vec<_> = calls.collect();
        let export =
            json!({ "name": "tick", "verdict": verdict, "evidence": "observed", "calls": calls });
        let mut out = Vec::new();
        strip(&serde_json::from_value(export).unwrap(), false, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn calls_that_did_the_same_share_a_box() {
        let (ok, trap) = (json!({"outcome": "ok"}), json!({"outcome": "trap", "trap": "<b>"}));
        let strip = drawn("single_shot", &[ok.clone(), ok.clone(), trap]);
        let boxes = "<li class=\"good\"><span>1–2</span> ok</li><li class=\"bad\"><span>3</span> trap (&lt;b&gt;)</li>";
        assert_eq!(strip, format!("<ol class=\"strip\">{boxes}</ol>"));
        let exit = json!({"outcome": "exit", "status": 0});
        let strip = drawn("single_shot", &[exit]);
        assert!(strip.contains("<li class=\"mute\"><span>1</span> exit (0)</li>"), "{strip}");
    }

    #[test]
    fn a_verdict_that_these_calls_do_not_show_is_explained() {
        let ok = json!({"outcome": "ok"});
        assert!(drawn("stateful", &[ok.clone(), ok.clone()]).ends_with("see the finding</span>"));
        assert!(drawn("unknown", &[ok.clone(), ok]).ends_with("</ol>"));
    }

    #[test]
    fn a_long_strip_ends() {
        let outcomes: Vec<_> = (0..200)
            .map(|it| json!({"outcome": if it % 2 == 0 { "ok" } else { "differs" }}))
            .collect();
        assert!(drawn("stateful", &outcomes).contains("188 more"));
    }
}
