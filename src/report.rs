//! What is told of one artifact: a verdict for each export, and the findings with their severities.
//! Knows only what findings and the inventory say.

pub mod listing;
pub mod run;
pub mod style;
mod wording;
pub mod concise;
pub mod json;
pub mod text;

use crate::finding::Evidence;
use crate::finding::Finding;
use crate::inventory::Inventory;
use crate::location::ExportName;
use crate::verdict::Severity;
use crate::verdict::Verdict;

/// A finding, judged against the chosen hosts.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The finding.
    pub finding: Finding,
    /// The worst severity under the chosen hosts.
    pub severity: Severity,
    /// Ids of the known hosts under which it fails.
    pub fails: Vec<String>,
    /// Ids of the known hosts that call this export and under which it is harmless.
    pub harmless: Vec<String>,
    /// What to set, for the chosen hosts that have a knob: (host id, value to type).
    pub knobs: Vec<(String, String)>,
    /// Eight hexadecimal digits that survive a rebuild.
    pub id: String,
}

/// What is known of one export.
#[derive(Debug, Clone)]
pub struct ExportVerdict {
    /// The export.
    pub name: ExportName,
    /// The verdict.
    pub verdict: Verdict,
    /// On what evidence; `None` for [`Verdict::Unknown`].
    pub evidence: Option<Evidence>,
}

/// What is told of one artifact.
#[derive(Debug)]
pub struct Report {
    /// What the artifact is and holds.
    pub inventory: Inventory,
    /// One for each exported function, in the inventory's order.
    pub exports: Vec<ExportVerdict>,
    /// Findings in the order in which they are told.
    pub findings: Vec<Judged>,
}
