//! Adds an acceptance to the text of a configuration and changes nothing else in it.

use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value};

use super::accept::{Candidate, Entry};
use super::diagnostic::Diagnostic;
use super::read;
use crate::location::ExportName;

/// The smallest valid configuration.
pub(crate) const EMPTY: &str = "version = 1\n";

/// Why a configuration cannot be amended.
#[derive(Debug)]
pub(crate) enum Unamendable {
    /// It is invalid.
    Invalid(Vec<Diagnostic>),
    /// Another reason, in one sentence.
    Other(String),
}

/// Adds `entry` to `text`, the configuration file `name`. `rules` are the ids of all rules.
///
/// # Errors
/// If `text` is invalid or accepts the same findings already.
pub(crate) fn amended(
    name: &str,
    text: &str,
    entry: &Entry,
    rules: &[&'static str],
) -> Result<String, Unamendable> {
    let reading = read::file(name, text, rules);
    if !reading.diagnostics.is_empty() {
        return Err(Unamendable::Invalid(reading.diagnostics));
    }
    if let Some(there) = reading.layer.accept.iter().find(|it| includes(&it.entry, entry)) {
        let line = there.span.line;
        let message = format!("{name}:{line} already has an acceptance for it; change that one");
        return Err(Unamendable::Other(message));
    }
    with(text, entry).map_err(|error| Unamendable::Other(format!("{name}: {error}")))
}

/// Whether an acceptance, expired or not, covers everything that `entry` does.
fn includes(there: &Entry, entry: &Entry) -> bool {
    let export = (entry.export != "*").then(|| ExportName::new(None, &entry.export));
    let id = entry.id.as_deref().unwrap_or_default();
    let candidate = Candidate { rule: &entry.rule, export: export.as_ref(), id };
    let component = entry.component.as_deref();
    there.covers(candidate) && there.applies_to(&component.into_iter().collect::<Vec<_>>())
}

/// Adds an acceptance, keeping the line ends and the byte order mark of the text.
fn with(text: &str, entry: &Entry) -> Result<String, String> {
    let mark = if text.starts_with('\u{feff}') { "\u{feff}" } else { "" };
    let appended = appended(text, entry)?;
    match text.contains("\r\n") {
        true => Ok(mark.to_owned() + &appended.replace("\r\n", "\n").replace('\n', "\r\n")),
        false => Ok(mark.to_owned() + &appended),
    }
}

/// Adds an acceptance. `toml_edit` writes `\n` and no byte order mark, whatever it reads.
fn appended(text: &str, entry: &Entry) -> Result<String, String> {
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    let mut pairs: Vec<(&str, Value)> =
        vec![("rule", entry.rule.as_str().into()), ("export", entry.export.as_str().into())];
    pairs.extend(entry.component.as_deref().map(|it| ("component", it.into())));
    pairs.extend(entry.id.as_deref().map(|it| ("id", it.into())));
    pairs.push(("reason", entry.reason.as_str().into()));
    if let Some(until) = entry.until {
        let day: toml_edit::Datetime = until.to_string().parse().map_err(|_| "no such day")?;
        pairs.push(("until", day.into()));
    }
    let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
    let item =
        document.entry("accept").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    match item {
        Item::ArrayOfTables(tables) => {
            let mut table: Table = pairs.into_iter().collect();
            // Comments at the end stay above it: a key that is uncommented below would belong to the entry.
            let mut above = trailing;
            if !above.is_empty() && !above.ends_with('\n') {
                above.push('\n');
            }
            table.decor_mut().set_prefix(above + "\n");
            tables.push(table);
            document.set_trailing("");
        }
        Item::Value(Value::Array(array)) => {
            let mut value = Value::from(pairs.into_iter().collect::<InlineTable>());
            // A comment after the last entry stays on its line.
            let trailing = array.trailing().as_str().unwrap_or_default().to_owned();
            if trailing.contains('\n') {
                value.decor_mut().set_prefix(format!("{trailing}  "));
                array.set_trailing("\n");
                array.push_formatted(value);
            } else {
                array.push(value);
            }
        }
        _ => return Err("`accept` is not an array".to_owned()),
    }
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            rule: "run_once_guard".to_owned(),
            export: "wasi:cli/run#run".to_owned(),
            reason: "it says \"once\"".to_owned(),
            until: "2027-03-01".parse().ok(),
            ..Entry::default()
        }
    }

    const APPENDED: &str = "\n[[accept]]\nrule = \"run_once_guard\"\nexport = \"wasi:cli/run#run\"\n\
        reason = 'it says \"once\"'\nuntil = 2027-03-01\n";

    #[test]
    fn other_content_is_kept() {
        let text = "# ours\nversion   = 1 # one\n\n[rules]\nall = 'warn'\n";
        assert_eq!(with(text, &entry()).unwrap(), format!("{text}{APPENDED}"));
        let twice = with(&format!("{text}{APPENDED}# the end\n"), &entry()).unwrap();
        assert_eq!(twice, format!("{text}{APPENDED}# the end\n{APPENDED}"));
        assert_eq!(with("# ours", &entry()).unwrap(), format!("# ours\n{APPENDED}"));
    }

    #[test]
    fn a_key_of_the_template_can_be_uncommented_above_an_entry() {
        let text = with(include_str!("../cli/config/template.toml"), &entry()).unwrap();
        let text = text.replace("# hosts = ", "hosts = ");
        let reading = read::file("x", &text, &["run_once_guard"]);
        assert_eq!(reading.diagnostics, []);
        assert!(reading.layer.hosts.is_some() && reading.layer.accept.len() == 1, "{text}");
    }

    #[test]
    fn a_file_keeps_its_line_ends() {
        let text = "\u{feff}# ours\r\nversion = 1\r\n";
        let expected = format!("{text}{}", APPENDED.replace('\n', "\r\n"));
        assert_eq!(with(text, &entry()).unwrap(), expected);
    }

    #[test]
    fn an_inline_array_grows() {
        let text = with("accept = []\n", &entry()).unwrap();
        assert!(text.starts_with("accept = [{ rule = \"run_once_guard\""), "{text}");
        assert!(read::file("x", &text, &["run_once_guard"]).diagnostics.is_empty());
        let text = with("accept = [\n  {}, # keep\n]\n", &entry()).unwrap();
        assert!(text.starts_with("accept = [\n  {}, # keep\n  { rule = "), "{text}");
        assert!(text.ends_with(" },\n]\n"), "{text}");
    }
}
