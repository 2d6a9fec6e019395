//! A finding in full: what happens, the code, how it is known, which hosts it concerns, what to do.

use std::collections::BTreeSet;
use std::io::{self, Write};

use crate::finding::Evidence;
use crate::location::is_library;
use crate::report::document::{Artifact, Call, Finding, Outcome, Role};
use crate::report::text::detail;
use crate::report::text::excerpt::Excerpts;
use crate::report::text::header::LISTED;
use crate::report::text::view::{Detail, View};
use crate::report::wording;

/// How many source lines of a call path are shown.
const FRAMES: usize = 4;

/// Writes findings, and what is the same for several of them only once.
pub(super) struct Blocks<'a> {
    pub(super) view: View,
    /// The rules, each with help and hosts, of the findings before.
    pub(super) written: BTreeSet<(&'a str, &'a str, &'a [String])>,
    /// The commands that cure the findings before.
    pub(super) fixes: BTreeSet<&'a str>,
}

impl<'a> Blocks<'a> {
    pub(super) fn write(
        &mut self,
        artifact: &'a Artifact,
        finding: &'a Finding,
        excerpts: &mut Excerpts<'a>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let style = self.view.style;
        let level = format!("{}[{}]", wording::severity(finding.severity), finding.rule);
        writeln!(out)?;
        let rule = Some(finding.rule.as_str());
        detail::headline(&level, (finding.severity, rule), &finding.message, style, out)?;
        let unshown = excerpts.write(finding, style, out)?;
        for place in unshown {
            detail::write("place", &place, style, out)?;
        }
        // A text's own lines were quoted.
        let is_quoted = excerpts.quote_text();
        if let Some(source) = source(finding).filter(|_| !is_quoted) {
            detail::write("source", &source, style, out)?;
        }
        if !finding.call_path.is_empty() {
            let path = std::iter::once("host").chain(finding.call_path.iter().map(String::as_str));
            let path = path.collect::<Vec<_>>().join(style.marks().arrow);
            detail::write("call path", &path, style, out)?;
        }
        if let Some(cause) = &finding.cause {
            detail::write("because", &cause.sentence, style, out)?;
            let reset = cause.reset.filter(|_| self.view.detail == Detail::Verbose);
            if let Some(words) = reset.map(wording::reset).filter(|words| !words.is_empty()) {
                detail::write("to reset", &format!("{words} before each call"), style, out)?;
            }
        }
        for component in &finding.components {
            detail::write("component", &component.words(), style, out)?;
        }
        if let Some(timeline) = &finding.timeline {
            detail::timeline(timeline, style, out)?;
        }
        detail::write("evidence", &evidence(artifact, finding), style, out)?;
        if !finding.reason.is_empty() {
            let reason = format!("{}: {}", wording::severity(finding.severity), finding.reason);
            detail::write("severity", &reason, style, out)?;
        }
        let is_new = self.written.insert((&finding.rule, &finding.help, &finding.hosts.fails));
        let tells_all = is_new || self.view.detail == Detail::Verbose;
        if tells_all {
            self.hosts(artifact, finding, out)?;
        }
        for (hosts, lost) in wording::by_words(&finding.hosts.traps) {
            detail::write("trap", &format!("{hosts}: ends {lost}"), style, out)?;
        }
        for (host, knob) in &finding.hosts.knobs {
            detail::write("set", &format!("{host}: {knob}"), style, out)?;
        }
        if tells_all {
            if !finding.help.is_empty() {
                detail::write("help", &finding.help, style, out)?;
            }
            if let Some(fix) = &finding.fix
                && (self.fixes.insert(&fix.command) || self.view.detail == Detail::Verbose)
            {
                let text = format!("fix available without a build: {}", fix.command);
                detail::write("", &text, style, out)?;
            }
            detail::write("more", &format!("secondcall explain {}", finding.rule), style, out)?;
        }
        detail::write("id", &finding.id, style, out)
    }

