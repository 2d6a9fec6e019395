//! The lines above the verdict table: what the input is, how it fares under each host, what it holds and was given.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::inventory::ArtifactKind;
use crate::report::answer::{Answer, Outlook};
use crate::report::document::{AdapterItem, Artifact, Document, Matched, Releases};
use crate::report::style::{Style, Tone};
use crate::report::{obstacle, wording};

use super::detail::{self, NAME_LIMIT};
use super::given;
use super::view::{Detail, View};

/// Widest column of keys.
const KEY_WIDTH: usize = 32;
/// How many paths of copies are named before the rest is counted.
const COPIES: usize = 3;
/// With more hosts than this, those with the same answer share a line.
const HOSTS: usize = 6;
/// The keys below the answers.
const LEAST_KEY: usize = "contents".len();

pub(super) fn write(
    document: &Document,
    artifact: &Artifact,
    at_hand: bool,
    view: View,
    out: &mut dyn Write,
) -> io::Result<()> {
    let style = view.style;
    let path = style.printable(&artifact.path, NAME_LIMIT);
    writeln!(out, "  {}", style.paint(Tone::Strong, path))?;
    let all = view.detail == Detail::Verbose || artifact.also.len() <= COPIES + 1;
    let shown = if all { artifact.also.len() } else { COPIES };
    for path in &artifact.also[..shown] {
        writeln!(out, "  {} (identical)", style.printable(path, NAME_LIMIT))?;
    }
    if !all {
        writeln!(out, "  and {} more identical files", artifact.also.len() - shown)?;
    }
    let answers = answers(document, artifact, true, view);
    let widest = answers.iter().map(|(hosts, ..)| hosts.chars().count()).max().unwrap_or(0);
    let width = widest.clamp(LEAST_KEY, KEY_WIDTH);
    for (hosts, tone, text) in answers {
        detail::keyed("  ", (&hosts, width), (tone, &text), style, out)?;
    }
    if view.detail == Detail::Quiet {
        return Ok(());
    }
    let mut line =
        |key, text: &str| detail::keyed("  ", (key, width), (Tone::Faint, text), style, out);
    line("contents", &contents(artifact, view))?;
    if let Some(origin) = &artifact.origin {
        let mut from = format!("{}:{} {}", origin.path, origin.line, origin.entry);
        let settings = artifact.hosts.iter().flat_map(|host| &host.settings);
        let settings: Vec<_> = settings.map(|(name, set)| format!("{name} {set}")).collect();
        if !settings.is_empty() {
            from += &format!(" ({})", settings.join(", "));
        }
        line("from", &from)?;
    }
    if let Some(wrapping) = &artifact.wrapped {
        line("made", &wording::wrapping(wrapping))?;
    }
    if !artifact.made_up_imports.is_empty() {
        let imports = &artifact.made_up_imports;
        let all = view.detail == Detail::Verbose;
        let text = if all { wording::stubs(imports) } else { wording::interfaces(imports, LISTED) };
        line("stubs", &text)?;
    }
    if let (Some(why), Detail::Verbose) = (&artifact.unfiltered, view.detail) {
        line("filter", &format!("the guest was confined by limits alone: {why}"))?;
    }
    if let Some(given) = &artifact.given {
        line("given", &given::line(given))?;
    }
    for (needed, exports) in needed(artifact) {
        let fail = match exports {
            1 => "1 export fails".to_owned(),
            exports => format!("{exports} exports fail"),
        };
        line("needs", &format!("{needed}; without, {fail} at the first call"))?;
    }
    if !at_hand {
        line("code", "the binary is missing or has changed: places are named and not shown")?;
    }
    Ok(())
}

