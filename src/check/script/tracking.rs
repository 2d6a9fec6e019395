//! Finds entries of a script that apply to no component of the run.

use std::collections::{BTreeMap, BTreeSet};

use super::lookup;
use super::wanted::Wanted;
use crate::component::Component;
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::text::{SpannedText, TextSpan};

/// An entry of a script. It applies to each component that has what it names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) span: TextSpan,
    /// The function or interface as the user wrote it; empty for a handler.
    pub(super) name: String,
    pub(super) wanted: Wanted,
}

impl Entry {
    pub(super) fn of(written: &SpannedText, wanted: Wanted) -> Self {
        Entry { span: written.span.clone(), name: written.text.clone(), wanted }
    }
}

/// The entries of a run's scripts, and the names in its components, for suggestions.
#[derive(Debug, Default)]
pub(super) struct Tracking {
    /// Each entry, and whether it applies to any component.
    entries: BTreeMap<Entry, bool>,
    /// Paths of the components added.
    paths: Vec<String>,
    exports: BTreeSet<String>,
    imports: BTreeSet<String>,
    /// Imported interfaces.
    interfaces: BTreeSet<String>,
    has_unreadable: bool,
}

impl Tracking {
    /// Adds a component of the run that has a script.
    pub(super) fn add(&mut self, path: &str, component: &Component<'_>) {
        self.paths.push(path.to_owned());
        self.exports.extend(component.exports.iter().map(|it| it.name.to_string()));
        self.imports.extend(component.imports.iter().map(|it| it.name.to_string()));
        let interfaces = lookup::instances(&component.imports);
        self.interfaces.extend(interfaces.into_iter().map(str::to_owned));
    }

    /// Adds a component that cannot be read, to which any entry may apply.
    pub(super) fn add_unreadable(&mut self) {
        self.has_unreadable = true;
    }

    /// Records whether `entry` applies to a component; once it applies to one, it stays matched.
    pub(super) fn note(&mut self, entry: Entry, applies: bool) {
        *self.entries.entry(entry).or_default() |= applies;
    }

    /// A diagnostic for each entry that applies to no component: an error if it comes from the command line, else a
    /// warning. There are none if a component is unreadable.
    pub(super) fn diagnostics(self) -> Vec<Diagnostic> {
        let unmatched =
            self.entries.iter().filter(|(_, applies)| !**applies && !self.has_unreadable);
        unmatched.map(|(entry, _)| self.diagnostic(entry)).collect()
    }

    fn diagnostic(&self, Entry { span, name, wanted }: &Entry) -> Diagnostic {
        let (verb, object, names) = match wanted {
            Wanted::Export => ("export", format!("`{name}`"), &self.exports),
            Wanted::Import => ("import", format!("`{name}`"), &self.imports),
            Wanted::Interface => ("import", format!("`{name}`"), &self.interfaces),
            Wanted::Handler => ("handle", "HTTP requests".to_owned(), &self.exports),
        };
        let message = match self.paths.as_slice() {
            [path] => format!("{path} does not {verb} {object}"),
            _ => format!("no component of this run {verb}s {object}"),
        };
        let help = match wanted {
            Wanted::Handler => {
                "requests are for wasi:http/incoming-handler and wasi:http/handler".to_owned()
            }
            _ => lookup::suggestion(name, names, *wanted),
        };
        let code = if span.is_option() { wanted.code() } else { Code::UnmatchedEntry };
        Diagnostic { code, span: span.clone(), message, help }
    }
}
