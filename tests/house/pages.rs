//! Rules: their folders, pages and the list in `docs/rules.md`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use secondcall::profile::Profile;
use secondcall::rules;

use super::{files, none, root, text};

/// The headings of a rule's page, below its title.
const HEADINGS: [&str; 4] = ["Why it matters", "Example", "How to fix it", "What it cannot see"];

#[test]
fn folders_of_rules_are_the_table() {
    let folders: BTreeSet<String> = fs::read_dir(root().join("rules"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let table: Vec<_> = rules::all().map(|rule| rule.id.to_owned()).collect();
    assert!(table.is_sorted(), "{table:?}");
    assert_eq!(folders, table.into_iter().collect());
}

#[test]
fn a_folder_holds_a_page_and_both_kinds_of_fixtures() {
    let mut complaints = Vec::new();
    for rule in rules::all() {
        let folder = format!("rules/{}", rule.id);
        let of_kind = |kind: &str| {
            let fixtures = files(&folder, "wat");
            fixtures.iter().filter(|it| it[folder.len() + 1..].starts_with(kind)).count()
        };
        if of_kind("fires") < 1 || of_kind("quiet") < 2 {
            complaints.push(format!("{folder} has not one file that fires and two that are quiet"));
        }
        for fixture in files(&folder, "wat") {
            if !text(&fixture).starts_with(";; ") {
                complaints.push(format!("{fixture} does not say what it is"));
            }
        }
    }
    none(complaints);
}

#[test]
fn every_page_has_its_parts() {
    let mut complaints = Vec::new();
    for rule in rules::all() {
        let page = format!("rules/{}/rule.md", rule.id);
        let mut complain = |what: &str| complaints.push(format!("{page}: {what}"));
        let headings: Vec<_> = headings(rule.body).collect();
        let expected: Vec<String> = std::iter::once(format!("# {}", rule.title))
            .chain(HEADINGS.iter().map(|heading| format!("## {heading}")))
            .collect();
        if headings != expected {
            complain(&format!("has the headings {headings:?}"));
        }
        if HEADINGS.iter().any(|it| rule.section(it).unwrap_or_default().is_empty()) {
            complain("has an empty section");
        }
        let example = rule.section("Example").unwrap_or_default();
        for kind in ["fires", "quiet"] {
            let of_page = rule.body.matches(&format!("```wat {kind}\n")).count();
            if of_page != 1 || !example.contains(&format!("```wat {kind}\n")) {
                complain(&format!("has not one example that is marked {kind}"));
            }
        }
        if rule.summary.chars().count() >= 300 {
            complain("opens with a paragraph of 300 characters or more");
        }
        if rule.title.ends_with('.') {
            complain("has a title that ends with a full stop");
        }
        if rule.metadata.references.iter().any(|it| !it.starts_with("https://")) {
            complain("has a reference that is no address");
        }
    }
    none(complaints);
}

/// The headings of a page, outside its fences.
pub(super) fn headings(body: &str) -> impl Iterator<Item = &str> {
    let mut in_fence = false;
    body.lines().filter(move |line| {
        in_fence ^= line.starts_with("```");
        !in_fence && line.starts_with('#')
    })
}

#[test]
fn the_list_of_rules_is_fresh() {
    let mut list = "# Rules\n\n\
        Written from the pages by `tests/house.rs`; `BLESS=1 cargo test` rewrites it. What goes wrong when an instance is \
        reused, and which rule or fact shows it: [hazards.md](hazards.md).\n\n\
        | rule | hazard | precision | since | what it finds |\n\
        |---|---|---|---|---|\n"
        .to_owned();
    for rule in rules::all() {
        let metadata = &rule.metadata;
        writeln!(
            list,
            "| [`{0}`](../rules/{0}/rule.md) | `{1}` | {2} | {3} | {4} |",
            rule.id, metadata.hazard, metadata.precision, metadata.since, rule.title
        )
        .unwrap();
    }
    let path = root().join("docs/rules.md");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &list).unwrap();
    }
    assert!(fs::read_to_string(path).unwrap_or_default() == list, "BLESS=1 writes docs/rules.md");
}

#[test]
fn every_host_can_be_read() {
    assert!(Profile::all().len() > 20);
    assert_eq!(Profile::all()[0].id, Profile::SPEC);
}
