//! `secondcall fix --explain`: what to change in the build, by the toolchain that was recognized, from `data/builds.toml`.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::LazyLock;

use serde::Deserialize;

use super::repair::Lines;
use crate::check::error::CheckError;
use crate::cli::check_options::CheckOptions;
use crate::cli::exit_code::ExitCode;
use crate::cli::failure;
use crate::finding::{Finding, Kind};
use crate::repair::adapter::NEWEST;
use crate::report::Report;
use crate::report::style::Style;

/// A change of a build.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Build {
    /// The rules whose findings it removes.
    rules: Vec<String>,
    /// The toolchains, by name.
    toolchains: Vec<String>,
    /// Toolchains that are more specific.
    #[serde(default)]
    unless: Vec<String>,
    /// Whether it is for `wasi:cli/run` only.
    #[serde(default)]
    programs: bool,
    /// The flag or setting.
    set: String,
    /// What else belongs to it.
    text: String,
    /// Where the toolchain documents it.
    source: String,
}

static BUILDS: LazyLock<Vec<Build>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        build: Vec<Build>,
    }
    let text = include_str!("../../../data/builds.toml");
    let file: File = toml::from_str(text).expect("data/builds.toml holds builds; a test reads it");
    file.build
});

/// The export of a program.
const RUN: &str = "wasi:cli/run#run";
/// Rules that a newer adapter may cure.
const OF_ADAPTERS: [&str; 4] = ["handles_grow", "later_call_fails", "memory_grows", "wears_out"];

/// Checks components, and prints for each what to change in its build.
pub(super) fn run(
    paths: &[PathBuf],
    options: &CheckOptions,
    style: Style,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> failure::Result {
    let outcome = options.check(paths)?;
    for artifact in &outcome.run.artifacts {
        let report = match &artifact.result {
            Ok(report) => report,
            Err(failure) => {
                let message = format!("{}: {}", artifact.path, failure.sentence());
                return Err(CheckError::unreadable(message));
            }
        };
        let mut lines = Lines::of(&artifact.path, None, style, (out, err))?;
        for line in advice(report) {
            lines.write(&line)?;
        }
        let fixes = report.findings.iter().filter_map(|it| it.fix?.command(&artifact.path));
        if let Some(command) = fixes.into_iter().next() {
            lines.write(&format!("without a build: {command}"))?;
        }
    }
    Ok(ExitCode::Clean)
}

/// What to change, as sentences.
fn advice(report: &Report) -> Vec<String> {
    let failures = report.findings.iter().map(|it| &it.finding).filter(|it| it.kind == Kind::Fail);
    let rules: BTreeSet<_> = failures.clone().map(|it| it.rule.id).collect();
    let is_run = |it: &&Finding| it.export.as_ref().is_some_and(|it| it.unversioned() == RUN);
    let of_programs: BTreeSet<_> = failures.filter(is_run).map(|it| it.rule.id).collect();
    if rules.is_empty() {
        return vec!["nothing is wrong with it".to_owned()];
    }
    let inventory = &report.inventory;
    let is_by = |name: &str| {
        let parts = inventory.toolchains.iter().map(|it| it.strip_prefix(name));
        parts.flatten().any(|version| version.is_empty() || version.starts_with(' '))
    };
    let mut lines = Vec::new();
    let mut advised = BTreeSet::new();
    let is_any = |names: &[String]| names.iter().any(|it| is_by(it));
    for build in BUILDS.iter().filter(|it| is_any(&it.toolchains) && !is_any(&it.unless)) {
        let found = if build.programs { &of_programs } else { &rules };
        let removes: Vec<_> =
            build.rules.iter().map(String::as_str).filter(|rule| found.contains(rule)).collect();
        if removes.is_empty() {
            continue;
        }
        let Build { set, text, source, .. } = build;
        lines.push(format!("set {set} against {}", removes.join(", ")));
        lines.push(format!("  {text}"));
        lines.push(format!("  {source}"));
        advised.extend(removes);
    }
    let of_adapter = rules.iter().any(|rule| OF_ADAPTERS.contains(rule));
    let old = inventory.adapters.iter().filter_map(|it| it.releases.as_ref());
    for (_, last) in old.filter(|(_, last)| of_adapter && last != NEWEST) {
        lines.push(format!("the adapter of {last} may be the cause: try --adapter newest"));
    }
    let others: Vec<_> = rules.iter().copied().filter(|rule| !advised.contains(rule)).collect();
    match (&others[..], &inventory.toolchains[..]) {
        ([], _) => {}
        (_, []) => lines.push("no toolchain was recognized".to_owned()),
        (_, toolchains) => lines.push(format!("it was made with {}", toolchains.join(", "))),
    }
    lines.extend(others.iter().map(|rule| {
        format!("no build setting is known against {rule}: secondcall explain {rule}")
    }));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Profile;
    use crate::rules;

    #[test]
    fn the_flag_is_that_of_the_toolchain_and_for_programs_only() {
        let run = include_str!("../../../rules/run_once_guard/fires_wasip2_run.wat");
        let of = |text: &str, toolchain: &str| {
            let producers = format!("(core module $main (@producers (processed-by {toolchain}))");
            let bytes = wat::parse_str(text.replacen("(core module $main", &producers, 1)).unwrap();
            let host = Profile::by_id(Profile::SPEC).unwrap();
            advice(&crate::lint(&bytes, &[host]).unwrap())
        };
        for (toolchain, set) in [
            ("\"clang\" \"21.1.0\"", "set -mexec-model=reactor against run_once_guard"),
            ("\"rustc\" \"1.90.0\"", "set crate-type = [\"cdylib\"] against run_once_guard"),
        ] {
            let lines = of(run, toolchain);
            assert_eq!(lines.iter().find(|line| line.starts_with("set ")).unwrap(), set);
            assert_eq!(lines.len(), 3, "{lines:?}");
            // The guard of an export that is no program is the author's own.
            let library = run.replace("wasi:cli/run@0.2.0", "my:app/own@0.2.0");
            let lines = of(&library, toolchain);
            assert!(lines.iter().all(|line| !line.starts_with("set ")), "{lines:?}");
        }
        assert!(of(run, "\"nobody\" \"1\"").contains(&"no toolchain was recognized".to_owned()));
    }

    #[test]
    fn builds_name_rules_and_toolchains_that_there_are() {
        let toolchains = include_str!("../../../data/toolchains.toml");
        for Build { rules, toolchains: names, unless, set, text, source, .. } in BUILDS.iter() {
            for rule in rules {
                let page = rules::all().find(|it| it.id == rule);
                let page = page.unwrap_or_else(|| panic!("{set}: no rule {rule}"));
                assert!(page.section("How to fix it").is_some());
            }
            for name in names.iter().chain(unless) {
                assert!(toolchains.contains(&format!("name = \"{name}\"\n")), "{name}");
            }
            assert!(!set.is_empty() && text.ends_with('.') && source.starts_with("https://"));
        }
    }
}
