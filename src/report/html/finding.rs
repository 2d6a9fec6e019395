//! A finding: what happens, why, where in the code, how to repair it, and how it is known.

use std::io::{self, Write};

use super::markup::{self, code, prose, sentence, token, verbatim};
use super::{cause, code as excerpt};
use crate::report::document::{Artifact, Finding};
use crate::report::drawing::Within;
use crate::report::text::block;
use crate::report::text::excerpt::Excerpts;
use crate::report::timeline::svg::{self, Captioned};
use crate::report::wording;

/// Hosts that are named.
const HOSTS: usize = 12;

/// Writes a finding at the address `id`, below a heading of this level.
pub(super) fn write(
    (artifact, finding): (&Artifact, &Finding),
    id: &str,
    level: u8,
    excerpts: &mut Excerpts<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let severity = wording::severity(finding.severity);
    writeln!(
        out,
        "<div class=\"finding {severity}\" id=\"{id}\" role=\"group\" aria-labelledby=\"{id}-m\">"
    )?;
    let message = sentence(&finding.message);
    writeln!(
        out,
        "<h{level} id=\"{id}-m\"><span class=\"badge {severity}\">{severity}</span> {message}</h{level}>"
    )?;
    let rule = &finding.rule;
    writeln!(
        out,
        "<p class=\"soft\">found by <a href=\"#rule-{}\">{}</a>",
        token(rule),
        code(rule)
    )?;
    if let Some(source) = block::source(finding).filter(|_| !excerpts.quote_text()) {
        writeln!(out, "at {}", prose(&source))?;
    }
    writeln!(out, "</p>")?;
    let below = level + 1;
    if let Some(cause) = &finding.cause {
        writeln!(out, "<h{below}>Because</h{below}>")?;
        cause::write(cause, out)?;
    }
    excerpt::write(finding, excerpts, out)?;
    timeline(finding, below, out)?;
    repair(finding, below, out)?;
    details(artifact, finding, out)?;
    writeln!(out, "</div>")
}

/// What happens in which order, and how to repeat it.
fn timeline(finding: &Finding, level: u8, out: &mut dyn Write) -> io::Result<()> {
    let Some(timeline) = &finding.timeline else { return Ok(()) };
    writeln!(out, "<h{level}>Order of the calls</h{level}>")?;
    writeln!(
        out,
        "<div class=\"wide\" role=\"group\" tabindex=\"0\" aria-label=\"Order of the calls\">"
    )?;
    let sentence = finding.message.clone();
    svg::draw(&[Captioned { sentence, timeline: timeline.clone() }], Within::Page, out)?;
    writeln!(out, "</div>")?;
    let command = format!("secondcall exec FILE --schedule '{}'", timeline.schedule);
    writeln!(out, "<p class=\"soft\">To repeat it: {}</p>", code(&command))
}

fn repair(finding: &Finding, level: u8, out: &mut dyn Write) -> io::Result<()> {
    if finding.help.is_empty() && finding.fix.is_none() && finding.hosts.knobs.is_empty() {
        return Ok(());
    }
    writeln!(out, "<div class=\"repair\">\n<h{level}>How to repair it</h{level}>")?;
    if !finding.help.is_empty() {
        writeln!(out, "<p>{}</p>", sentence(&finding.help))?;
    }
    if let Some(fix) = &finding.fix {
        writeln!(
            out,
            "<p>Without a new build:</p>\n<pre tabindex=\"0\" role=\"group\" aria-label=\"Command\"><code>{}</code></pre>",
            verbatim(&fix.command)
        )?;
    }
    for (host, knob) in &finding.hosts.knobs {
        writeln!(out, "<p>Or on the host {}: {}</p>", code(host), code(knob))?;
    }
    writeln!(out, "</div>")
}

/// How it is known, where it hurts, and how it is referred to.
fn details(artifact: &Artifact, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let mut details: Vec<(&str, String)> = Vec::new();
    details.push(("Evidence", sentence(&block::evidence(artifact, finding))));
    if !finding.call_path.is_empty() {
        let path = std::iter::once("host").chain(finding.call_path.iter().map(String::as_str));
        let steps: Vec<_> = path.map(|it| format!("<li>{}</li>", prose(it))).collect();
        details.push(("Call path", format!("<ol class=\"way\">{}</ol>", steps.concat())));
    }
    for component in &finding.components {
        details.push(("Component", prose(&component.words())));
    }
    if !finding.reason.is_empty() {
        details.push(("Severity", prose(&finding.reason)));
    }
    let is_chosen = |id: &&String| artifact.answers.iter().any(|answer| answer.host == **id);
    for (key, ids) in [("Hurts on", &finding.hosts.fails), ("Harmless on", &finding.hosts.harmless)]
    {
        let (chosen, others): (Vec<_>, Vec<_>) = ids.iter().partition(is_chosen);
        let ids = [chosen, others].concat();
        if !ids.is_empty() {
            details.push((key, prose(&wording::listed(&ids, HOSTS))));
        }
    }
    for (hosts, lost) in wording::by_words(&finding.hosts.traps) {
        details.push(("A trap ends", prose(&format!("{lost} ({hosts})"))));
    }
    details.push(("Id", code(&finding.id)));
    markup::facts(&details, out)
}
