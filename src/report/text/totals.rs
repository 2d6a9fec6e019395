//! Counts of inputs by answer, of findings by rule and of exports by verdict.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use crate::finding::Kind;
use crate::report::answer::Outlook;
use crate::report::document::{Artifact, Document};
use crate::report::style::{Style, Tone};
use crate::report::text::detail::{self, NAME_LIMIT};
use crate::report::text::header;
use crate::report::text::view::{Detail, View};
use crate::report::wording;
use crate::rules;
use crate::verdict::Severity;

/// How many inputs with one answer are named.
const NAMED: usize = 50;
/// So many inputs with the same answer are a group.
const GROUP: usize = 3;

/// The worst outlook, and each host with its answer.
type Answers = (Outlook, Vec<(String, String)>);

/// Writes the inputs by their answers, the worst first: those that share one as a group, unnamed if nothing failed.
pub(super) fn answers(
    document: &Document,
    artifacts: &[&Artifact],
    view: View,
    out: &mut dyn Write,
) -> io::Result<()> {
    let style = view.style;
    let mut groups: BTreeMap<Answers, (Vec<Tone>, Vec<String>)> = BTreeMap::new();
    for artifact in artifacts {
        let worst = artifact.answers.iter().map(|it| it.outlook).min();
        let lines = header::answers(document, artifact, false, view);
        let tones = lines.iter().map(|(_, tone, _)| *tone).collect();
        let lines = lines.into_iter().map(|(host, _, text)| (host, text)).collect();
        let key = (worst.unwrap_or(Outlook::Unknown), lines);
        let (_, paths) = groups.entry(key).or_insert((tones, Vec::new()));
        paths.push(artifact.path.clone());
        paths.extend(artifact.also.iter().map(|path| format!("{path} (identical)")));
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|((worst, _), (_, paths))| (*worst, Reverse(paths.len().max(GROUP - 1))));
    let mut after_single = false;
    for ((worst, lines), (tones, paths)) in groups {
        let is_group = paths.len() >= GROUP;
        if is_group && std::mem::take(&mut after_single) {
            writeln!(out)?;
        }
        let count = wording::counted(paths.len() as u64, "file");
        let heads = if is_group { vec![count] } else { paths.clone() };
        for path in &heads {
            let path = style.printable(path, NAME_LIMIT);
            writeln!(out, "  {}", style.paint(Tone::Strong, path))?;
        }
        let width = lines.iter().map(|(hosts, _)| hosts.chars().count()).max().unwrap_or(0);
        for ((hosts, text), tone) in lines.iter().zip(tones) {
            detail::keyed("    ", (hosts, width), (tone, text), style, out)?;
        }
        after_single = !is_group;
        if !is_group {
            continue;
        }
        let named = match (worst, view.detail) {
            (_, Detail::Verbose) => paths.len(),
            (Outlook::NothingFailed | Outlook::NotCalled, _) => 0,
            _ => NAMED,
        };
        for path in paths.iter().take(named) {
            writeln!(out, "      {}", style.printable(path, NAME_LIMIT))?;
        }
        if named > 0 && paths.len() > named {
            writeln!(out, "      and {} more", paths.len() - named)?;
        }
        writeln!(out)?;
    }
    if after_single { writeln!(out) } else { Ok(()) }
}

/// Writes the totals of a long report: per rule with what to do about it, and per verdict.
pub(super) fn rules_and_verdicts(
    document: &Document,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut rules_found: BTreeMap<&str, BTreeMap<Reverse<Severity>, u64>> = BTreeMap::new();
    for (number, severity, rule) in by_rule(document) {
        rules_found.entry(rule).or_default().insert(Reverse(severity), number);
    }
    let mut rules_found: Vec<_> = rules_found.into_iter().collect();
    rules_found
        .sort_by_key(|(_, counts)| Reverse(counts.first_key_value().map(|(s, n)| (s.0, *n))));
    for (rule, counts) in rules_found {
        let title = rules::all().find(|it| it.id == rule).map_or("", |it| it.title);
        let Some((Reverse(worst), _)) = counts.first_key_value() else { continue };
        let numbers = counts.iter().map(|(it, n)| wording::counted(*n, wording::severity(it.0)));
        let numbers = numbers.collect::<Vec<_>>().join(", ");
        detail::headline(rule, (*worst, Some(rule)), &format!("{numbers}. {title}"), style, out)?;
        let own = document.findings.iter().filter(|it| it.rule == rule && it.kind == Kind::Fail);
        // Help that differs between findings stands at each of them.
        let help: BTreeSet<_> = own.map(|it| &it.help).collect();
        if let (Some(help), 1) = (help.first().filter(|it| !it.is_empty()), help.len()) {
            detail::write("help", help, style, out)?;
        }
    }
    writeln!(out)?;
    let verdicts = by_verdict(document);
    let all: u64 = verdicts.iter().map(|(number, _)| number).sum();
    let verdicts = verdicts.iter().map(|(number, verdict)| format!("{number} {verdict}"));
    let verdicts = verdicts.collect::<Vec<_>>().join(", ");
    let text = format!("{}: {verdicts}", wording::counted(all, "export"));
    detail::keyed("", ("", 0), (Tone::Strong, &text), style, out)?;
    if !document.skipped.is_empty() {
        let reasons = counted(document.skipped.iter().map(|it| it.reason.as_str()));
        let reasons = reasons.iter().map(|(number, reason)| format!("{number} {reason}"));
        let reasons = reasons.collect::<Vec<_>>().join(", ");
        let text = format!("not examined to the end: {reasons}");
        detail::keyed("", ("", 0), (Tone::Doubtful, &text), style, out)?;
    }
    let next = "`--max-findings 5` shows the worst in full, `-v` everything, \
                `secondcall explain RULE` a rule";
    detail::keyed("", ("", 0), (Tone::Faint, next), style, out)
}

/// Writes how many findings each rule has and how many exports each verdict, the largest number first.
///
/// # Errors
/// If `out` cannot be written to.
pub(crate) fn statistics(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "findings by rule")?;
    for (number, severity, rule) in by_rule(document) {
        writeln!(out, "{number:>7}  {:7}  {rule}", wording::severity(severity))?;
    }
    writeln!(out, "exports by verdict")?;
    by_verdict(document).iter().try_for_each(|(number, word)| writeln!(out, "{number:>7}  {word}"))
}

/// Findings by rule and severity.
fn by_rule(document: &Document) -> Vec<(u64, Severity, &str)> {
    let problems = document.findings.iter().filter(|it| it.kind == Kind::Fail);
    let counted = counted(problems.map(|it| (Reverse(it.severity), it.rule.as_str())));
    counted.into_iter().map(|(number, (severity, rule))| (number, severity.0, rule)).collect()
}

/// Exports by verdict.
fn by_verdict(document: &Document) -> Vec<(u64, &'static str)> {
    let exports = document.artifacts.iter().flat_map(|it| &it.exports);
    counted(exports.map(|it| wording::verdict(&it.verdict)))
}

fn counted<T: Ord>(all: impl Iterator<Item = T>) -> Vec<(u64, T)> {
    let mut counts = BTreeMap::new();
    for one in all {
        *counts.entry(one).or_insert(0u64) += 1;
    }
    let mut counted: Vec<_> = counts.into_iter().map(|(one, number)| (number, one)).collect();
    counted.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.cmp(other)));
    counted
}
