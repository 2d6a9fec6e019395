//! The report of `secondcall exec`: for each call its answers on a fresh and on a reused instance, its output, and what
//! the instance held after it.

use std::io::{self, Write};

use rustc_hash::FxHashMap;

use crate::finding::{Finding, Kind};
use crate::inventory::{ExportedFunction, InnerComponent};
use crate::observation::overlap::Overlapping;
use crate::observation::{
    Call, Disturbed, End, Holds, HostCalls, Observation, ObservedExport, Text,
};
use crate::report::given::Given;
use crate::report::inner::Inner;
use crate::report::style::{Style, Tone, broken};
use crate::report::text::{detail, given};
use crate::report::{obstacle, wording};
use crate::verdict;

/// Longest value or output in a row, in characters.
const SHOWN: usize = 40;
/// Longest sentence that is printed whole, in characters.
const SENTENCE: usize = 2000;
/// Host calls that are named.
const NAMED: usize = 8;
/// Columns before each line, of the longest key, and between two cells.
const INDENT: usize = 4;
const KEY: usize = 10;
const GAP: usize = 2;

/// Writes the author's inputs, the calls of each export, and the findings on them, with their causes, which are those of
/// `exports`, and with the parts of a composition that they are about.
pub(crate) fn write(
    seen: &Observation,
    (findings, exports, inner): (&[Finding], &[ExportedFunction], &[InnerComponent]),
    given: Option<&Given>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if let Some(given) = given {
        line("given", &given::line(given), style, out)?;
        writeln!(out)?;
    }
    let exports = &verdict::by_name(exports);
    let mut found: FxHashMap<_, Vec<&Finding>> = FxHashMap::default();
    for finding in findings {
        found.entry(finding.export.as_ref()).or_default().push(finding);
    }
    for export in &seen.exports {
        let own = || found.get(&Some(&export.export)).into_iter().flatten().copied();
        let (verdict, _) = verdict::of_export(own(), false);
        let calls = wording::verdict_calls(&verdict).map(|it| format!(" {it}")).unwrap_or_default();
        let name = style.printable(export.export.as_str(), SENTENCE);
        let head = format!("{name}: {}{calls}", wording::verdict(&verdict));
        style.paragraph((2, 4), &style.paint(Tone::Strong, head), out)?;
        if let Some(why) = obstacle::of(export, seen) {
            line("not seen", &format!("{}: {}", why.reason, why.detail), style, out)?;
        }
        for needed in obstacle::needed(export.called_first(), &export.variables) {
            line("needs", &needed, style, out)?;
        }
        calls_of(export, style, out)?;
        if let Some(overlapping) = &export.overlapping {
            line("at once", &at_once(overlapping, style), style, out)?;
        }
        for finding in own().filter(|it| it.kind == Kind::Fail) {
            let text = format!("{}: {}", finding.rule.id, finding.message);
            line("found", &text, style, out)?;
            if let Some(timeline) = &finding.timeline {
                detail::timeline(timeline, style, out)?;
            }
            let cause = verdict::cause_of(finding, exports);
            if let Some(cause) = cause {
                let trials = if cause.trials == 1 { "trial" } else { "trials" };
                let sentence = cause.sentence(verdict::verb(finding));
                line("because", &format!("{sentence} ({} {trials})", cause.trials), style, out)?;
            }
            for component in Inner::of(finding, cause, inner) {
                line("component", &component.words(), style, out)?;
            }
        }
        writeln!(out)?;
    }
    if !seen.stubbed.is_empty() {
        line("stubs", &wording::interfaces(&seen.stubbed, usize::MAX), style, out)?;
        writeln!(out)?;
    }
    Ok(())
}

