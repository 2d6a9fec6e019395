//! The rules that ran, each with its page.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::finding::{Evidence, Kind};
use crate::profile;
use crate::report::document::Document;
use crate::report::sarif::log::{DefaultConfiguration, Descriptor, Text};
use crate::report::wording;
use crate::rule::Rule;
use crate::verdict::{self, Severity};

/// The rules of a log, and the index of each.
pub(super) struct Rules {
    pub(super) descriptors: Vec<Descriptor>,
    places: BTreeMap<String, usize>,
}

impl Rules {
    /// `known`, and rules that only a saved document knows: their pages are not here.
    pub(super) fn of(document: &Document, known: &[&Rule]) -> Self {
        let mut rules = Rules { descriptors: Vec::new(), places: BTreeMap::new() };
        for rule in known {
            rules.add(descriptor(rule));
        }
        for finding in &document.findings {
            if !rules.places.contains_key(&finding.rule) {
                let (id, name) = (finding.rule.clone(), name(&finding.rule));
                rules.add(Descriptor { id, name, ..Descriptor::default() });
            }
        }
        rules
    }

    pub(super) fn index(&self, rule: &str) -> Option<usize> {
        self.places.get(rule).copied()
    }

    fn add(&mut self, descriptor: Descriptor) {
        self.places.insert(descriptor.id.clone(), self.descriptors.len());
        self.descriptors.push(descriptor);
    }
}

/// The address of this program's repository; `None` if it is not published.
pub(super) fn repository() -> Option<&'static str> {
    Some(env!("CARGO_PKG_REPOSITORY")).filter(|address| !address.is_empty())
}

fn descriptor(rule: &Rule) -> Descriptor {
    let level = level(rule);
    let problem = match level {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "recommendation",
    };
    let metadata = &rule.metadata;
    let page = repository().map(|repository| {
        format!("{repository}/blob/v{}/rules/{}/rule.md", env!("CARGO_PKG_VERSION"), rule.id)
    });
    let remedy = rule.section("How to fix it").unwrap_or(rule.summary);
    Descriptor {
        id: rule.id.to_owned(),
        name: name(rule.id),
        short_description: Some(Text::sentence(rule.title)),
        full_description: Some(Text::sentence(&in_one_line(rule.summary))),
        help: Some(Text { text: remedy.to_owned(), markdown: Some(rule.body.to_owned()) }),
        help_uri: page.or_else(|| metadata.references.first().cloned()),
        default_configuration: Some(DefaultConfiguration { level: wording::severity(level) }),
        properties: BTreeMap::from([
            ("precision", Value::from(metadata.precision.to_string())),
            ("problem.severity", Value::from(problem)),
            ("tags", Value::from(vec![metadata.hazard.to_string(), "webassembly".to_owned()])),
        ]),
    }
}

/// How much what the rule finds matters where no host is chosen.
fn level(rule: &Rule) -> Severity {
    let hazard = rule.metadata.hazard;
    let spec = profile::Profile::by_id(profile::Profile::SPEC);
    spec.and_then(|spec| verdict::severity(hazard, Evidence::Certain, Kind::Fail, None, spec))
        .unwrap_or(Severity::Note)
}

/// `run_once_guard` as `RunOnceGuard`.
fn name(id: &str) -> String {
    let capital = |word: &str| {
        let mut rest = word.chars();
        let first = rest.next().map(|it| it.to_ascii_uppercase());
        first.into_iter().chain(rest).collect::<String>()
    };
    id.split('_').map(capital).collect()
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
