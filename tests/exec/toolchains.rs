//! Components of real toolchains, as tests/toolchains/components builds them into the folder that
//! `SECONDCALL_COMPONENTS` names; what is expected of each export stands in tests/toolchains/components.toml.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use serde::Deserialize;
use serde_json::Value;

use super::{check, inputs, root};

#[derive(Deserialize)]
struct Expected {
    component: Vec<Component>,
}

#[derive(Deserialize)]
struct Component {
    file: String,
    /// Whether it is built only on demand.
    #[serde(default)]
    large: bool,
    export: Vec<Export>,
}

#[derive(Deserialize)]
struct Export {
    name: String,
    verdict: String,
    /// After how many good calls it breaks.
    after: Option<u64>,
    /// What the cause of its finding begins with.
    cause: Option<String>,
    /// How the name of the function ends that asks for what it leaks.
    asks: Option<String>,
    /// The source line of that.
    asks_at: Option<String>,
    /// The schedule in which calls of it disturb each other, and how they end.
    race: Option<Vec<String>>,
}

/// A trial for each component, ignored if the component was not built.
pub(super) fn trials() -> Vec<Trial> {
    let folder = inputs::folder("SECONDCALL_COMPONENTS", "toolchains");
    let text = fs::read_to_string(root().join("tests/toolchains/components.toml")).unwrap();
    let expected: Expected = toml::from_str(&text).unwrap();
    let trials = expected.component.into_iter().map(|component| {
        let name = format!("toolchains/{}", component.file);
        let path = folder.as_ref().map(|folder| folder.join(&component.file));
        // Large ones take minutes to build. Rust needs a target that its source may refuse.
        let needs = match component.file.split_once('/') {
            _ if component.large => Some("SECONDCALL_LARGE"),
            Some(("rust" | "rust_async", _)) => Some("SECONDCALL_RUST"),
            _ => None,
        };
        let is_missing = path.as_ref().is_some_and(|path| !path.exists());
        let unbuilt = needs.is_some() && is_missing;
        if let Some(needs) = needs {
            inputs::record(needs, &component.file.replace('/', "_"), unbuilt);
        }
        let ignored = path.is_none() || unbuilt;
        let run = move || compare(&path.ok_or("it was not built")?, &component);
        Trial::test(name, run).with_ignored_flag(ignored)
    });
    trials.collect()
}

fn compare(path: &Path, component: &Component) -> Result<(), Failed> {
    let report = check(path, &["--no-cache"])?;
    let mut seen = BTreeMap::new();
    for export in report["artifacts"][0]["exports"].as_array().into_iter().flatten() {
        let verdict = export["verdict"].as_str().unwrap_or_default().to_owned();
        let breaks = export["verdict_calls"].as_u64().filter(|_| verdict == "breaks_after");
        seen.insert(export["name"].as_str().unwrap_or_default().to_owned(), (verdict, breaks));
    }
    let mut wrong = Vec::new();
    for export in &component.export {
        let verdict = match export.verdict.as_str() {
            "left_alone" => "unknown",
            verdict => verdict,
        };
        let expected = (verdict.to_owned(), export.after.map(|calls| calls + 1));
        let seen = seen.remove(&export.name);
        if seen.as_ref() != Some(&expected) {
            wrong.push(format!("{}: {seen:?} instead of {expected:?}", export.name));
        }
    }
    let causes = |export: &str| {
        let findings = report["findings"].as_array().into_iter().flatten();
        let own = findings.filter(|it| it["export"] == export);
        let sentences = own.filter_map(|it| it["cause"]["sentence"].as_str());
        sentences.map(str::to_owned).collect::<Vec<_>>()
    };
    let related = |export: &str| {
        let findings = report["findings"].as_array().into_iter().flatten();
        let own = findings.filter(|it| it["export"] == export);
        let places = own.flat_map(|it| it["locations"].as_array()).flatten();
        let sources = places.filter(|it| it["role"] == "related").map(|it| &it["source"]);
        let lines = sources.map(|it| (it["path"].as_str().unwrap_or_default(), &it["line"]));
        lines.map(|(path, line)| format!("{path}:{line}")).collect::<Vec<_>>()
    };
    for export in &component.export {
        let Some(expected) = &export.cause else { continue };
        let found = causes(&export.name);
        if !found.iter().any(|it| it.starts_with(expected)) {
            wrong.push(format!("{}: {found:?} instead of {expected:?}", export.name));
        }
        // The declaration is a location of its own: SARIF and editors show it.
        let declared = expected.split_once(" (").and_then(|(_, rest)| rest.split_once(')'));
        let places = related(&export.name);
        if declared.is_some_and(|(line, _)| !places.iter().any(|it| it.ends_with(line))) {
            wrong.push(format!("{}: {expected:?}, and {places:?} are related", export.name));
        }
    }
    for export in component.export.iter().filter(|it| it.asks.is_some() || it.asks_at.is_some()) {
        let leaks = report["findings"].as_array().into_iter().flatten();
        let leaks: Vec<_> =
            leaks.filter(|it| it["hazard"] == "leak" && it["export"] == *export.name).collect();
        let places = leaks.iter().flat_map(|it| it["locations"].as_array()).flatten();
        let sources = places.filter(|it| it["role"] == "related").map(|it| {
            let (path, line) = (&it["source"]["path"], &it["source"]["line"]);
            format!("{}:{line}", path.as_str().unwrap_or_default())
        });
        let messages = leaks.iter().filter_map(|it| it["message"].as_str()).map(str::to_owned);
        let (messages, sources): (Vec<_>, Vec<_>) = (messages.collect(), sources.collect());
        let asks = export.asks.as_ref().map(|it| format!("{it}` asks for "));
        if asks.is_some_and(|asks| !messages.iter().any(|it| it.contains(&asks)))
            || export.asks_at.as_ref().is_some_and(|at| !sources.iter().any(|it| it.ends_with(at)))
        {
            wrong.push(format!("{}: {messages:?} at {sources:?}", export.name));
        }
    }
    for export in &component.export {
        let Some(expected) = &export.race else { continue };
        let findings = report["findings"].as_array().into_iter().flatten();
        let mut races =
            findings.filter(|it| it["hazard"] == "race" && it["export"] == *export.name);
        let timeline = races.next().map(|it| &it["timeline"]);
        let ends = |it: &Value| it["ends"].as_array().cloned().unwrap_or_default();
        let told = timeline
            .into_iter()
            .flat_map(|it| std::iter::once(it["schedule"].clone()).chain(ends(it)));
        let told: Vec<_> = told.collect();
        if told != *expected {
            wrong.push(format!("{}: {told:?} instead of {expected:?}", export.name));
        }
    }
    wrong.extend(seen.into_keys().map(|name| format!("{name}: nothing is expected of it")));
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}