fn calls_of(export: &ObservedExport, style: Style, out: &mut dyn Write) -> io::Result<()> {
    if export.fresh.is_empty() {
        return Ok(());
    }
    let head = ["call", "arguments", "on a fresh instance", "on one instance", "pages", "handles"];
    let mut rows = vec![head.map(str::to_owned)];
    let mut number = 0;
    for (like, fresh) in export.fresh.iter().enumerate() {
        let reused = export.reused.iter().find(|it| it.like == like).map(|it| &it.call);
        number += u32::from(reused.is_some());
        rows.push([
            reused.map(|_| number.to_string()).unwrap_or_else(|| "-".to_owned()),
            format!("({})", cut(&fresh.arguments, style)),
            ended(fresh, style),
            reused.map_or("-".to_owned(), |call| ended(call, style)),
            reused.map_or(String::new(), |call| call.holds.memory_pages.to_string()),
            reused.map_or(String::new(), |call| call.holds.handles.to_string()),
        ]);
    }
    table(&rows, style, out)?;
    for (what, of) in [("stdout", stdout as fn(&Call) -> &Text), ("stderr", stderr)] {
        written(export, what, of, style, out)?;
    }
    if let Some(first) = export.reused.first().map(|it| &it.call).or(export.fresh.first()) {
        line("host calls", &format!("call 1: {}", host_calls(&first.host_calls)), style, out)?;
    }
    if let Some(second) = export.reused.get(1) {
        let text = format!("call 2: {}", host_calls(&second.call.host_calls));
        line("", &text, style, out)?;
    }
    repeated(export, style, out)?;
    for disturbed in &export.disturbed {
        line("between", &between(disturbed, style), style, out)?;
    }
    Ok(())
}

fn stdout(call: &Call) -> &Text {
    &call.stdout
}

fn stderr(call: &Call) -> &Text {
    &call.stderr
}

/// Writes the calls as a table; on a screen that is too narrow, each with its cells below it.
fn table(rows: &[[String; 6]], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let width = |column: usize| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    };
    let widths: [usize; 6] = std::array::from_fn(width);
    let whole = INDENT + widths.iter().sum::<usize>() + GAP * (widths.len() - 1);
    if let [headings, rows @ ..] = rows
        && style.is_screen
        && whole > style.width
    {
        return rows.iter().try_for_each(|row| below(headings, row, style, out));
    }
    for (i, row) in rows.iter().enumerate() {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        let text = cells.collect::<Vec<_>>().join("  ");
        let text = text.trim_end();
        match i {
            0 => writeln!(out, "    {}", style.paint(Tone::Faint, text))?,
            _ => writeln!(out, "    {text}")?,
        }
    }
    Ok(())
}

/// Writes a call with its arguments, and its other cells below it.
fn below(
    headings: &[String; 6],
    row: &[String; 6],
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let call = format!("{} {} {}", headings[0], row[0], row[1]);
    style.paragraph((INDENT, INDENT + GAP), &call, out)?;
    for (heading, cell) in headings.iter().zip(row).skip(2).filter(|(_, cell)| !cell.is_empty()) {
        let heading = style.paint(Tone::Faint, format!("{heading}:"));
        style.paragraph((INDENT + GAP, INDENT + 2 * GAP), &format!("{heading} {cell}"), out)?;
    }
    Ok(())
}

/// The output of the calls to one stream; consecutive calls with the same output share a line.
fn written(
    export: &ObservedExport,
    what: &str,
    of: fn(&Call) -> &Text,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let calls: Vec<_> = (1..).zip(export.reused.iter().map(|it| of(&it.call))).collect();
    let rows = calls.chunk_by(|(_, one), (_, other)| one == other);
    for row in rows.filter(|row| row.iter().any(|(_, text)| text.bytes > 0)).take(NAMED) {
        let ((first, text), (last, _)) = (row[0], row[row.len() - 1]);
        let calls = if first == last {
            format!("call {first}")
        } else {
            format!("calls {first} to {last}")
        };
        output(what, &format!("{calls}: {:?}", text.shown), style, out)?;
    }
    // Of the repeated calls, only the one that failed was recorded with its output.
    let repeated = export.repeated.as_ref();
    let failed = repeated.and_then(|it| Some((it.last(), of(&it.failed.as_ref()?.call))));
    match failed.filter(|(_, text)| text.bytes > 0) {
        Some((number, text)) => {
            output(what, &format!("call {number}: {:?}", text.shown), style, out)
        }
        None => Ok(()),
    }
}

