//! `secondcall hosts`: all host profiles, as a table and then in detail.

use std::io::{Result, Write};

use serde::Serialize;

use super::columns::{Table, aligned};
use super::listing::{Format, Listing};
use crate::finding::{Evidence, Kind};
use crate::location::ExportName;
use crate::profile::{OptInBy, Profile};
use crate::report::style::{Style, Tone, wrapped};
use crate::report::wording;
use crate::rule::Hazard;
use crate::verdict;

/// Columns of the indent and of the words before the values of a host.
const LABEL: usize = 15;
/// In fewer columns, values stand below their words.
const NARROW: usize = 60;
/// Columns of an explanation.
const WIDTH: usize = 96;

pub(super) fn run(format: Format, style: Style, out: &mut dyn Write) -> Result<()> {
    if format == Format::Json {
        #[derive(Serialize)]
        struct Hosts {
            hosts: &'static [Profile],
        }
        return Listing::of("secondcall-hosts", Hosts { hosts: Profile::all() }).write(out);
    }
    let limit = |max: Option<u32>| max.map_or("unlimited".to_owned(), |max| max.to_string());
    let headings = ["host", "calls per instance", "at once", "after a trap", "checked"];
    let rows = Profile::all().iter().map(|profile| {
        [
            profile.id.clone(),
            limit(profile.serial_max),
            limit(profile.concurrent_max),
            profile.on_trap.to_string(),
            profile.checked.clone(),
        ]
    });
    let table = Table::of(headings, rows.collect(), style);
    for line in table.heading.into_iter().chain(table.rows.concat()) {
        writeln!(out, "{line}")?;
    }
    Profile::all().iter().try_for_each(|profile| {
        writeln!(out)?;
        details(profile, style, out)
    })
}

/// Writes one host, and how severe a finding of each hazard is under it.
pub(super) fn explained(profile: &Profile, style: Style, out: &mut dyn Write) -> Result<()> {
    details(profile, style, out)?;
    let Some(called) = profile.entrypoints.first() else { return Ok(()) };
    let called = if called == "*" { "tick:tick/tick" } else { called };
    let export = match called.contains('/') {
        true => ExportName::new(Some(called), "call"),
        false => ExportName::new(None, called),
    };
    writeln!(out, "\n{}", style.paint(Tone::Strong, "Severity of a certain finding, by hazard"))?;
    let rows = Hazard::ALL.map(|hazard| {
        let certain = (Evidence::Certain, Kind::Fail);
        let severity = verdict::severity(hazard, certain.0, certain.1, Some(&export), profile);
        let severity = severity.map_or("not called", wording::severity);
        [format!("  {hazard}"), severity.to_owned()]
    });
    aligned(&rows).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    writeln!(out, "\nsecondcall check app.wasm --host {}", profile.id)
}

fn details(profile: &Profile, style: Style, out: &mut dyn Write) -> Result<()> {
    let style = Style { width: style.width.min(WIDTH), ..style };
    let title = style.printable(&format!("{}: {}", profile.id, profile.title), usize::MAX);
    style.paragraph((0, 4), &style.paint(Tone::Strong, title), out)?;
    style.paragraph((2, 2), &style.printable(&profile.summary, usize::MAX), out)?;
    let mut line = |word: &str, text: &str| {
        let text = style.printable(text, usize::MAX);
        if style.width < NARROW {
            writeln!(out, "  {word}")?;
            return style.paragraph((4, 4), &text, out);
        }
        let lines = wrapped(&text, style.room(LABEL));
        for (number, line) in lines.iter().enumerate() {
            let word = if number == 0 { word } else { "" };
            writeln!(out, "  {word:11}  {line}")?;
        }
        Ok(())
    };
    line("calls", &entrypoints(profile))?;
    line("binaries", &profile.abi.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))?;
    line("lifetime", &lifetime(profile))?;
    if let Some(post_return) = profile.post_return {
        line("post-return", &post_return.to_string())?;
    }
    if profile.linked_components_share_fate {
        line("linked", "components linked to it share its lifetime")?;
    }
    if !profile.knobs.is_empty() {
        line("knobs", &profile.knobs.join(", "))?;
    }
    if let Some(knob) = &profile.single_use_knob {
        line("single use", knob)?;
    }
    if let Some(knob) = &profile.concurrency_knob {
        line("at once", knob)?;
    }
    if let Some(lost) = profile.lost_by_trap() {
        line("a trap", &format!("ends {lost}"))?;
    }
    line("source", &profile.source)?;
    line("checked", &profile.checked)
}

fn entrypoints(profile: &Profile) -> String {
    let listed = match profile.entrypoints.as_slice() {
        [] => "no export of a component".to_owned(),
        [any] if any == "*" => "any export".to_owned(),
        names => names.join(", "),
    };
    match profile.except.as_slice() {
        [] => listed,
        names => format!("{listed} except {}", names.join(", ")),
    }
}

fn lifetime(profile: &Profile) -> String {
    let mut text = match profile.serial_max {
        Some(1) => "1 call".to_owned(),
        Some(max) => format!("up to {max} calls"),
        None => "any number of calls".to_owned(),
    };
    match profile.concurrent_max {
        Some(1) if !profile.reuses() => {}
        Some(1) => text.push_str(", one at a time"),
        Some(max) => text.push_str(&format!(", {max} at once")),
        None => text.push_str(", any number at once"),
    }
    if let Some(idle) = &profile.idle {
        text.push_str(&format!("; idle: {idle}"));
    }
    match profile.opt_in_by {
        Some(OptInBy::Host) => text.push_str("; reuse is the default"),
        Some(who) => text.push_str(&format!("; reuse is switched on by the {who}")),
        None => {}
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_host_has_a_row_and_its_details() {
        let mut out = Vec::new();
        run(Format::Human, Style::PLAIN, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let rows: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
        assert_eq!(rows.len(), Profile::all().len() + 1);
        let column = rows[0].find("checked").unwrap();
        for (row, profile) in rows[1..].iter().zip(Profile::all()) {
            assert_eq!(&row[column..], profile.checked, "{row}");
        }
        for profile in Profile::all() {
            let opening = format!("\n\n{}: {}\n", profile.id, profile.title);
            let (_, rest) = text.split_once(&opening).unwrap_or_else(|| panic!("{}", profile.id));
            // Without the line breaks.
            let block = rest.split("\n\n").next().unwrap();
            let block = block.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(block.contains(&lifetime(profile)), "{block}");
            assert!(block.contains(&profile.source), "{block}");
            assert!(block.contains(&profile.checked), "{block}");
            assert!(profile.knobs.iter().all(|knob| block.contains(knob.as_str())), "{block}");
        }
    }
}