/// Each host, or in a few words the hosts that share an answer, and the answer. A document of an older version has hosts only.
pub(super) fn answers(
    document: &Document,
    artifact: &Artifact,
    with_limits: bool,
    view: View,
) -> Vec<(String, Tone, String)> {
    if artifact.answers.is_empty() {
        let hosts = match artifact.hosts.is_empty() {
            true => document.head.run.hosts.join(", "),
            false => artifact.hosts.iter().map(|it| it.id.as_str()).collect::<Vec<_>>().join(", "),
        };
        return vec![("host".to_owned(), Tone::Faint, hosts)];
    }
    let folds = artifact.answers.len() > HOSTS && view.detail != Detail::Verbose;
    let mut groups: Vec<(&Answer, usize)> = Vec::new();
    for answer in &artifact.answers {
        match groups.iter_mut().find(|(it, _)| folds && it.text == answer.text) {
            Some((_, more)) => *more += 1,
            None => groups.push((answer, 0)),
        }
    }
    if folds {
        groups.sort_by_key(|(answer, _)| answer.outlook);
    }
    let lines = groups.into_iter().map(|(answer, more)| {
        let hosts = match more {
            0 => answer.host.clone(),
            more => format!("{} and {more} more", answer.host),
        };
        let tone = match answer.outlook {
            Outlook::Fails => Tone::Bad,
            Outlook::Affected | Outlook::MayFail | Outlook::Unknown => Tone::Doubtful,
            Outlook::NothingFailed => Tone::Good,
            Outlook::NotCalled => Tone::Notice,
        };
        let limits = match answer.limits.is_empty() || !with_limits {
            true => String::new(),
            false => format!(" ({})", answer.limits),
        };
        (hosts, tone, answer.text.clone() + &limits)
    });
    lines.collect()
}

/// How many interfaces and hosts are named before the rest is counted.
pub(super) const LISTED: usize = 6;

/// What exports needed to return, each with the number of exports.
pub(in crate::report) fn needed(artifact: &Artifact) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    for export in &artifact.exports {
        for needed in obstacle::needed(export.earlier.as_ref(), &export.variables) {
            *found.entry(needed).or_insert(0) += 1;
        }
    }
    found
}

/// What it holds and who made it, in one line.
pub(in crate::report) fn contents(artifact: &Artifact, view: View) -> String {
    let style = view.style;
    let mut parts = vec![match artifact.kind {
        ArtifactKind::Component => "component".to_owned(),
        ArtifactKind::CoreModule => "core module".to_owned(),
    }];
    if artifact.kind == ArtifactKind::Component {
        parts.push(wording::counted(artifact.core_modules, "core module"));
    }
    parts.push(wording::counted(artifact.functions, "function"));
    parts.push(wording::size(artifact.bytes));
    let adapters = artifact.adapters.iter().map(|it| adapter(it, style));
    // A commit or an address follows in parentheses.
    let toolchains = artifact.toolchains.iter().map(|it| match view.detail {
        Detail::Verbose => it.clone(),
        _ => it.split(" (").next().unwrap_or(it).to_owned(),
    });
    let made_by: Vec<_> = toolchains.chain(adapters).collect();
    if !made_by.is_empty() {
        parts.push(made_by.join(", "));
    }
    parts.join(style.marks().separator)
}

fn adapter(adapter: &AdapterItem, style: Style) -> String {
    let name = match adapter.name.as_str() {
        "wasi_snapshot_preview1" => "preview1",
        other => other,
    };
    let releases = adapter.releases.as_ref().map(|Releases { first, last }| match first == last {
        true => format!("wasmtime {first}"),
        false => format!("wasmtime {first}{}{last}", style.marks().range),
    });
    // Where the releases are known, so are the functions.
    let Matched { functions, of } = adapter.matched;
    let origin = adapter.origin.as_ref().map(|origin| match functions == of {
        true => origin.clone(),
        false => format!("{origin}; {functions} of {of} functions known"),
    });
    let flavor = Some(adapter.flavor.clone());
    let parts = flavor.into_iter().chain(releases).chain(origin).collect::<Vec<_>>();
    format!("{name} adapter ({})", parts.join(", "))
}
