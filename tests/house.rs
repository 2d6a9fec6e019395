//! Whether the house stands as `docs/architecture.md` draws it: floors, pages, documents, sizes, names.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use secondcall::profile::Profile;
use secondcall::rules;

/// Files of `src` that may be longer than [`LONGEST`], each with its reason.
const LONG_FILES: &[(&str, &str)] = &[];

/// Modules side by side that need each other, each with its reason.
const CIRCLES: &[(&str, &str)] = &[(
    "facts::execution::control, facts::execution::machine",
    "a branch restores a state, and a state holds the branches under way",
)];

/// Lines of a file of `src`, at most.
const LONGEST: usize = 450;

/// The headings of a page, below its title.
const HEADINGS: [&str; 4] = ["Why it matters", "Example", "How to fix it", "What it cannot see"];

/// Pages of `docs` for those who change the tool. All others are for those who use it.
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

/// Words that say where nobody thought.
const EMPTY_NAMES: [&str; 5] = ["util", "helper", "common", "misc", "manager"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the repository.
fn text(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file below a folder of the repository, by its path from the root, with `/`.
fn files(folder: &str, extension: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::from(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = folder.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == extension) {
                found.push(path.to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

/// Fails with all complaints at once, one a line.
#[track_caller]
fn none(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

/// `src/report/text.rs` is the module `report::text`.
fn module(file: &str) -> Vec<String> {
    let path = file.strip_prefix("src/").unwrap().strip_suffix(".rs").unwrap();
    // It stands for `exec` in a build without an engine.
    let path = if path == "no_exec" { "exec" } else { path };
    path.split('/').map(str::to_owned).collect()
}

/// The modules that a file declares, in its order.
fn declared(text: &str) -> Vec<String> {
    let names = text.lines().filter_map(|line| {
        let line = line.trim_start_matches("pub ").trim_start_matches("pub(super) ");
        line.strip_prefix("mod ")?.strip_suffix(';')
    });
    names.map(str::to_owned).collect()
}

/// The code of a file: without its tests and comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    let product = text.split("\n#[cfg(test)]\nmod ").next().unwrap();
    product.lines().filter(|line| !line.trim_start().starts_with("//"))
}

/// What a file of `src` names of ours, as paths from the crate's root.
fn named(file: &str, text: &str, modules: &BTreeSet<Vec<String>>) -> Vec<Vec<String>> {
    let own = module(file);
    let mut found = Vec::new();
    for line in code(text) {
        for (at, word) in line.match_indices("crate::").chain(line.match_indices("super::")) {
            let before = line[..at].chars().next_back();
            if before.is_some_and(|it| it.is_alphanumeric() || matches!(it, '_' | '$' | ':')) {
                continue;
            }
            let mut path = match word {
                "crate::" => Vec::new(),
                _ => own[..own.len() - 1].to_vec(),
            };
            let rest = line[at + word.len()..].split("::");
            path.extend(rest.map(|step| {
                step.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect()
            }));
            found.push(path);
        }
        // A child, named from where it is declared.
        if let Some(path) = line.trim_start_matches("pub ").strip_prefix("use ") {
            let first = path.split([':', ';']).next().unwrap();
            let child = [&own[..], &[first.to_owned()]].concat();
            if modules.contains(&child) {
                found.push(child);
            }
        }
    }
    for path in &mut found {
        while !path.is_empty() && !modules.contains(path) {
            path.pop();
        }
    }
    found.retain(|path| !path.is_empty());
    found
}

/// Who names whom among modules that stand side by side, with the file that does so.
fn neighbours() -> BTreeMap<(Vec<String>, Vec<String>), String> {
    let sources = files("src", "rs");
    let modules: BTreeSet<_> = sources.iter().map(|file| module(file)).collect();
    let mut found = BTreeMap::new();
    for file in sources.iter().filter(|file| !matches!(file.as_str(), "src/lib.rs" | "src/main.rs"))
    {
        let own = module(file);
        for path in named(file, &text(file), &modules) {
            let shared = own.iter().zip(&path).take_while(|(a, b)| a == b).count();
            if shared < own.len() && shared < path.len() {
                let edge = (own[..=shared].to_vec(), path[..=shared].to_vec());
                found.entry(edge).or_insert_with(|| file.clone());
            }
        }
    }
    found
}

#[test]
fn no_import_reaches_up() {
    let orders = [("", declared(&text("src/lib.rs"))), ("facts", declared(&text("src/facts.rs")))];
    let mut complaints = Vec::new();
    for ((from, to), file) in neighbours() {
        let parent = from[..from.len() - 1].join("::");
        let Some((_, order)) = orders.iter().find(|(of, _)| *of == parent) else { continue };
        let floor = |of: &[String]| order.iter().position(|name| Some(name) == of.last());
        if floor(&from) <= floor(&to) {
            complaints.push(format!("{file} reaches up to `{}`", to.join("::")));
        }
    }
    none(complaints);
}

#[test]
fn every_floor_is_drawn() {
    let plan = text("docs/architecture.md");
    let modules = declared(&text("src/lib.rs")).into_iter();
    let undrawn = modules.filter(|module| !plan.contains(&format!("`src/{module}.rs`")));
    none(undrawn.map(|module| format!("docs/architecture.md is silent on {module}")).collect());
}

#[test]
fn no_modules_side_by_side_go_in_a_circle() {
    let edges = neighbours();
    let mut reached: BTreeMap<&[String], BTreeSet<&[String]>> = BTreeMap::new();
    for (from, to) in edges.keys() {
        reached.entry(from).or_default().insert(to);
    }
    loop {
        let mut grown = reached.clone();
        for targets in grown.values_mut() {
            let further = targets.iter().filter_map(|to| reached.get(to)).flatten().copied();
            targets.extend(further.collect::<Vec<_>>());
        }
        if grown == reached {
            break;
        }
        reached = grown;
    }
    let mut circles = BTreeSet::new();
    for (from, targets) in &reached {
        if targets.contains(from) {
            let of_it =
                targets.iter().filter(|to| reached.get(*to).is_some_and(|it| it.contains(from)));
            circles.insert(of_it.map(|it| it.join("::")).collect::<Vec<_>>().join(", "));
        }
    }
    let allowed: BTreeSet<_> = CIRCLES.iter().map(|(modules, _)| (*modules).to_owned()).collect();
    assert_eq!(circles, allowed, "circles found, and circles allowed");
}

#[test]
fn no_rule_knows_another() {
    let between =
        neighbours().into_iter().filter(|((from, _), _)| from[0] == "rules" && from.len() > 1);
    none(between.map(|((_, to), file)| format!("{file} knows `{}`", to.join("::"))).collect());
}

#[test]
fn every_file_is_short() {
    let mut complaints = Vec::new();
    for file in files("src", "rs") {
        let lines = text(&file).lines().count();
        let allowed = LONG_FILES.iter().any(|(long, _)| *long == file);
        if allowed != (lines > LONGEST) {
            complaints.push(format!("{file} has {lines} lines, of {LONGEST}; allowed: {allowed}"));
        }
    }
    none(complaints);
}

#[test]
fn names_say_what_they_name() {
    let mut complaints = Vec::new();
    for file in files("src", "rs").into_iter().chain(files("tests", "rs")) {
        let name = file.rsplit('/').next().unwrap();
        if EMPTY_NAMES.iter().any(|empty| name.contains(empty)) {
            complaints.push(file.clone());
        }
        for line in text(&file).lines() {
            let mut words = line.split(|it: char| !it.is_alphanumeric());
            let declares = words.any(|word| matches!(word, "struct" | "enum" | "trait" | "type"));
            let name = words.next().unwrap_or_default().to_lowercase();
            if declares && EMPTY_NAMES.iter().any(|empty| name.contains(empty)) {
                complaints.push(format!("{file}: {line}"));
            }
        }
    }
    none(complaints);
}

#[test]
fn facts_blame_nobody() {
    let mut complaints = Vec::new();
    for file in files("src", "rs").into_iter().filter(|file| file.starts_with("src/facts")) {
        for line in text(&file).lines() {
            let words = line.to_lowercase();
            let blames = ["severity", "hazard", "finding", "warn"];
            if blames.iter().any(|blame| words.contains(blame)) {
                complaints.push(format!("{file}: {line}"));
            }
        }
    }
    none(complaints);
}

#[test]
fn a_library_is_known_in_one_place() {
    let places = [
        ("clap", &["src/cli", "src/main.rs"][..]),
        ("wasmprinter", &["src/report/listing"]),
        ("wasm_encoder", &["src/report/listing", "src/composition"]),
        ("rayon", &["src/check.rs"]),
        ("saphyr_parser", &["src/manifest/yaml.rs"]),
    ];
    let mut complaints = Vec::new();
    for file in files("src", "rs") {
        let text = text(&file);
        for (library, places) in places {
            let names = code(&text).any(|line| line.contains(&format!("{library}::")));
            if names && !places.iter().any(|place| file.starts_with(place)) {
                complaints.push(format!("{file} knows {library}"));
            }
        }
    }
    none(complaints);
}

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

/// The headings of a page, outside its examples.
fn headings(body: &str) -> impl Iterator<Item = &str> {
    let mut in_fence = false;
    body.lines().filter(move |line| {
        in_fence ^= line.starts_with("```");
        !in_fence && line.starts_with('#')
    })
}

#[test]
fn the_list_of_rules_is_fresh() {
    let mut told = "# Rules\n\n\
        Written from the pages by `tests/house.rs`; `BLESS=1 cargo test` rewrites it.\n\n\
        | rule | hazard | precision | since | what it finds |\n\
        |---|---|---|---|---|\n"
        .to_owned();
    for rule in rules::all() {
        let metadata = &rule.metadata;
        writeln!(
            told,
            "| [`{0}`](../rules/{0}/rule.md) | `{1}` | {2} | {3} | {4} |",
            rule.id, metadata.hazard, metadata.precision, metadata.since, rule.title
        )
        .unwrap();
    }
    let path = root().join("docs/rules.md");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &told).unwrap();
    }
    assert!(fs::read_to_string(path).unwrap_or_default() == told, "BLESS=1 writes docs/rules.md");
}

#[test]
fn the_book_names_every_page() {
    let mut told = "# Summary\n\n[secondcall](README.md)\n\n# Use\n\n".to_owned();
    let mut pages = files("docs", "md");
    pages.retain(|page| !INSIDE.contains(&page.as_str()) && page.split('/').count() == 2);
    for page in pages {
        writeln!(told, "- [{}]({page})", title(&page)).unwrap();
        if page == "docs/rules.md" {
            for rule in rules::all() {
                writeln!(told, "  - [{0}](rules/{0}/rule.md)", rule.id).unwrap();
            }
        }
    }
    told += "\n# Change\n\n- [Contributing](CONTRIBUTING.md)\n";
    for page in INSIDE {
        writeln!(told, "- [{}]({page})", title(page)).unwrap();
    }
    told += "\n# Decisions\n\n";
    for page in files("docs/decisions", "md") {
        writeln!(told, "- [{}]({page})", title(&page)).unwrap();
    }
    let path = root().join("book/src/SUMMARY.md");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &told).unwrap();
    }
    let written = fs::read_to_string(path).unwrap_or_default();
    assert!(written == told, "BLESS=1 writes book/src/SUMMARY.md");
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
fn every_rule_that_a_symptom_names_exists() {
    let symptoms = text("src/cli/explain/symptoms.rs");
    let named: BTreeSet<_> = symptoms
        .lines()
        .filter_map(|line| line.trim().strip_prefix("rule: Some(\"")?.strip_suffix("\"),"))
        .collect();
    let known: BTreeSet<_> = rules::all().map(|rule| rule.id).collect();
    assert!(!named.is_empty());
    assert!(named.is_subset(&known), "{named:?} are not all in {known:?}");
}

#[test]
fn every_dependency_has_its_sentence() {
    let manifest: toml::Table = text("Cargo.toml").parse().unwrap();
    let reasons = text("docs/decisions/0003-dependencies.md");
    let mut complaints = Vec::new();
    for section in ["dependencies", "dev-dependencies"] {
        for (name, value) in manifest[section].as_table().unwrap() {
            let name = value.get("package").map_or(name.as_str(), |it| it.as_str().unwrap());
            if !reasons.contains(&format!("`{name}`")) {
                complaints.push(format!("docs/decisions/0003-dependencies.md is silent on {name}"));
            }
        }
    }
    none(complaints);
}

#[test]
fn every_host_can_be_read() {
    assert!(Profile::all().len() > 20);
    assert_eq!(Profile::all()[0].id, Profile::SPEC);
}
