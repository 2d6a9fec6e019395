//! A picture in Graphviz's language.

use std::io::{self, Write};

use crate::report::graph::{EdgeKind, NodeKind, Picture, SENTENCE_LIMIT, colour, printable};

/// Writes `picture` for `dot`.
pub(crate) fn write(picture: &Picture, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "digraph secondcall {{")?;
    writeln!(out, "  graph [label={}, labelloc=t, rankdir=TB,", one_line(&picture.title))?;
    writeln!(out, "    bgcolor=white, fontname=Helvetica, ranksep=0.6]")?;
    writeln!(out, "  node [shape=box, style=\"rounded,filled\", fontname=Helvetica, fontsize=11]")?;
    writeln!(out, "  edge [color=\"#8a94a3\", fontname=Helvetica, fontsize=9]")?;
    for (group, label) in picture.groups.iter().enumerate() {
        writeln!(out, "  subgraph cluster_{group} {{")?;
        writeln!(out, "    graph [label={}, labeljust=l,", one_line(label))?;
        writeln!(out, "      style=\"rounded,dashed\", color=\"#a9b4c2\"]")?;
        write_nodes(picture, Some(group), out)?;
        writeln!(out, "  }}")?;
    }
    write_nodes(picture, None, out)?;
    for (rank, kind) in [("source", NodeKind::Export), ("sink", NodeKind::Import)] {
        let nodes = picture.nodes.iter().enumerate().filter(|(_, node)| node.kind == kind);
        let nodes: Vec<_> = nodes.map(|(id, _)| format!("n{id};")).collect();
        if !nodes.is_empty() {
            writeln!(out, "  {{ rank={rank}; {} }}", nodes.join(" "))?;
        }
    }
    write_edges(picture, out)?;
    writeln!(out, "}}")
}

fn write_nodes(picture: &Picture, group: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
    let indent = if group.is_some() { "    " } else { "  " };
    for (id, node) in picture.nodes.iter().enumerate().filter(|(_, node)| node.group == group) {
        let look = match node.kind {
            NodeKind::Export => "fillcolor=\"#e3f1e5\", color=\"#4d8b57\"".to_owned(),
            NodeKind::Instance => "fillcolor=\"#e4edf8\", color=\"#4a74ab\"".to_owned(),
            NodeKind::Plumbing => "fillcolor=\"#f2f4f7\", color=\"#a9b4c2\"".to_owned(),
            NodeKind::Import => "fillcolor=\"#f5eddd\", color=\"#a5854a\"".to_owned(),
            NodeKind::End(severity) => {
                let colour = colour(severity);
                format!("fillcolor=white, color=\"{colour}\", fontcolor=\"{colour}\", penwidth=2")
            }
            NodeKind::Rest => "shape=plaintext, style=\"\"".to_owned(),
        };
        let hint = one_line(&node.hint);
        writeln!(out, "{indent}n{id} [label={}, {look},", lines(&node.text()))?;
        writeln!(out, "{indent}  tooltip={hint}]")?;
    }
    Ok(())
}

fn write_edges(picture: &Picture, out: &mut dyn Write) -> io::Result<()> {
    for (id, edge) in picture.edges.iter().enumerate() {
        let mut look = vec![format!("tooltip={}", one_line(&picture.sentence(edge)))];
        let label = edge.label();
        if !label.is_empty() {
            look.insert(0, format!("label={}", lines(&label)));
        }
        match edge.kind {
            EdgeKind::Table => look.push("style=dashed".to_owned()),
            EdgeKind::Call => look.push("style=dotted".to_owned()),
            EdgeKind::Lift | EdgeKind::Import | EdgeKind::End => {}
        }
        if let Some(severity) = picture.severity(id) {
            let colour = colour(severity);
            look.push(format!("color=\"{colour}\", fontcolor=\"{colour}\", penwidth=2.5"));
        }
        writeln!(out, "  n{} -> n{} [{}]", edge.from, edge.to, look.join(", "))?;
    }
    Ok(())
}

fn one_line(text: &str) -> String {
    format!("\"{}\"", escaped(&printable(text, SENTENCE_LIMIT)))
}

fn lines(lines: &[String]) -> String {
    let lines: Vec<_> = lines.iter().map(|line| escaped(line)).collect();
    format!("\"{}\"", lines.join("\\n"))
}

/// Fit for a quoted string. There, a backslash begins an escape such as `\N`, the node's name, and
/// `&` begins an entity as in HTML.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '&' => escaped.push_str("&amp;"),
            other => escaped.push(other),
        }
    }
    escaped
}
