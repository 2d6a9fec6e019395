//! Documents: paths and links in them, the book, the sentence of each dependency.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use secondcall::rules;

use super::pages::headings;
use super::{files, none, root, text};

/// Pages of `docs` for those who change the tool. All others are for users.
const INSIDE: [&str; 5] = [
    "docs/architecture.md",
    "docs/style.md",
    "docs/writing-a-rule.md",
    "docs/adapters.md",
    "docs/releasing.md",
];

/// Files that name the release to install.
const NAME_THE_RELEASE: [&str; 5] = [
    "action.yml",
    "docs/ci/check.sh",
    "docs/ci/github.yml",
    "docs/ci/gitlab-ci.yml",
    "docs/install.md",
];

#[test]
fn the_book_names_every_page() {
    let mut summary = "# Summary\n\n[secondcall](README.md)\n\n# Use\n\n".to_owned();
    let mut pages = files("docs", "md");
    pages.retain(|page| !INSIDE.contains(&page.as_str()) && page.split('/').count() == 2);
    for page in pages {
        writeln!(summary, "- [{}]({page})", title(&page)).unwrap();
        if page == "docs/rules.md" {
            for rule in rules::all() {
                writeln!(summary, "  - [{0}](rules/{0}/rule.md)", rule.id).unwrap();
            }
        }
    }
    summary += "\n# Change\n\n- [Contributing](CONTRIBUTING.md)\n";
    for page in INSIDE {
        writeln!(summary, "- [{}]({page})", title(page)).unwrap();
    }
    summary += "\n# Decisions\n\n";
    for page in files("docs/decisions", "md") {
        writeln!(summary, "- [{}]({page})", title(&page)).unwrap();
    }
    let path = root().join("book/src/SUMMARY.md");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &summary).unwrap();
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    assert!(written == summary, "BLESS=1 writes book/src/SUMMARY.md");
}

#[test]
fn what_installs_a_release_installs_this_one() {
    let version = env!("CARGO_PKG_VERSION");
    let old = NAME_THE_RELEASE.into_iter().filter(|file| !text(file).contains(version));
    none(old.map(|file| format!("{file} does not name release {version}")).collect());
}

/// A page's first heading.
fn title(page: &str) -> String {
    let text = text(page);
    headings(&text).next().unwrap_or_default().trim_start_matches('#').trim().to_owned()
}

/// All documents for readers.
fn documents() -> Vec<String> {
    let top =
        fs::read_dir(root()).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut documents: Vec<_> = top.filter(|name| name.ends_with(".md")).collect();
    documents.extend(files("docs", "md"));
    documents.extend(files("rules", "md"));
    documents.extend(files("tests", "md"));
    documents
}

#[test]
fn every_path_that_a_document_names_exists() {
    let top: BTreeSet<String> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut complaints = Vec::new();
    for document in documents() {
        for name in in_backticks(&text(&document)) {
            let first = name.split('/').next().unwrap();
            let is_path = name.contains('/') && top.contains(first)
                || name.split_once('.').is_some_and(|(stem, extension)| {
                    stem.chars().all(|it| it.is_ascii_uppercase()) && extension == "md"
                });
            let is_pattern = name.contains(['<', '…', '*', ' ']);
            if is_path && !is_pattern && !root().join(name).exists() {
                complaints.push(format!("{document} names `{name}`, which does not exist"));
            }
        }
    }
    none(complaints);
}

/// What stands in backticks, outside fences.
fn in_backticks(text: &str) -> Vec<&str> {
    let mut in_fence = false;
    let lines = text.lines().filter(|line| {
        in_fence ^= line.starts_with("```");
        !in_fence
    });
    lines.flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn every_link_of_a_document_leads_somewhere() {
    let mut complaints = Vec::new();
    for document in documents() {
        let text = text(&document);
        for link in text.split("](").skip(1) {
            let link = link.split(')').next().unwrap().split('#').next().unwrap();
            let here = root().join(&document);
            if !link.contains("://") && !here.parent().unwrap().join(link).exists() {
                complaints.push(format!("{document} links to {link}, which does not exist"));
            }
        }
    }
    none(complaints);
}

#[test]
fn every_dependency_has_its_sentence() {
    let reasons = text("docs/decisions/0003-dependencies.md");
    let mut complaints = Vec::new();
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml", "integrations/component/Cargo.toml"] {
        let manifest: toml::Table = text(manifest).parse().unwrap();
        let targets = manifest.get("target").and_then(|it| it.as_table());
        let targets = targets.into_iter().flat_map(|it| it.values()).filter_map(|it| it.as_table());
        let sections = targets.chain([&manifest]).flat_map(|table| {
            ["dependencies", "dev-dependencies"].into_iter().filter_map(|it| table.get(it))
        });
        for (name, value) in sections.filter_map(|it| it.as_table()).flatten() {
            let name = value.get("package").map_or(name.as_str(), |it| it.as_str().unwrap());
            if name != env!("CARGO_PKG_NAME") && !reasons.contains(&format!("`{name}`")) {
                complaints.push(format!("docs/decisions/0003-dependencies.md is silent on {name}"));
            }
        }
    }
    none(complaints);
}

/// Its table lists the mechanisms; the second column names rules, facts or calls, the third what shows it.
#[test]
fn every_hazard_is_shown() {
    let page = text("docs/hazards.md");
    let rules: BTreeSet<_> = rules::all().map(|rule| rule.id).collect();
    let facts = text("data/terms.toml");
    let mut complaints = Vec::new();
    let rows =
        page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| mechanism"));
    let rows: Vec<Vec<&str>> =
        rows.map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect()).collect();
    assert!(rows.len() >= 33, "{} rows", rows.len());
    for row in &rows {
        let [mechanism, about, shown] = row.as_slice() else {
            complaints.push(format!("{row:?} has not three columns"));
            continue;
        };
        let names = in_backticks(about);
        let is_known = |name: &&str| {
            rules.contains(*name) || facts.contains(&format!("kind = \"fact\"\nid = \"{name}\"\n"))
        };
        let known = names.iter().filter(|name| is_known(name)).count();
        if known == 0 && !about.starts_with("fact: ") {
            complaints.push(format!("{mechanism}: names neither a rule nor a fact"));
        }
        if about.starts_with("calls") && !names.iter().any(|name| rules.contains(*name)) {
            complaints.push(format!("{mechanism}: names no rule of calls"));
        }
        let paths = in_backticks(shown);
        if paths.is_empty() {
            complaints.push(format!("{mechanism}: nothing shows it"));
        }
        for path in paths.iter().filter(|path| !root().join(path).is_file()) {
            complaints.push(format!("{mechanism}: {path} does not exist"));
        }
    }
    none(complaints);
}
