//! The words that all formats share.

use std::collections::BTreeMap;

use crate::finding::{Evidence, Kind};
use crate::inventory::{Reset, Wrapping};
use crate::report::document::Finding;
use crate::verdict::{Severity, Verdict};

/// The verdict's word, the same in every format.
pub(crate) fn verdict(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::SingleShot => "single_shot",
        Verdict::BreaksAfter(_) => "breaks_after",
        Verdict::Stateful => "stateful",
        Verdict::ReusableObserved(_) => "reusable_observed",
        Verdict::StatelessProven => "stateless_proven",
        Verdict::Unknown => "unknown",
    }
}

/// The number that belongs to a verdict: the call that failed, or how many calls were made.
pub(crate) fn verdict_calls(verdict: &Verdict) -> Option<u32> {
    match verdict {
        Verdict::BreaksAfter(calls) | Verdict::ReusableObserved(calls) => Some(*calls),
        _ => None,
    }
}

/// The severity's word.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// The word for how surely something is true.
pub(crate) fn evidence(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Possible => "possible",
        Evidence::Certain => "certain",
        Evidence::Observed => "observed",
    }
}

/// A finding's severity, or `pass` for good news.
pub(crate) fn level(finding: &Finding) -> &'static str {
    match finding.kind {
        Kind::Fail => severity(finding.severity),
        Kind::Pass => "pass",
    }
}

/// A message, and below it the next step, if there is one to be said.
pub(crate) fn with_help(message: &str, help: &str) -> String {
    match help.is_empty() {
        true => message.to_owned(),
        false => format!("{message}\nhelp: {help}"),
    }
}

/// How a core module was made a component, in one line.
pub(crate) fn wrapping(wrapping: &Wrapping) -> String {
    let adapter = match (&wrapping.adapter, &wrapping.release) {
        (Some(adapter), Some(release)) => {
            format!(", with the preview1 {adapter} adapter of wasmtime {release}")
        }
        _ => String::new(),
    };
    let shift = wrapping.shift.map(|it| format!(": in its code, {it:#x} more than in the file"));
    let (bytes, shift) = (size(wrapping.bytes), shift.unwrap_or_default());
    format!("from a core module of {bytes}{adapter}; offsets are the component's{shift}")
}

/// Imports that were filled with stubs, in one line.
pub(crate) fn stubs(imports: &[String]) -> String {
    stubbed(imports.len(), &imports.join(", "))
}

/// Imports that were filled with stubs, by interface: `24 imports, …: wasi:cli/environment@0.2.0 (3), …`. No more than
/// `most` interfaces are named. Two imports are named themselves.
pub(crate) fn interfaces(imports: &[String], most: usize) -> String {
    if imports.len() < 3 {
        return stubs(imports);
    }
    let mut interfaces: BTreeMap<&str, u64> = BTreeMap::new();
    for import in imports {
        *interfaces.entry(import.split_once('#').map_or(import, |(name, _)| name)).or_default() +=
            1;
    }
    let named = interfaces.into_iter().map(|(name, functions)| match functions {
        1 => name.to_owned(),
        more => format!("{name} ({more})"),
    });
    stubbed(imports.len(), &listed(&named.collect::<Vec<_>>(), most))
}

fn stubbed(imports: usize, list: &str) -> String {
    let returns = if imports == 1 { "returns a default value" } else { "return default values" };
    format!("{}, which {returns}: {list}", counted(imports as u64, "import"))
}

/// The first `most` names, and how many are left out: `a, b and 3 more`.
pub(crate) fn listed<S: AsRef<str>>(names: &[S], most: usize) -> String {
    // To count a single name takes as much room as to name it.
    let shown = if names.len() <= most.saturating_add(1) { names.len() } else { most };
    let list = names[..shown].iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    match names.len() - shown {
        0 => list,
        more => format!("{list} and {more} more"),
    }
}

/// The names of which the same is said, and what is said.
pub(crate) fn by_words<K: AsRef<str>>(texts: &BTreeMap<K, String>) -> Vec<(String, &String)> {
    let mut groups: Vec<(String, &String)> = Vec::new();
    for (name, text) in texts {
        match groups.iter_mut().find(|(_, known)| *known == text) {
            Some((names, _)) => names.push_str(&format!(", {}", name.as_ref())),
            None => groups.push((name.as_ref().to_owned(), text)),
        }
    }
    groups
}

/// What a trap ends under some hosts.
pub(crate) fn trap(hosts: &str, lost: &str) -> String {
    format!("Under {hosts}, a trap ends {lost}")
}

/// `1 finding`, `2 findings`.
pub(crate) fn counted(number: impl Into<u64>, noun: &str) -> String {
    let number = number.into();
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// What has to be put back for a call to be like one on a fresh instance: `1192 bytes in 9 pages of 4 KiB, 3 globals`.
pub(crate) fn reset(reset: Reset) -> String {
    let bytes = (reset.bytes > 0).then(|| {
        format!("{} in {} of 4 KiB", counted(reset.bytes, "byte"), counted(reset.pages, "page"))
    });
    let globals = (reset.globals > 0).then(|| counted(reset.globals, "global"));
    let grown =
        (reset.grown > 0).then(|| format!("{} of 64 KiB", counted(reset.grown, "added page")));
    let elements =
        (reset.table_elements > 0).then(|| counted(reset.table_elements, "added table element"));
    [bytes, globals, grown, elements].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `1 byte`, `45.7 KiB`, `2.0 MiB`.
pub(crate) fn size(bytes: u64) -> String {
    const KIBI: f64 = 1024.0;
    let kibibytes = bytes as f64 / KIBI;
    if bytes < 1024 {
        counted(bytes, "byte")
    } else if kibibytes < KIBI {
        format!("{kibibytes:.1} KiB")
    } else {
        format!("{:.1} MiB", kibibytes / KIBI)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_to_be_put_back_is_counted() {
        let all = Reset { bytes: 11_191, pages: 95, globals: 1, grown: 2, table_elements: 3 };
        assert_eq!(
            reset(all),
            "11191 bytes in 95 pages of 4 KiB, 1 global, 2 added pages of 64 KiB, 3 added table elements"
        );
        let none = Reset { bytes: 0, pages: 0, globals: 0, grown: 0, table_elements: 0 };
        assert_eq!(reset(none), "");
        assert_eq!(reset(Reset { bytes: 1, pages: 1, ..none }), "1 byte in 1 page of 4 KiB");
    }
}
