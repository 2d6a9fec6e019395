//! A picture in Mermaid's language, as a flowchart: for Markdown that is read in a browser.

use std::io::{self, Write};

use crate::report::graph::{EdgeKind, NodeKind, Picture, SENTENCE_LIMIT, colour, printable};
use crate::verdict::Severity;

/// How each kind of box looks, and each severity.
const LOOKS: [(&str, &str); 8] = [
    ("export", "fill:#e3f1e5,stroke:#4d8b57,color:#1f2733"),
    ("instance", "fill:#e4edf8,stroke:#4a74ab,color:#1f2733"),
    ("plumbing", "fill:#f2f4f7,stroke:#a9b4c2,color:#1f2733"),
    ("import", "fill:#f5eddd,stroke:#a5854a,color:#1f2733"),
    ("error", "fill:#ffffff,stroke:#c4262e,color:#c4262e,stroke-width:2px"),
    ("warning", "fill:#ffffff,stroke:#b35900,color:#b35900,stroke-width:2px"),
    ("note", "fill:#ffffff,stroke:#2563b0,color:#2563b0,stroke-width:2px"),
    ("rest", "fill:none,stroke:none"),
];

/// Writes `picture` for Mermaid.
pub(crate) fn write(picture: &Picture, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "flowchart TB")?;
    writeln!(out, "  accTitle: {}", bare(&picture.title))?;
    for (id, node) in picture.nodes.iter().enumerate().filter(|(_, node)| node.group.is_none()) {
        writeln!(out, "  n{id}[{}]:::{}", lines(&node.text()), look(node.kind))?;
    }
    for (group, label) in picture.groups.iter().enumerate() {
        writeln!(out, "  subgraph g{group} [{}]", lines(std::slice::from_ref(label)))?;
        let within = picture.nodes.iter().enumerate().filter(|(_, node)| node.group == Some(group));
        for (id, node) in within {
            writeln!(out, "    n{id}[{}]:::{}", lines(&node.text()), look(node.kind))?;
        }
        writeln!(out, "  end")?;
    }
    for edge in &picture.edges {
        let arrow = match edge.kind {
            EdgeKind::Table | EdgeKind::Call => "-.->",
            EdgeKind::Lift | EdgeKind::Import | EdgeKind::End => "-->",
        };
        let label = match edge.label().as_slice() {
            [] => String::new(),
            label => format!("|{}|", lines(label)),
        };
        writeln!(out, "  n{} {arrow}{label} n{}", edge.from, edge.to)?;
    }
    for (name, style) in LOOKS {
        if picture.nodes.iter().any(|node| look(node.kind) == name) {
            writeln!(out, "  classDef {name} {style}")?;
        }
    }
    for severity in [Severity::Note, Severity::Warning, Severity::Error] {
        let edges = (0..picture.edges.len()).filter(|id| picture.severity(*id) == Some(severity));
        let edges: Vec<_> = edges.map(|id| id.to_string()).collect();
        if !edges.is_empty() {
            let colour = colour(severity);
            writeln!(out, "  linkStyle {} stroke:{colour},stroke-width:3px", edges.join(","))?;
        }
    }
    Ok(())
}

fn look(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Export => "export",
        NodeKind::Instance => "instance",
        NodeKind::Plumbing => "plumbing",
        NodeKind::Import => "import",
        NodeKind::End(Severity::Error) => "error",
        NodeKind::End(Severity::Warning) => "warning",
        NodeKind::End(Severity::Note) => "note",
        NodeKind::Rest => "rest",
    }
}

fn lines(lines: &[String]) -> String {
    // A text that is empty does not parse.
    let lines = match lines {
        [] => vec![" ".to_owned()],
        lines => lines.iter().map(|line| escaped(line)).collect(),
    };
    format!("\"{}\"", lines.join("<br/>"))
}

/// Fit for a statement that ends with its line, where no entity is read.
fn bare(text: &str) -> String {
    let text = printable(text, SENTENCE_LIMIT);
    text.chars()
        .map(|it| if matches!(it, ';' | '#' | '{' | '}' | '%') { '_' } else { it })
        .collect()
}

/// Fit for a quoted text, which is read as Markdown and as HTML: whatever could mean something
/// there becomes its number. `_` between letters means nothing.
fn escaped(text: &str) -> String {
    let text = printable(text, SENTENCE_LIMIT);
    let characters: Vec<char> = text.chars().collect();
    let is_word = |at: Option<usize>| {
        at.and_then(|at| characters.get(at)).is_some_and(|it| it.is_alphanumeric())
    };
    let mut escaped = String::new();
    for (at, character) in characters.iter().enumerate() {
        let plain = match character {
            '_' => is_word(at.checked_sub(1)) && is_word(Some(at + 1)),
            // At the start of a text, or after its first digits, these begin a list.
            '-' | '+' | '.' | ')' => at > 0 && !characters[0].is_ascii_digit(),
            ' ' | ',' | '/' | ':' | '@' | '(' | '…' | '–' => true,
            other => !other.is_ascii() || other.is_ascii_alphanumeric(),
        };
        match plain {
            true => escaped.push(*character),
            false => escaped.push_str(&format!("#{};", u32::from(*character))),
        }
    }
    escaped
}
