//! Every rule over every fixture and every page's examples.
//!
//! A fixture is a component in text form. What is found in it stands at its foot, one line a
//! finding, as `secondcall check --format concise` prints it; `BLESS=1` rewrites these lines.
//! The name of the file says what the rule of its own folder does: `fires….wat`,
//! `fires_possible….wat`, `quiet….wat`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod fixtures;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use secondcall::finding::Evidence;
use secondcall::profile::Profile;
use secondcall::report::{Report, concise};
use secondcall::rule::{Hazard, Rule};
use secondcall::verdict::Verdict;
use secondcall::{lint, rules};
use wasmparser::{Validator, WasmFeatures};

/// The strictest host: it calls any export, keeps the instance for ever, and keeps it after a trap.
const HOST: &str = "jco-transpiled";

/// Rules that say what happens, and can never say that it hurts.
const POSSIBLE_BY_NATURE: &[&str] = &["unguarded_command_rerun"];

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut trials = Vec::new();
    // What calls do is looked at by tests/exec.rs.
    let of_calls: Vec<_> = rules::of_calls().map(|rule| rule.id).collect();
    for rule in rules::all().filter(|rule| !of_calls.contains(&rule.id)) {
        let folder = folder.join(rule.id);
        for path in fixtures::below(&folder) {
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let name = format!("{}/{stem}", rule.id);
            trials.push(Trial::test(name, move || fixture(rule, &stem, &path)));
        }
        let page = fs::read_to_string(folder.join("rule.md")).unwrap();
        for (number, (kind, text)) in fixtures::examples(&page).into_iter().enumerate() {
            let name = format!("{}/rule.md/{kind}_{number}", rule.id);
            trials.push(Trial::test(name, move || {
                promise(rule, &kind, &report(&text)?).map_err(Failed::from)
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn fixture(rule: &Rule, stem: &str, path: &Path) -> Result<(), Failed> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let report = report(&text)?;
    let lines: Vec<_> = report.findings.iter().map(concise::line).collect();
    fixtures::compare(path, &lines)?;
    promise(rule, stem, &report).map_err(Failed::from)
}

fn report(text: &str) -> Result<Report, Failed> {
    let bytes = wat::parse_str(text).map_err(|error| error.to_string())?;
    Validator::new_with_features(WasmFeatures::all())
        .validate_all(&bytes)
        .map_err(|error| format!("the fixture is no valid component: {error}"))?;
    let host = Profile::by_id(HOST).ok_or("the strictest host has a profile")?;
    Ok(lint(&bytes, &[host]).map_err(|error| error.to_string())?)
}

/// Whether `rule` does with this report what the name of its fixture says.
fn promise(rule: &Rule, name: &str, report: &Report) -> Result<(), String> {
    explained(report)?;
    let of_rule = report.findings.iter().filter(|judged| judged.finding.rule.id == rule.id);
    let evidence: Vec<Evidence> = of_rule.map(|judged| judged.finding.evidence).collect();
    let surest = evidence.iter().max().copied();
    let id = rule.id;
    let may = name.starts_with("fires_possible");
    let never_sure = POSSIBLE_BY_NATURE.contains(&id);
    match surest {
        _ if !name.starts_with("fires") && !name.starts_with("quiet") => {
            return Err("the name of a fixture begins with `fires` or `quiet`".to_owned());
        }
        None if name.starts_with("quiet") => return Ok(()),
        None => return Err(format!("{id} finds nothing here")),
        Some(_) if name.starts_with("quiet") => return Err(format!("{id} is not quiet here")),
        Some(Evidence::Possible) if !may && !never_sure => {
            return Err(format!("{id} is not certain here: call it fires_possible…, or mend it"));
        }
        Some(Evidence::Certain) if may || never_sure => {
            return Err(format!("{id} is certain here, and should say possible"));
        }
        Some(_) => {}
    }
    let works_once = report.exports.iter().any(|export| export.verdict == Verdict::SingleShot);
    if rule.metadata.hazard == Hazard::SingleShot && works_once == may {
        return Err(format!("an export of it is single_shot: {works_once}"));
    }
    Ok(())
}

/// Whether each export that is said to work once has a finding that proves it.
fn explained(report: &Report) -> Result<(), String> {
    for export in report.exports.iter().filter(|it| it.verdict == Verdict::SingleShot) {
        let proven = report.findings.iter().map(|judged| &judged.finding).any(|finding| {
            finding.export.as_ref() == Some(&export.name)
                && finding.evidence > Evidence::Possible
                && finding.rule.metadata.hazard == Hazard::SingleShot
        });
        if !proven {
            return Err(format!("no finding proves that `{}` works once", export.name));
        }
    }
    Ok(())
}
