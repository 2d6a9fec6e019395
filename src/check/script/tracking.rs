//! What was given for none of a run's components.

use std::collections::{BTreeMap, BTreeSet};

use super::lookup;
use super::wanted::Wanted;
use crate::component::Component;
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::text::{SpannedText, TextSpan};

/// An entry that is for those components that have what it names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) span: TextSpan,
    pub(super) name: String,
    pub(super) wanted: Wanted,
}

impl Entry {
    pub(super) fn of(written: &SpannedText, wanted: Wanted) -> Self {
        Entry { span: written.span.clone(), name: written.text.clone(), wanted }
    }
}

/// Which entries matched.
#[derive(Debug, Default)]
pub(super) struct Tracking {
    entries: BTreeMap<Entry, bool>,
    paths: Vec<String>,
    exports: BTreeSet<String>,
    imports: BTreeSet<String>,
    interfaces: BTreeSet<String>,
    is_blind: bool,
}

impl Tracking {
    /// A component of the run.
    pub(super) fn saw(&mut self, path: &str, component: &Component<'_>) {
        self.paths.push(path.to_owned());
        self.exports.extend(component.exports.iter().map(|it| it.name.to_string()));
        self.imports.extend(component.imports.iter().map(|it| it.name.to_string()));
        let interfaces = lookup::instances(&component.imports);
        self.interfaces.extend(interfaces.into_iter().map(str::to_owned));
    }

    /// There is a component of which nothing is known.
    pub(super) fn missed_one(&mut self) {
        self.is_blind = true;
    }

    /// Whether an entry is for a component.
    pub(super) fn note(&mut self, entry: Entry, matches: bool) {
        *self.entries.entry(entry).or_default() |= matches;
    }

    /// What is to be said of those that matched nothing: an error of what was typed for this very run.
    pub(super) fn diagnostics(self) -> Vec<Diagnostic> {
        let subject = match self.paths.as_slice() {
            [path] => path.clone(),
            _ => "no component of this run".to_owned(),
        };
        let is_one = self.paths.len() == 1;
        let unmatched = self.entries.iter().filter(|(_, matches)| !**matches && !self.is_blind);
        unmatched
            .map(|(entry, _)| {
                let Entry { span, name, wanted } = entry;
                let verb = |one: &str, none: &str| match is_one {
                    true => format!("{subject} does not {one}"),
                    false => format!("{subject} {none}"),
                };
                let (message, all) = match wanted {
                    Wanted::Export => {
                        (format!("{} `{name}`", verb("export", "exports")), &self.exports)
                    }
                    Wanted::Import => {
                        (format!("{} `{name}`", verb("import", "imports")), &self.imports)
                    }
                    Wanted::Interface => {
                        (format!("{} `{name}`", verb("import", "imports")), &self.interfaces)
                    }
                    Wanted::Handler => {
                        (verb("handle HTTP requests", "handles HTTP requests"), &self.exports)
                    }
                };
                let help = match wanted {
                    Wanted::Handler => {
                        "requests are for wasi:http/incoming-handler and wasi:http/handler"
                            .to_owned()
                    }
                    _ => lookup::meant(name, all, *wanted),
                };
                let typed = span.is_option();
                let code = if typed { wanted.code() } else { Code::UnmatchedEntry };
                Diagnostic { code, span: span.clone(), message, help }
            })
            .collect()
    }
}
