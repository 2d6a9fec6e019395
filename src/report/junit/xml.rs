//! As much of XML as a report needs: elements with attributes, and text in lines.

use std::io::{self, Write};

use crate::report::xml::escaped;

/// Longer than any text of ours.
const LIMIT: usize = 4000;

pub(super) struct Element {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<Element>,
    lines: Vec<String>,
}

impl Element {
    pub(super) fn new(name: &'static str) -> Self {
        Element { name, attributes: Vec::new(), children: Vec::new(), lines: Vec::new() }
    }

    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.attributes.push((name, escaped(value, LIMIT)));
        self
    }

    pub(super) fn holding(mut self, children: impl IntoIterator<Item = Element>) -> Self {
        self.children.extend(children);
        self
    }

    pub(super) fn saying(mut self, lines: Vec<String>) -> Self {
        self.lines.extend(lines.iter().map(|line| escaped(line, LIMIT)));
        self
    }

    /// Whether one of its children is called so.
    pub(super) fn has(&self, child: &str) -> bool {
        self.children.iter().any(|it| it.name == child)
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        self.write_at(0, out)
    }

    fn write_at(&self, depth: usize, out: &mut dyn Write) -> io::Result<()> {
        let (name, indent) = (self.name, 2 * depth);
        write!(out, "{:indent$}<{name}", "")?;
        for (name, value) in &self.attributes {
            write!(out, " {name}=\"{value}\"")?;
        }
        if self.children.is_empty() && self.lines.is_empty() {
            return writeln!(out, "/>");
        }
        write!(out, ">{}", self.lines.join("\n"))?;
        if !self.children.is_empty() {
            writeln!(out)?;
            for child in &self.children {
                child.write_at(depth + 1, out)?;
            }
            write!(out, "{:indent$}", "")?;
        }
        writeln!(out, "</{name}>")
    }
}
