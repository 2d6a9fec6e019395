//! Recognizes toolchains by the marks in `data/toolchains.toml`: producers, custom sections, names of exports and
//! modules, texts in data segments.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::adapter::Adapter;
use super::defects::Known;
use super::texts::{self, Finder, Text};
use crate::component::Component;
use crate::component::definition::{Definition, Item};

/// A toolchain that had a part in making a component.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Toolchain {
    /// Its name, as `data/toolchains.toml` has it.
    pub name: String,
    /// Its version, from a producers section or debug data.
    pub version: Option<String>,
    /// The first mark found: `producers: processed-by rustc`, ``custom section `go:buildid` ``.
    pub seen: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    toolchain: Vec<Marks>,
    defect: Vec<Known>,
}

// The marks of a toolchain; any one suffices. `*` stands for any text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Marks {
    name: String,
    #[serde(rename = "source")]
    _source: String,
    // `field name version` of a producers section.
    #[serde(default)]
    producers: Vec<String>,
    // The same for marks with the version of another program: the compiler that the toolchain is built on.
    #[serde(default)]
    built_on: Vec<String>,
    // Prefixes of strings in `.debug_str` that are followed by the version.
    #[serde(default)]
    debug: Vec<String>,
    // Texts in data segments; `#` stands for a hexadecimal digit.
    #[serde(default)]
    data: Vec<String>,
    // The same in UTF-16.
    #[serde(default)]
    data_utf16: Vec<String>,
    // Toolchains of which another mark has to be found before a text counts.
    #[serde(default)]
    needs: Vec<String>,
    // Whether no other such toolchain has a part in a core module that it makes.
    #[serde(default)]
    alone: bool,
    // Toolchains that imply this one: this one is omitted beside them.
    #[serde(default)]
    unless: Vec<String>,
    // Module names of core imports.
    #[serde(default)]
    imports: Vec<String>,
    #[serde(default)]
    sections: Vec<String>,
    #[serde(default)]
    exports: Vec<String>,
    // Names of core modules and components.
    #[serde(default)]
    modules: Vec<String>,
    // Names that the component itself exports.
    #[serde(default)]
    interfaces: Vec<String>,
    #[serde(default)]
    shapes: Vec<Shape>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shape {
    // The root has no core module of its own, and instantiates several components that have.
    Composed,
}

static FILE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../data/toolchains.toml"))
        .expect("data/toolchains.toml holds toolchains")
});

/// The known defects, in the order of the file.
pub(super) fn defects() -> &'static [Known] {
    &FILE.defect
}

/// Every toolchain that shows, sorted. The adapters' own is left out: it made none of the rest.
pub(super) fn find(component: &Component<'_>, adapters: &[Adapter]) -> Vec<Toolchain> {
    let mut found = Found::default();
    for (_, definition) in component.definitions.iter() {
        found.producers(&definition.producers);
        for section in &definition.custom_sections {
            found.mark("custom section", section, |it| &it.sections);
        }
        definition.name.iter().for_each(|it| found.mark("component", it, |it| &it.modules));
    }
    for item in &component.root().items {
        if let Item::Export { name, .. } = item {
            found.mark("export", name, |it| &it.interfaces);
        }
    }
    if is_composed(component) {
        found.shape(Shape::Composed, "shape: components instantiated by one without code");
    }
    let mut texts = Vec::new();
    for (id, module) in component.core_modules.iter() {
        if adapters.iter().any(|adapter| adapter.module == id) {
            continue;
        }
        let mut made = Found::default();
        made.producers(&module.producers);
        for section in &module.custom_sections {
            made.mark("custom section", section.name, |it| &it.sections);
            if section.name == ".debug_str" {
                made.debug_strings(section.data);
            }
        }
        for import in &module.imports {
            made.mark("core import from", import.module, |it| &it.imports);
        }
        for export in &module.exports {
            made.mark("core export", export.name, |it| &it.exports);
        }
        module.name.iter().for_each(|it| made.mark("core module", it, |it| &it.modules));
        texts.push(made.texts(module.data.iter().map(|(_, data)| data.bytes)));
        found.add(made.toolchains);
    }
    for (marks, seen) in texts.into_iter().flatten() {
        if !found.has(&marks.name) && marks.needs.iter().all(|other| found.has(other)) {
            found.toolchains.insert((&marks.name, None), seen);
        }
    }
    found.sorted()
}

#[derive(Default)]
struct Found {
    // The first mark of each name and version.
    toolchains: BTreeMap<(&'static str, Option<String>), String>,
}

impl Found {
    fn producers(&mut self, producers: &[(&str, &str, &str)]) {
        for (field, name, version) in producers {
            let value = format!("{field} {name} {version}");
            for marks in FILE.toolchain.iter().filter(|it| any(&it.producers, &value)) {
                let version = (!version.is_empty()).then(|| (*version).to_owned());
                let seen = || format!("producers: {field} {name}");
                self.toolchains.entry((&marks.name, version)).or_insert_with(seen);
            }
            for marks in FILE.toolchain.iter().filter(|it| any(&it.built_on, &value)) {
                let seen = || format!("producers: {field} {name} {version}");
                self.toolchains.entry((&marks.name, None)).or_insert_with(seen);
            }
        }
    }

