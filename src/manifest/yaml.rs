//! YAML to trees, one for each document. Aliases are written out, and what they are written out to
//! is counted: a text of a few lines can stand for more than any memory holds.

use std::collections::BTreeMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::tree::{Key, Node, Value};
use super::{Broken, Place};

/// Values of a text, aliases written out, at most.
const MOST: usize = 100_000;
/// Tables and lists in one another, at most.
const DEEPEST: usize = 64;

pub(super) fn parse(text: &str) -> Result<Vec<Node>, Broken> {
    let mut builder = Builder { offsets: Offsets::of(text), ..Builder::default() };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| Broken {
            message: error.info().to_owned(),
            place: Place::of(text, builder.offsets.byte(error.marker().index())..text.len()),
            foreign: false,
        })?;
        let span = builder.offsets.bytes(span);
        let place = span.clone();
        builder.take(event, span).map_err(|message| Broken {
            message,
            place: Place::of(text, place),
            foreign: false,
        })?;
    }
    Ok(builder.documents)
}

#[derive(Default)]
struct Builder {
    offsets: Offsets,
    documents: Vec<Node>,
    open: Vec<Open>,
    /// Complete values by their anchor's number, each with how many values it holds.
    anchors: BTreeMap<usize, (Node, usize)>,
    count: usize,
}

/// A table or list under way.
struct Open {
    anchor: usize,
    start: usize,
    /// How many values there were before it.
    before: usize,
    parts: Parts,
}

enum Parts {
    List(Vec<Node>),
    Table(Vec<(Key, Node)>, Option<Node>),
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
                    .ok_or("an alias stands within what it is an alias of")?;
                self.counted(size)?;
                self.complete(node, 0, size);
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, anchor: usize, start: usize, parts: Parts) -> Result<(), String> {
        if self.open.len() == DEEPEST {
            return Err(format!("more than {DEEPEST} tables and lists stand in one another"));
        }
        let before = self.count;
        self.counted(1)?;
        self.open.push(Open { anchor, start, before, parts });
        Ok(())
    }

    fn counted(&mut self, more: usize) -> Result<(), String> {
        self.count = self.count.saturating_add(more);
        let message = format!("it holds more than {MOST} values once its aliases are written out");
        if self.count > MOST { Err(message) } else { Ok(()) }
    }

    /// Puts a complete value where it belongs.
    fn complete(&mut self, node: Node, anchor: usize, size: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.open.last_mut().map(|open| &mut open.parts) {
            None => self.documents.push(node),
            Some(Parts::List(items)) => items.push(node),
            Some(Parts::Table(pairs, key)) => match key.take() {
                None => *key = Some(node),
                Some(Node { span, value }) => {
                    let name = match value {
                        Value::Text(name) => name,
                        _ => String::new(),
                    };
                    pairs.push((Key { name, span }, node));
                }
            },
        }
    }
}

/// Where each character begins: the parser counts characters, and a place is in bytes.
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
    fn documents_places_and_aliases() {
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
        assert!(parse(&deep).unwrap_err().message.contains("more than 64"));
        assert!(parse(&"- ".repeat(100_000)).is_err());
    }

    #[test]
    fn an_error_has_a_place() {
        let error = parse("a: b\nc: [d\ne: f\n").unwrap_err();
        assert!(error.place.line > 1, "{error:?}");
    }
}
