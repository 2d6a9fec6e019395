//! Many components at once: how many survive on each host, and which rules found what.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::answers::{self, OUTLOOKS, badge, words};
use super::markup::{code, prose, token};
use super::rules;
use crate::profile::Profile;
use crate::report::answer::Outlook;
use crate::report::document::Document;
use crate::report::wording;
use crate::verdict::Severity;

/// Width and height of a bar.
const BAR: (usize, usize) = (160, 10);

/// The first section of a page about many components.
pub(super) fn section(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<section class=\"first\" aria-labelledby=\"survival\">")?;
    writeln!(out, "<h2 id=\"survival\">Will they survive their second call?</h2>")?;
    hosts(document, out)?;
    answers::hint(document, out)?;
    let found = rules::found(document);
    if !found.is_empty() {
        writeln!(out, "<h3>Found by</h3>\n<table class=\"totals found\">\n<thead><tr>")?;
        for head in ["Rule", "Errors", "Warnings", "Notes"] {
            write!(out, "<th scope=\"col\">{head}</th>")?;
        }
        writeln!(out, "</tr></thead>\n<tbody>")?;
    }
    for (rule, counts) in &found {
        let id = token(rule);
        write!(
            out,
            "<tr><th scope=\"row\"><a href=\"#list\" data-rule=\"{id}\">{}</a>",
            code(rule)
        )?;
        let title = rules::title(rule);
        write!(out, "<span class=\"soft\">{}</span></th>", prose(title))?;
        for severity in [Severity::Error, Severity::Warning, Severity::Note] {
            let label = format!("{}s", wording::severity(severity));
            number(&label, counts.get(&severity).copied().unwrap_or(0), out)?;
        }
        writeln!(out, "</tr>")?;
    }
    if !found.is_empty() {
        writeln!(out, "</tbody></table>")?;
    }
    writeln!(out, "</section>")
}

/// For each host, how many components have each outlook.
fn hosts(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let mut hosts: BTreeMap<&str, BTreeMap<Outlook, usize>> = BTreeMap::new();
    for answer in document.artifacts.iter().flat_map(|it| &it.answers) {
        *hosts.entry(&answer.host).or_default().entry(answer.outlook).or_default() += 1;
    }
    if hosts.is_empty() {
        return Ok(());
    }
    let shown =
        OUTLOOKS.into_iter().filter(|it| hosts.values().any(|counts| counts.contains_key(it)));
    let shown: Vec<_> = shown.collect();
    writeln!(out, "<table class=\"totals\">\n<thead><tr><th scope=\"col\">Host</th>")?;
    for outlook in &shown {
        write!(out, "<th scope=\"col\">{}</th>", badge(*outlook))?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for (host, counts) in &hosts {
        let title = Profile::by_id(host).map(|it| it.title.as_str()).unwrap_or_default();
        write!(out, "<tr><th scope=\"row\">{}", code(host))?;
        write!(out, "<span class=\"soft\">{}</span>", prose(title))?;
        bar(counts, out)?;
        write!(out, "</th>")?;
        for outlook in &shown {
            match counts.get(outlook) {
                None => number(words(*outlook).1, 0, out)?,
                Some(count) => {
                    let (host, (answer, label)) = (token(host), words(*outlook));
                    let filter = format!("data-host=\"{host}\" data-answer=\"{answer}\"");
                    write!(
                        out,
                        "<td data-label=\"{label}\"><a href=\"#list\" {filter}>{count}</a></td>"
                    )?;
                }
            }
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody></table>")
}

/// A cell. A narrow screen has no heads of columns, but the label.
fn number(label: &str, number: usize, out: &mut dyn Write) -> io::Result<()> {
    match number {
        0 => write!(out, "<td class=\"none\">0</td>"),
        number => write!(out, "<td data-label=\"{label}\">{number}</td>"),
    }
}

/// The parts of the components as a bar. The numbers stand beside it, so nothing reads it aloud.
fn bar(counts: &BTreeMap<Outlook, usize>, out: &mut dyn Write) -> io::Result<()> {
    let (width, height) = BAR;
    let all: usize = counts.values().sum::<usize>().max(1);
    write!(out, "<svg class=\"bar\" width=\"{width}\" height=\"{height}\" aria-hidden=\"true\">")?;
    let mut before = 0;
    for (outlook, count) in counts {
        let (left, right) = (before * width / all, (before + count) * width / all);
        let class = words(*outlook).0;
        // What is rare is seen, too.
        let wide = (right - left).max(2);
        write!(out, "<rect class=\"{class}\" x=\"{left}\" width=\"{wide}\" height=\"{height}\"/>")?;
        before += count;
    }
    write!(out, "</svg>")
}
