//! The format `junit`: a suite for each artifact, a case for each export. It is valid by the schemas of Jenkins.

mod xml;

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::report::document::{
    Artifact, Diagnostic, Document, Failure, Finding, Input, Origin, Skipped,
};
use crate::report::junit::xml::Element;
use crate::report::wording;
use crate::verdict::Verdict;

/// The case of what concerns no export alone.
const WHOLE: &str = "(the whole artifact)";
/// The case of an input that could not be read.
const READING: &str = "(reading it)";

/// The suite of patterns on the command line.
const OPTIONS: &str = "(the command line)";

/// How many cases of which outcome.
#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

/// Writes the document. Findings at or above `--fail-on` are failures.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let inputs = document.inputs();
    let mut paths: BTreeMap<&str, usize> = BTreeMap::new();
    for input in &inputs {
        *paths.entry(parts(input).0).or_default() += 1;
    }
    let mut skipped: BTreeMap<Option<usize>, Vec<&Skipped>> = BTreeMap::new();
    for it in &document.skipped {
        skipped.entry(it.artifact).or_default().push(it);
    }
    let mut named: Vec<(String, Vec<Element>)> = Vec::new();
    for input in &inputs {
        let name = name(input, &paths);
        let cases = match input {
            Input::Read(artifact) => {
                let skipped = skipped.get(&Some(artifact.id)).map_or(&[][..], Vec::as_slice);
                cases(document, artifact, skipped, &name)
            }
            Input::Unread(failure) => vec![unread(failure, &name)],
        };
        named.push((name, cases));
    }
    let passed_over = document.skipped.iter().filter(|it| it.artifact.is_none());
    let passed_over = passed_over.map(|it| {
        let path = it.path.as_deref().unwrap_or(OPTIONS);
        (path, left_out(it, path))
    });
    let config = document.config.iter();
    let config = config.map(|it| (it.origin.path.as_str(), configuration(document, it)));
    let suites = named.iter().enumerate().rev().map(|(at, (name, _))| (name.clone(), at));
    let mut suites: BTreeMap<String, usize> = suites.collect();
    for (path, case) in passed_over.chain(config) {
        let at = *suites.entry(path.to_owned()).or_insert_with(|| {
            named.push((path.to_owned(), Vec::new()));
            named.len() - 1
        });
        named[at].1.push(case);
    }
    let mut all = Counts::default();
    let mut suites = Vec::new();
    for (name, cases) in named {
        let counts = Counts::of(&cases);
        all.tests += counts.tests;
        all.failures += counts.failures;
        all.errors += counts.errors;
        let suite = counts.on(Element::new("testsuite").with("name", &name));
        suites.push(suite.with("skipped", &counts.skipped.to_string()).holding(cases));
    }
    let root = all.on(Element::new("testsuites").with("name", "secondcall"));
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    root.holding(suites).write(out)
}

/// The name of an input's suite: its path, and where several have the same, also the place that names it.
/// Readers keep one case of those with the same name and class.
/// `paths` says how many inputs have a path.
fn name(input: &Input<'_>, paths: &BTreeMap<&str, usize>) -> String {
    let (path, origin) = parts(input);
    let several = paths.get(path).is_some_and(|inputs| *inputs > 1);
    match origin.filter(|_| several) {
        Some(origin) => format!("{path} ({}:{})", origin.path, origin.line),
        None => path.to_owned(),
    }
}

/// The path of an input, and the place that names it.
fn parts<'a>(input: &Input<'a>) -> (&'a str, Option<&'a Origin>) {
    match *input {
        Input::Read(artifact) => (&artifact.path, artifact.origin.as_ref()),
        Input::Unread(failure) => (&failure.path, failure.origin.as_ref()),
    }
}

impl Counts {
    fn of(cases: &[Element]) -> Self {
        let with = |name| cases.iter().filter(|case| case.has(name)).count();
        Counts {
            tests: cases.len(),
            failures: with("failure"),
            errors: with("error"),
            skipped: with("skipped"),
        }
    }

    fn on(&self, element: Element) -> Element {
        let element = element.with("tests", &self.tests.to_string());
        let element = element.with("failures", &self.failures.to_string());
        element.with("errors", &self.errors.to_string())
    }
}

