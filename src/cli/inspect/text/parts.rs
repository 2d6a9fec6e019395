//! Writes the components and core modules of a file as a tree.

use std::collections::BTreeMap;

use super::{MOST_PARTS, Page};
use crate::cli::inspect::anatomy::{Anatomy, MemoryPart, ModulePart};
use crate::report::style::Tone;
use crate::report::wording::{counted, size};

/// The depth below which parts are indented no further.
const DEEPEST_INDENT: usize = 16;
/// The column up to which the title of a part is padded.
const TITLE_END: usize = 52;

/// A node of the tree, by its index in the [`Anatomy`].
enum Part {
    Component(u32),
    CoreModule(u32),
}

impl Page<'_> {
    /// Writes the parts in file order, in which each follows the component that contains it.
    pub(super) fn parts(&mut self) {
        let anatomy = self.anatomy;
        self.heading("parts");
        let count = anatomy.components.len() + anatomy.core_modules.len();
        let mut remaining = self.shown(count, MOST_PARTS);
        let mut depths = vec![0; anatomy.components.len()];
        for (offset, part) in in_file_order(anatomy) {
            let parent = match part {
                Part::Component(id) => anatomy.components[id as usize].parent,
                Part::CoreModule(id) => Some(anatomy.core_modules[id as usize].component),
            };
            let depth = parent.map_or(0, |parent| depths[parent as usize] + 1);
            if let Part::Component(id) = part {
                depths[id as usize] = depth;
            }
            if remaining == 0 {
                continue;
            }
            remaining -= 1;
            let indent = 2 + 2 * depth.min(DEEPEST_INDENT);
            match part {
                Part::Component(id) => self.component(indent, id, offset),
                Part::CoreModule(id) => {
                    self.core_module(indent, &anatomy.core_modules[id as usize]);
                }
            }
        }
        self.more(2, count - self.shown(count, MOST_PARTS), "part");
    }

    fn component(&mut self, indent: usize, id: u32, offset: u64) {
        let part = &self.anatomy.components[id as usize];
        let root = if part.parent.is_none() { ", the root" } else { "" };
        let title = format!("component {id}{}{root}", self.quoted(part.name.as_deref()));
        self.title(indent, &title, "", part.bytes, offset);
        let sections: Vec<_> = part.custom_sections.iter().map(|name| self.name(name)).collect();
        self.list(indent + 4, "custom sections", &sections);
        self.producers_of(indent + 4, &part.producers);
    }

    fn core_module(&mut self, indent: usize, module: &ModulePart) {
        let title = self.module(module.core_module);
        let role = module.role.map(|role| role.to_string()).unwrap_or_default();
        self.title(indent, &title, &role, module.bytes, module.offset);
        let indent = indent + 4;
        let functions = &module.functions;
        let mut facts = vec![with_imported(functions.defined, "function", functions.imported)];
        facts.extend(module.memories.iter().map(memory));
        facts.extend(module.tables.iter().map(|table| {
            let imported = if table.imported { "imported " } else { "" };
            format!("{imported}table of {}", table.minimum)
        }));
        let globals = &module.globals;
        if globals.defined + globals.imported > 0 {
            let count = with_imported(globals.defined, "global", globals.imported);
            facts.push(format!("{count} ({} mutable)", globals.mutable));
        }
        if module.data.segments > 0 {
            let segments = counted(module.data.segments, "data segment");
            facts.push(format!("{} in {segments}", size(module.data.bytes)));
        }
        let separator = self.style.marks().separator;
        let shown = self.shown(facts.len(), super::MOST_LINES);
        let mut line = facts[..shown].join(separator);
        if shown < facts.len() {
            line += &format!(" and {} more", facts.len() - shown);
        }
        self.line(indent, &line);
        if let Some(start) = &module.start {
            let name = self.quoted(start.name.as_deref());
            self.line(indent, &format!("start function  func {}{name}", start.function));
        }
        let sections = module.custom_sections.iter();
        let sections: Vec<_> =
            sections.map(|it| format!("{} ({})", self.name(&it.name), size(it.bytes))).collect();
        self.list(indent, "custom sections", &sections);
        self.producers_of(indent, &module.producers);
    }

    /// Writes the first line of a part; `role` may be empty.
    fn title(&mut self, indent: usize, title: &str, role: &str, bytes: u64, offset: u64) {
        let width = TITLE_END.saturating_sub(indent);
        let title = self.style.paint(Tone::Notice, format!("{title:<width$}"));
        let size = size(bytes);
        self.line(indent, &format!("{title}  {role:<8} {size:>10}  at {offset:#x}"));
    }

    /// Writes a key and its words; nothing if there are none.
    fn list(&mut self, indent: usize, key: &str, words: &[String]) {
        if !words.is_empty() {
            self.words(indent, key, &self.folded_words(words));
        }
    }

    fn producers_of(&mut self, indent: usize, producers: &BTreeMap<String, Vec<String>>) {
        let words: Vec<_> = producers
            .iter()
            .flat_map(|(field, values)| values.iter().map(move |value| (field, value)))
            .map(|(field, value)| format!("{} {}", self.name(field), self.name(value)))
            .collect();
        self.list(indent, "producers", &words);
    }
}

/// Every part with its offset in the file, by offset.
fn in_file_order(anatomy: &Anatomy) -> Vec<(u64, Part)> {
    let components = anatomy.components.iter();
    let components = components.map(|part| (part.offset, Part::Component(part.component)));
    let modules = anatomy.core_modules.iter();
    let modules = modules.map(|part| (part.offset, Part::CoreModule(part.core_module)));
    let mut parts: Vec<_> = components.chain(modules).collect();
    parts.sort_by_key(|(offset, _)| *offset);
    parts
}

/// The numbers of defined and imported items: `3 functions, 2 imported`.
fn with_imported(defined: u64, noun: &str, imported: u64) -> String {
    match imported {
        0 => counted(defined, noun),
        imported => format!("{}, {imported} imported", counted(defined, noun)),
    }
}

/// The properties and limits of a memory: `shared memory of 1 page, at most 2`.
fn memory(memory: &MemoryPart) -> String {
    let mut words = String::new();
    for (applies, word) in
        [(memory.imported, "imported "), (memory.shared, "shared "), (memory.memory64, "64-bit ")]
    {
        if applies {
            words += word;
        }
    }
    let pages = counted(memory.minimum_pages, "page");
    match memory.maximum_pages {
        None => format!("{words}memory of {pages}, no maximum"),
        Some(maximum) => format!("{words}memory of {pages}, at most {maximum}"),
    }
}
