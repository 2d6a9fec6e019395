//! A component: how it fares, its exports, its findings and its picture.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::markup::{self, code, name, prose, token, verbatim};
use super::{answers, exports, finding};
use crate::report::binaries::Binaries;
use crate::report::document::{Artifact, Document, Finding};
use crate::report::drawing::Within;
use crate::report::graph::svg;
use crate::report::style::Style;
use crate::report::text::excerpt::Excerpts;
use crate::report::text::{given, header};
use crate::report::wording::{self, counted};
use crate::verdict::Severity;

/// With no more components than this, each is open at first.
const OPEN: usize = 3;
/// Interfaces of stubbed imports that are named.
const NAMED: usize = 12;

/// Writes components, and gives each finding an address of its own.
pub(super) struct Components<'a> {
    document: &'a Document,
    binaries: &'a Binaries<'a>,
    /// The addresses that are taken.
    ids: BTreeSet<String>,
}

impl<'a> Components<'a> {
    pub(super) fn of(document: &'a Document, binaries: &'a Binaries<'a>) -> Self {
        Components { document, binaries, ids: BTreeSet::new() }
    }

    /// The only component of a page, whose name and answers stand above it.
    pub(super) fn alone(&mut self, artifact: &'a Artifact, out: &mut dyn Write) -> io::Result<()> {
        facts(artifact, false, out)?;
        self.parts(artifact, 2, out)
    }

    /// One component of many.
    pub(super) fn article(
        &mut self,
        artifact: &'a Artifact,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let id = artifact.id;
        let answers = artifact.answers.iter();
        let answers: Vec<_> = answers
            .map(|it| format!("{}:{}", token(&it.host), answers::words(it.outlook).0))
            .collect();
        let rules: BTreeSet<_> =
            self.document.problems(artifact).map(|it| token(&it.rule)).collect();
        let rules = rules.into_iter().collect::<Vec<_>>().join(" ");
        writeln!(
            out,
            "<article id=\"c{id}\" data-answers=\"{}\" data-rules=\"{rules}\" aria-labelledby=\"h{id}\">",
            answers.join(" ")
        )?;
        let open = if self.document.artifacts.len() <= OPEN { " open=\"open\"" } else { "" };
        writeln!(
            out,
            "<details{open}><summary><h3 id=\"h{id}\" class=\"path\">{}</h3>",
            name(&artifact.path)
        )?;
        write!(out, "<span class=\"brief\">{}", answers::brief(artifact))?;
        let numbers = self.numbers(artifact);
        writeln!(
            out,
            " <span class=\"soft\">{numbers}</span></span></summary>\n<div class=\"inside\">"
        )?;
        answers::table(self.document, artifact, out)?;
        facts(artifact, true, out)?;
        self.parts(artifact, 4, out)?;
        writeln!(out, "</div></details></article>")
    }

    /// How many findings of each severity there are, and how many exports.
    fn numbers(&self, artifact: &Artifact) -> String {
        let count = |severity| {
            let all = self.document.problems(artifact);
            let number = all.filter(|it| it.severity == severity).count() as u64;
            (number > 0).then(|| counted(number, wording::severity(severity)))
        };
        let severities = [Severity::Error, Severity::Warning, Severity::Note];
        let findings = severities.into_iter().filter_map(count);
        let exports = counted(artifact.exports.len() as u64, "export");
        findings.chain([exports]).collect::<Vec<_>>().join(", ")
    }

