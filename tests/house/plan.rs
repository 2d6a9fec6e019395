//! The tables of `docs/architecture.md`, and the dependencies of `Cargo.toml`.

use std::collections::BTreeMap;

use super::text;

/// A row of the table of floors.
pub(super) struct Floor {
    /// Names of modules: `report`.
    pub(super) modules: Vec<String>,
    /// Modules and libraries that they must not name.
    pub(super) forbidden: Vec<String>,
}

/// The table of floors, without `src/lib.rs` and `src/main.rs`.
pub(super) fn floors() -> Vec<Floor> {
    let row = |cells: Vec<String>| {
        let modules = in_backticks(&cells[1]).into_iter().filter_map(|file| {
            let name = file.strip_prefix("src/")?.strip_suffix(".rs")?.to_owned();
            (!matches!(name.as_str(), "lib" | "main")).then_some(name)
        });
        Floor { modules: modules.collect(), forbidden: in_backticks(&cells[3]) }
    };
    table("## Floors").into_iter().map(row).collect()
}

/// Where each library may be named: files, and folders that end with `/`. Empty for anywhere.
pub(super) fn libraries() -> BTreeMap<String, Vec<String>> {
    let mut places = BTreeMap::new();
    for cells in table("## Libraries") {
        for library in in_backticks(&cells[0]) {
            places.insert(library.replace('-', "_"), in_backticks(&cells[1]));
        }
    }
    places
}

/// The crates that `src` may name, as Rust spells them.
pub(super) fn dependencies() -> Vec<String> {
    let manifest: toml::Table = text("Cargo.toml").parse().unwrap();
    let targets = manifest["target"].as_table().into_iter().flat_map(|table| table.values());
    let tables = [manifest.get("dependencies")].into_iter();
    let tables = tables.chain(targets.map(|target| target.get("dependencies"))).flatten();
    let names = tables.flat_map(|table| table.as_table().into_iter().flat_map(|it| it.keys()));
    names.map(|name| name.replace('-', "_")).collect()
}

/// The cells of a table below a heading, without its head.
fn table(heading: &str) -> Vec<Vec<String>> {
    let page = text("docs/architecture.md");
    let (_, section) =
        page.split_once(&format!("\n{heading}\n")).expect("the page has the heading");
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    let cells = |row: &str| {
        let cells = row.trim_matches('|').split('|').map(|cell| cell.trim().to_owned());
        cells.collect::<Vec<_>>()
    };
    let rows: Vec<_> = rows.map(cells).collect();
    assert!(!rows.is_empty(), "docs/architecture.md has no table below {heading}");
    rows
}

fn in_backticks(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
