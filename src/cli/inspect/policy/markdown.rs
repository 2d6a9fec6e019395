//! A policy as Markdown, to be pasted into a component's documentation. Text from files cannot add markup.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::Policy;
use crate::finding::Evidence;
use crate::report::markup::{code, prose, table};
use crate::report::wording;

/// Writes the policy.
///
/// # Errors
/// If `out` cannot be written to.
pub(crate) fn write(policy: &Policy, out: &mut dyn Write) -> io::Result<()> {
    let Policy { name, sha256, tool, run, stubs, exports, .. } = policy;
    writeln!(out, "## Calls of {} on one instance\n", code(name))?;
    let how = match run.static_only {
        true => "Nothing was executed.".to_owned(),
        false => format!("Exports were called {} times each, with seed `{}`.", run.calls, run.seed),
    };
    let (tool, version) = (&tool.name, &tool.version);
    writeln!(
        out,
        "As {tool} {version} found for the component with the SHA-256 `{sha256}`. {how}"
    )?;
    if !stubs.is_empty() {
        writeln!(out, "\n{}.", prose(&wording::interfaces(stubs, 8)))?;
    }
    let rows = exports.iter().map(|it| {
        let evidence = it.calls.evidence.map_or("", wording::evidence);
        let name = code(it.name.as_str());
        [name, prose(&it.calls.text), evidence.to_owned(), prose(&it.at_once.text)]
    });
    table(["export", "how often", "known by", "at the same time"], rows.collect(), out)?;
    let kept = exports.iter().flat_map(|export| {
        export.keeps.iter().map(|it| {
            let evidence = wording::evidence(it.evidence).to_owned();
            [code(export.name.as_str()), prose(&it.text), evidence]
        })
    });
    let kept: Vec<_> = kept.collect();
    match kept.is_empty() {
        true => writeln!(out, "\nNothing was found that stays after a call.")?,
        false => table(["export", "what stays after a call", "known by"], kept, out)?,
    }
    let calls = exports.iter().filter_map(|it| it.calls.evidence);
    let keeps = exports.iter().flat_map(|it| &it.keeps).map(|it| it.evidence);
    let used: BTreeSet<_> = calls.chain(keeps).collect();
    let legend: Vec<_> = used
        .into_iter()
        .map(|it| format!("*{}*: {}", wording::evidence(it), meaning(it)))
        .collect();
    match legend.is_empty() {
        true => Ok(()),
        false => writeln!(out, "\n{}.", legend.join("; ")),
    }
}

/// What a word for evidence means.
fn meaning(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Observed => "it happened when the export was called",
        Evidence::Certain => "it follows from the code",
        Evidence::Possible => "the code can do it, and it may never matter",
    }
}
