//! Whether the house stands as `docs/architecture.md` draws it: floors, pages, documents, sizes, names.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "house/circles.rs"]
mod circles;
#[path = "house/documents.rs"]
mod documents;
#[path = "house/imports.rs"]
mod imports;
#[path = "house/pages.rs"]
mod pages;
#[path = "house/plan.rs"]
mod plan;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use circles::circles;
use imports::{Imports, Module};

/// Dependencies that no code names: they turn on features, so that program and tests share one build of the engine.
const MERELY_FEATURES: [&str; 5] =
    ["arbitrary", "hashbrown", "percent_encoding", "regex_automata", "regex_syntax"];

/// Parents whose children stand in the order of floors, from the ground up.
const ORDERED: [&str; 3] = ["", "check", "facts"];

/// Lines of a file of `src`, at most.
const LONGEST: usize = 450;

/// Words that name nothing.
const EMPTY_NAMES: [&str; 5] = ["util", "helper", "common", "misc", "manager"];

static IMPORTS: LazyLock<Imports> = LazyLock::new(|| Imports::of(&files("src", "rs")));

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

/// The imports between modules with one parent, or between files below them.
fn between_siblings() -> BTreeMap<Module, BTreeSet<Module>> {
    let mut edges: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
    for (from, targets) in &IMPORTS.edges {
        for to in targets {
            let shared = from.iter().zip(to).take_while(|(a, b)| a == b).count();
            if shared < from.len() && shared < to.len() {
                edges.entry(from[..=shared].to_vec()).or_default().insert(to[..=shared].to_vec());
            }
        }
    }
    edges
}

#[test]
fn imports_point_down() {
    let mut complaints = Vec::new();
    for (from, targets) in between_siblings() {
        let parent = &from[..from.len() - 1];
        if !ORDERED.contains(&parent.join("::").as_str()) {
            continue;
        }
        let order = &IMPORTS.children[parent];
        let floor = |of: &Module| order.iter().position(|name| Some(name) == of.last());
        for to in targets.iter().filter(|to| floor(&from) <= floor(to)) {
            complaints.push(format!("`{}` reaches up to `{}`", from.join("::"), to.join("::")));
        }
    }
    none(complaints);
}

#[test]
fn no_circles() {
    let found = circles(&IMPORTS.edges).into_iter().chain(circles(&between_siblings()));
    let named = found.map(|circle| circle.iter().map(|it| it.join("::")).collect::<Vec<_>>());
    none(named.map(|it| it.join(", ")).collect());
}

#[test]
fn every_module_has_its_floor() {
    let planned: BTreeSet<_> = plan::floors().into_iter().flat_map(|row| row.modules).collect();
    let declared = IMPORTS.children[&Module::new()].iter().cloned().collect();
    assert_eq!(planned, declared, "modules in docs/architecture.md, and modules in src/lib.rs");
}

#[test]
fn no_module_knows_what_it_must_not() {
    let libraries: BTreeSet<_> = plan::dependencies().into_iter().collect();
    let mut complaints = Vec::new();
    for row in plan::floors() {
        for forbidden in &row.forbidden {
            let is_module = IMPORTS.children[&Module::new()].contains(forbidden);
            if !is_module && !libraries.contains(forbidden) {
                complaints.push(format!("`{forbidden}` is neither a module nor a library"));
            }
            for (module, file) in IMPORTS.modules.iter().filter(|it| row.modules.contains(&it.0[0]))
            {
                let imports = IMPORTS.edges.get(module).into_iter().flatten();
                let names_module = is_module && imports.clone().any(|to| to[0] == *forbidden);
                let named = IMPORTS.libraries.get(file);
                if names_module || named.is_some_and(|it| it.contains(forbidden)) {
                    complaints.push(format!("{file} knows `{forbidden}`"));
                }
            }
        }
    }
    none(complaints);
}

#[test]
fn a_library_is_named_in_its_place() {
    let places = plan::libraries();
    let mut complaints = Vec::new();
    for library in plan::dependencies() {
        let Some(allowed) = places.get(&library) else {
            complaints.push(format!("docs/architecture.md has no place for {library}"));
            continue;
        };
        let naming =
            |it: &&String| IMPORTS.libraries.get(*it).is_some_and(|it| it.contains(&library));
        let all = files("src", "rs");
        let is_allowed = |file: &str| {
            allowed.iter().any(|place| match place.strip_suffix('/') {
                Some(folder) => file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')),
                None => file == place,
            })
        };
        let naming: Vec<_> = all.iter().filter(naming).collect();
        if naming.is_empty() && !MERELY_FEATURES.contains(&library.as_str()) {
            complaints.push(format!("nothing in src names {library}"));
        }
        for file in naming {
            if !allowed.is_empty() && !is_allowed(file) {
                complaints.push(format!("{file} knows {library}"));
            }
        }
        for place in allowed.iter().filter(|place| !root().join(place).exists()) {
            {
                complaints
                    .push(format!("{library} has its place in {place}, which does not exist"));
            }
        }
    }
    let unused = places.keys().filter(|it| !plan::dependencies().contains(it));
    complaints
        .extend(unused.map(|it| {
            format!("docs/architecture.md has a place for {it}, which is no dependency")
        }));
    none(complaints);
}

#[test]
fn no_rule_knows_another() {
    let mut complaints = Vec::new();
    for (from, targets) in between_siblings().iter().filter(|(from, _)| from.len() > 1) {
        let rules =
            |of: &Module| of[0] == "rules" && secondcall::rules::all().any(|rule| rule.id == of[1]);
        for to in targets.iter().filter(|to| rules(from) && rules(to)) {
            complaints.push(format!("`{}` knows `{}`", from.join("::"), to.join("::")));
        }
    }
    none(complaints);
}

/// What a tool leaves behind where it was called. A program or archive of others is part of no commit.
#[test]
fn nothing_is_left_at_the_root() {
    let known = |name: &str| {
        let extension = Path::new(name).extension().and_then(|it| it.to_str());
        matches!(extension, Some("md" | "toml" | "lock" | "yml" | "yaml"))
            || matches!(name, "LICENSE" | "Dockerfile")
            || name.starts_with('.')
    };
    let entries = fs::read_dir(root()).unwrap().map(Result::unwrap);
    let files = entries.filter(|it| it.file_type().unwrap().is_file());
    let names = files.map(|it| it.file_name().into_string().unwrap());
    none(
        names
            .filter(|name| !known(name))
            .map(|name| format!("{name} stands at the root"))
            .collect(),
    );
}

#[test]
fn every_file_is_short() {
    let lines = |file: &String| text(file).lines().count();
    let long = files("src", "rs").into_iter().map(|file| (lines(&file), file));
    let long = long.filter(|(lines, _)| *lines > LONGEST);
    none(long.map(|(lines, file)| format!("{file} has {lines} lines of {LONGEST}")).collect());
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
fn the_engine_that_is_named_is_the_one_that_is_used() {
    let worker = text("src/exec/worker.rs");
    let (_, named) = worker.split_once("Some(\"wasmtime ").unwrap();
    let (version, _) = named.split_once('"').unwrap();
    assert!(text("Cargo.toml").contains(&format!("wasmtime = {{ version = \"{version}\"")));
}
