//! A baseline: the findings that a project had when it was written. It is JSON with one entry a line, so that a diff of it
//! can be read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::config::accept::is_id;
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::text::{TextFile, TextSpan};
use crate::finding::Kind;
use crate::location::file_name;
use crate::report::Judged;
use crate::report::acceptance::needs_calls;
use crate::report::matching::{Matching, alone, always};
use crate::report::run::{Artifact, Run};

/// The name of the format, which is checked together with the version.
const FORMAT: &str = "secondcall-baseline";
const VERSION: u32 = 1;

/// A finding in a baseline.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// The artifact's path, relative, with `/`. Its last part decides.
    pub artifact: String,
    /// The rule.
    pub rule: String,
    /// The export without version; empty for the whole component.
    pub export: String,
    /// Distinguishes findings of one rule and export: a function's name, or a digest.
    pub discriminator: String,
    /// The finding's id.
    pub id: String,
}

/// A baseline as it was read.
#[derive(Debug)]
pub struct Baseline {
    /// Its entries, and their places in the file.
    pub entries: Vec<(Entry, TextSpan)>,
}

/// A baseline compared with a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// The findings in the baseline (index of the artifact, and of the finding in it), each with the index of its entry.
    pub known: BTreeMap<(usize, usize), usize>,
    /// Indices of entries whose finding is gone.
    pub gone: Vec<usize>,
    /// Indices of entries that this run could not check: it did not examine their artifact, or did not execute it.
    pub unseen: Vec<usize>,
}

#[derive(Deserialize)]
struct Document<'a> {
    format: String,
    version: u32,
    #[serde(borrow)]
    findings: Vec<&'a RawValue>,
}

/// The text of a baseline with these entries.
pub fn text(entries: &[Entry]) -> String {
    let mut entries = entries.to_vec();
    entries.sort();
    let lines = entries.iter().map(|entry| {
        let entry = serde_json::to_string(entry).expect("strings can be written as JSON");
        format!("\n    {entry}")
    });
    let lines = lines.collect::<Vec<_>>().join(",");
    let end = if entries.is_empty() { "" } else { "\n  " };
    format!(
        "{{\n  \"format\": \"{FORMAT}\",\n  \"version\": {VERSION},\n  \"findings\": [{lines}{end}]\n}}\n"
    )
}

/// The findings of a run, as entries.
pub fn of(run: &Run) -> Vec<Entry> {
    found(run).into_iter().map(|(_, _, entry)| entry).collect()
}

fn entry(artifact: &Artifact, judged: &Judged) -> Entry {
    let finding = &judged.finding;
    Entry {
        artifact: artifact.path.clone(),
        rule: finding.rule.id.to_owned(),
        export: finding.export.as_ref().map(|it| it.unversioned()).unwrap_or_default(),
        discriminator: finding.discriminator.clone(),
        id: judged.id.clone(),
    }
}

impl Baseline {
    /// Reads a baseline. `path` is its name in diagnostics.
    ///
    /// # Errors
    /// If it is not a baseline, with the place.
    pub fn read(path: &str, text: &str) -> Result<Baseline, Box<Diagnostic>> {
        let file = TextFile::new(path, text);
        let refuse = |at: usize, message: String| {
            let help = "`secondcall baseline write` writes one".to_owned();
            Box::new(Diagnostic { code: Code::Syntax, span: file.span(at..at), message, help })
        };
        let document: Document<'_> = serde_json::from_str(text)
            .map_err(|error| refuse(offset(text, &error), words(&error)))?;
        if (document.format.as_str(), document.version) != (FORMAT, VERSION) {
            let message = format!("this is no {FORMAT} of version {VERSION}");
            return Err(refuse(0, message));
        }
        let mut entries = Vec::new();
        for raw in document.findings {
            // A raw value borrows from the text.
            let start = raw.get().as_ptr() as usize - text.as_ptr() as usize;
            let entry =
                serde_json::from_str(raw.get()).map_err(|error| refuse(start, words(&error)))?;
            entries.push((entry, file.span(start..start + raw.get().len())));
        }
        Ok(Baseline { entries })
    }

