//! One line a finding: for logs, for editors that parse lines, and for the foot of a fixture.

use std::io;
use std::io::Write;

use crate::report::Judged;
use crate::report::run::Run;
use crate::report::style::Style;
use crate::report::wording;

/// Longer than any message of ours.
const LIMIT: usize = 2000;

/// A finding in one line, without its file and export:
/// ``warning[run_once_guard] core module 0 > func 1 `_start` (0x15): message``.
pub fn line(judged: &Judged) -> String {
    let style = Style { colour: false, unicode: true };
    let head = format!("{}[{}]", wording::level(judged), judged.finding.rule.id);
    style.printable(&format!("{head} {}", rest(judged)), LIMIT)
}

/// Writes one line for each finding, with its file and export, then one for each input that could
/// not be read. Where a manifest names the input, the line begins with the place of the entry. Good
/// news is not told.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let style = Style { colour: false, unicode: true };
    for artifact in &run.artifacts {
        let path = &match &artifact.origin {
            Some(it) => format!("{}:{}:{}: {}", it.path, it.line, it.column, artifact.path),
            None => artifact.path.clone(),
        };
        for judged in artifact.findings() {
            let finding = &judged.finding;
            let head = format!("{path}: {}[{}]", wording::level(judged), finding.rule.id);
            let text = match &finding.export {
                Some(export) => format!("{head} {export} {}", rest(judged)),
                None => format!("{head} {}", rest(judged)),
            };
            writeln!(out, "{}", style.printable(&text, LIMIT))?;
        }
        if let Err(failure) = &artifact.result {
            let place = failure.offset.map(|at| format!(" ({at:#x})")).unwrap_or_default();
            let text = format!("{path}: error[{}]{place}: {}", failure.stage, failure.message);
            writeln!(out, "{}", style.printable(&text, LIMIT))?;
        }
    }
    Ok(())
}

fn rest(judged: &Judged) -> String {
    let finding = &judged.finding;
    let location = &finding.location;
    format!("{location} ({:#x}): {}", location.span.start, finding.message)
}
