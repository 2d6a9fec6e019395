//! Patterns for names of exports that match none.

use std::collections::BTreeSet;

use super::configuration::ResolvedConfig;
use super::request::Request;
use super::script::suggested_export;
use crate::config::{Origin, glob};
use crate::location::ExportName;
use crate::report::document::{self, Skipped};
use crate::report::run::Artifact;

/// The patterns of `--export` and `exclude-exports` that match no export of the artifacts they apply to. Patterns for an
/// artifact that could not be read may match there, and are left out.
pub(super) fn unmatched(
    request: &Request,
    configs: &[ResolvedConfig],
    artifacts: &[Artifact],
) -> Vec<Skipped> {
    let mut patterns: Vec<(&str, &Origin)> = Vec::new();
    let excluding = configs.iter().map(|it| &it.config.exclude_exports);
    let excluding =
        excluding.flat_map(|it| it.value.iter().map(|glob| (glob.as_str(), &it.origin)));
    for pattern in
        request.exports.iter().map(|glob| (glob.as_str(), &Origin::Default)).chain(excluding)
    {
        if !patterns.contains(&pattern) {
            patterns.push(pattern);
        }
    }
    patterns
        .into_iter()
        .filter_map(|(pattern, origin)| {
            let is_concerned = |config: &ResolvedConfig| {
                *origin == Origin::Default || config.config.exclude_exports.origin == *origin
            };
            let concerned =
                configs.iter().zip(artifacts).filter(|(config, _)| is_concerned(config));
            let reports: Result<Vec<_>, _> = concerned.map(|(_, it)| it.result.as_ref()).collect();
            let exports = reports.ok()?.into_iter().flat_map(|it| &it.inventory.exports);
            let names: Vec<&ExportName> = exports.map(|it| &it.name).collect();
            skipped(pattern, origin, &names).filter(|_| !artifacts.is_empty())
        })
        .collect()
}

fn skipped(pattern: &str, origin: &Origin, names: &[&ExportName]) -> Option<Skipped> {
    let option = match origin {
        Origin::Default | Origin::CommandLine => "--export",
        Origin::Environment(name) => name,
        Origin::File(_) => "exclude-exports",
    };
    let detail = mismatch(option, pattern, names)?;
    let origin = match origin {
        Origin::File(span) => Some(document::Origin::of(span)),
        _ => None,
    };
    Some(Skipped {
        path: origin.as_ref().map(|it| it.path.clone()),
        reason: "no-match".to_owned(),
        detail,
        origin,
        ..Skipped::default()
    })
}

/// Says that the pattern of an option matches none of `names`; `None` if it matches one.
pub(crate) fn mismatch(option: &str, pattern: &str, names: &[&ExportName]) -> Option<String> {
    if names.iter().any(|name| glob::matches_export(pattern, name)) {
        return None;
    }
    let all: BTreeSet<_> = names.iter().map(ToString::to_string).collect();
    let help = suggested_export(pattern, &all);
    Some(format!("`{option} {pattern}` matches no export; {help}"))
}