    fn debug_strings(&mut self, section: &[u8]) {
        for marks in FILE.toolchain.iter() {
            for prefix in &marks.debug {
                if let Some(version) = texts::version(section, prefix) {
                    let seen = || format!("debug data `{prefix}{version}`");
                    let version = Some(version.to_owned());
                    self.toolchains.entry((&marks.name, version)).or_insert_with(seen);
                }
            }
        }
    }

    /// The toolchains of which the data of a core module holds texts, besides those found by other marks, with the first text
    /// of each. A program may hold the texts of others: a table of them, as this one does.
    fn texts<'d>(&self, pieces: impl Iterator<Item = &'d [u8]>) -> Vec<(&'static Marks, String)> {
        let mut wanted = Vec::new();
        for marks in FILE.toolchain.iter().filter(|it| !self.has(&it.name)) {
            let plain = marks.data.iter().map(|text| Text { text, utf16: false });
            let wide = marks.data_utf16.iter().map(|text| Text { text, utf16: true });
            wanted.extend(plain.chain(wide).map(|text| (marks, text)));
        }
        let mut finder = Finder::new(wanted.iter().map(|(_, text)| *text).collect());
        // By the place in the file: whether a digest was in the text, which no table has.
        let mut found: BTreeMap<usize, (&'static Marks, String, bool)> = BTreeMap::new();
        let number = |marks: &Marks| FILE.toolchain.iter().position(|it| it.name == marks.name);
        for bytes in pieces {
            let texts = finder.find(bytes);
            if texts.is_empty() {
                continue;
            }
            for (i, text) in texts {
                let (marks, wanted) = wanted[i];
                let is_digest = wanted.text.contains("########");
                let Some(number) = number(marks) else { continue };
                let seen = format!("data `{text}`");
                let known = found.entry(number).or_insert((marks, seen, is_digest));
                known.2 |= is_digest;
            }
            finder.leave_out(|i| {
                let (marks, text) = wanted[i];
                number(marks).is_some_and(|it| {
                    found.get(&it).is_some_and(|it| it.2 || !text.text.contains("########"))
                })
            });
        }
        let is_made = FILE.toolchain.iter().any(|it| it.alone && self.has(&it.name));
        let makers = || found.values().filter(|(marks, ..)| marks.alone);
        let is_certain = makers().any(|(.., digest)| *digest);
        let is_list = makers().count() > 1;
        let found = found.values().filter(|(marks, _, digest)| {
            !marks.alone || !is_made && (*digest || !is_certain && !is_list)
        });
        found.map(|(marks, seen, _)| (*marks, seen.clone())).collect()
    }

    /// Adds marks of toolchains, of which the first one is kept.
    fn add(&mut self, toolchains: BTreeMap<(&'static str, Option<String>), String>) {
        for (toolchain, seen) in toolchains {
            self.toolchains.entry(toolchain).or_insert(seen);
        }
    }

    fn has(&self, name: &str) -> bool {
        self.toolchains.keys().any(|(it, _)| *it == name)
    }

    fn mark(&mut self, kind: &str, name: &str, patterns: impl Fn(&Marks) -> &Vec<String>) {
        for marks in FILE.toolchain.iter().filter(|it| any(patterns(it), name)) {
            let seen = || format!("{kind} `{name}`");
            self.toolchains.entry((&marks.name, None)).or_insert_with(seen);
        }
    }

    fn shape(&mut self, shape: Shape, seen: &str) {
        for marks in FILE.toolchain.iter().filter(|it| it.shapes.contains(&shape)) {
            self.toolchains.entry((&marks.name, None)).or_insert_with(|| seen.to_owned());
        }
    }

    // Without toolchains that are also found with a version or implied by another one.
    fn sorted(self) -> Vec<Toolchain> {
        let versioned =
            |name: &str| self.toolchains.keys().any(|(it, v)| *it == name && v.is_some());
        let implied = |name: &str| {
            let mut unless =
                FILE.toolchain.iter().filter(|it| it.name == name).flat_map(|it| &it.unless);
            unless.any(|other| self.has(other))
        };
        let kept = self.toolchains.iter();
        let kept = kept.filter(|((name, v), _)| v.is_some() || !versioned(name) && !implied(name));
        kept.map(|((name, version), seen)| Toolchain {
            name: (*name).to_owned(),
            version: version.clone(),
            seen: seen.clone(),
        })
        .collect()
    }
}

fn is_composed(component: &Component<'_>) -> bool {
    let has_code = |definition: &Definition<'_>| {
        definition.items.iter().any(|item| matches!(item, Item::CoreModule(_)))
    };
    let nested = component.root().items.iter().filter(|item| match item {
        Item::Component(id) => component.definitions.get(*id).is_some_and(has_code),
        _ => false,
    });
    !has_code(component.root()) && nested.count() > 1
}

fn any(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|pattern| like(pattern, text))
}

fn like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            let ends = text.char_indices().map(|(i, _)| i).chain([text.len()]);
            rest.is_empty() || ends.into_iter().any(|i| like(rest, &text[i..]))
        }),
    }
}
