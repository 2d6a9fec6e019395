//! `secondcall hosts`: every host profile, as a table and then in detail. Judges nothing.

use std::io::{Result, Write};

use crate::profile::{OptInBy, Profile};

/// What the table says of a host, and above it of each column.
type Row = [String; 5];

/// Writes all known host profiles to `out`.
pub(super) fn run(out: &mut dyn Write) -> Result<()> {
    table(out, Profile::all())?;
    for profile in Profile::all() {
        details(out, profile)?;
    }
    Ok(())
}

fn table(out: &mut dyn Write, profiles: &[Profile]) -> Result<()> {
    let heading = ["host", "calls per instance", "at once", "after a trap", "checked"];
    let mut rows: Vec<Row> = vec![heading.map(str::to_owned)];
    rows.extend(profiles.iter().map(row));
    let width =
        |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [0, 1, 2, 3, 4].map(width);
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

fn row(profile: &Profile) -> Row {
    [
        profile.id.clone(),
        limit(profile.serial_max),
        limit(profile.concurrent_max),
        profile.on_trap.to_string(),
        profile.checked.clone(),
    ]
}

fn limit(max: Option<u32>) -> String {
    max.map_or_else(|| "unlimited".to_owned(), |max| max.to_string())
}

fn details(out: &mut dyn Write, profile: &Profile) -> Result<()> {
    writeln!(out, "\n{}: {}", profile.id, profile.title)?;
    writeln!(out, "  {}", profile.summary)?;
    let mut line = |word: &str, text: &str| writeln!(out, "  {word:11}  {text}");
    line("calls", &entrypoints(profile))?;
    line("binaries", &profile.abi.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))?;
    line("lifetime", &lifetime(profile))?;
    if let Some(post_return) = profile.post_return {
        line("post-return", &post_return.to_string())?;
    }
    if profile.linked_components_share_fate {
        line("linked", "components linked to one live and end with it")?;
    }
    if !profile.knobs.is_empty() {
        line("knobs", &profile.knobs.join(", "))?;
    }
    if let Some(knob) = &profile.single_use_knob {
        line("single use", knob)?;
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

    fn printed() -> String {
        let mut out = Vec::new();
        run(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_table_is_aligned() {
        let text = printed();
        let rows: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).collect();
        assert_eq!(rows.len(), Profile::all().len() + 1);
        let column = rows[0].find("checked").unwrap();
        for (row, profile) in rows[1..].iter().zip(Profile::all()) {
            assert_eq!(&row[column..], profile.checked, "{row}");
        }
    }

    #[test]
    fn each_host_says_its_lifetime_its_knobs_its_source_and_its_day() {
        let text = printed();
        for profile in Profile::all() {
            let opening = format!("\n\n{}: {}\n", profile.id, profile.title);
            let (_, rest) = text.split_once(&opening).unwrap_or_else(|| panic!("{}", profile.id));
            let block = rest.split("\n\n").next().unwrap();
            assert!(block.contains(&lifetime(profile)), "{block}");
            assert!(block.contains(&profile.source), "{block}");
            assert!(block.contains(&profile.checked), "{block}");
            assert!(profile.knobs.iter().all(|knob| block.contains(knob.as_str())), "{block}");
        }
    }
}
