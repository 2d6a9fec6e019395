//! TOML to a tree. The `toml` crate bounds the depth.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::tree::{Key, Node, Value};
use super::{Broken, Place};

pub(super) fn parse(text: &str) -> Result<Node, Broken> {
    let table = DeTable::parse(text).map_err(|error| Broken {
        message: error.message().lines().collect::<Vec<_>>().join(", "),
        place: Place::of(text, error.span().unwrap_or(0..0)),
        foreign: false,
    })?;
    Ok(Node { span: table.span(), value: of_table(table.into_inner()) })
}

fn of_table(table: DeTable<'_>) -> Value {
    let mut pairs: Vec<_> = table
        .into_iter()
        .map(|(key, value)| {
            let span = key.span();
            (Key { name: key.into_inner().into_owned(), span }, of_value(value))
        })
        .collect();
    // The map is sorted by name; a person reads the document's order.
    pairs.sort_by_key(|(key, _)| key.span.start);
    Value::Table(pairs)
}

fn of_value(value: Spanned<DeValue<'_>>) -> Node {
    let span = value.span();
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => Value::Other(number.as_str().to_owned()),
        DeValue::Float(number) => Value::Other(number.as_str().to_owned()),
        DeValue::Boolean(truth) => Value::Other(truth.to_string()),
        DeValue::Datetime(date) => Value::Other(date.to_string()),
        DeValue::Array(items) => Value::List(items.into_iter().map(of_value).collect()),
        DeValue::Table(table) => of_table(table),
    };
    Node { span, value }
}
