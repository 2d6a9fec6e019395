//! A document as tables, lists and texts with their spans, the same for TOML and YAML.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::ReadError;

/// A value and the bytes it is written in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) value: Value,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Value {
    #[default]
    Nothing,
    /// A string; in YAML, also a number or truth value.
    Text(String),
    /// Any other scalar, as written.
    Other(String),
    List(Vec<Node>),
    /// In the order of the text.
    Table(Vec<(String, Node)>),
}

impl Node {
    /// Parses TOML. The `toml` crate bounds the depth.
    pub(super) fn of_toml(text: &str) -> Result<Node, ReadError> {
        let table = DeTable::parse(text).map_err(|error| {
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            ReadError::malformed(message, error.span().unwrap_or(0..0))
        })?;
        Ok(Node { span: table.span(), value: table.into_inner().into() })
    }

    /// The value of a key. The keys of the tables at YAML's `<<` count, too.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        let own = |table: &'_ Node| table.pairs().iter().position(|(key, _)| key == name);
        if let Some(at) = own(self) {
            return self.pairs().get(at).map(|(_, value)| value);
        }
        let (_, merged) = self.pairs().iter().find(|(key, _)| key == "<<")?;
        let tables =
            if merged.items().is_empty() { std::slice::from_ref(merged) } else { merged.items() };
        tables.iter().find_map(|table| table.pairs().get(own(table)?).map(|(_, value)| value))
    }

    /// The value at a path of keys.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, name| node.get(name))
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn text_at(&self, name: &str) -> Option<&str> {
        self.get(name)?.text()
    }

    /// The whole number that a scalar is.
    pub(super) fn number(&self) -> Option<i64> {
        match &self.value {
            Value::Text(text) | Value::Other(text) => text.replace('_', "").parse().ok(),
            _ => None,
        }
    }

    /// The items of a list; empty for any other value.
    pub(super) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The items of the list at a path of keys.
    pub(super) fn items_at(&self, path: &[&str]) -> &[Node] {
        self.at(path).map(Node::items).unwrap_or_default()
    }

    /// The entries of a table; empty for any other value.
    pub(super) fn pairs(&self) -> &[(String, Node)] {
        match &self.value {
            Value::Table(pairs) => pairs,
            _ => &[],
        }
    }

    /// The entries of the table at a key.
    pub(super) fn pairs_at(&self, name: &str) -> &[(String, Node)] {
        self.get(name).map(Node::pairs).unwrap_or_default()
    }

    /// The text that a value is, or those of a list.
    pub(super) fn texts(&self) -> Vec<&str> {
        match self.text() {
            Some(text) => vec![text],
            None => self.items().iter().filter_map(Node::text).collect(),
        }
    }

    /// The type, for a message.
    pub(super) fn kind(&self) -> &'static str {
        match self.value {
            Value::Nothing => "nothing",
            Value::Text(_) => "a string",
            Value::Other(_) => "a number, truth value or date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

impl From<DeTable<'_>> for Value {
    fn from(table: DeTable<'_>) -> Self {
        let mut entries: Vec<_> = table.into_iter().collect();
        // The map is sorted by name.
        entries.sort_by_key(|(key, _)| key.span().start);
        let pairs = entries.into_iter();
        Value::Table(pairs.map(|(key, value)| (key.into_inner().into(), value.into())).collect())
    }
}

impl From<Spanned<DeValue<'_>>> for Node {
    fn from(value: Spanned<DeValue<'_>>) -> Self {
        let span = value.span();
        let value = match value.into_inner() {
            DeValue::String(text) => Value::Text(text.into_owned()),
            DeValue::Integer(number) => Value::Other(number.as_str().to_owned()),
            DeValue::Float(number) => Value::Other(number.as_str().to_owned()),
            DeValue::Boolean(truth) => Value::Other(truth.to_string()),
            DeValue::Datetime(date) => Value::Other(date.to_string()),
            DeValue::Array(items) => Value::List(items.into_iter().map(Node::from).collect()),
            DeValue::Table(table) => table.into(),
        };
        Node { span, value }
    }
}