    /// The hosts under which it hurts and those under which it is harmless; the chosen ones first.
    fn hosts(&self, artifact: &Artifact, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
        let is_chosen = |id: &&String| artifact.answers.iter().any(|answer| answer.host == **id);
        let list = |ids: &[String]| {
            let (chosen, others): (Vec<_>, Vec<_>) = ids.iter().partition(is_chosen);
            let most = if self.view.detail == Detail::Verbose { ids.len() } else { LISTED };
            wording::listed(&[chosen, others].concat(), most)
        };
        let hosts = [("hurts", &finding.hosts.fails), ("harmless", &finding.hosts.harmless)];
        let hosts = hosts.iter().filter(|(_, ids)| !ids.is_empty());
        let hosts: Vec<_> = hosts.map(|(word, ids)| format!("{word}: {}", list(ids))).collect();
        match hosts.is_empty() {
            true => Ok(()),
            false => {
                let style = self.view.style;
                detail::write("hosts", &hosts.join(style.marks().separator), style, out)
            }
        }
    }
}

/// The source lines of the finding's place and of the calls that led there, without those of libraries before the
/// first of the user's.
pub(in crate::report) fn source(finding: &Finding) -> Option<String> {
    let places = finding.locations.iter().filter(|it| it.role != Role::Related);
    let known: Vec<_> = places.filter(|it| it.place.source.is_some()).collect();
    let of_user = known
        .iter()
        .position(|it| it.place.source.as_ref().is_some_and(|it| !is_library(&it.path)));
    let lines = known[of_user.unwrap_or(0)..].iter().filter_map(|it| {
        let source = it.place.source.as_ref()?;
        let function = it.place.name.as_ref().map(|name| format!(" in `{name}`"));
        Some(format!("{}:{}{}", source.path, source.line, function.unwrap_or_default()))
    });
    let lines: Vec<_> = lines.take(FRAMES).collect();
    (!lines.is_empty()).then(|| lines.join(", called from "))
}

/// How a finding is known.
pub(in crate::report) fn evidence(artifact: &Artifact, finding: &Finding) -> String {
    let words = match finding.evidence {
        Evidence::Possible if finding.refuted => {
            "refuted: it follows from the code, and calls returned"
        }
        Evidence::Possible if finding.calls.is_some() => {
            "possible: it happened with generated arguments or stubbed imports"
        }
        Evidence::Possible => "possible: on some path, or by a step that could not be followed",
        Evidence::Certain if finding.calls.is_some() => {
            "certain: it follows from the code, and it happened when the export was called"
        }
        Evidence::Certain => "certain: it follows from the code",
        Evidence::Observed => "observed: it happened when the export was called",
    };
    match finding.export.as_deref().and_then(|name| artifact.export(name)) {
        Some(export) if !export.calls.is_empty() => {
            format!("{words}; called: {}", calls(&export.calls).join(", "))
        }
        _ => words.to_owned(),
    }
}

/// What a call, or several, did.
pub(in crate::report) fn outcome_words(outcome: &Outcome, is_one: bool) -> String {
    match outcome {
        Outcome::Ok => "ok".to_owned(),
        Outcome::Differs => if is_one { "differs" } else { "differ" }.to_owned(),
        Outcome::Trap { trap } => format!("trap ({trap})"),
        Outcome::Exit { status } => format!("exit ({status})"),
        Outcome::Unanswered => "no answer".to_owned(),
        Outcome::HeldBack => "held back".to_owned(),
        Outcome::Exhausted => "out of budget".to_owned(),
    }
}

/// Consecutive calls with the same outcome share an item.
fn calls(all: &[Call]) -> Vec<String> {
    let rows = all.chunk_by(|one, other| one.outcome == other.outcome);
    rows.filter_map(|row| {
        let (Call { call: first, outcome }, Call { call: last, .. }) = (row.first()?, row.last()?);
        Some(match first == last {
            true => format!("call {first} {}", outcome_words(outcome, true)),
            false => format!("calls {first} to {last} {}", outcome_words(outcome, false)),
        })
    })
    .collect()
}
