//! The contents of a component as text. Cuts long lists and escapes unprintable characters of names.

mod instances;
mod parts;
mod reuse;
mod state;
mod surface;

use crate::report::style::{Style, Tone, columns, wrapped};
use crate::report::wording::{counted, size, wrapping};

use super::anatomy::{AdapterPart, Anatomy, Provider, Resolved, Sort, Through};

/// Most similar lines.
const MOST_LINES: usize = 12;
/// Most parts or instances.
const MOST_PARTS: usize = 40;
/// Longest name printed, in characters.
const NAME_LIMIT: usize = 100;
/// Longest path or sentence printed, in characters.
const SENTENCE_LIMIT: usize = 1000;
/// Widest column of names; a longer name pushes its row to the right.
const COLUMN_LIMIT: usize = 56;
/// Column at which a list of words is wrapped, on a wide screen.
const WRAP_AT: usize = 100;
/// The least room for such a list beside its key.
const LEAST_ROOM: usize = 20;
/// By how much further lines of a wrapped line are indented.
const HANGING: usize = 2;

/// Renders `anatomy`, the contents of the file `path`; with every line if `all`.
pub(super) fn render(path: &str, anatomy: &Anatomy, style: Style, all: bool) -> String {
    let mut page = Page { anatomy, style, all, text: String::new() };
    page.header(path);
    page.provenance();
    page.parts();
    page.instances();
    page.imports();
    page.exports();
    page.state();
    page.admissions();
    page.overlaps();
    page.reuse();
    page.text
}

struct Page<'p> {
    anatomy: &'p Anatomy,
    style: Style,
    all: bool,
    text: String,
}

