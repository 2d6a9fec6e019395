//! The lines above the verdict table: what the input is, where it comes from, for which host.

use std::io;
use std::io::Write;

use crate::inventory::Adapter;
use crate::inventory::ArtifactKind;
use crate::inventory::Inventory;
use crate::report::run::Artifact;
use crate::report::run::ImpliedHost;
use crate::report::run::Run;
use crate::report::style::Style;
use crate::report::style::Tone;
use crate::report::wording;

use super::NAME_LIMIT;
use super::SENTENCE_LIMIT;

/// Width of the left column; a longer path gets a line of its own.
const KEY_WIDTH: usize = 24;

pub(super) fn write(
    run: &Run,
    artifact: &Artifact,
    inventory: &Inventory,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let path = style.printable(&artifact.path, NAME_LIMIT);
    let length = path.chars().count();
    let width = if length <= KEY_WIDTH { length.max(4) } else { 4 };
    let name = style.paint(Tone::Strong, format!("{path:<width$}"));
    let facts = style.printable(&facts(inventory, style), SENTENCE_LIMIT);
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
        true => run.hosts.join(", "),
        false => artifact.hosts.iter().map(host).collect::<Vec<_>>().join(", "),
    };
    let hosts = style.printable(&hosts, SENTENCE_LIMIT);
    writeln!(out, "  {:<width$}   {hosts}", "host")?;
    if artifact.made_up_imports.is_empty() {
        return Ok(());
    }
    let imports = format!("{}: they do nothing", artifact.made_up_imports.join(", "));
    writeln!(out, "  {:<width$}   {}", "made up", style.printable(&imports, SENTENCE_LIMIT))
}

/// `wasmcloud-2-pooled (poolSize 4)`.
fn host(host: &ImpliedHost) -> String {
    let settings = host.settings.iter().map(|(name, set)| format!("{name} {set}"));
    let settings = settings.collect::<Vec<_>>().join(", ");
    if settings.is_empty() { host.id.clone() } else { format!("{} ({settings})", host.id) }
}

fn facts(inventory: &Inventory, style: Style) -> String {
    let mut parts = vec![match inventory.kind {
        ArtifactKind::Component => "component".to_owned(),
        ArtifactKind::CoreModule => "core module".to_owned(),
    }];
    if inventory.kind == ArtifactKind::Component {
        parts.push(wording::counted(inventory.core_modules, "core module"));
    }
    parts.push(wording::counted(inventory.functions, "function"));
    parts.push(wording::size(inventory.bytes));
    let adapters = inventory.adapters.iter().map(|it| adapter(it, style));
    let made_by: Vec<_> = inventory.toolchains.iter().cloned().chain(adapters).collect();
    if !made_by.is_empty() {
        parts.push(made_by.join(", "));
    }
    parts.join(style.marks().separator)
}

fn adapter(adapter: &Adapter, style: Style) -> String {
    let name = match adapter.name.as_str() {
        "wasi_snapshot_preview1" => "preview1",
        other => other,
    };
    let flavor = &adapter.flavor;
    match &adapter.releases {
        None => format!("{name} adapter ({flavor})"),
        Some((first, last)) if first == last => {
            format!("{name} adapter ({flavor}, wasmtime {first})")
        }
        Some((first, last)) => {
            let range = style.marks().range;
            format!("{name} adapter ({flavor}, wasmtime {first}{range}{last})")
        }
    }
}
