//! A text in TOML → what it chooses, and what is wrong with it, each with its span. Opens no file.

mod acceptance;
mod calls;
mod guest;
mod values;

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::nearest::did_you_mean;
use crate::config::text::{TextFile, TextSpan};
use crate::config::{Chosen, Config, FAIL_ON, Layer, Level, Origin};
use crate::profile::Profile;

/// The keys of a table, in the order of their description; `version` only stands in a file of ours.
pub const KEYS: [&str; 18] = [
    "version",
    "hosts",
    "fail-on",
    "calls",
    "budget",
    "memory",
    "seed",
    "static-only",
    "strict",
    "exclude-exports",
    "call",
    "lifecycle",
    "requests",
    "guest",
    "answer",
    "with",
    "rules",
    "accept",
];

pub use acceptance::KEYS as ACCEPT_KEYS;
pub use calls::{ANSWER_KEYS, CALL_KEYS, LIFECYCLE_KEYS, STEP_KEYS};
pub use guest::{GUEST_KEYS, REQUEST_KEYS};

/// The one version of the file that there is.
const VERSION: u64 = 1;

/// What a text chooses, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Reading {
    /// What it chooses; of a text with errors, as much as could be read.
    pub(crate) layer: Layer,
    /// What is wrong with it, in its order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Reading {
    /// Whether what was read can be used.
    pub fn is_usable(&self) -> bool {
        !self.diagnostics.iter().any(|it| it.code.is_error())
    }
}

/// Reads a whole `secondcall.toml`. `path` is how it is told, `rules` are the ids of all rules.
pub fn file(path: &str, text: &str, rules: &[&str]) -> Reading {
    let mut reader = Reader::new(TextFile { path, text }, rules);
    let mut layer = Layer::default();
    if let Some(table) = reader.parse() {
        layer = reader.table(&table, &KEYS);
    }
    reader.done(layer)
}

/// A table or value of TOML with its span.
type Value<'a> = Spanned<DeValue<'a>>;

