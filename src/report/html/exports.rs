//! The exports of a component: what their calls did, and the verdict of each.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::calls;
use super::markup::{code, name, prose};
use crate::finding::Evidence;
use crate::inventory::ArtifactKind;
use crate::report::document::{Artifact, Document, Export};
use crate::report::text::table::{interface_of, is_uneventful};
use crate::report::wording::{self, counted};
use crate::rule::Hazard;
use crate::verdict::Verdict;

/// So many exports that nothing happened to are shown if there are no others, and beside others.
const ALONE: usize = 40;
const BESIDE: usize = 8;

/// The table of exports. If there are many that nothing happened to, those are folded.
pub(super) fn section(
    document: &Document,
    artifact: &Artifact,
    level: u8,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "<section class=\"exports\">\n<h{level}>Exports</h{level}>")?;
    if artifact.exports.is_empty() {
        let words = match artifact.kind {
            ArtifactKind::Component => "It exports no function that a host can call.",
            ArtifactKind::CoreModule => "A core module has no component-level export to call.",
        };
        return writeln!(out, "<p>{words}</p>\n</section>");
    }
    let fails_first: BTreeSet<_> = document
        .problems(artifact)
        .filter(|finding| finding.hazard == Some(Hazard::FailsFirst))
        .filter_map(|finding| finding.export.as_deref())
        .collect();
    let all: Vec<_> = artifact.exports.iter().collect();
    let (quiet, loud): (Vec<_>, Vec<_>) = all.iter().partition(|it| is_uneventful(&it.verdict));
    if loud.is_empty() && quiet.len() <= ALONE || quiet.len() <= BESIDE {
        table(&all, &fails_first, out)?;
    } else {
        if !loud.is_empty() {
            table(&loud, &fails_first, out)?;
        }
        let more = if loud.is_empty() { "export" } else { "more export" };
        let many = counted(quiet.len() as u64, more);
        let mut verdicts: BTreeMap<&str, usize> = BTreeMap::new();
        for export in &quiet {
            *verdicts.entry(wording::verdict(&export.verdict)).or_default() += 1;
        }
        let verdicts: Vec<_> = verdicts.iter().map(|(it, n)| format!("{n} {it}")).collect();
        let verdicts = verdicts.join(", ");
        writeln!(out, "<details><summary>{many}: {verdicts}</summary>")?;
        table(&quiet, &fails_first, out)?;
        writeln!(out, "</details>")?;
    }
    writeln!(out, "</section>")
}

fn table(exports: &[&Export], fails_first: &BTreeSet<&str>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<table class=\"calls\">\n<thead><tr>")?;
    for head in ["Export", "Each on a fresh instance", "On one instance", "Verdict"] {
        write!(out, "<th scope=\"col\">{head}</th>")?;
    }
    writeln!(out, "</tr></thead>")?;
    for group in exports.chunk_by(|one, other| interface_of(one) == interface_of(other)) {
        writeln!(out, "<tbody>")?;
        if let Some(interface) = group.first().and_then(|it| interface_of(it)) {
            writeln!(
                out,
                "<tr class=\"interface\"><th scope=\"rowgroup\" colspan=\"4\">{}</th></tr>",
                code(interface)
            )?;
        }
        for export in group {
            row(export, fails_first.contains(export.name.as_str()), out)?;
        }
        writeln!(out, "</tbody>")?;
    }
    writeln!(out, "</table>")
}

fn row(export: &Export, fails_first: bool, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "<tr><th scope=\"row\">{}", code(export.name.function()))?;
    if let Some(ty) = export.ty.as_deref().filter(|it| !it.is_empty()) {
        write!(out, "<span class=\"soft type\">{}</span>", name(ty))?;
    }
    write!(out, "</th><td>{}</td><td>", calls::fresh(export))?;
    calls::strip(export, fails_first, out)?;
    let is_doubtful = export.evidence == Some(Evidence::Possible);
    let class = match &export.verdict {
        Verdict::SingleShot | Verdict::BreaksAfter(_) if is_doubtful => "doubt",
        Verdict::SingleShot | Verdict::BreaksAfter(_) => "bad",
        Verdict::Stateful => "doubt",
        Verdict::ReusableObserved(_) | Verdict::StatelessProven => "good",
        Verdict::Unknown => "mute",
    };
    write!(
        out,
        "</td><td><b class=\"{class}\">{}{}</b>",
        meaning(&export.verdict),
        if is_doubtful { "?" } else { "" }
    )?;
    // Two words say by themselves how they are known.
    let says = matches!(export.verdict, Verdict::ReusableObserved(_) | Verdict::StatelessProven);
    let evidence = export.evidence.filter(|_| !says);
    let evidence = evidence.map(|it| format!(", {}", wording::evidence(it)));
    let word = wording::verdict(&export.verdict);
    write!(out, "<span class=\"soft\">{word}{}</span>", evidence.unwrap_or_default())?;
    if let Some(why) = export.obstacle.as_deref().filter(|_| export.verdict == Verdict::Unknown) {
        write!(out, "<span class=\"soft\">{}</span>", prose(why))?;
    }
    writeln!(out, "</td></tr>")
}

/// A verdict in words.
pub(super) fn meaning(verdict: &Verdict) -> String {
    match verdict {
        Verdict::SingleShot => "works at most once".to_owned(),
        Verdict::BreaksAfter(call) => format!("fails at call {call}"),
        Verdict::Stateful => "depends on earlier calls".to_owned(),
        Verdict::ReusableObserved(calls) => format!("{calls} calls like fresh ones"),
        Verdict::StatelessProven => "no earlier call matters".to_owned(),
        Verdict::Unknown => "nothing is known".to_owned(),
    }
}