    /// Compares it with a run; `executed` says whether all exports of an artifact were called. An entry matches one
    /// finding: with its id in the same file, else in a file of the same name, else with the same rule, export and
    /// discriminator, else the only one of its rule and export. Digests distinguish findings less well than names do:
    /// any change of the function changes them, and so may another version of this program. So where all that is left
    /// of one rule and export has digests, as many entries match as there are findings; with more findings than entries,
    /// which one is new is unknown, and none matches.
    pub fn compare(&self, run: &Run, executed: impl Fn(usize) -> bool) -> Comparison {
        let entries = self.entries.iter().map(|(entry, _)| entry.clone()).enumerate();
        let findings = found(run).into_iter().map(|(id, number, it)| ((id, number), it));
        let mut matching = Matching::new(entries.collect(), findings.collect());
        let name = |it: &Entry| file_name(&it.artifact).to_owned();
        matching.pair(always, |it| [it.artifact.clone(), it.id.clone()].to_vec());
        matching.pair(always, |it| [name(it), it.id.clone()].to_vec());
        matching.pair(always, |it| {
            [name(it), it.rule.clone(), it.export.clone(), it.discriminator.clone()].to_vec()
        });
        matching.pair(are_the_rest, |it| [name(it), it.rule.clone(), it.export.clone()].to_vec());
        let mut comparison = Comparison { known: matching.pairs, ..Comparison::default() };
        // Whether a file of this name was executed. Those that could not be read are left out.
        let mut examined: BTreeMap<&str, bool> = BTreeMap::new();
        for (id, artifact) in run.artifacts.iter().enumerate() {
            if artifact.result.is_ok() {
                *examined.entry(file_name(&artifact.path)).or_default() |= executed(id);
            }
        }
        for (number, entry) in matching.before {
            let was_executed = examined.get(file_name(&entry.artifact));
            let was_seen = was_executed.is_some_and(|it| *it || !needs_calls(&entry.rule));
            if was_seen { &mut comparison.gone } else { &mut comparison.unseen }.push(number);
        }
        comparison
    }

    /// The entries as they would be written of the findings that they match in a run. One whose finding has its id and, where
    /// it had a name, has lost that, stays as it is.
    pub fn renewed(&self, run: &Run, comparison: &Comparison) -> Vec<Entry> {
        let mut entries: Vec<_> = self.entries.iter().map(|(entry, _)| entry.clone()).collect();
        for (artifact, number, current) in found(run) {
            let Some(entry) = comparison.known.get(&(artifact, number)) else { continue };
            let entry = &mut entries[*entry];
            if entry.id != current.id || is_id(&entry.discriminator) {
                entry.discriminator = current.discriminator;
                entry.id = current.id;
            }
        }
        entries
    }

    /// The diagnostic that an entry's finding is gone.
    pub fn stale(&self, number: usize) -> Option<Diagnostic> {
        let (entry, span) = self.entries.get(number)?;
        let of = if entry.export.is_empty() { "the component" } else { &entry.export };
        Some(Diagnostic {
            code: Code::StaleBaseline,
            span: span.clone(),
            message: format!("`{}` in `{of}` of {} is found no more", entry.rule, entry.artifact),
            help: "`secondcall baseline prune` removes this entry".to_owned(),
        })
    }
}

/// Every finding of a run, as an entry: the artifact's number, the finding's, the entry.
pub fn found(run: &Run) -> Vec<(usize, usize, Entry)> {
    let mut found = Vec::new();
    for (id, artifact) in run.artifacts.iter().enumerate() {
        let findings = artifact.result.iter().flat_map(|report| &report.findings).enumerate();
        let failing = findings.filter(|(_, judged)| judged.finding.kind == Kind::Fail);
        found.extend(failing.map(|(number, judged)| (id, number, entry(artifact, judged))));
    }
    found
}

/// Whether `entries` of one rule and export, of which nothing else is known, stand for `findings`.
fn are_the_rest(entries: &[&Entry], findings: &[&Entry]) -> bool {
    let digests = |list: &[&Entry]| list.iter().all(|it| is_id(&it.discriminator));
    let is_none_new = findings.len() <= entries.len();
    alone(entries, findings) || is_none_new && (digests(entries) || digests(findings))
}

/// The error without its place, which the diagnostic has.
fn words(error: &serde_json::Error) -> String {
    error.to_string().split(" at line ").next().unwrap_or_default().to_owned()
}

