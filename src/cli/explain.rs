//! `secondcall explain`: prints the page of a rule, or the cause of a trap or backtrace.

mod symptoms;

use std::io::{self, Write};

use super::exit_code::ExitCode;
use super::failure::{self, unwritten};
use crate::check::error::CheckError;
use crate::report::style::{Style, Tone, wrapped};
use crate::rule::Rule;
use symptoms::Symptom;

/// Columns of an explanation.
const WIDTH: usize = 96;

/// Explains `topic`: the id of one of `rules`, or text that a runtime printed.
pub(super) fn run(
    topic: &str,
    rules: &[&'static Rule],
    style: Style,
    out: &mut dyn Write,
) -> failure::Result {
    let topic = topic.trim();
    let written = if let Some(rule) = rules.iter().find(|rule| rule.id == topic) {
        page(rule, style, out)
    } else if let Some(symptom) = symptoms::recognise(topic) {
        explain(symptom, rules, style, out)
    } else {
        let topic_line = style.printable(topic.lines().next().unwrap_or_default(), WIDTH);
        let help = nearest(topic, rules).map(|id| format!("; did you mean `{id}`?"));
        let help = help.unwrap_or_default();
        let message =
            format!("`{topic_line}` is neither a rule nor the text of a known trap{help}");
        return Err(CheckError::Usage(message));
    };
    written.map(|()| ExitCode::Clean).map_err(unwritten)
}

fn explain(
    symptom: &Symptom,
    rules: &[&'static Rule],
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{}", style.paint(Tone::Strong, symptom.title))?;
    writeln!(out)?;
    for line in wrapped(symptom.words, WIDTH) {
        writeln!(out, "{line}")?;
    }
    let rule = rules.iter().find(|rule| Some(rule.id) == symptom.rule);
    if let Some(rule) = rule {
        writeln!(out, "\nThe rule that finds this in a component: {}", rule.id)?;
        writeln!(out, "  {}", style.printable(rule.title, usize::MAX))?;
        writeln!(out, "  secondcall explain {}", rule.id)?;
    }
    Ok(())
}

fn page(rule: &Rule, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let metadata = &rule.metadata;
    let facts = format!(
        "{} · hazard {} · precision {} · since {}",
        rule.id, metadata.hazard, metadata.precision, metadata.since
    );
    let facts = if style.unicode { facts } else { facts.replace(" ·", ",") };
    writeln!(out, "{}\n", style.paint(Tone::Faint, facts))?;
    let mut in_fence = false;
    for line in rule.body.trim_end().lines() {
        in_fence ^= line.starts_with("```");
        let line = style.printable(line, usize::MAX);
        match line.starts_with('#') && !in_fence {
            true => writeln!(out, "{}", style.paint(Tone::Strong, line))?,
            false => writeln!(out, "{line}")?,
        }
    }
    if !metadata.references.is_empty() {
        writeln!(out, "\n{}\n", style.paint(Tone::Strong, "## References"))?;
        for reference in &metadata.references {
            writeln!(out, "* {reference}")?;
        }
    }
    Ok(())
}

/// The rule that shares the most words with `topic`, if it shares any.
fn nearest(topic: &str, rules: &[&'static Rule]) -> Option<&'static str> {
    let topic = topic.to_lowercase().replace('-', "_");
    let shared = |rule: &Rule| {
        let words = rule.id.split('_').filter(|word| word.len() > 2);
        words
            .filter(|word| topic.split(|it: char| !it.is_alphanumeric()).any(|it| it == *word))
            .count()
    };
    let mut best = None;
    for rule in rules {
        let count = shared(rule);
        if count > best.map_or(0, |(most, _)| most) {
            best = Some((count, rule.id));
        }
    }
    best.map(|(_, id)| id)
}
