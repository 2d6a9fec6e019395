//! The boxes: exports, core instances, imports from the host, and places of findings.

use std::collections::BTreeMap;

use super::causes::Caused;
use crate::component::definition::{Item, Sort};
use crate::component::index_space::Idx;
use crate::facts::Facts;
use crate::facts::instantiation::CoreInstanceId;
use crate::facts::roles::{Role, Roles};
use crate::finding::Finding;
use crate::location::{ExportName, ItemKind};
use crate::report::graph::{Node, NodeKind, shortened};
use crate::report::style::wrapped;
use crate::report::wording::{self, counted};
use crate::verdict::Severity;

/// What belongs to no interface.
const ROOT: &str = "functions of the root";
/// Longest name in a box, in characters.
const NAME_LIMIT: usize = 34;
/// Names in one box.
const MOST_NAMES: usize = 6;
/// Where the names in a box are broken into lines.
const WRAP_AT: usize = 32;

/// The exported functions of an interface that are lifted from one place.
pub(super) fn export(interface: Option<&str>, functions: &[&ExportName], hint: String) -> Node {
    let mut lines: Vec<_> = functions
        .iter()
        .take(MOST_NAMES)
        .map(|name| shortened(name.function(), NAME_LIMIT))
        .collect();
    if functions.len() > MOST_NAMES {
        lines.push(format!("and {} more", functions.len() - MOST_NAMES));
    }
    let caption = if functions.len() == 1 { "export" } else { "exports" };
    let title = match interface {
        Some(interface) => shortened(interface, NAME_LIMIT),
        None if functions.len() == 1 => lines.remove(0),
        None => ROOT.to_owned(),
    };
    node(NodeKind::Export, caption.to_owned(), title, lines, hint)
}

/// A core instance.
pub(super) fn instance(facts: &Facts<'_>, roles: &Roles, id: CoreInstanceId) -> Node {
    let module = facts.world.module(id);
    let role = roles.get(module.id);
    // The names of other modules say no more than their role.
    let name = module.name.filter(|_| matches!(role, None | Some(Role::Main | Role::Library)));
    let name = name.map(|name| format!(" {}", shortened(name, NAME_LIMIT - 14)));
    let mut lines = vec![format!("core module {}{}", module.id.raw(), name.unwrap_or_default())];
    let title = match role {
        Some(Role::Main) => "main module".to_owned(),
        Some(role @ (Role::Adapter | Role::Shim | Role::Fixups | Role::Starter)) => {
            role.to_string()
        }
        Some(Role::Library) => "library".to_owned(),
        None => "core module".to_owned(),
    };
    let adapter = facts.provenance.adapters.iter().find(|it| it.module == module.id);
    let title = adapter.map_or(title, |adapter| format!("{} adapter", adapter.flavor));
    if let Some(adapter) = adapter {
        lines.push(shortened(&adapter.name, NAME_LIMIT));
        lines.extend(adapter.releases.as_ref().map(|(first, last)| match first == last {
            true => format!("wasmtime {first}"),
            false => format!("wasmtime {first}–{last}"),
        }));
        lines.extend(adapter.origin.as_ref().map(|origin| shortened(origin, NAME_LIMIT)));
    }
    let functions = (module.functions.len() - module.imported_funcs()) as u64;
    let hint = format!(
        "core instance {}, {title}: {}, {}, {}, at {:#x}",
        id.raw(),
        module.step(),
        counted(functions, "function"),
        wording::size(module.span.len()),
        module.span.start,
    );
    let kind = match role {
        Some(Role::Shim | Role::Fixups | Role::Starter) => NodeKind::Plumbing,
        _ => NodeKind::Instance,
    };
    node(kind, format!("core instance {}", id.raw()), title, lines, hint)
}

/// Where a finding is.
pub(super) fn end(severity: Severity, finding: &Finding) -> Node {
    let location = &finding.location;
    let function = location.step(ItemKind::Func).map(|step| match step.shown_name() {
        Some(name) => shortened(&format!("func {} {name}", step.index), NAME_LIMIT),
        None => format!("func {}", step.index),
    });
    let mut lines: Vec<_> = function.into_iter().collect();
    lines.push(format!("at {:#08x}", location.span.start));
    let caption = wording::severity(severity).to_owned();
    let title = finding.rule.id.to_owned();
    node(NodeKind::End(severity), caption, title, lines, finding.message.clone())
}

/// The state that makes calls differ.
pub(super) fn cause(cause: &Caused) -> Node {
    let caption = wording::severity(cause.severity).to_owned();
    let lines = shortened_lines(&cause.lines);
    node(NodeKind::End(cause.severity), caption, cause.rule.clone(), lines, cause.sentence.clone())
}

/// Lines that fit into a box.
pub(super) fn shortened_lines(lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| shortened(line, NAME_LIMIT)).collect()
}

/// A note of what is not drawn.
pub(super) fn rest(title: String) -> Node {
    node(NodeKind::Rest, String::new(), title.clone(), Vec::new(), title)
}

/// What the root imports, one box for each package, in the order of the imports; and which package
/// each import belongs to.
pub(super) fn imports(facts: &Facts<'_>) -> (Vec<Node>, BTreeMap<Option<String>, usize>) {
    let mut packages: Vec<(String, Vec<String>)> = Vec::new();
    let mut places = BTreeMap::new();
    for item in &facts.component.root().items {
        let Item::Import { name, sort } = item else { continue };
        let (import, package, own) = match sort {
            Sort::Instance => {
                let (package, interface) = package(name);
                (Some(name.clone()), package, interface)
            }
            Sort::Func => (None, ROOT.to_owned(), name.clone()),
            Sort::CoreModule | Sort::Component => {
                (None, "modules and components".to_owned(), name.clone())
            }
            Sort::Value | Sort::Type => continue,
        };
        let known = *places.entry(import).or_insert_with(|| {
            packages.iter().position(|(it, _)| *it == package).unwrap_or(packages.len())
        });
        if known == packages.len() {
            packages.push((package, Vec::new()));
        }
        packages[known].1.push(own);
    }
    let nodes = packages.into_iter().map(|(package, names)| {
        let shown = names.iter().filter(|name| !name.is_empty()).take(2 * MOST_NAMES);
        let mut shown: Vec<_> = shown.map(|name| shortened(name, NAME_LIMIT)).collect();
        if names.len() > shown.len() && !shown.is_empty() {
            shown.push(format!("and {} more", names.len() - shown.len()));
        }
        let hint = format!("the host gives {package}: {}", shown.join(", "));
        let lines = wrapped(&shown.join(", "), WRAP_AT);
        let lines = lines.into_iter().filter(|line| !line.is_empty()).collect();
        let title = shortened(&package, NAME_LIMIT);
        node(NodeKind::Import, "import".to_owned(), title, lines, hint)
    });
    (nodes.collect(), places)
}

/// `wasi:cli/exit@0.2.6` is `exit` of the package `wasi:cli@0.2.6`; any other name is a package of
/// its own.
fn package(name: &str) -> (String, String) {
    let (path, version) = match name.split_once('@') {
        Some((path, version)) => (path, Some(version)),
        None => (name, None),
    };
    match path.split_once('/') {
        Some((package, interface)) if !name.contains(['=', '<']) => {
            let version = version.map(|version| format!("@{version}")).unwrap_or_default();
            (format!("{package}{version}"), interface.to_owned())
        }
        _ => (name.to_owned(), String::new()),
    }
}

fn node(kind: NodeKind, caption: String, title: String, lines: Vec<String>, hint: String) -> Node {
    Node { kind, caption, title, lines, hint, group: None }
}