/// The byte at which JSON is malformed.
fn offset(text: &str, error: &serde_json::Error) -> usize {
    let before: usize =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    before + error.column().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Evidence, Finding};
    use crate::inventory::{ArtifactKind, Inventory};
    use crate::location::ExportName;
    use crate::observation::Observation;
    use crate::profile::Profile;
    use crate::report::Report;
    use crate::rule::Hazard;

    /// A run over one file, with a finding for each discriminator.
    fn run(path: &str, discriminators: &[&str]) -> Run {
        let export = ExportName::new(Some("wasi:cli/run@0.2.6"), "run");
        let example = Finding::example(Hazard::SingleShot, Evidence::Certain, Some(export));
        let named = |it: &&str| Finding { discriminator: (*it).to_owned(), ..example.clone() };
        let inventory = Inventory {
            kind: ArtifactKind::Component,
            bytes: 8,
            core_modules: 1,
            functions: 1,
            exports: Vec::new(),
            adapters: Vec::new(),
            toolchains: Vec::new(),
            producers: Vec::new(),
            inner: Vec::new(),
            unanalysed: Vec::new(),
        };
        let findings = discriminators.iter().map(named).collect();
        let report =
            Report::of(inventory, findings, &Observation::default(), &[&Profile::all()[0]]);
        let artifact = Artifact::new(path.to_owned(), Vec::new(), Ok(report));
        Run { artifacts: vec![artifact], ..Run::default() }
    }

    /// How many findings of the second run are known from the first, and how many entries are gone.
    fn compared(before: &Run, after: &Run) -> (usize, usize) {
        let baseline = Baseline::read("baseline", &text(&of(before))).unwrap();
        let comparison = baseline.compare(after, |_| true);
        (comparison.known.len(), comparison.gone.len())
    }

    #[test]
    fn an_entry_knows_one_finding_again() {
        let one = run("release/api.wasm", &["_start"]);
        assert_eq!(compared(&one, &one), (1, 0));
        assert_eq!(compared(&one, &run("debug/api.wasm", &["d41d8cd9"])), (1, 0));
        assert_eq!(compared(&one, &run("api.wasm", &[])), (0, 1));
        assert_eq!(compared(&one, &run("other.wasm", &["_start"])), (0, 0));
        // One of them is new, and it is not said which name it must have had.
        assert_eq!(compared(&one, &run("api.wasm", &["main", "_start"])), (1, 0));
        assert_eq!(compared(&one, &run("api.wasm", &["main", "init"])), (0, 1));
        let two = run("api.wasm", &["main", "init"]);
        assert_eq!(compared(&two, &run("api.wasm", &["init"])), (1, 1));
        assert_eq!(compared(&two, &two), (2, 0));
    }

    #[test]
    fn entries_with_digests_match_by_number() {
        let digests = run("api.wasm", &["0badcafe", "5eedf00d"]);
        // Another version of the program, or of the functions.
        assert_eq!(compared(&digests, &run("api.wasm", &["12345678", "9abcdef0"])), (2, 0));
        assert_eq!(compared(&digests, &run("api.wasm", &["12345678"])), (1, 1));
        // One of three is new.
        let three = run("api.wasm", &["12345678", "9abcdef0", "00000001"]);
        assert_eq!(compared(&digests, &three), (0, 2));
        let kept = run("api.wasm", &["0badcafe", "9abcdef0", "00000001"]);
        assert_eq!(compared(&digests, &kept), (1, 1));
        // Names were stripped, or are there at last.
        let named = run("api.wasm", &["main", "init"]);
        assert_eq!(compared(&named, &digests), (2, 0));
        assert_eq!(compared(&digests, &named), (2, 0));
        // A name tells findings apart.
        assert_eq!(compared(&named, &run("api.wasm", &["open", "close"])), (0, 2));
    }

    #[test]
    fn entries_are_renewed() {
        let renewed = |before: &Run, after: &Run| {
            let baseline = Baseline::read("baseline", &text(&of(before))).unwrap();
            baseline.renewed(after, &baseline.compare(after, |_| true))
        };
        let (old, new) = (run("a/api.wasm", &["0badcafe", "5eedf00d"]), &["12345678", "9abcdef0"]);
        let mut expected = of(&run("a/api.wasm", new));
        expected.sort_by_key(|it| it.discriminator.clone());
        let mut entries = renewed(&old, &run("b/api.wasm", new));
        entries.sort_by_key(|it| it.discriminator.clone());
        assert_eq!(entries, expected);
        let stripped = run("a/api.wasm", &["0badcafe"]);
        let named = run("a/api.wasm", &["main"]);
        assert_eq!(renewed(&named, &stripped), of(&named));
        assert_eq!(renewed(&stripped, &named), of(&named));
    }

    #[test]
    fn what_is_no_baseline_is_told_with_its_place() {
        let span = |text: &str| Baseline::read("b.json", text).unwrap_err().span;
        assert_eq!((span("{\n  nothing").line, span("{\n  nothing").column), (2, 3));
        assert_eq!(span("{}").line, 1);
        let other = "{\"format\": \"secondcall-baseline\", \"version\": 2, \"findings\": []}";
        assert_eq!(span(other).line, 1);
        let entry = "{\"format\": \"secondcall-baseline\", \"version\": 1, \"findings\": [\n 1]}";
        assert_eq!((span(entry).line, span(entry).column), (2, 2));
    }
}
