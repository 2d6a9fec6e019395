//! The root's imports and exports.

use super::{MOST_LINES, MOST_PARTS, Page};
use crate::cli::inspect::anatomy::{ExportPart, ImportPart, LiftPart, Sort};
use crate::report::style::Tone;
use crate::report::wording::counted;

impl Page<'_> {
    pub(super) fn imports(&mut self) {
        let imports = &self.anatomy.imports;
        if imports.is_empty() {
            return;
        }
        self.heading("imports: what the host must provide");
        let functions: usize = imports.iter().map(|import| import.functions.len()).sum();
        let shown = self.shown(imports.len(), MOST_PARTS);
        let rows = imports[..shown].iter().map(|it| (self.name(&it.name), self.import(it)));
        if self.all || functions <= MOST_LINES {
            for (import, (name, words)) in imports.iter().zip(rows.collect::<Vec<_>>()) {
                self.line(2, &format!("{name}   {}", self.style.paint(Tone::Faint, words)));
                if import.sort == "instance" {
                    self.imported_functions(import);
                }
            }
        } else {
            let rows = rows.collect();
            self.table(2, rows);
        }
        self.more(2, imports.len() - shown, "import");
    }

    fn import(&self, import: &ImportPart) -> String {
        let lowered = import.functions.iter().filter(|function| function.lowered).count();
        match (import.sort, import.functions.as_slice()) {
            ("function", [function]) => self.style.printable(&function.ty, super::NAME_LIMIT),
            ("instance", []) => "types only".to_owned(),
            ("instance", functions) => {
                let count = counted(functions.len() as u64, "function");
                if lowered == functions.len() { count } else { format!("{count}, {lowered} used") }
            }
            (sort, _) => sort.replace('_', " "),
        }
    }

    fn imported_functions(&mut self, import: &ImportPart) {
        let rows = import.functions.iter().map(|function| {
            let unused = if function.lowered { "" } else { "  (not used)" };
            (self.name(&function.name), format!("{}{unused}", self.name(&function.ty)))
        });
        let rows = rows.collect();
        self.table(4, rows);
    }

    pub(super) fn exports(&mut self) {
        let exports = &self.anatomy.exports;
        if exports.is_empty() {
            self.text.push('\n');
            self.line(2, "It exports no function that a host can call.");
            return;
        }
        self.heading("exports, and the core functions behind them");
        let brief = !self.all && exports.len() > MOST_LINES;
        let shown = self.shown(exports.len(), MOST_PARTS);
        let groups = exports[..shown].chunk_by(|a, b| a.interface == b.interface);
        for group in groups {
            let interface = group.first().and_then(|export| export.interface.as_deref());
            if let Some(interface) = interface {
                let interface = self.style.paint(Tone::Notice, self.name(interface));
                self.line(2, &interface);
            }
            let indent = if interface.is_some() { 4 } else { 2 };
            if brief {
                self.brief_exports(indent, group);
            } else {
                group.iter().for_each(|export| self.export(indent, export));
            }
        }
        self.more(2, exports.len() - shown, "export");
    }

    fn brief_exports(&mut self, indent: usize, group: &[ExportPart]) {
        let arrow = self.style.marks().arrow;
        let shown = self.shown(group.len(), MOST_LINES);
        let rows = group[..shown].iter().map(|export| {
            let target = match (&export.lift, &export.obstacle) {
                (Some(lift), _) => self.source(&lift.core_function, Sort::Function),
                (None, obstacle) => self.name(obstacle.as_deref().unwrap_or("unknown")),
            };
            (self.name(&export.function), format!("{}{arrow}{target}", self.name(&export.ty)))
        });
        let rows = rows.collect();
        self.table(indent, rows);
        self.more(indent, group.len() - shown, "export");
    }

    fn export(&mut self, indent: usize, export: &ExportPart) {
        let (name, ty) = (self.name(&export.function), self.name(&export.ty));
        self.line(indent, &format!("{name}   {ty}"));
        let indent = indent + 4;
        match (&export.lift, &export.obstacle) {
            (Some(lift), _) => {
                let rows = self.lift(lift);
                self.table(indent, rows);
            }
            (None, obstacle) => {
                let words = obstacle.as_deref().unwrap_or("its core function is unknown");
                let words = self.style.printable(words, super::SENTENCE_LIMIT);
                self.line(indent, &words);
            }
        }
    }

    fn lift(&self, lift: &LiftPart) -> Vec<(String, String)> {
        let mut rows = vec![("core function", self.source(&lift.core_function, Sort::Function))];
        if lift.component != 0 {
            let component = lift.component;
            let part = self.anatomy.components.get(component as usize);
            let name = self.quoted(part.and_then(|part| part.name.as_deref()));
            rows.push(("lifted by", format!("component {component}{name}")));
        }
        let mut options = vec![format!("strings {}", lift.string_encoding)];
        options.extend(lift.is_async.then(|| "async".to_owned()));
        if let Some(memory) = &lift.memory {
            let module = self.module(memory.core_module);
            options.push(format!("memory `{}` of {module}", self.name(&memory.name)));
        }
        rows.push(("options", options.join(self.style.marks().separator)));
        for (key, source) in [
            ("realloc", &lift.realloc),
            ("callback", &lift.callback),
            ("post-return", &lift.post_return),
        ] {
            let source = source.as_ref().map(|source| self.source(source, Sort::Function));
            rows.extend(source.map(|source| (key, source)));
        }
        rows.into_iter().map(|(key, text)| (key.to_owned(), text)).collect()
    }
}
