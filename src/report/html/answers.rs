//! Whether a component survives its second call: the answer for each host.

use std::io::{self, Write};

use super::markup::{code, name, prose, sentence};
use crate::profile::Profile;
use crate::report::answer::{Answer, Outlook};
use crate::report::document::{Artifact, Document};
use crate::report::wording;
use crate::verdict::Severity;

/// All outlooks, the worst first.
pub(super) const OUTLOOKS: [Outlook; 6] = [
    Outlook::Fails,
    Outlook::Affected,
    Outlook::MayFail,
    Outlook::Unknown,
    Outlook::NothingFailed,
    Outlook::NotCalled,
];

/// The class of an outlook, and its words.
pub(super) fn words(outlook: Outlook) -> (&'static str, &'static str) {
    match outlook {
        Outlook::Fails => ("fails", "fails"),
        Outlook::Affected => ("affected", "affected"),
        Outlook::MayFail => ("may-fail", "may fail"),
        Outlook::Unknown => ("unknown", "unknown"),
        Outlook::NothingFailed => ("nothing-failed", "nothing failed"),
        Outlook::NotCalled => ("not-called", "not called"),
    }
}

/// An outlook as a badge, with a mark that stands for the colour too.
pub(super) fn badge(outlook: Outlook) -> String {
    let (class, words) = words(outlook);
    format!("<span class=\"badge {class}\">{words}</span>")
}

/// The first section of a page about one component.
pub(super) fn section(
    document: &Document,
    artifact: &Artifact,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "<section class=\"first\" aria-labelledby=\"survival\">")?;
    writeln!(out, "<h2 id=\"survival\">Will it survive its second call?</h2>")?;
    table(document, artifact, out)?;
    hint(document, out)?;
    writeln!(out, "</section>")
}

/// Says that nothing is known of the reader's host, if none was named and something was found.
pub(super) fn hint(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let is_for_spec = |it: &&Artifact| {
        !it.answers.is_empty() && it.answers.iter().all(|answer| answer.host == Profile::SPEC)
    };
    let mut judged = document.artifacts.iter().filter(is_for_spec);
    match judged.any(|it| document.problems(it).any(|it| it.severity > Severity::Note)) {
        true => writeln!(out, "<p class=\"soft\">{}</p>", sentence(HINT)),
        false => Ok(()),
    }
}

const HINT: &str =
    "judged for `spec`, which is no host: name yours with `--host` (`secondcall hosts` lists them)";

/// The answers as a table.
pub(super) fn table(
    document: &Document,
    artifact: &Artifact,
    out: &mut dyn Write,
) -> io::Result<()> {
    if artifact.answers.is_empty() {
        let hosts: Vec<_> = match artifact.hosts.as_slice() {
            [] => document.head.run.hosts.iter().map(|it| code(it)).collect(),
            hosts => hosts.iter().map(|it| code(&it.id)).collect(),
        };
        return writeln!(out, "<p>This report has no answer for {}.</p>", hosts.join(", "));
    }
    let mut answers: Vec<&Answer> = artifact.answers.iter().collect();
    answers.sort_by_key(|it| it.outlook);
    writeln!(out, "<table class=\"answers\">\n<thead><tr><th scope=\"col\">Host</th>")?;
    writeln!(
        out,
        "<th scope=\"col\">Answer</th><th scope=\"col\">What happens there</th></tr></thead>\n<tbody>"
    )?;
    for answer in answers {
        let title = Profile::by_id(&answer.host).map(|it| it.title.as_str()).unwrap_or_default();
        write!(out, "<tr><th scope=\"row\">{}", code(&answer.host))?;
        write!(out, "<span class=\"soft\">{}</span></th>", prose(title))?;
        write!(out, "<td>{}</td><td>{}", badge(answer.outlook), sentence(&answer.text))?;
        if !answer.limits.is_empty() {
            write!(out, "<span class=\"soft\">{}</span>", sentence(&answer.limits))?;
        }
        writeln!(out, "</td></tr>")?;
    }
    writeln!(out, "</tbody></table>")
}

/// The answers in a few words: each outlook with its hosts.
pub(super) fn brief(artifact: &Artifact) -> String {
    let with = |outlook: &Outlook| {
        let hosts = artifact.answers.iter().filter(|it| it.outlook == *outlook);
        let hosts: Vec<_> = hosts.map(|it| it.host.as_str()).collect();
        let words = wording::listed(&hosts, NAMED);
        let hosts = format!("<span class=\"hosts\">{}</span>", name(&words));
        (!words.is_empty())
            .then(|| format!("<span class=\"answer\">{} {hosts}</span>", badge(*outlook)))
    };
    OUTLOOKS.iter().filter_map(with).collect::<Vec<_>>().join(" ")
}

/// Hosts that are named beside a badge.
const NAMED: usize = 3;
