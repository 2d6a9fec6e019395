//! The format `html`: its bodies compared with files beside this one, its markup read as XML, and names that are hostile.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use roxmltree::{Document as Xml, ParsingOptions};
use secondcall::report::binaries::Binaries;
use secondcall::report::document::Document;
use secondcall::report::html;

use super::sample::small_run;
use super::{documents, expected, page, told};

/// What stands between the style sheet and the script.
fn body(page: &str) -> &str {
    let start = page.find("<body>").unwrap();
    &page[start..page.rfind("<script>").unwrap()]
}

/// What the program prints in `folder`.
fn printed(folder: &Path, words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_secondcall"));
    command.args(words).current_dir(folder).env_clear().stdin(Stdio::null());
    let output = command.output().unwrap();
    assert!(output.status.code().is_some_and(|code| code <= 1), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Checks that a page is XML, refers to nothing outside of it and holds no script or style but its own.
fn check(page: &str) {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let xml = Xml::parse_with_options(page, options).unwrap_or_else(|error| panic!("{error}"));
    let elements = || xml.descendants().filter(|it| it.is_element());
    let mut ids = BTreeSet::new();
    for id in elements().filter_map(|it| it.attribute("id")) {
        assert!(ids.insert(id), "two elements have the id {id}");
    }
    for element in elements() {
        for attribute in element.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            match name {
                "href" => assert!(value.starts_with('#') && ids.contains(&value[1..]), "{value}"),
                "aria-labelledby" | "aria-describedby" | "for" => {
                    assert!(value.split(' ').all(|it| ids.contains(it)), "{name}={value}");
                }
                _ => {
                    assert!(!name.starts_with("on") && !["style", "src"].contains(&name), "{name}")
                }
            }
        }
    }
    let count = |name: &str| elements().filter(|it| it.tag_name().name() == name).count();
    assert_eq!(["script", "style", "h1", "main"].map(count), [1; 4]);
    assert_eq!(["link", "img", "iframe", "object", "base"].map(count), [0; 5]);
    let headings = elements().map(|it| it.tag_name().name());
    let levels = headings.filter_map(|it| it.strip_prefix('h')?.parse::<u8>().ok());
    levels.fold(0, |before, level| {
        assert!(level <= before + 1, "a heading of level {level} follows one of level {before}");
        level
    });
}

#[test]
fn each_page_is_as_expected() {
    for (name, document) in documents() {
        let page = told(&document, page);
        check(&page);
        expected::compare("formats", &format!("{name}.html"), body(&page));
    }
}

#[test]
fn code_is_shown_if_the_binary_is_at_hand() {
    let run = small_run();
    let mut page = Vec::new();
    html::write(&Document::of(&run), &Binaries::of(&run), &mut page).unwrap();
    let page = String::from_utf8(page).unwrap();
    check(&page);
    expected::compare("formats", "code.html", body(&page));
}

#[test]
fn a_page_has_the_picture_of_its_component() {
    let folder = tempfile::tempdir().unwrap();
    let rule = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/run_once_guard");
    fs::copy(rule.join("fires_preview1_adapter.wat"), folder.path().join("app.wat")).unwrap();
    let words = ["check", "app.wat", "--static-only", "--no-cache", "--format", "html"];
    let page = printed(folder.path(), &words);
    check(&page);
    expected::compare("formats", "picture.html", body(&page));
    assert_eq!(page, printed(folder.path(), &words), "the same input gives the same bytes");
}

#[test]
fn hostile_names_stay_names() {
    let hostile = r#"</script></style><b onload=z>]]>&lt;\00\u{202e}\u{2066}\"'"#;
    let long = "n".repeat(1 << 20);
    let text = format!(
        r#"(component
          (core module $inner (@name "{hostile}m")
            (memory (export "memory") 1)
            (global $g (@name "{long}") (mut i32) (i32.const 0))
            (func $start (@name "{hostile}{long}") (export "{hostile}e")
              (if (i32.load (i32.const 1040)) (then unreachable))
              (i32.store (i32.const 1040) (i32.const 1))
              (global.set $g (i32.const 1))))
          (core instance $inner (instantiate $inner))
          (func (export "run") (canon lift (core func $inner "{hostile}e"))))"#
    );
    let folder = tempfile::tempdir().unwrap();
    let name = "<script>\u{202e}&\"'<b>.wasm";
    let words: &[&str] = if cfg!(unix) { &["check", name] } else { &["check", "app.wasm"] };
    fs::write(folder.path().join(words[1]), wat::parse_str(text).unwrap()).unwrap();
    for mode in ["--static-only", "--no-cause"] {
        let page =
            printed(folder.path(), &[words, &[mode, "--no-cache", "--format", "html"]].concat());
        check(&page);
        assert!(page.len() < 200_000, "{} bytes", page.len());
        assert!(!page.contains("onload=z>") && !page.contains(['\0', '\u{202e}', '\u{2066}']));
        assert_eq!(page.matches("</script>").count(), 1);
        assert!(page.contains("&lt;/script&gt;"));
    }
}
