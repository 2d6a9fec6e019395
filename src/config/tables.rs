//! Our tables in the manifests of others: `[component.X.tool.secondcall]` in a spin.toml,
//! `[package.metadata.secondcall]` in a Cargo.toml. The rest of a manifest is not validated.

use toml::de::{DeTable, DeValue};

use crate::config::Layer;
use crate::config::diagnostic::Diagnostic;
use crate::config::read::{KEYS, Reader, layer};
use crate::config::text::TextFile;

/// The tables of a manifest, and their mistakes.
#[derive(Debug, Default)]
pub struct Tables {
    pub(crate) list: Vec<Table>,
    /// The mistakes in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Debug)]
pub(crate) struct Table {
    /// The component's or the package's name.
    pub(crate) name: String,
    /// The artifact's path from the manifest's folder; `None` for every artifact of the folder.
    pub(crate) artifact: Option<String>,
    pub(crate) layer: Layer,
}

/// A table with its name and artifact, as in [`Table`].
type Found<'t, 'a> = (String, Option<String>, &'t DeTable<'a>);

/// Reads the tables of a spin.toml. Components without one are not listed.
pub fn of_spin(path: &str, text: &str, rules: &[&str]) -> Tables {
    fn find<'t, 'a>(manifest: &'t DeTable<'a>) -> Vec<Found<'t, 'a>> {
        let components = child(manifest, "component").into_iter().flatten();
        let found = components.filter_map(|(name, component)| {
            let DeValue::Table(component) = component.get_ref() else { return None };
            // A component from a registry or URL has a table as its source.
            let source = component.get("source")?.get_ref().as_str()?;
            let ours = child(child(component, "tool")?, "secondcall")?;
            Some((name.get_ref().to_string(), Some(source.to_owned()), ours))
        });
        found.collect()
    }
    read(path, text, rules, find)
}

/// Reads the table of a Cargo.toml.
pub fn of_cargo(path: &str, text: &str, rules: &[&str]) -> Tables {
    fn find<'t, 'a>(manifest: &'t DeTable<'a>) -> Vec<Found<'t, 'a>> {
        let package = child(manifest, "package");
        let found = package.and_then(|package| {
            let ours = child(child(package, "metadata")?, "secondcall")?;
            let name = package.get("name").and_then(|name| name.get_ref().as_str());
            Some((name.unwrap_or_default().to_owned(), None, ours))
        });
        found.into_iter().collect()
    }
    read(path, text, rules, find)
}

fn read(
    path: &str,
    text: &str,
    rules: &[&str],
    find: for<'t, 'a> fn(&'t DeTable<'a>) -> Vec<Found<'t, 'a>>,
) -> Tables {
    // A manifest that never mentions secondcall is ignored, even if it is malformed.
    if !text.contains("secondcall") {
        return Tables::default();
    }
    let mut reader = Reader::new(TextFile::new(path, text), rules);
    let manifest = reader.parse().unwrap_or_default();
    let found = find(&manifest).into_iter();
    let list = found.map(|(name, artifact, table)| {
        let layer = layer(&mut reader, table, &KEYS[1..]);
        Table { name, artifact, layer }
    });
    Tables { list: list.collect(), diagnostics: reader.finish() }
}

fn child<'t, 'a>(table: &'t DeTable<'a>, key: &str) -> Option<&'t DeTable<'a>> {
    table.get(key)?.get_ref().as_table()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_of_a_spin_manifest() {
        let text = "[component.api]\nsource = \"api.wasm\"\n[component.api.tool.secondcall]\nhosts = [\"spin-p3\"]\n\
                    [component.plain]\nsource = \"plain.wasm\"\n";
        let tables = of_spin("spin.toml", text, &[]);
        assert!(tables.diagnostics.is_empty());
        let [table] = tables.list.as_slice() else { panic!("one component has a table") };
        assert_eq!((table.name.as_str(), table.artifact.as_deref()), ("api", Some("api.wasm")));
        assert_eq!(table.layer.hosts.as_ref().unwrap().value, ["spin-p3"]);
    }

    #[test]
    fn the_table_of_a_package() {
        let text =
            "[package]\nname = \"api\"\n[package.metadata.secondcall]\nversion = 1\ncalls = 3\n";
        let tables = of_cargo("Cargo.toml", text, &[]);
        assert_eq!(tables.list[0].layer.calls.as_ref().unwrap().value, 3);
        assert_eq!(tables.diagnostics[0].span.line, 4);
    }

    #[test]
    fn the_rest_of_a_manifest_is_not_judged() {
        assert!(of_cargo("Cargo.toml", "[package", &[]).diagnostics.is_empty());
        assert_eq!(of_cargo("Cargo.toml", "secondcall = [", &[]).diagnostics.len(), 1);
        assert!(of_spin("spin.toml", "secondcall = 1\ncomponent = 2", &[]).list.is_empty());
    }
}
