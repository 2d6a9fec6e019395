//! Tables of ours in the manifests of others: `[component.X.tool.secondcall]` in a spin.toml,
//! `[package.metadata.secondcall]` in a Cargo.toml. All else in them is not ours to judge.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::Layer;
use crate::config::diagnostic::Diagnostic;
use crate::config::read::{KEYS, Reader};
use crate::config::text::TextFile;

/// Our tables in a manifest.
#[derive(Debug, Default)]
pub struct Tables {
    /// Each of them.
    pub list: Vec<Table>,
    /// What is wrong with them.
    pub diagnostics: Vec<Diagnostic>,
}

/// A table of ours.
#[derive(Debug)]
pub struct Table {
    /// Whose: the component's or the package's name.
    pub name: String,
    /// The artifact that it is for, relative to the manifest's folder; `None`: any of the folder.
    pub artifact: Option<String>,
    /// What it chooses.
    pub(crate) layer: Layer,
}

/// Our tables in a spin.toml. Other components than those with a table are not listed.
pub fn of_spin(path: &str, text: &str, rules: &[&str]) -> Tables {
    with(path, text, rules, |reader, manifest| {
        let Some(components) = child(manifest, "component") else { return Vec::new() };
        let mut list = Vec::new();
        for (name, component) in components {
            let DeValue::Table(component) = component.get_ref() else { continue };
            // A component that is fetched by address has a table as its source: it is no file of ours.
            let Some(DeValue::String(source)) = component.get("source").map(Spanned::get_ref)
            else {
                continue;
            };
            if let Some(ours) = child(component, "tool").and_then(|it| child(it, "secondcall")) {
                list.push(Table {
                    name: name.get_ref().clone().into_owned(),
                    artifact: Some(source.clone().into_owned()),
                    layer: reader.table(ours, &KEYS[1..]),
                });
            }
        }
        list
    })
}

/// Our table in a Cargo.toml.
pub fn of_cargo(path: &str, text: &str, rules: &[&str]) -> Tables {
    with(path, text, rules, |reader, manifest| {
        let package = child(manifest, "package");
        let ours =
            package.and_then(|it| child(it, "metadata")).and_then(|it| child(it, "secondcall"));
        let (Some(package), Some(ours)) = (package, ours) else { return Vec::new() };
        let name = match package.get("name").map(Spanned::get_ref) {
            Some(DeValue::String(name)) => name.clone().into_owned(),
            _ => String::new(),
        };
        vec![Table { name, artifact: None, layer: reader.table(ours, &KEYS[1..]) }]
    })
}

fn with(
    path: &str,
    text: &str,
    rules: &[&str],
    find: impl for<'r> FnOnce(&mut Reader<'r>, &DeTable<'r>) -> Vec<Table>,
) -> Tables {
    // A manifest that does not speak of us is none of our business, broken or not.
    if !text.contains("secondcall") {
        return Tables::default();
    }
    let mut reader = Reader::new(TextFile { path, text }, rules);
    let Some(manifest) = reader.parse() else {
        return Tables { list: Vec::new(), diagnostics: reader.done(Layer::default()).diagnostics };
    };
    let list = find(&mut reader, &manifest);
    Tables { list, diagnostics: reader.done(Layer::default()).diagnostics }
}

fn child<'t, 'a>(table: &'t DeTable<'a>, key: &str) -> Option<&'t DeTable<'a>> {
    match table.get(key)?.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
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
