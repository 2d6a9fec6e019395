//! The form that narrows the list of components. Without the script it stays hidden.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::answers::{OUTLOOKS, words};
use super::markup::{name, token};
use super::rules;
use crate::report::document::Document;

/// The form, with a place where the number of hits is announced.
pub(super) fn form(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let answers = document.artifacts.iter().flat_map(|it| &it.answers);
    let hosts: BTreeSet<_> = answers.clone().map(|it| it.host.as_str()).collect();
    let outlooks: BTreeSet<_> = answers.map(|it| it.outlook).collect();
    writeln!(out, "<form id=\"filter\" role=\"search\" hidden=\"hidden\">")?;
    writeln!(out, "<p class=\"query\"><label for=\"query\">Search</label>")?;
    writeln!(
        out,
        "<input id=\"query\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" aria-describedby=\"keys\"/></p>"
    )?;
    let outlooks = OUTLOOKS.into_iter().filter(|it| outlooks.contains(it)).map(words);
    let outlooks = outlooks.map(|(class, words)| (class.to_owned(), words.to_owned()));
    select("answer", "Answer", outlooks.collect(), out)?;
    select("host", "Host", hosts.into_iter().map(|it| (token(it), name(it))).collect(), out)?;
    let rules = rules::found(document);
    select("rule", "Rule", rules.iter().map(|(it, _)| (token(it), name(it))).collect(), out)?;
    writeln!(out, "<p class=\"buttons\"><button type=\"reset\">Clear</button>")?;
    writeln!(out, "<button type=\"button\" id=\"open\">Open all</button>")?;
    writeln!(out, "<button type=\"button\" id=\"close\">Close all</button></p>")?;
    writeln!(
        out,
        "<p class=\"soft\" id=\"keys\"><kbd>/</kbd> searches, <kbd>Esc</kbd> clears. Words are found in paths, exports, rules, code and messages.</p>"
    )?;
    writeln!(
        out,
        "<p><output id=\"hits\" for=\"query answer host rule\" aria-live=\"polite\"></output></p>\n</form>"
    )
}

/// A choice among values with their words, already escaped.
fn select(
    id: &str,
    label: &str,
    options: Vec<(String, String)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(
        out,
        "<p><label for=\"{id}\">{label}</label> <select id=\"{id}\"><option value=\"\">any</option>"
    )?;
    for (value, words) in options {
        write!(out, "<option value=\"{value}\">{words}</option>")?;
    }
    writeln!(out, "</select></p>")
}
