//! Core instances, what fills their imports, and what runs when they are made.

use rustc_hash::FxHashMap;

use super::{FOLD_ABOVE, MOST_PARTS, Page, sort_word};
use crate::cli::inspect::anatomy::{Filled, InstancePart, Origin, Sort};
use crate::report::style::Tone;

impl Page<'_> {
    pub(super) fn instances(&mut self) {
        let anatomy = self.anatomy;
        if !anatomy.core_instances.is_empty() {
            self.heading("core instances, in the order of their instantiation");
            let shown = self.shown(anatomy.core_instances.len(), MOST_PARTS);
            for instance in &anatomy.core_instances[..shown] {
                self.instance(instance);
            }
            self.more(2, anatomy.core_instances.len() - shown, "core instance");
        }
        if anatomy.truncated {
            let words = "It asks for more instances or imports than are followed; what comes after \
                         them is not known.";
            self.line(2, &self.style.paint(Tone::Doubtful, words));
        }
        if !anatomy.starts.is_empty() {
            self.heading("what runs at instantiation, in order");
            let shown = self.shown(anatomy.starts.len(), FOLD_ABOVE);
            for start in &anatomy.starts[..shown] {
                let text = self.source(start, Sort::Function);
                self.line(2, &text);
            }
            self.more(2, anatomy.starts.len() - shown, "start function");
        }
    }

    fn instance(&mut self, instance: &InstancePart) {
        let module = self.anatomy.core_modules.get(instance.core_module as usize);
        let role = module.and_then(|module| module.role);
        let role = role.map(|role| format!("  ({role})")).unwrap_or_default();
        let title = format!("{:<4}{}", instance.core_instance, self.module(instance.core_module));
        let title = format!("{}{role}", self.style.paint(Tone::Notice, title));
        self.line(2, &title);
        // Imports of one name need not stand together.
        let mut groups: Vec<(&str, Vec<&Filled>)> = Vec::new();
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        for filled in &instance.imports {
            let place = *places.entry(&filled.module).or_insert_with(|| {
                groups.push((&filled.module, Vec::new()));
                groups.len() - 1
            });
            groups[place].1.push(filled);
        }
        if self.all || instance.imports.len() <= FOLD_ABOVE {
            self.groups(&groups);
        } else {
            self.folded_groups(&groups);
        }
    }

    fn groups(&mut self, groups: &[(&str, Vec<&Filled>)]) {
        for (module, imports) in groups {
            let module = format!("`{}`", self.name(module));
            self.line(6, &module);
            let rows = imports.iter().map(|it| (self.name(&it.field), self.filler(it))).collect();
            self.table(8, rows);
        }
    }

    fn folded_groups(&mut self, groups: &[(&str, Vec<&Filled>)]) {
        let shown = self.shown(groups.len(), FOLD_ABOVE);
        let rows = groups[..shown].iter().map(|(module, imports)| {
            let mut counts: Vec<(String, usize)> = Vec::new();
            for filled in imports {
                let place = place(filled);
                match counts.iter_mut().find(|(it, _)| *it == place) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((place, 1)),
                }
            }
            // As a file that fills each import from an instance of its own would have it.
            let told = self.shown(counts.len(), FOLD_ABOVE);
            let more = counts.len() - told;
            let words = counts[..told].iter().map(|(place, count)| format!("{count} {place}"));
            let mut words = words.collect::<Vec<_>>().join(", ");
            if more > 0 {
                words += &format!(" and {more} more");
            }
            (format!("`{}`", self.name(module)), words)
        });
        let rows = rows.collect();
        self.table(6, rows);
        let hidden = groups[shown..].iter().map(|(_, imports)| imports.len()).sum();
        self.more(6, hidden, "import");
    }

    fn filler(&self, filled: &Filled) -> String {
        match &filled.source.origin {
            // The host's function by the names under which it is imported: they need no repeating.
            Origin::Host { interface: Some(interface), function, is_async: false }
                if *interface == filled.module && *function == filled.field =>
            {
                format!("host{}", self.through(&filled.source.through))
            }
            Origin::Unknown => format!("{}: not known", sort_word(filled.sort)),
            _ => self.source(&filled.source, filled.sort),
        }
    }
}

fn place(filled: &Filled) -> String {
    match &filled.source.origin {
        Origin::Core { core_instance, .. } => format!("from core instance {core_instance}"),
        Origin::Host { .. } => "from the host".to_owned(),
        Origin::Builtin { name } => format!("builtin {name}"),
        Origin::Unknown => "not known".to_owned(),
    }
}
