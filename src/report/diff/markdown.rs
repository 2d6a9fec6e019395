//! A comparison as Markdown, for a comment on a change. Text from files cannot add markup.

use std::io::{self, Write};

use crate::report::diff::model::{Change, Comparison, ComponentChange, Input};
use crate::report::diff::sentences::{self, Line};
use crate::report::diff::text::numbers;
use crate::report::markup::{code, prose, table};

/// Writes the numbers, then for each component that changed a table of its changes.
///
/// # Errors
/// If `out` cannot be written to.
pub(crate) fn write(comparison: &Comparison, all: bool, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### secondcall diff: {}", numbers(comparison))?;
    for component in &comparison.components {
        writeln!(out, "\n{}", heading(component))?;
        let lines = sentences::of(component, " → ");
        let (same, changed): (Vec<_>, Vec<_>) =
            lines.into_iter().partition(|it| it.is_same && !all);
        let rows = changed.iter().map(|Line { key, text, .. }| [(*key).to_owned(), prose(text)]);
        table(["", "what changed"], rows.collect(), out)?;
        if !same.is_empty() {
            writeln!(out, "\nThe same: {}.", sentences::folded(&same))?;
        }
    }
    let settings = comparison.settings().into_iter().map(|it| [prose(&it)]);
    table(["settings that differ"], settings.collect(), out)
}

fn heading(component: &ComponentChange) -> String {
    let name = |it: &Option<Input>| it.as_ref().map(|it| code(&it.path));
    let (old, new) =
        (name(&component.old).unwrap_or_default(), name(&component.new).unwrap_or_default());
    match component.change {
        Change::Added => format!("**{new}** is added"),
        Change::Removed => format!("**{old}** is removed"),
        Change::Same if old == new => format!("**{new}** has the same bytes"),
        Change::Same => format!("**{new}** has the bytes of {old}"),
        Change::Changed if old == new => format!("**{new}**"),
        Change::Changed => format!("**{new}**, compared with {old}"),
    }
}
