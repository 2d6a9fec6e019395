//! The changes of a component, each as a word and a sentence.

use std::collections::BTreeMap;

use crate::report::diff::model::{
    Change, ComponentChange, ExportChange, FindingChange, HostChange, Known, Presence, Trend,
};
use crate::report::wording::{self, counted};

/// A change.
#[derive(Debug)]
pub(super) struct Line {
    /// What it is about: `host`, `export` or `finding`.
    pub(super) subject: &'static str,
    /// What happened, in at most ten characters.
    pub(super) key: &'static str,
    pub(super) trend: Trend,
    /// Whether nothing happened.
    pub(super) is_same: bool,
    pub(super) text: String,
}

/// The hosts, exports and findings of a component, with `arrow` between what was and what is.
pub(super) fn of(component: &ComponentChange, arrow: &str) -> Vec<Line> {
    let hosts = component.hosts.iter().map(|it| host(it, arrow));
    let exports = component.exports.iter().map(|it| export(it, arrow));
    let findings = component.findings.iter().map(|it| finding(it, arrow));
    hosts.chain(exports).chain(findings).collect()
}

/// How many of these lines there are for each subject: `2 exports, 1 finding`.
pub(super) fn folded(lines: &[Line]) -> String {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for line in lines {
        *counts.entry(line.subject).or_default() += 1;
    }
    let counts = ["host", "export", "finding"].iter().filter_map(|it| Some((it, counts.get(it)?)));
    counts.map(|(subject, count)| counted(*count, subject)).collect::<Vec<_>>().join(", ")
}

/// What stands in place of a value that is not known.
const NONE: &str = "not known";

fn host(change: &HostChange, arrow: &str) -> Line {
    let values = match (&change.before, &change.after) {
        (Some(before), Some(after)) => then(before.text.clone(), arrow, after.text.clone()),
        (None, Some(after)) => format!("{}; not judged before", after.text),
        (Some(before), None) => format!("{}; not judged any more", before.text),
        (None, None) => NONE.to_owned(),
    };
    Line {
        subject: "host",
        key: key(change.trend),
        trend: change.trend,
        is_same: change.trend == Trend::Same,
        text: format!("host `{}`: {values}", change.host),
    }
}

fn export(change: &ExportChange, arrow: &str) -> Line {
    let known = |known: &Known| {
        let calls = wording::verdict_calls(&known.verdict).map(|it| format!(" {it}"));
        let verdict = wording::verdict(&known.verdict);
        let evidence = known.evidence.map(|it| format!(" ({})", wording::evidence(it)));
        format!("{verdict}{}{}", calls.unwrap_or_default(), evidence.unwrap_or_default())
    };
    let ty = |it: &Option<Known>| it.as_ref()?.ty.clone();
    let verdict = |it: &Option<Known>| it.as_ref().map(known);
    let mut text = match (verdict(&change.before), verdict(&change.after)) {
        (Some(before), Some(after)) => then(before, arrow, after),
        (before, after) => before.or(after).unwrap_or_default(),
    };
    if let (Some(before), Some(after)) = (ty(&change.before), ty(&change.after))
        && before != after
    {
        text += &format!("; its type: `{before}`{arrow}`{after}`");
    }
    if let Some(was) = &change.was_named {
        text += &format!("; its name was `{was}`");
    }
    Line {
        subject: "export",
        key: match change.change {
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Same | Change::Changed => key(change.trend),
        },
        trend: change.trend,
        is_same: change.change == Change::Same && change.was_named.is_none(),
        text: format!("export `{}`: {text}", change.name),
    }
}

fn finding(change: &FindingChange, arrow: &str) -> Line {
    let key = match change.presence {
        Presence::New => "new",
        Presence::Gone => "gone",
        Presence::NewlySeen => "newly seen",
        Presence::Unseen => "unseen",
        Presence::Kept => key(change.trend),
    };
    let level = wording::severity(change.severity);
    let mut text = format!("{level} `{}` ({}): {}", change.rule, change.id, change.message);
    let value = |it: &Option<String>| it.clone().unwrap_or_else(|| NONE.to_owned());
    for fact in &change.facts {
        let values = then(value(&fact.before), arrow, value(&fact.after));
        text += &format!("; {}: {values}", fact.fact.words());
    }
    text += match change.presence {
        Presence::NewlySeen => "; the old report made no such calls",
        Presence::Unseen => "; the new report made no such calls",
        _ => "",
    };
    let is_same = change.presence == Presence::Kept && change.facts.is_empty();
    Line { subject: "finding", key, trend: change.trend, is_same, text }
}

/// What was and what is; once if it is the same.
fn then(before: String, arrow: &str, after: String) -> String {
    match before == after {
        true => after,
        false => format!("{before}{arrow}{after}"),
    }
}

fn key(trend: Trend) -> &'static str {
    match trend {
        Trend::Same => "same",
        Trend::Different => "changed",
        Trend::Better => "better",
        Trend::LessKnown => "less known",
        Trend::Worse => "worse",
    }
}
