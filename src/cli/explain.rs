//! `secondcall explain`: a rule's page; or, for a pasted trap or backtrace, the rule that explains it.

mod symptoms;

use std::io::{self, Write};

use thiserror::Error;

use crate::report::style::{Style, Tone, wrapped};
use crate::rule::Rule;

/// Columns of an answer.
const WIDTH: usize = 96;

/// Why nothing was explained.
#[derive(Debug, Error)]
pub(super) enum ExplainError {
    /// It is neither a rule nor a trap known to us.
    #[error("`{topic}` is no rule, and no trap text that a rule explains{}", nearest.map(|id| format!("; did you mean `{id}`?")).unwrap_or_default())]
    Unknown {
        /// What was asked for, its first line.
        topic: String,
        /// The rule whose name is nearest.
        nearest: Option<&'static str>,
    },
    /// The output cannot be written.
    #[error("{0}")]
    Output(#[from] io::Error),
}

/// Explains `topic`: the id of one of `rules`, or text that a runtime printed.
///
/// # Errors
/// If nothing is known of the topic, or `out` cannot be written to.
pub(super) fn run(
    topic: &str,
    rules: &[&'static Rule],
    style: Style,
    out: &mut dyn Write,
) -> Result<(), ExplainError> {
    let topic = topic.trim();
    if let Some(rule) = rules.iter().find(|rule| rule.id == topic) {
        return Ok(page(rule, style, out)?);
    }
    let Some(symptom) = symptoms::recognise(topic) else {
        let first = topic.lines().next().unwrap_or_default();
        return Err(ExplainError::Unknown {
            topic: style.printable(first, WIDTH),
            nearest: nearest(topic, rules),
        });
    };
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

/// The rule that shares the most words with what was typed, if any is shared.
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
