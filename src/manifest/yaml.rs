//! YAML to trees, one for each document. Aliases are expanded, and the expanded values are counted: a few
//! lines can stand for more than any memory holds.

use std::collections::BTreeMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::error::ReadError;
use super::tree::{Node, Value};

/// The most values of a text, with aliases expanded.
const MOST: usize = 100_000;
/// The deepest nesting of tables and lists.
const DEEPEST: usize = 64;

pub(super) fn parse(text: &str) -> Result<Vec<Node>, ReadError> {
    let mut builder = Builder { offsets: Offsets::of(text), ..Builder::default() };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let start = builder.offsets.byte(error.marker().index());
            ReadError::malformed(error.info(), start..text.len())
        })?;
        let span = builder.offsets.bytes(span);
        builder.take(event, span.clone()).map_err(|message| ReadError::malformed(message, span))?;
    }
    Ok(builder.documents)
}

#[derive(Default)]
struct Builder {
    offsets: Offsets,
    documents: Vec<Node>,
    open: Vec<Open>,
    /// Complete values by their anchor's number, each with the number of values in it.
    anchors: BTreeMap<usize, (Node, usize)>,
    count: usize,
}

/// An incomplete table or list.
struct Open {
    anchor: usize,
    start: usize,
    /// The number of values before it.
    before: usize,
    parts: Parts,
}

enum Parts {
    List(Vec<Node>),
    /// Entries, and the key whose value comes next.
    Table(Vec<(String, Node)>, Option<Node>),
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), String> {
        match event {
            Event::DocumentStart(_) => self.anchors.clear(),
            Event::Scalar(text, style, anchor, _) => {
                let is_nothing = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null");
                let value =
                    if is_nothing { Value::Nothing } else { Value::Text(text.into_owned()) };
                self.counted(1)?;
                self.complete(Node { span, value }, anchor, 1);
            }
            Event::SequenceStart(anchor, _) => {
                self.open(anchor, span.start, Parts::List(Vec::new()))?;
            }
            Event::MappingStart(anchor, _) => {
                self.open(anchor, span.start, Parts::Table(Vec::new(), None))?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let value = match open.parts {
                        Parts::List(items) => Value::List(items),
                        Parts::Table(pairs, _) => Value::Table(pairs),
                    };
                    let node = Node { span: open.start..span.end.max(open.start), value };
                    self.complete(node, open.anchor, self.count - open.before);
                }
            }
            Event::Alias(anchor) => {
                let (node, size) = self
                    .anchors
                    .get(&anchor)
                    .map(|(node, size)| (Node { span, value: node.value.clone() }, *size))
                    .ok_or("an alias is part of the value it stands for")?;
                self.counted(size)?;
                self.complete(node, 0, size);
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, anchor: usize, start: usize, parts: Parts) -> Result<(), String> {
        if self.open.len() == DEEPEST {
            return Err(format!("tables and lists are nested more than {DEEPEST} deep"));
        }
        let before = self.count;
        self.counted(1)?;
        self.open.push(Open { anchor, start, before, parts });
        Ok(())
    }

    fn counted(&mut self, more: usize) -> Result<(), String> {
        self.count = self.count.saturating_add(more);
        let message = format!("it holds more than {MOST} values with its aliases expanded");
        if self.count > MOST { Err(message) } else { Ok(()) }
    }

    /// Adds a complete value to the innermost incomplete one.
    fn complete(&mut self, node: Node, anchor: usize, size: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.open.last_mut().map(|open| &mut open.parts) {
            None => self.documents.push(node),
            Some(Parts::List(items)) => items.push(node),
            Some(Parts::Table(pairs, key)) => match key.take() {
                None => *key = Some(node),
                Some(key) => {
                    let name = key.text().unwrap_or_default().to_owned();
                    pairs.push((name, node));
                }
            },
        }
    }
}

/// The byte offset of each character: the parser counts characters.
#[derive(Default)]
struct Offsets(Vec<usize>);

impl Offsets {
    fn of(text: &str) -> Offsets {
        Offsets(text.char_indices().map(|(at, _)| at).chain([text.len()]).collect())
    }

    fn byte(&self, character: usize) -> usize {
        self.0.get(character).or(self.0.last()).copied().unwrap_or_default()
    }

    fn bytes(&self, span: Span) -> Range<usize> {
        self.byte(span.start.index())..self.byte(span.end.index())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_spans_and_aliases() {
        let text = "a: &x [1, \"ü\"]\nb: *x\n---\nc: {<<: {d: e}}\n";
        let documents = parse(text).unwrap();
        let [first, second] = documents.as_slice() else { panic!("two documents") };
        assert_eq!(first.get("b").unwrap().texts(), ["1", "ü"]);
        assert_eq!(&text[first.get("b").unwrap().span.clone()], "*x");
        assert_eq!(&text[first.get("a").unwrap().items()[1].span.clone()], "\"ü\"");
        assert_eq!(second.at(&["c", "d"]).unwrap().text(), Some("e"));
    }

    #[test]
    fn a_bomb_of_aliases_is_refused() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for i in 1..20 {
            let before = format!("*a{}", i - 1);
            let many = vec![before; 10].join(", ");
            text += &format!("a{i}: &a{i} [{many}]\n");
        }
        assert!(parse(&text).unwrap_err().message.contains("more than 100000"));
        let message = parse("a: &a [*a]").unwrap_err().message;
        assert!(message.contains("alias"), "{message}");
        let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
        assert!(parse(&deep).unwrap_err().message.contains("more than 64 deep"));
        assert!(parse(&"- ".repeat(100_000)).is_err());
    }

    #[test]
    fn an_error_has_a_span() {
        let error = parse("a: b\nc: [d\ne: f\n").unwrap_err();
        assert!(error.span.start > 4, "{error:?}");
    }
}
