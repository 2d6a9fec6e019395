//! A document as tables, lists and texts, each with its place: the same for TOML and YAML, so that
//! a kind of project file is read the same way whichever of them it is written in.

use std::ops::Range;

/// A value, and the bytes it is written in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) value: Value,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Value {
    /// Nothing at all.
    #[default]
    Nothing,
    /// A text; in YAML, a number and a truth value, too.
    Text(String),
    /// Whatever else stands for itself: a number, a truth value, a date, as it is written.
    Other(String),
    List(Vec<Node>),
    /// In the document's order.
    Table(Vec<(Key, Node)>),
}

/// A key of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) name: String,
    pub(super) span: Range<usize>,
}

impl Node {
    /// The value at a key. YAML's `<<` lends the keys of other tables.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        let find = |table: &'_ Node| -> Option<usize> {
            table.pairs().iter().position(|(key, _)| key.name == name)
        };
        if let Some(at) = find(self) {
            return self.pairs().get(at).map(|(_, value)| value);
        }
        let (_, lent) = self.pairs().iter().find(|(key, _)| key.name == "<<")?;
        let lenders =
            if lent.items().is_empty() { std::slice::from_ref(lent) } else { lent.items() };
        lenders.iter().find_map(|lender| {
            let at = find(lender)?;
            lender.pairs().get(at).map(|(_, value)| value)
        })
    }

    /// The value at the end of a road of keys.
    pub(super) fn at(&self, road: &[&str]) -> Option<&Node> {
        road.iter().try_fold(self, |node, name| node.get(name))
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

    /// A whole number, written as one or as a text.
    pub(super) fn number(&self) -> Option<i64> {
        match &self.value {
            Value::Text(text) | Value::Other(text) => text.replace('_', "").parse().ok(),
            _ => None,
        }
    }

    pub(super) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    pub(super) fn pairs(&self) -> &[(Key, Node)] {
        match &self.value {
            Value::Table(pairs) => pairs,
            _ => &[],
        }
    }

    /// One text, or a list of them.
    pub(super) fn texts(&self) -> Vec<&str> {
        match self.text() {
            Some(text) => vec![text],
            None => self.items().iter().filter_map(Node::text).collect(),
        }
    }

    /// What it is, for a sentence.
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