    /// What stands below the answers, with headings of this level.
    fn parts(&mut self, artifact: &'a Artifact, level: u8, out: &mut dyn Write) -> io::Result<()> {
        exports::section(self.document, artifact, level, out)?;
        let problems: Vec<_> = self.document.problems(artifact).collect();
        let matters =
            |it: &Finding| it.severity > Severity::Note || it.refuted || self.document.fails(it);
        let (main, notes): (Vec<_>, Vec<_>) = problems.into_iter().partition(|it| matters(it));
        let mut excerpts = Excerpts::of(self.binaries, artifact);
        if !main.is_empty() {
            writeln!(out, "<section class=\"findings\">\n<h{level}>Findings</h{level}>")?;
            for problem in main {
                let id = self.address(problem);
                finding::write((artifact, problem), &id, level + 1, &mut excerpts, out)?;
            }
            writeln!(out, "</section>")?;
        }
        if !notes.is_empty() {
            let many = counted(notes.len() as u64, "note");
            writeln!(
                out,
                "<details class=\"notes\"><summary><h{level}>{many}</h{level}> <span class=\"soft\">cannot hurt on these hosts, or only possible</span></summary>"
            )?;
            for note in notes {
                let id = self.address(note);
                finding::write((artifact, note), &id, level + 1, &mut excerpts, out)?;
            }
            writeln!(out, "</details>")?;
        }
        self.picture(artifact, level, out)
    }

    /// The address of a finding: its id, which stays when the component is rebuilt, if no other finding has it.
    fn address(&mut self, finding: &Finding) -> String {
        let mut id = format!("f-{}", token(&finding.id));
        if self.ids.contains(&id) {
            id = format!("{id}-{}", self.ids.len());
        }
        self.ids.insert(id.clone());
        id
    }

    fn picture(&self, artifact: &Artifact, level: u8, out: &mut dyn Write) -> io::Result<()> {
        let Some(picture) = self.binaries.picture(artifact) else { return Ok(()) };
        writeln!(
            out,
            "<section class=\"picture\">\n<h{level}>Instances and call paths</h{level}>"
        )?;
        let label = format!("Picture of {}", name(&artifact.path));
        writeln!(out, "<div class=\"wide\" role=\"group\" tabindex=\"0\" aria-label=\"{label}\">")?;
        svg::draw(picture, Within::Page, out)?;
        writeln!(out, "</div>\n</section>")
    }
}

/// What it is, where it comes from, what it was given and what it needs. Its contents only if `with_contents`.
fn facts(artifact: &Artifact, with_contents: bool, out: &mut dyn Write) -> io::Result<()> {
    let view = Style::PLAIN.into();
    let mut facts: Vec<(&str, String)> = Vec::new();
    if with_contents {
        facts.push(("Contents", prose(&header::contents(artifact, view))));
    }
    if !artifact.also.is_empty() {
        let paths: Vec<_> = artifact.also.iter().map(|it| code(it)).collect();
        facts.push(("Identical", paths.join(", ")));
    }
    if let Some(origin) = &artifact.origin {
        let place = code(&format!("{}:{}", origin.path, origin.line));
        let settings = artifact.hosts.iter().flat_map(|host| &host.settings);
        let settings: Vec<_> = settings.map(|(name, set)| format!("{name} {set}")).collect();
        let settings =
            if settings.is_empty() { String::new() } else { format!(" ({})", settings.join(", ")) };
        facts.push(("From", format!("{place} {}{}", verbatim(&origin.entry), verbatim(&settings))));
    }
    if let Some(wrapping) = &artifact.wrapped {
        facts.push(("Made", prose(&wording::wrapping(wrapping))));
    }
    if !artifact.made_up_imports.is_empty() {
        facts.push(("Stubs", prose(&wording::interfaces(&artifact.made_up_imports, NAMED))));
    }
    if let Some(given) = &artifact.given {
        facts.push(("Given", prose(&given::line(given))));
    }
    for (needed, exports) in header::needed(artifact) {
        let fail = counted(exports, "export");
        facts.push(("Needs", prose(&format!("{needed}; without, the first call of {fail} fails"))));
    }
    if let Some(why) = &artifact.unfiltered {
        facts.push(("Filter", prose(&format!("the guest was confined by limits alone: {why}"))));
    }
    facts.push(("SHA-256", code(&artifact.sha256)));
    markup::facts(&facts, out)
}
