//! SARIF 2.1.0. Code scanning shows lines of texts, so the primary place is a line of a text; places in the binary are
//! related places.

mod flow;
mod log;
mod notes;
mod outcome;
mod places;
mod profile;
mod rules;

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::report::document::Document;
use crate::report::json;
use crate::report::sarif::places::Files;
use crate::report::sarif::rules::Rules;
use crate::rule::Rule;

pub use self::profile::Profile;

/// Writes the document as a SARIF log with one run. `rules` are those that ran.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(
    document: &Document,
    rules: &[&Rule],
    profile: Profile,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rules = Rules::of(document, rules);
    let files = Files::of(document);
    let mut results = Vec::new();
    // A finding's id is its artifact's alone: two artifacts may have the same.
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for artifact in &document.artifacts {
        for finding in document.findings.iter().filter(|it| it.artifact == artifact.id) {
            let number = seen.entry(&finding.id).or_default();
            *number += 1;
            results.extend(outcome::of(finding, artifact, *number, &rules, &files, profile));
        }
    }
    if profile == Profile::Oasis {
        results.extend(outcome::open(document, &rules, &files));
    }
    let tool = &document.head.tool;
    let run = log::Run {
        tool: log::Tool {
            driver: log::Driver {
                name: &tool.name,
                semantic_version: &tool.version,
                information_uri: rules::repository(),
                rules: rules.descriptors,
                notifications: notes::descriptors(),
            },
        },
        automation_details: log::AutomationDetails {
            id: format!("{}/{}/", tool.name, document.head.run.hosts.join("+")),
        },
        invocations: [log::Invocation {
            execution_successful: document.errors.is_empty(),
            exit_code: document.summary.exit_code,
            tool_execution_notifications: notes::of_execution(document, &files),
            tool_configuration_notifications: notes::of_configuration(document, &files),
        }],
        column_kind: "unicodeCodePoints",
        artifacts: files.list,
        results,
    };
    json::indented(&log::Log { schema: log::SCHEMA, version: log::VERSION, runs: [run] }, out)
}