/// The cases of an artifact, of which so much was not examined.
fn cases(
    document: &Document,
    artifact: &Artifact,
    skipped: &[&Skipped],
    class: &str,
) -> Vec<Element> {
    let mut problems: BTreeMap<Option<&str>, Vec<&Finding>> = BTreeMap::new();
    for finding in document.problems(artifact) {
        problems.entry(finding.export.as_deref()).or_default().push(finding);
    }
    let of = |name: Option<&str>| problems.get(&name).cloned().unwrap_or_default();
    let reasons = skipped.iter().rev().map(|it| (it.export.as_ref(), it));
    let reasons: BTreeMap<_, _> = reasons.collect();
    let mut cases = Vec::new();
    for export in &artifact.exports {
        let name = export.name.as_str();
        let skipped = reasons.get(&Some(&export.name));
        let skipped = skipped.map(|it| format!("{}: {}", it.reason, it.detail));
        let obstacle = export.obstacle.clone().filter(|_| export.verdict == Verdict::Unknown);
        let verdict = wording::verdict(&export.verdict);
        let verdict = format!("verdict: {verdict}{}", artifact.also_in());
        cases.push(case(document, class, name, of(Some(name)), skipped.or(obstacle), &verdict));
    }
    let whole = of(None);
    if !whole.is_empty() {
        cases.push(case(document, class, WHOLE, whole, None, ""));
    }
    let whole = skipped.iter().filter(|it| it.export.is_none());
    cases.extend(whole.map(|it| left_out(it, class)));
    cases
}

/// A case fails once, however many findings it has: some readers take the first failure only.
fn case(
    document: &Document,
    class: &str,
    name: &str,
    findings: Vec<&Finding>,
    skipped: Option<String>,
    verdict: &str,
) -> Element {
    let case = Element::new("testcase").with("name", name).with("classname", class);
    let (failing, passing): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|it| document.fails(it));
    let all = |findings: &[&Finding]| findings.iter().flat_map(|it| lines(it)).collect::<Vec<_>>();
    let mut below = all(&passing);
    if !verdict.is_empty() {
        below.insert(0, verdict.to_owned());
    }
    let case = match (failing.first(), skipped) {
        (Some(first), _) => {
            let failure = Element::new("failure").with("type", &first.rule);
            case.holding([failure.with("message", &first.message).saying(all(&failing))])
        }
        (None, Some(why)) => case.holding([Element::new("skipped").with("message", &why)]),
        (None, None) => case,
    };
    if below.is_empty() { case } else { case.holding([Element::new("system-out").saying(below)]) }
}

fn lines(finding: &Finding) -> Vec<String> {
    let level = wording::level(finding);
    let mut lines = vec![format!("{level}[{}]: {}", finding.rule, finding.message)];
    let places = finding.labels().map(|it| (&it.place, it.text.as_deref().unwrap_or_default()));
    lines.extend(places.map(|(it, text)| format!("  {} ({:#x}): {text}", it.path, it.offset)));
    if !finding.help.is_empty() {
        lines.push(format!("  help: {}", finding.help));
    }
    lines.push(format!("  more: secondcall explain {}", finding.rule));
    lines.push(format!("  id: {}", finding.id));
    lines
}

fn unread(failure: &Failure, class: &str) -> Element {
    let error = Element::new("error").with("type", &failure.stage);
    let error = error.with("message", &failure.sentence());
    Element::new("testcase").with("name", READING).with("classname", class).holding([error])
}

/// A component that a manifest names and that was not examined, or that no chosen host calls; a pattern without a match.
fn left_out(skipped: &Skipped, class: &str) -> Element {
    let text = format!("{}: {}", skipped.reason, skipped.detail);
    let case = Element::new("testcase").with("name", &text).with("classname", class);
    case.holding([Element::new("skipped").with("message", &text)])
}

/// Something that is wrong with the configuration. It fails where it makes the run fail.
fn configuration(document: &Document, diagnostic: &Diagnostic) -> Element {
    let Diagnostic { severity, code, message, help, origin } = diagnostic;
    let place = format!("{}:{}:{}", origin.path, origin.line, origin.column);
    let mut lines = vec![format!("{place}: {}[{code}]: {message}", wording::severity(*severity))];
    lines.extend((!help.is_empty()).then(|| format!("  help: {help}")));
    let case = Element::new("testcase").with("name", message).with("classname", &origin.path);
    case.holding([match document.head.run.strict {
        true => Element::new("failure").with("type", code).with("message", message).saying(lines),
        false => Element::new("system-out").saying(lines),
    }])
}
