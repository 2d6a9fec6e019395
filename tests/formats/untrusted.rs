//! Saved reports in which one value was changed: no format panics, and no character of a value acts on a terminal, a
//! log or a page.

use secondcall::report::binaries::Binaries;
use secondcall::report::document::Document;
use secondcall::report::style::Style;
use secondcall::report::{json, text};
use serde_json::{Value, json};

use super::{FORMATS, doubtful_document, odd_document, told};

/// An escape sequence, the same with one control character, a carriage return, a line that is a command of GitHub, a
/// bell, marks that change the direction of writing, and a tag character.
const HOSTILE: &str =
    "x\u{1b}[31m\u{9b}2J\r\n::error::y\u{7}\u{202e}\u{2066}\u{200f}\u{61c}\u{feff}\u{e0041}\u{7f}z";

/// The values of all leaves of a JSON value, each replaced in a copy of the whole.
fn changed(whole: &Value, with: impl Fn(&Value) -> Vec<Value>) -> Vec<Value> {
    fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => members.iter().for_each(|(key, it)| {
                pointers(it, format!("{at}/{}", key.replace('/', "~1")), found)
            }),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .for_each(|(index, it)| pointers(it, format!("{at}/{index}"), found)),
            _ => found.push(at),
        }
    }
    let mut found = Vec::new();
    pointers(whole, String::new(), &mut found);
    let changed = found.iter().flat_map(|pointer| {
        let values = with(whole.pointer(pointer).unwrap());
        values.into_iter().map(move |value| {
            let mut copy = whole.clone();
            *copy.pointer_mut(pointer).unwrap() = value;
            copy
        })
    });
    changed.collect()
}

/// Every format's text of a report, if it is one.
fn all_formats(report: &Value) -> Vec<(&'static str, String)> {
    let Ok(document) = Document::read(report.to_string().as_bytes()) else { return Vec::new() };
    let mut texts: Vec<_> =
        FORMATS.iter().map(|(format, write)| (*format, told(&document, *write))).collect();
    let mut out = Vec::new();
    text::write(&document, &Binaries::default(), Style::PLAIN, &mut out).unwrap();
    texts.push(("human", String::from_utf8(out).unwrap()));
    texts
}

fn reports() -> [Value; 2] {
    [odd_document(), doubtful_document()]
        .map(|document| serde_json::from_str(&told(&document, json::write)).unwrap())
}

#[test]
fn no_character_of_a_value_acts_on_a_reader() {
    let acts = |it: char| {
        it.is_control() && it != '\n'
            || matches!(it,
                '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
                | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    let mut read = 0;
    for whole in reports() {
        for report in
            changed(&whole, |it| it.is_string().then(|| json!(HOSTILE)).into_iter().collect())
        {
            let texts = all_formats(&report);
            read += usize::from(!texts.is_empty());
            for (format, text) in texts {
                assert!(!text.contains(acts), "{format}: {text:?}");
                let is_command = |line: &str| line.starts_with("::error::y");
                assert!(!text.lines().any(is_command), "{format}: {text}");
            }
        }
    }
    assert!(read > 200, "{read} changed reports can be read");
}

#[test]
fn no_number_of_a_value_makes_a_format_panic() {
    let mut read = 0;
    for whole in reports() {
        let numbers = [json!(0), json!(1), json!(u32::MAX), json!(u64::MAX), json!(i64::MAX)];
        for report in
            changed(&whole, |it| if it.is_number() { numbers.to_vec() } else { Vec::new() })
        {
            read += usize::from(!all_formats(&report).is_empty());
        }
    }
    assert!(read > 200, "{read} changed reports can be read");
}
