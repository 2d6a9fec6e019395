//! Core instances, what fills their imports, and start functions.

use rustc_hash::FxHashMap;

use super::{MOST_LINES, MOST_PARTS, Page, sort_word};
use crate::cli::inspect::anatomy::{Filled, InstancePart, Provider, Sort};
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
            let words =
                "The component has more instances or imports than the limit; the rest is omitted.";
            self.line(2, &self.style.paint(Tone::Doubtful, words));
        }
        if !anatomy.starts.is_empty() {
            self.heading("start functions, in the order in which they run");
            let shown = self.shown(anatomy.starts.len(), MOST_LINES);
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
        // Imports from one module name need not be adjacent.
        let mut groups: Vec<(&str, Vec<&Filled>)> = Vec::new();
        let mut indices: FxHashMap<&str, usize> = FxHashMap::default();
        for filled in &instance.imports {
            let index = *indices.entry(&filled.module).or_insert_with(|| {
                groups.push((&filled.module, Vec::new()));
                groups.len() - 1
            });
            groups[index].1.push(filled);
        }
        if self.all || instance.imports.len() <= MOST_LINES {
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
        let shown = self.shown(groups.len(), MOST_LINES);
        let rows = groups[..shown].iter().map(|(module, imports)| {
            let mut counts: Vec<(String, usize)> = Vec::new();
            for filled in imports {
                let provider = provider(filled);
                match counts.iter_mut().find(|(it, _)| *it == provider) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((provider, 1)),
                }
            }
            // Each import may come from an instance of its own.
            let shown = self.shown(counts.len(), MOST_LINES);
            let more = counts.len() - shown;
            let words =
                counts[..shown].iter().map(|(provider, count)| format!("{count} {provider}"));
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
        match &filled.source.provider {
            // The host's function under the names it is imported by, which are not repeated.
            Provider::Host { interface: Some(interface), function, is_async: false }
                if *interface == filled.module && *function == filled.field =>
            {
                format!("host{}", self.through(&filled.source.through))
            }
            Provider::Unknown => format!("{}: unknown", sort_word(filled.sort)),
            _ => self.source(&filled.source, filled.sort),
        }
    }
}

fn provider(filled: &Filled) -> String {
    match &filled.source.provider {
        Provider::Core { core_instance, .. } => format!("from core instance {core_instance}"),
        Provider::Host { .. } => "from the host".to_owned(),
        Provider::Builtin { name } => format!("builtin {name}"),
        Provider::Unknown => "unknown".to_owned(),
    }
}
