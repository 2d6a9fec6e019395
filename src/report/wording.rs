//! The words that all formats share.

use crate::finding::{Evidence, Kind};
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

/// Imports that were filled with stubs, in one line.
pub(crate) fn stubs(imports: &[String]) -> String {
    let returns =
        if imports.len() == 1 { "returns a default value" } else { "return default values" };
    let count = counted(imports.len() as u64, "import");
    format!("{count}, which {returns}: {}", imports.join(", "))
}

/// `1 finding`, `2 findings`.
pub(crate) fn counted(number: impl Into<u64>, noun: &str) -> String {
    let number = number.into();
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
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
