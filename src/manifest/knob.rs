//! Writes the key of a project file after which no instance gets a second call, or too many at once. The rest of the text stays as it is.
//!
//! Spin's manifest has no such key: its tables reject unknown ones, and the limits are options of `spin up`
//! (`crates/http/src/config.rs` and `crates/trigger-http/src/lib.rs` at 94a8fc8a). For wasmCloud's, see `wash.rs`.

use std::ops::Range;

use super::host::Limit;
use super::tree::{Node, Value};
use super::{cargo, yaml};

/// A changed project file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Knob {
    /// The pair as typed: `maxInvocations: 1`.
    pub(crate) pair: String,
    pub(crate) text: String,
    /// For `crate-type`, what it applies to.
    pub(crate) library: Option<Library>,
}

/// The library of a crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Library {
    /// Its source file, which must exist, from the crate's folder.
    pub(crate) source: String,
    /// The stem of the file that it is built as.
    pub(crate) stem: String,
}

/// `maxInvocations: 1`, for example, in the table whose value at `named` names a component.
pub(super) fn of_pool(
    text: &str,
    is_toml: bool,
    named: &Range<usize>,
    limit: Limit,
) -> Option<Knob> {
    let (set_key, number) = match limit {
        Limit::Single => ("maxInvocations", "1".to_owned()),
        Limit::AtOnce(calls) => ("maxConcurrency", calls.to_string()),
    };
    let documents = match is_toml {
        true => vec![Node::of_toml(text).ok()?],
        false => yaml::parse(text).ok()?,
    };
    let component = documents.iter().find_map(|it| holder(it, named))?;
    let own = |key: &str| component.pairs().iter().find(|(name, _)| name == key);
    let text = match own(set_key) {
        Some((_, set)) => replaced(text, &set.span, &number),
        None => {
            let image = || component.pairs().iter().find(|(_, value)| value.span == *named);
            let (key, value) = own("poolSize").or_else(image)?;
            with_pair(text, component, (key, &value.span), is_toml, [set_key, &number])?
        }
    };
    Some(Knob { pair: format!("{set_key}: {number}"), text, library: None })
}

/// `crate-type = ["cdylib"]` in the table `[lib]`; `None` if it is there.
///
/// # Errors
/// If it cannot be written.
pub(super) fn cargo_library(text: &str) -> Result<Option<Knob>, String> {
    const PAIR: [&str; 2] = ["crate-type", "[\"cdylib\"]"];
    let root = Node::of_toml(text).map_err(|error| error.message)?;
    if cargo::is_cdylib(&root) {
        return Ok(None);
    }
    let library = root.get("lib");
    let name = root.at(&["lib", "name"]).or(root.at(&["package", "name"])).and_then(Node::text);
    let stem = name.unwrap_or_default().replace('-', "_");
    let source = library.and_then(|it| it.text_at("path")).unwrap_or("src/lib.rs").to_owned();
    let text = match library {
        None => {
            let gap = if text.ends_with('\n') { "" } else { newline(text) };
            let lines = ["", "[lib]", &PAIR.join(" = "), ""];
            Some(format!("{text}{gap}{}", lines.join(newline(text))))
        }
        Some(library) => match cargo::crate_types(&root).map(|it| (it, it.items().last())) {
            Some((_, Some(last))) => {
                Some(replaced(text, &(last.span.end..last.span.end), ", \"cdylib\""))
            }
            Some((types, None)) => Some(replaced(text, &types.span, PAIR[1])),
            None => match library.pairs().last() {
                Some((key, value)) => with_pair(text, library, (key, &value.span), true, PAIR),
                None => None,
            },
        },
    };
    let text = text.filter(|it| Node::of_toml(it).is_ok_and(|root| cargo::is_cdylib(&root)));
    let text = text.ok_or("`crate-type` cannot be written here: add it to the table `[lib]`")?;
    Ok(Some(Knob { pair: PAIR.join(" = "), text, library: Some(Library { source, stem }) }))
}

/// The table with a value at `span`.
fn holder<'a>(node: &'a Node, span: &Range<usize>) -> Option<&'a Node> {
    let values: Vec<&Node> = match &node.value {
        Value::List(items) => items.iter().collect(),
        Value::Table(pairs) if pairs.iter().any(|(_, value)| value.span == *span) => {
            return Some(node);
        }
        Value::Table(pairs) => pairs.iter().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    };
    values.into_iter().find_map(|it| holder(it, span))
}

/// Adds a pair to a table after the pair with this key and span of its value, in the way in which that one is written.
fn with_pair(
    text: &str,
    table: &Node,
    (key, value): (&str, &Range<usize>),
    is_toml: bool,
    pair: [&str; 2],
) -> Option<String> {
    let start = text.get(..value.start)?.rfind(key)?;
    let quote = text[..start].chars().next_back().filter(|it| matches!(it, '"' | '\''));
    let start = start - quote.map_or(0, char::len_utf8);
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    // A list's item may begin with this pair, and a dotted key may lead to it.
    let before = text[line..start].replace('-', " ");
    let quote = quote.map(String::from).unwrap_or_default();
    let pair =
        format!("{quote}{}{quote}{}{}", pair[0], if is_toml { " = " } else { ": " }, pair[1]);
    let end = value.start + text.get(value.clone())?.trim_end().len();
    let newline = newline(text);
    if !text.get(table.span.start..)?.starts_with('{') {
        let rest = &text[end..];
        let end = end + rest.split('\n').next().unwrap_or(rest).trim_end_matches('\r').len();
        Some(replaced(text, &(end..end), &format!("{newline}{before}{pair}")))
    } else if before.trim().is_empty() {
        Some(replaced(text, &(end..end), &format!(",{newline}{before}{pair}")))
    } else {
        Some(replaced(text, &(end..end), &format!(", {pair}")))
    }
}

fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

fn replaced(text: &str, span: &Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..span.start], &text[span.end..])
}
