//! `secondcall graph` over components that can be opened: pictures in `tests/graph/`, which a browser
//! shows (`BLESS=1` rewrites them), and what holds for every picture.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod expected;
mod program;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use roxmltree::{Document, Node};

/// Components inside components that import nothing from each other and export nothing.
const UNCONNECTED: &str = "tests/inspect/doubling.wat";

/// The picture of a file, in one of the languages.
fn drawn(file: &str, format: &str) -> String {
    let ran = program::secondcall(&["graph", file, "--format", format]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{file}");
    ran.out
}

/// Every component in text that the tests have.
fn fixtures() -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![Path::new("rules").to_owned(), Path::new("tests/inspect").to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "wat") {
                found.push(path.to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    assert!(found.len() > 40, "{found:?}");
    found
}

#[test]
fn pictures_look_as_they_did() {
    for (name, file) in [
        ("adapter.svg", "rules/run_once_guard/fires_preview1_adapter.wat"),
        ("composition.svg", "rules/run_once_guard/fires_three_components_deep.wat"),
        ("names.svg", "tests/inspect/names.wat"),
        ("many.svg", "tests/inspect/many.wat"),
    ] {
        expected::compare("graph", name, &drawn(file, "svg"));
    }
}

#[test]
fn every_picture_is_well_formed() {
    for file in fixtures() {
        let text = drawn(&file, "svg");
        assert_eq!(text, drawn(&file, "svg"), "{file}: drawn twice, differently");
        let document = Document::parse(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let root = document.root_element();
        let size = |name| root.attribute(name).unwrap().parse::<f64>().unwrap();
        let boxes = boxes(&document);
        assert!(!boxes.is_empty(), "{file}: nothing is drawn");
        for (index, one) in boxes.iter().enumerate() {
            assert!(one[0] >= 0.0 && one[2] <= size("width"), "{file}: {one:?}");
            assert!(one[1] >= 0.0 && one[3] <= size("height"), "{file}: {one:?}");
            for other in &boxes[..index] {
                let beside = one[0] >= other[2] || other[0] >= one[2];
                let below = one[1] >= other[3] || other[1] >= one[3];
                assert!(beside || below, "{file}: {one:?} is over {other:?}");
            }
        }
        for text in document.descendants().filter(|it| it.has_tag_name("text")) {
            let x: f64 = text.attribute("x").unwrap().parse().unwrap();
            let y: f64 = text.attribute("y").unwrap().parse().unwrap();
            assert!((0.0..size("width")).contains(&x) && (0.0..size("height")).contains(&y));
        }
    }
}

#[test]
fn the_document_shows_what_is_drawn() {
    let drawn = drawn("rules/run_once_guard/fires_preview1_adapter.wat", "mermaid");
    let page = fs::read_to_string("docs/graph.md").unwrap();
    assert!(
        page.contains(&format!("```mermaid\n{drawn}```")),
        "docs/graph.md shows another:\n{drawn}"
    );
}

/// The left, upper, right and lower side of each box.
fn boxes(document: &Document<'_>) -> Vec<[f64; 4]> {
    let is_box = |it: &Node<'_, '_>| it.attribute("class").is_some_and(|it| it.starts_with("box "));
    let boxes = document.descendants().filter(is_box).map(|it| {
        let [x, y, width, height] = ["x", "y", "width", "height"]
            .map(|name| it.attribute(name).unwrap().parse::<f64>().unwrap());
        [x, y, x + width, y + height]
    });
    boxes.collect()
}

#[test]
fn every_edge_leads_from_a_box_to_a_box() {
    for file in fixtures() {
        for format in ["dot", "mermaid"] {
            let text = drawn(&file, format);
            let (mut boxes, mut ends) = (BTreeSet::new(), BTreeSet::new());
            let is_id =
                |word: &&str| word.strip_prefix('n').is_some_and(|it| it.parse::<usize>().is_ok());
            for line in text.lines().map(str::trim) {
                let mut words = line.split([' ', '[']);
                let Some(first) = words.next().filter(is_id) else { continue };
                if words.next().is_some_and(|it| it.contains("->")) {
                    let last = words.rfind(is_id).unwrap_or_else(|| panic!("{file}: {line}"));
                    ends.extend([first, last].map(str::to_owned));
                } else {
                    assert!(boxes.insert(first.to_owned()), "{file}: {line}");
                }
            }
            assert!(ends.is_subset(&boxes), "{file}: {ends:?} are not all in {boxes:?}");
            assert_eq!(ends.is_empty(), file == UNCONNECTED, "{file}: {text}");
        }
    }
}

#[test]
fn a_large_component_has_a_small_picture() {
    // 300 instances, each with imports from all that were made before it.
    let mut text = "(component\n".to_owned();
    for module in 0..300 {
        let imports = (0..module).map(|it| format!("(import \"i{it}\" \"f\" (func))"));
        let imports = imports.collect::<String>();
        let with = (0..module).map(|it| format!("(with \"i{it}\" (instance $i{it}))"));
        let with = with.collect::<String>();
        writeln!(text, "(core module $m{module} {imports} (func (export \"f\")))").unwrap();
        writeln!(text, "(core instance $i{module} (instantiate $m{module} {with}))").unwrap();
    }
    for export in 0..100 {
        let lift = format!("(canon lift (core func $i{export} \"f\"))");
        writeln!(text, "(func (export \"e{export}\") {lift})").unwrap();
    }
    text.push(')');
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("large.wat");
    fs::write(&file, text).unwrap();
    for format in ["svg", "dot", "mermaid"] {
        let started = Instant::now();
        let picture = drawn(file.to_str().unwrap(), format);
        assert!(started.elapsed() < Duration::from_secs(20), "{format}: {:?}", started.elapsed());
        assert!(picture.len() < 200_000, "{format}: {} bytes", picture.len());
        for missing in ["and 268 more core instances", "and 84 more exports", "more connections"] {
            assert!(picture.contains(missing), "{format} does not say: {missing}");
        }
    }
}
