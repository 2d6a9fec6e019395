//! A run in numbers: how many findings each rule has, and how many exports each verdict.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::report::run::{Artifact, Run};
use crate::report::wording;

/// Writes a line for each rule that found something and for each verdict, with its number; the largest
/// number first.
pub(crate) fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let rules = run.artifacts.iter().flat_map(Artifact::findings);
    let rules = rules.map(|judged| judged.finding.rule.id);
    let exports = run.artifacts.iter().flat_map(|it| &it.result).flat_map(|it| &it.exports);
    let verdicts = exports.map(|export| wording::verdict(&export.verdict));
    for (number, word) in counted(rules).into_iter().chain(counted(verdicts)) {
        writeln!(out, "{number:>7}  {word}")?;
    }
    Ok(())
}

fn counted<'a>(words: impl Iterator<Item = &'a str>) -> Vec<(u64, &'a str)> {
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_insert(0u64) += 1;
    }
    let mut counted: Vec<_> = counts.into_iter().map(|(word, number)| (number, word)).collect();
    counted.sort_by_key(|(number, word)| (std::cmp::Reverse(*number), *word));
    counted
}