/// Reads tables of one text, and collects what is wrong.
pub(super) struct Reader<'a> {
    source: TextFile<'a>,
    rules: &'a [&'a str],
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: TextFile<'a>, rules: &'a [&'a str]) -> Self {
        Reader { source, rules, diagnostics: Vec::new() }
    }

    /// The text as TOML, or nothing where it is none.
    pub(super) fn parse(&mut self) -> Option<DeTable<'a>> {
        match DeTable::parse(self.source.text) {
            Ok(table) => Some(table.into_inner()),
            Err(error) => {
                let what = error.message().to_owned();
                self.complain(Code::Syntax, error.span().unwrap_or(0..0), what, "");
                None
            }
        }
    }

    /// What a table chooses, in which `keys` may stand.
    pub(super) fn table(&mut self, table: &DeTable<'a>, keys: &[&str]) -> Layer {
        let mut layer = Layer::default();
        for (key, value) in entries(table) {
            let name = key.get_ref().as_ref();
            if keys.contains(&name) {
                let origin = Origin::File(self.source.span(key.span()));
                self.take(&mut layer, name, value, origin);
            } else {
                self.unknown_key(key.span(), name, keys);
            }
        }
        layer
    }

    /// What was read, with the complaints in the order of the text.
    pub(super) fn done(mut self, layer: Layer) -> Reading {
        self.diagnostics.sort_by(|one, other| one.span.cmp(&other.span));
        Reading { layer, diagnostics: self.diagnostics }
    }

    fn take(&mut self, layer: &mut Layer, key: &str, value: &Value<'a>, origin: Origin) {
        fn chosen<T>(value: Option<T>, origin: Origin) -> Option<Chosen<T>> {
            value.map(|value| Chosen { value, origin })
        }
        match key {
            "version" => self.version(value),
            "hosts" => layer.hosts = chosen(self.hosts(value), origin),
            "fail-on" => layer.fail_on = chosen(self.word(value, &FAIL_ON), origin),
            "calls" => {
                layer.calls = chosen(self.calls(value), origin);
            }
            "budget" => layer.budget = chosen(self.parsed(value), origin),
            "memory" => layer.memory = chosen(self.parsed(value), origin),
            "seed" => layer.seed = chosen(self.whole(value), origin),
            "static-only" => layer.static_only = chosen(self.flag(value), origin),
            "strict" => layer.strict = chosen(self.flag(value), origin),
            "exclude-exports" => layer.exclude_exports = chosen(self.strings(value), origin),
            "call" => layer.given.scenarios = self.scenarios(value),
            "lifecycle" => self.lifecycle(value, &mut layer.given),
            "requests" => layer.given.requests = self.requests(value),
            "guest" => layer.given.guest = self.guest(value),
            "answer" => layer.given.answers = self.answers(value),
            "with" => layer.given.providers = self.providers(value),
            "rules" => layer.levels = self.levels(value),
            _ => layer.accept = self.acceptances(value),
        }
    }

    fn version(&mut self, value: &Value<'_>) {
        if let Some(version) = self.whole(value)
            && version != VERSION
        {
            let message = format!("version {version} is not known to this secondcall");
            self.complain(Code::WrongValue, value.span(), message, "write version = 1");
        }
    }

    fn hosts(&mut self, value: &Value<'_>) -> Option<Vec<String>> {
        let names = self.spanned_strings(value)?;
        let ids = || Profile::all().iter().map(|host| host.id.as_str());
        for name in &names {
            let text = name.get_ref();
            if Profile::by_id(text).is_none() {
                let message = format!("there is no host `{text}`");
                let help = help(&did_you_mean(text, ids()), "`secondcall hosts` lists them");
                self.complain(Code::UnknownHost, name.span(), message, &help);
            }
        }
        if names.is_empty() {
            let message = "a component is judged for one host at least".to_owned();
            self.complain(Code::WrongValue, value.span(), message, "name one, such as \"spec\"");
        }
        Some(names.into_iter().map(Spanned::into_inner).collect())
    }

    fn calls(&mut self, value: &Value<'_>) -> Option<u32> {
        let calls = self.whole(value)?;
        let fitting = u32::try_from(calls).ok().filter(|it| Config::CALLS.contains(it));
        if fitting.is_none() {
            let message = format!("{calls} calls are too few or too many");
            self.complain(Code::WrongValue, value.span(), message, "write a number from 2 to 1000");
        }
        fitting
    }

    fn levels(&mut self, value: &Value<'a>) -> Vec<(String, Chosen<Level>)> {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type::<()>(value, "a table: [rules]");
            return Vec::new();
        };
        let mut levels = Vec::new();
        for (key, value) in entries(table) {
            let rule = key.get_ref().as_ref();
            if rule != "all" {
                self.rule(rule, key.span());
            }
            if let Some(level) = self.word(value, &Level::NAMES) {
                let origin = Origin::File(self.source.span(key.span()));
                levels.push((rule.to_owned(), Chosen { value: level, origin }));
            }
        }
        // A table has no order: what is said of one rule is said after what is said of all.
        levels.sort_by_key(|(rule, _)| rule != "all");
        levels
    }

    /// Complains if there is no such rule.
    fn rule(&mut self, rule: &str, range: Range<usize>) {
        if !self.rules.contains(&rule) {
            let meant = did_you_mean(rule, self.rules.iter().copied());
            let help = help(&meant, "`secondcall rules` lists them");
            let message = format!("there is no rule `{rule}`");
            self.complain(Code::UnknownRule, range, message, &help);
        }
    }

    fn unknown_key(&mut self, range: Range<usize>, name: &str, keys: &[&str]) {
        let meant = did_you_mean(name, keys.iter().copied());
        let help = help(&meant, &format!("the keys here are {}", keys.join(", ")));
        self.complain(Code::UnknownKey, range, format!("there is no key `{name}` here"), &help);
    }

    fn complain(&mut self, code: Code, range: Range<usize>, message: String, help: &str) {
        let span = self.span(range);
        self.diagnostics.push(Diagnostic { code, span, message, help: help.to_owned() });
    }

    pub(super) fn span(&self, range: Range<usize>) -> TextSpan {
        self.source.span(range)
    }
}

/// What was probably meant, or else where to look.
fn help(meant: &str, otherwise: &str) -> String {
    if meant.is_empty() { otherwise.to_owned() } else { meant.to_owned() }
}

/// The entries of a table in the order of the text.
pub(super) fn entries<'t, 'a>(
    table: &'t DeTable<'a>,
) -> Vec<(&'t Spanned<toml::de::DeString<'a>>, &'t Value<'a>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}