impl Page<'_> {
    fn header(&mut self, path: &str) {
        let anatomy = self.anatomy;
        let functions = anatomy.core_modules.iter().map(|module| module.functions.defined);
        let mut facts = vec!["component".to_owned()];
        if anatomy.components.len() > 1 {
            facts.push(counted(anatomy.components.len() as u64 - 1, "nested component"));
        }
        facts.push(counted(anatomy.core_modules.len() as u64, "core module"));
        facts.push(counted(functions.sum::<u64>(), "function"));
        facts.push(size(anatomy.bytes));
        let path = self.style.printable(path, SENTENCE_LIMIT);
        let facts = facts.join(self.style.marks().separator);
        self.line(2, &format!("{}   {facts}", self.style.paint(Tone::Strong, path)));
        if let Some(made) = &anatomy.wrapped {
            self.line(2, &wrapping(made));
        }
    }

    fn provenance(&mut self) {
        let anatomy = self.anatomy;
        if !anatomy.adapters.is_empty() {
            self.heading("adapters");
            let rows = anatomy.adapters.iter();
            let rows = rows.map(|it| (self.name(&it.name), self.adapter(it))).collect();
            self.table(2, rows);
            self.costs();
        }
        if !anatomy.toolchains.is_empty() {
            self.heading("toolchains, and how they were recognized");
            let rows = anatomy.toolchains.iter().map(|toolchain| {
                let version = toolchain.version.iter().map(|version| format!(" {version}"));
                let name = format!("{}{}", toolchain.name, version.collect::<String>());
                (self.name(&name), self.name(&toolchain.seen))
            });
            let rows = rows.collect();
            self.table(2, rows);
        }
        if !anatomy.producers.is_empty() {
            self.heading("producers, of all parts");
            for (field, values) in &anatomy.producers {
                let values: Vec<_> = values.iter().map(|value| self.name(value)).collect();
                self.words(2, &self.name(field), &self.folded_words(&values));
            }
        }
    }

    fn adapter(&self, adapter: &AdapterPart) -> String {
        let releases = match (&adapter.releases, &adapter.origin) {
            (None, None) => Some("not a published release".to_owned()),
            (None, Some(_)) => None,
            (Some(it), _) if it.first == it.last => Some(format!("wasmtime {}", it.first)),
            (Some(it), _) => {
                Some(format!("wasmtime {}{}{}", it.first, self.style.marks().range, it.last))
            }
        };
        let matched = &adapter.matched;
        let matched = format!("{} of {} function bodies match", matched.functions, matched.of);
        let module = self.module(adapter.core_module);
        let origin = adapter.origin.clone();
        let parts = [Some(adapter.flavor.clone()), releases, origin, Some(matched), Some(module)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(self.style.marks().separator)
    }

    fn heading(&mut self, words: &str) {
        let words = self.style.paint(Tone::Strong, words);
        self.text.push('\n');
        self.line(2, &words);
    }

    /// Writes a line, wrapped if it does not fit on the screen.
    fn line(&mut self, indent: usize, text: &str) {
        let text = text.trim_end();
        if self.fits(indent + columns(text)) {
            self.whole_line(indent, text);
            return;
        }
        for (number, line) in wrapped(text, self.style.room(indent + HANGING)).iter().enumerate() {
            self.whole_line(if number == 0 { indent } else { indent + HANGING }, line);
        }
    }

    fn whole_line(&mut self, indent: usize, text: &str) {
        self.text.extend(std::iter::repeat_n(' ', indent));
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Whether a line of this length is written as it is.
    fn fits(&self, columns: usize) -> bool {
        !self.style.is_screen || columns <= self.style.width
    }

    fn faint(&mut self, indent: usize, text: &str) {
        let text = self.style.paint(Tone::Faint, text);
        self.line(indent, &text);
    }

    /// Writes rows of two columns, the second one aligned.
    fn table(&mut self, indent: usize, rows: Vec<(String, String)>) {
        let width = width(rows.iter().map(|(name, _)| name.as_str()));
        for (name, text) in rows {
            let row = format!("{name:<width$}   {text}");
            if self.fits(indent + columns(row.trim_end())) {
                self.whole_line(indent, row.trim_end());
                continue;
            }
            self.line(indent, &name);
            for line in wrapped(&text, self.style.room(indent + 2 * HANGING)) {
                self.whole_line(indent + 2 * HANGING, &line);
            }
        }
    }

    /// Writes a key and a list, wrapped.
    fn words(&mut self, indent: usize, key: &str, list: &str) {
        let key = format!("{key}  ");
        let width = key.chars().count();
        let screen = self.style.width.min(WRAP_AT);
        if screen < WRAP_AT && screen < indent + width + LEAST_ROOM {
            self.line(indent, &format!("{key}{list}"));
            return;
        }
        for (i, line) in wrapped(list, screen.saturating_sub(indent + width)).iter().enumerate() {
            let key = if i == 0 { key.as_str() } else { "" };
            self.whole_line(indent, &format!("{key:<width$}{line}"));
        }
    }

    /// Words separated by commas, cut if there are too many.
    fn folded_words(&self, words: &[String]) -> String {
        let shown = self.shown(words.len(), MOST_LINES);
        let more = match words.len() - shown {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        words[..shown].join(", ") + &more
    }

    /// How many of `count` similar lines are shown.
    fn shown(&self, count: usize, limit: usize) -> usize {
        if self.all || count <= limit { count } else { limit }
    }

    /// Writes how many lines are omitted.
    fn more(&mut self, indent: usize, count: usize, noun: &str) {
        if count > 0 {
            let what = counted(count as u64, &format!("more {noun}"));
            self.faint(indent, &format!("and {what} (--all shows them)"));
        }
    }

    fn name(&self, name: &str) -> String {
        self.style.printable(name, NAME_LIMIT)
    }

    fn quoted(&self, name: Option<&str>) -> String {
        name.map(|name| format!(" `{}`", self.name(name))).unwrap_or_default()
    }

    /// A core module with its name.
    fn module(&self, core_module: u32) -> String {
        let module = self.anatomy.core_modules.get(core_module as usize);
        let name = module.and_then(|module| module.name.as_deref());
        format!("core module {core_module}{}", self.quoted(name))
    }

    /// What an item resolves to.
    fn source(&self, source: &Resolved, sort: Sort) -> String {
        let provider = match &source.provider {
            Provider::Core { core_instance, index, name, .. } => {
                let sort = sort_word(sort);
                format!(
                    "core instance {core_instance} {sort} {index}{}",
                    self.quoted(name.as_deref())
                )
            }
            Provider::Host { interface, function, is_async } => {
                let how = if *is_async { "async host" } else { "host" };
                match interface {
                    Some(interface) => {
                        format!("{how} `{}#{}`", self.name(interface), self.name(function))
                    }
                    None => format!("{how} `{}`", self.name(function)),
                }
            }
            Provider::Builtin { name } => format!("builtin {name}"),
            Provider::Unknown => "unknown".to_owned(),
        };
        provider + &self.through(&source.through)
    }

    fn through(&self, through: &[Through]) -> String {
        let steps = through.iter().map(|step| match step {
            Through::Shim { core_instance, slot } => {
                format!("through slot {slot} of core instance {core_instance}")
            }
            Through::Lift => "lifted and lowered".to_owned(),
        });
        let steps: Vec<_> = steps.collect();
        match steps.as_slice() {
            [] => String::new(),
            steps if steps.len() > 3 => format!(", through {} steps", steps.len()),
            steps => format!(", {}", steps.join(", ")),
        }
    }
}

fn width<'t>(names: impl Iterator<Item = &'t str>) -> usize {
    names.map(|name| name.chars().count()).filter(|it| *it <= COLUMN_LIMIT).max().unwrap_or(0)
}

fn sort_word(sort: Sort) -> &'static str {
    match sort {
        Sort::Function => "func",
        Sort::Table => "table",
        Sort::Memory => "memory",
        Sort::Global => "global",
        Sort::Tag => "tag",
    }
}
