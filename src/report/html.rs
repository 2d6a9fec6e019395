//! The format `html`: one page for a browser that needs no other file, no network and no script to be read. What it shows
//! first is whether the components survive their second call, and on which host.

mod answers;
mod calls;
mod cause;
mod code;
mod component;
mod exports;
mod filter;
mod finding;
mod legend;
mod markup;
mod overview;
mod policy;
mod rest;
mod rules;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io::{self, Write};

use crate::report::answer::Outlook;
use crate::report::binaries::Binaries;
use crate::report::document::{Artifact, Document};
use crate::report::style::Style;
use crate::report::text;
use crate::report::wording::counted;
use crate::verdict::Severity;
use component::Components;
use markup::{code, name, prose};

/// Writes the page. Without an artifact's binary, its code is named and not shown; without its picture, it has none.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(document: &Document, binaries: &Binaries<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (policy, style, script) = policy::texts();
    let title = title(document);
    writeln!(out, "<!DOCTYPE html>")?;
    writeln!(out, "<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>")?;
    writeln!(out, "<meta charset=\"utf-8\"/>")?;
    writeln!(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\"/>")?;
    writeln!(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>")?;
    writeln!(out, "<meta name=\"referrer\" content=\"no-referrer\"/>")?;
    writeln!(out, "<title>{} – secondcall</title>", name(&title))?;
    writeln!(out, "<style>{style}</style>\n</head>\n<body>")?;
    writeln!(out, "<a class=\"skip\" href=\"#main\">Skip to the report</a>")?;
    head(document, &title, out)?;
    writeln!(out, "<main id=\"main\">")?;
    match single(document) {
        Some(artifact) => {
            answers::section(document, artifact, out)?;
            Components::of(document, binaries).alone(artifact, out)?;
        }
        None => {
            overview::section(document, out)?;
            components(document, binaries, out)?;
        }
    }
    rest::skipped(document, out)?;
    rest::configuration(document, out)?;
    rules::section(document, out)?;
    legend::section(out)?;
    writeln!(out, "</main>")?;
    foot(document, out)?;
    writeln!(out, "<script>{script}</script>\n</body>\n</html>")
}

/// The only input, if it could be read.
fn single(document: &Document) -> Option<&Artifact> {
    match (document.artifacts.as_slice(), document.errors.as_slice()) {
        ([artifact], []) => Some(artifact),
        _ => None,
    }
}

fn title(document: &Document) -> String {
    match single(document) {
        Some(artifact) => artifact.path.clone(),
        None => counted((document.artifacts.len() + document.errors.len()) as u64, "component"),
    }
}

fn head(document: &Document, title: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<header>\n<p class=\"brand\">secondcall</p>")?;
    let class = if single(document).is_some() { " class=\"path\"" } else { "" };
    writeln!(out, "<h1{class}>{}</h1>", name(title))?;
    if let Some(artifact) = single(document) {
        let contents = text::header::contents(artifact, Style::PLAIN.into());
        writeln!(out, "<p class=\"soft\">{}</p>", prose(&contents))?;
    }
    let numbers = text::numbers(document, Style::PLAIN);
    writeln!(out, "<p class=\"numbers\">{}</p>\n</header>", prose(&numbers))
}

/// The inputs, those that could not be read first, then the worst.
fn components(document: &Document, binaries: &Binaries<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section aria-labelledby=\"components\">")?;
    writeln!(out, "<h2 id=\"components\">Components</h2>")?;
    filter::form(document, out)?;
    writeln!(out, "<div id=\"list\">")?;
    for failure in &document.errors {
        rest::unread(failure, out)?;
    }
    let mut sorted: Vec<_> = document.artifacts.iter().map(|it| (rank(document, it), it)).collect();
    sorted.sort_by_key(|(rank, _)| *rank);
    let mut components = Components::of(document, binaries);
    for (_, artifact) in sorted {
        components.article(artifact, out)?;
    }
    writeln!(out, "</div>\n</section>")
}

/// How bad it is: the worst answer, then the number of errors and warnings.
fn rank(document: &Document, artifact: &Artifact) -> (Outlook, Reverse<[usize; 2]>) {
    let worst = worst(artifact);
    let severities = document.problems(artifact).map(|it| it.severity);
    let counts = severities.fold([0, 0], |[errors, warnings], it| match it {
        Severity::Error => [errors + 1, warnings],
        Severity::Warning => [errors, warnings + 1],
        Severity::Note => [errors, warnings],
    });
    (worst, Reverse(counts))
}

fn worst(artifact: &Artifact) -> Outlook {
    artifact.answers.iter().map(|it| it.outlook).min().unwrap_or(Outlook::Unknown)
}

/// How the report was made.
fn foot(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let run = &document.head.run;
    let hosts: BTreeSet<_> = match document.artifacts.iter().any(|it| !it.answers.is_empty()) {
        true => document.artifacts.iter().flat_map(|it| &it.answers).map(|it| &it.host).collect(),
        false => run.hosts.iter().collect(),
    };
    let hosts: Vec<_> = hosts.into_iter().map(|it| code(it)).collect();
    let tool = format!("{} {}", document.head.tool.name, document.head.tool.version);
    let calls = match run.static_only {
        true => "nothing was executed".to_owned(),
        false => format!("{} of each export are compared", counted(run.calls, "call")),
    };
    writeln!(
        out,
        "<footer>\n<p>Made by {} for {}: {calls}, seed {}; exit code {}.</p>\n</footer>",
        name(&tool),
        hosts.join(", "),
        code(&run.seed),
        document.summary.exit_code
    )
}
