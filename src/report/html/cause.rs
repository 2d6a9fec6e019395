//! The state that makes a call differ: each variable with its values and the functions that write and read it.

use std::io::{self, Write};

use super::markup::{code, name, sentence};
use crate::report::document::{Cause, CausePart};
use crate::report::wording;

/// Parts that are shown, and of a cause that was not narrowed down.
const PARTS: usize = 12;
const FIRST: usize = 3;
/// Functions that are named.
const FUNCTIONS: usize = 3;

/// The sentence, then a table of the parts.
pub(super) fn write(cause: &Cause, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<p>{}</p>", sentence(&cause.sentence))?;
    if !cause.parts.is_empty() {
        let shown = if cause.unfinished { FIRST } else { PARTS };
        let shown = &cause.parts[..cause.parts.len().min(shown)];
        table(shown, cause.found.unwrap_or(cause.parts.len() as u64), out)?;
    }
    let trials = wording::counted(cause.trials, "trial");
    let reset = cause.reset.map(wording::reset).filter(|words| !words.is_empty());
    let reset = reset.map(|it| format!(" A host would have to put back {it} before each call."));
    if cause.trials > 0 {
        writeln!(
            out,
            "<p class=\"soft\">Shown by {trials}.{}</p>",
            name(&reset.unwrap_or_default())
        )?;
    }
    Ok(())
}

/// The first of `all` parts.
fn table(parts: &[CausePart], all: u64, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<table class=\"state\">\n<thead><tr>")?;
    for head in ["State", "Before", "After", "Written by", "Read by"] {
        write!(out, "<th scope=\"col\">{head}</th>")?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for CausePart { part, source } in parts {
        write!(
            out,
            "<tr><th scope=\"row\">{}",
            if part.named { code(&part.name) } else { name(&part.name) }
        )?;
        let source = source.as_ref().map(|it| format!("{}:{}", it.path, it.line));
        for words in source.iter().chain(&part.owner) {
            write!(out, "<span class=\"soft\">{}</span>", name(words))?;
        }
        write!(out, "</th>")?;
        for value in [&part.before, &part.after] {
            write!(
                out,
                "<td>{}</td>",
                if value.is_empty() { "–".to_owned() } else { code(value) }
            )?;
        }
        for functions in [&part.writers, &part.readers] {
            let named: Vec<_> = functions.iter().take(FUNCTIONS).map(|it| code(it)).collect();
            let more = functions.len() - named.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let none = if functions.is_empty() { "–" } else { "" };
            write!(out, "<td>{}{more}{none}</td>", named.join(", "))?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody></table>")?;
    match all.saturating_sub(parts.len() as u64) {
        0 => Ok(()),
        more => writeln!(out, "<p class=\"soft\">and {more} more</p>"),
    }
}
