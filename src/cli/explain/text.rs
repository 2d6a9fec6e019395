//! Explanations for a person.

use std::io::{self, Write};

use super::explanation::Explanation;
use super::markdown::reflowed;
use super::places::Place;
use super::terms::Term;
use super::trace::Offset;
use crate::cli::pages::addressed;
use crate::report::style::{Style, Tone, columns};
use crate::rule::Rule;

/// Columns of an explanation.
const WIDTH: usize = 96;
/// The longest name of a function or path that is shown, in characters.
const NAME_LIMIT: usize = 120;
/// How many frames are shown.
const FRAMES: usize = 12;

/// Writes the page of a rule.
pub(super) fn page(rule: &Rule, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let metadata = &rule.metadata;
    let facts = format!(
        "{} · hazard {} · precision {} · since {}",
        rule.id, metadata.hazard, metadata.precision, metadata.since
    );
    let facts = if style.unicode { facts } else { facts.replace(" ·", ",") };
    painted(Tone::Faint, &facts, style, out)?;
    writeln!(out)?;
    let mut in_fence = false;
    for line in reflowed(rule.body.trim_end(), style.width.min(WIDTH)) {
        in_fence ^= line.starts_with("```");
        let line = style.printable(&line, usize::MAX);
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

/// Writes what a rule says about mending its findings.
pub(super) fn how_to_fix(rule: &Rule, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for heading in ["Why it matters", "How to fix it"] {
        writeln!(out, "\n{}\n", style.paint(Tone::Strong, format!("## {heading}")))?;
        let section = rule.section(heading).unwrap_or_default();
        for line in reflowed(section, style.width.min(WIDTH)) {
            writeln!(out, "{}", style.printable(&line, usize::MAX))?;
        }
    }
    Ok(())
}

/// Writes a word of the report, and the rules of a hazard.
pub(super) fn term(
    term: &Term,
    rules: &[&'static Rule],
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{}\n", style.paint(Tone::Faint, format!("{} {}", term.kind, term.id)))?;
    heading(&term.title, style, out)?;
    paragraph(&addressed(&term.text), style, out)?;
    if !term.next.is_empty() {
        writeln!(out)?;
        paragraph(&addressed(&term.next), style, out)?;
    }
    let of_hazard = |rule: &&&Rule| rule.metadata.hazard.to_string() == term.id;
    let ids: Vec<_> = rules.iter().filter(of_hazard).map(|rule| rule.id).collect();
    if !ids.is_empty() {
        writeln!(out)?;
        paragraph(&format!("Rules with this hazard: {}", ids.join(", ")), style, out)?;
    }
    Ok(())
}

/// Writes why a call failed, and where.
pub(super) fn failure(
    failure: &Explanation,
    rules: &[&'static Rule],
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let cause = failure.causes.first();
    let rule_of = |id: &str| rules.iter().find(|rule| rule.id == id);
    match (failure.findings.first(), cause) {
        (Some(finding), _) => {
            heading(rule_of(finding.rule).map_or("", |rule| rule.title), style, out)?;
            for finding in &failure.findings {
                paragraph(&finding.message, style, out)?;
                paragraph(&format!("help: {}", finding.help), style, out)?;
            }
        }
        (None, Some(cause)) => {
            heading(&cause.title, style, out)?;
            paragraph(&cause.text, style, out)?;
            if let Some(name) = failure.gave_up_in().filter(|_| cause.is_abort()) {
                paragraph(&format!("It gave up in `{name}`."), style, out)?;
            }
        }
        (None, None) => heading("Nothing in this text says why the call failed", style, out)?,
    }
    frames(failure, style, out)?;
    for finding in &failure.findings {
        let path = failure.component.as_deref().unwrap_or_default();
        writeln!(out)?;
        paragraph(&format!("secondcall finds this: {}", finding.rule), style, out)?;
        // Not wrapped, to be copied.
        let command = format!("  secondcall explain {} {path}", finding.id);
        writeln!(out, "{}", style.printable(&command, usize::MAX))?;
    }
    let rule = cause.and_then(|it| it.rule.as_deref()).filter(|_| failure.findings.is_empty());
    if let Some(rule) = rule.and_then(rule_of) {
        let id = style.linked(rule.id, rule.id.to_owned());
        let found = format!("The rule that finds this in a component: {id}");
        writeln!(out)?;
        style.paragraph((0, 0), &found, out)?;
        style.paragraph((2, 2), &style.printable(rule.title, usize::MAX), out)?;
        writeln!(out, "  secondcall explain {}", rule.id)?;
    }
    // Each abort ends in the same instruction, whatever its cause.
    let others = failure.causes.iter().skip(1).filter(|it| !it.is_abort());
    let others: Vec<_> = others.map(|it| it.title.as_str()).collect();
    if !others.is_empty() {
        writeln!(out)?;
        paragraph(&format!("Also in this text: {}", others.join("; ")), style, out)?;
    }
    Ok(())
}

fn frames(failure: &Explanation, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let places = &failure.places;
    if places.frames.is_empty() {
        return Ok(());
    }
    let component = failure.component.as_deref();
    let shown = |text: &str| style.printable(text, NAME_LIMIT);
    let of = component.map(|path| format!(" in {}", shown(path))).unwrap_or_default();
    writeln!(out)?;
    painted(Tone::Strong, &format!("Where it failed{of}"), style, out)?;
    let below = places.below_panic;
    if below > 0 {
        let frames = if below == 1 { "1 frame".to_owned() } else { format!("{below} frames") };
        let ends = format!("   ({frames} of the panic or abort itself)");
        writeln!(out, "{}", style.paint(Tone::Faint, ends))?;
    }
    let frames: Vec<_> = places.frames.iter().enumerate().skip(below).collect();
    let groups = frames.chunk_by(|(_, one), (_, other)| function(one) == function(other));
    let count = groups.clone().count();
    for group in groups.take(FRAMES) {
        let Some((number, place)) = group.first() else { continue };
        let offset = match (places.offset(place), place.frame.offset) {
            (Some(at), _) => format!("{at:#x}"),
            (None, Some(Offset::File(at) | Offset::Module(at))) => format!("{at:#x}"),
            (None, None) => String::new(),
        };
        let source = place.source().map(|it| format!("  {}", shown(&it))).unwrap_or_default();
        let times = match group.len() {
            1 => String::new(),
            times => format!("  ({times} times)"),
        };
        let function = shown(&function(place));
        let row = format!("{number:3}  {offset:>8}  {function}{source}{times}");
        if !style.is_screen || columns(&row) <= style.width {
            writeln!(out, "{row}")?;
            continue;
        }
        writeln!(out, "{number:3}  {offset}")?;
        let parts = [function, source, times];
        for part in parts.iter().map(|it| it.trim()).filter(|it| !it.is_empty()) {
            style.paragraph((5, 7), part, out)?;
        }
    }
    if count > FRAMES {
        writeln!(out, "     {} {} more", style.marks().cut, count - FRAMES)?;
    }
    let has_offset = places.frames.iter().any(|it| it.frame.offset.is_some());
    let note = match component {
        None if has_offset => {
            "With the component, `secondcall explain trace.txt app.wasm` shows functions and source lines."
        }
        Some(_) if places.is_other_build => {
            "Most of these frames do not fit the component: the text may come from another build of it."
        }
        _ => "",
    };
    if !note.is_empty() {
        paragraph(note, style, out)?;
    }
    if failure.backtraces > 1 {
        let all = failure.backtraces;
        paragraph(&format!("The text has {all} backtraces; this is the first."), style, out)?;
    }
    Ok(())
}

/// The function of a frame: where it is in the component, or what was printed.
fn function(place: &Place) -> String {
    if let Some(location) = &place.location {
        let steps = location.path.iter().map(ToString::to_string);
        return steps.collect::<Vec<_>>().join(" ");
    }
    let frame = &place.frame;
    let module = frame.module.as_deref().map(|it| format!("{it}!")).unwrap_or_default();
    match (place.name(), frame.function) {
        (Some(name), _) => format!("{module}{name}"),
        (None, Some(number)) => format!("{module}func {number}"),
        (None, None) => format!("{module}?"),
    }
}

fn heading(text: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    painted(Tone::Strong, text, style, out)?;
    writeln!(out)
}

/// Writes a text of ours, wrapped.
fn painted(tone: Tone, text: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    style.paragraph((0, 0), &style.paint(tone, style.printable(text, usize::MAX)), out)
}

fn paragraph(text: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let style = Style { width: style.width.min(WIDTH), ..style };
    style.paragraph((0, 0), &style.printable(text.trim(), usize::MAX), out)
}
