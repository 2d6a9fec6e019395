//! The lines above the verdict table: what the input is, where it comes from, for which host.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::inventory::ArtifactKind;
use crate::report::document::{AdapterItem, Artifact, Document, ImpliedHost, Matched, Releases};
use crate::report::style::{Style, Tone};
use crate::report::{obstacle, wording};

use super::detail::{NAME_LIMIT, SENTENCE_LIMIT};
use super::given;

/// Width of the left column; a longer path gets a line of its own.
const KEY_WIDTH: usize = 24;

pub(super) fn write(
    document: &Document,
    artifact: &Artifact,
    at_hand: bool,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let path = style.printable(&artifact.path, NAME_LIMIT);
    let length = path.chars().count();
    let needed = needed(artifact);
    let stubs = !artifact.made_up_imports.is_empty();
    let least = if artifact.given.is_some() || !needed.is_empty() || stubs { 5 } else { 4 };
    let width = if length <= KEY_WIDTH { length.max(least) } else { least };
    let name = style.paint(Tone::Strong, format!("{path:<width$}"));
    let facts = style.printable(&facts(artifact, style), SENTENCE_LIMIT);
    if length <= KEY_WIDTH {
        writeln!(out, "  {name}   {facts}")?;
    } else {
        writeln!(out, "  {name}\n  {:width$}   {facts}", "")?;
    }
    if let Some(origin) = &artifact.origin {
        let from = format!("{}:{}  {}", origin.path, origin.line, origin.entry);
        writeln!(out, "  {:<width$}   {}", "from", style.printable(&from, SENTENCE_LIMIT))?;
    }
    let hosts = match artifact.hosts.is_empty() {
        true => document.head.run.hosts.join(", "),
        false => artifact.hosts.iter().map(host).collect::<Vec<_>>().join(", "),
    };
    let hosts = style.printable(&hosts, SENTENCE_LIMIT);
    writeln!(out, "  {:<width$}   {hosts}", "host")?;
    if !artifact.made_up_imports.is_empty() {
        let imports = wording::stubs(&artifact.made_up_imports);
        writeln!(out, "  {:<width$}   {}", "stubs", style.printable(&imports, SENTENCE_LIMIT))?;
    }
    if let Some(given) = &artifact.given {
        let given = style.printable(&given::line(given), SENTENCE_LIMIT);
        writeln!(out, "  {:<width$}   {given}", "given")?;
    }
    for (needed, exports) in needed {
        let fail = match exports {
            1 => "1 export fails".to_owned(),
            exports => format!("{exports} exports fail"),
        };
        let needed = format!("{needed}; without, {fail} at the first call");
        writeln!(out, "  {:<width$}   {}", "needs", style.printable(&needed, SENTENCE_LIMIT))?;
    }
    if !at_hand {
        let why = "the binary is missing or has changed: places are named and not shown";
        writeln!(out, "  {:<width$}   {why}", "code")?;
    }
    Ok(())
}

/// What exports needed to return, each with the number of exports.
fn needed(artifact: &Artifact) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    for export in &artifact.exports {
        for needed in obstacle::needed(export.earlier.as_ref(), &export.variables) {
            *found.entry(needed).or_insert(0) += 1;
        }
    }
    found
}

/// `wasmcloud-2-pooled (poolSize 4)`.
fn host(host: &ImpliedHost) -> String {
    let settings = host.settings.iter().map(|(name, set)| format!("{name} {set}"));
    let settings = settings.collect::<Vec<_>>().join(", ");
    if settings.is_empty() { host.id.clone() } else { format!("{} ({settings})", host.id) }
}

fn facts(artifact: &Artifact, style: Style) -> String {
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
    let made_by: Vec<_> = artifact.toolchains.iter().cloned().chain(adapters).collect();
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