fn repeated(export: &ObservedExport, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(repeated) = &export.repeated else { return Ok(()) };
    if repeated.calls == 0 {
        return Ok(());
    }
    let (first, last) = (repeated.first, repeated.last);
    let begun = repeated.before + 1;
    let range = |last: u32| match last == begun {
        true => format!("call {begun}"),
        false => format!("calls {begun} to {last}"),
    };
    let calls = match (&repeated.failed, repeated.last_returned()) {
        (None, last) => format!("{}: all returned", range(last)),
        (Some(later), last) => {
            let returned = if last < begun { String::new() } else { range(last) + " returned, " };
            format!("{returned}call {}: {}", last + 1, ended(&later.call, style))
        }
    };
    let of = |[one, many]: [&str; 2], of: fn(&Holds) -> u64| match (of(&first), of(&last)) {
        (1, 1) => format!("1 {one}"),
        (first, last) if first == last => format!("{last} {many}"),
        (first, last) => format!("{first} to {last} {many}"),
    };
    let text = format!(
        "{calls}; {}, {}, {}",
        of(["page", "pages"], |it| it.memory_pages),
        of(["handle", "handles"], |it| it.handles),
        of(["task or stream", "tasks and streams"], |it| it.concurrent)
    );
    line("repeated", &text, style, out)
}

fn between(disturbed: &Disturbed, style: Style) -> String {
    format!(
        "after `{}`, call {} {}; without it {}",
        disturbed.by,
        disturbed.number,
        ended(&disturbed.call, style),
        ended(&disturbed.undisturbed, style)
    )
}

fn at_once(overlapping: &Overlapping, style: Style) -> String {
    let orders = match (overlapping.tried, overlapping.exhausted) {
        (1, _) => "1 order".to_owned(),
        (tried, true) => format!("all {tried} orders"),
        (tried, false) => format!("{tried} orders"),
    };
    let Some(schedule) = &overlapping.found else {
        return format!("{orders} of calls at the same time: as in sequence");
    };
    let ends = schedule.calls.iter().map(|it| ending(&it.end, &it.answer, style));
    let ends = ends.collect::<Vec<_>>().join(", ");
    let in_turn = schedule.in_turn.iter().take(1).flatten();
    let in_turn: Vec<_> = in_turn.map(|answer| cut(&answer.shown, style)).collect();
    let (id, calls) = (&schedule.id, schedule.calls.len());
    format!("{calls} calls, {id}: {ends}; one after the other: {}", in_turn.join(", "))
}

fn host_calls(calls: &HostCalls) -> String {
    let mut named: Vec<_> = calls.first.iter().take(NAMED).cloned().collect();
    let more = calls.count.saturating_sub(named.len() as u64);
    if more > 0 {
        named.push(format!("{more} more"));
    }
    if named.is_empty() { "none".to_owned() } else { named.join(", ") }
}

fn ended(call: &Call, style: Style) -> String {
    ending(&call.end, &call.answer, style)
}

fn ending(end: &End, answer: &Text, style: Style) -> String {
    match end {
        End::Returned if answer.bytes == 0 => "returned".to_owned(),
        End::Returned => cut(&answer.shown, style),
        End::Trapped(trap) => format!("trap ({})", trap.message),
        End::Exited(status) => format!("exit ({status})"),
        End::Unanswered => "no answer".to_owned(),
        End::HeldBack => "held back".to_owned(),
        End::Exhausted(limit) => format!("limit of {}", limit.name()),
    }
}

fn cut(text: &str, style: Style) -> String {
    style.printable(text, SHOWN)
}

fn line(key: &str, value: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    detail::write(key, &style.printable(value, SENTENCE), style, out)
}

/// Writes what the guest wrote: its spaces stay.
fn output(key: &str, value: &str, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let value = style.printable(value, SENTENCE);
    let lines = broken(&value, style.room(INDENT + KEY + GAP));
    for (number, line) in lines.iter().enumerate() {
        let key = format!("{:<KEY$}", if number == 0 { key } else { "" });
        writeln!(out, "    {}  {line}", style.paint(Tone::Faint, key))?;
    }
    Ok(())
}
