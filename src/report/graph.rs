//! A component as a picture: plain values, and the languages that they are drawn in. Knows neither
//! the component nor the facts, and trusts no name: each language escapes them all.

pub(crate) mod dot;
mod layout;
pub(crate) mod mermaid;
pub(crate) mod svg;

use crate::report::style::Style;
use crate::report::wording;
use crate::verdict::Severity;

/// Longest line of a box or label, in characters.
const LINE_LIMIT: usize = 64;
/// Longest sentence, in characters.
const SENTENCE_LIMIT: usize = 400;
/// Characters of a sentence in the legend.
const SENTENCE_SHOWN: usize = 100;
/// Names that the label of an edge shows.
const NAMES_SHOWN: usize = 2;

/// What is drawn. Nodes, edges and groups refer to each other by index.
#[derive(Debug, Clone, Default)]
pub(crate) struct Picture {
    pub(crate) title: String,
    /// Labels of the frames around boxes.
    pub(crate) groups: Vec<String>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) edges: Vec<Edge>,
    pub(crate) call_paths: Vec<DrawnPath>,
}

/// A box.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    /// In small letters above the title.
    pub(crate) caption: String,
    pub(crate) title: String,
    /// Below the title.
    pub(crate) lines: Vec<String>,
    /// The tooltip, a sentence.
    pub(crate) hint: String,
    pub(crate) group: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NodeKind {
    /// Functions that the host can call.
    Export,
    /// A core instance of a program or library.
    Instance,
    /// A core instance that only connects others.
    Plumbing,
    /// A package of imports from the host.
    Import,
    /// The place of a finding.
    End(Severity),
    /// A count of what is not drawn.
    Rest,
}

#[derive(Debug, Clone)]
pub(crate) struct Edge {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) kind: EdgeKind,
    /// The functions that call paths call here.
    pub(crate) called: Vec<String>,
    /// The first names of what is imported or lifted.
    pub(crate) names: Vec<String>,
    /// The number of all such names.
    pub(crate) total: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum EdgeKind {
    /// From an export to the instance that it is lifted from.
    Lift,
    /// From an importer to the provider.
    Import,
    /// From a shim to the target of its table.
    Table,
    /// A call whose link is not drawn otherwise.
    Call,
    /// To the place of a finding.
    End,
}

/// A call path from an export to the place of a finding.
#[derive(Debug, Clone)]
pub(crate) struct DrawnPath {
    pub(crate) severity: Severity,
    /// The finding's message.
    pub(crate) sentence: String,
    pub(crate) edges: Vec<usize>,
}

impl Picture {
    /// What happens at the end of the call paths of a severity: the first finding's message. `None` if there are none.
    fn happens(&self, severity: Severity) -> Option<String> {
        let mut paths = self.call_paths.iter().filter(|path| path.severity == severity);
        let first = printable(&paths.next()?.sentence, SENTENCE_SHOWN);
        let more = match paths.count() {
            0 => String::new(),
            count => format!(", and {count} more"),
        };
        Some(format!("{}: {first}{more}", wording::severity(severity)))
    }

    /// How much the worst call path matters that leads over an edge.
    fn severity(&self, edge: usize) -> Option<Severity> {
        let over_it = self.call_paths.iter().filter(|path| path.edges.contains(&edge));
        over_it.map(|path| path.severity).max()
    }

    /// What an edge says, in a sentence.
    fn sentence(&self, edge: &Edge) -> String {
        let [from, to] = [edge.from, edge.to].map(|node| self.nodes[node].described());
        let names = match edge.names.len() {
            0 => String::new(),
            shown if shown < edge.total => {
                format!(": {} and {} more", edge.names.join(", "), edge.total - shown)
            }
            _ => format!(": {}", edge.names.join(", ")),
        };
        match edge.kind {
            EdgeKind::Lift => format!("{from} is lifted from {to}{names}"),
            EdgeKind::Import => format!("{from} imports from {to}{names}"),
            EdgeKind::Table => format!("the table of {from} leads to {to}{names}"),
            EdgeKind::Call => format!("{from} calls {to}"),
            EdgeKind::End => format!("{from} comes to {to}"),
        }
    }
}

impl Node {
    /// All its lines, the title among them, fit to be shown.
    fn text(&self) -> Vec<String> {
        let lines = [&self.caption, &self.title].into_iter().chain(&self.lines);
        lines.filter(|line| !line.is_empty()).map(|line| printable(line, LINE_LIMIT)).collect()
    }

    fn described(&self) -> String {
        match self.kind {
            NodeKind::Instance | NodeKind::Plumbing => format!("{} ({})", self.caption, self.title),
            _ => self.title.clone(),
        }
    }
}

impl Edge {
    /// The lines that stand beside it: what a call path calls, and the first names.
    fn label(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(first) = self.called.first() {
            let more = match self.called.len() {
                1 => String::new(),
                count => format!(" and {} more", count - 1),
            };
            lines.push(format!("calls {first}{more}"));
        }
        let mut shown = 0;
        for name in self.names.iter().filter(|name| !self.called.contains(name)).take(NAMES_SHOWN) {
            lines.push(name.clone());
            shown += 1;
        }
        shown += self.names.iter().filter(|name| self.called.contains(name)).count();
        if shown < self.total {
            lines.push(format!("and {} more", self.total - shown));
        }
        lines.retain(|line| !line.is_empty());
        lines.iter().map(|line| printable(line, LINE_LIMIT)).collect()
    }
}

/// The colour of a severity, on white.
fn colour(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "#c4262e",
        Severity::Warning => "#b35900",
        Severity::Note => "#2563b0",
    }
}

/// `name`, with its middle left out where it is longer than `limit` characters.
pub(crate) fn shortened(name: &str, limit: usize) -> String {
    let length = name.chars().count();
    if length <= limit {
        return name.to_owned();
    }
    let end = limit / 3;
    let start: String = name.chars().take(limit - end - 1).collect();
    let end: String = name.chars().skip(length - end).collect();
    format!("{start}…{end}")
}

/// Text without what may not be printed, and not too long.
fn printable(text: &str, limit: usize) -> String {
    Style::PLAIN.printable(text, limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names that mean something in one of the languages, or to a terminal or browser.
    const EVIL: [&str; 12] = [
        "\"]; evil [label=\"",
        "\\N\\",
        "`code` **bold** __wasm_call_ctors",
        "a --> b",
        "</text><script>alert(1)</script>",
        "&lt;&amp;#quot;",
        "]]> <!-- --> <?x?>",
        "%%{init: {}}%%",
        "line\nbreak\r\u{2028}\0\u{1b}[31m",
        "\u{202e}turned \u{ffff}",
        "größe 名前 🦀",
        "|end|",
    ];

    fn picture() -> Picture {
        let long = "x".repeat(100_000);
        let names: Vec<String> =
            EVIL.iter().map(|it| (*it).to_owned()).chain([String::new(), long]).collect();
        let kinds = [
            NodeKind::Export,
            NodeKind::Instance,
            NodeKind::Plumbing,
            NodeKind::Import,
            NodeKind::End(Severity::Error),
            NodeKind::End(Severity::Note),
            NodeKind::Rest,
        ];
        let nodes = names.iter().enumerate().map(|(index, name)| Node {
            kind: kinds[index % kinds.len()],
            caption: name.clone(),
            title: name.clone(),
            lines: vec![name.clone()],
            hint: name.clone(),
            group: (index % 3 == 1).then_some(0),
        });
        let edges = names.iter().enumerate().map(|(index, name)| Edge {
            from: index,
            to: (index + 3) % names.len(),
            kind: [EdgeKind::Import, EdgeKind::Table, EdgeKind::Call][index % 3],
            called: vec![name.clone()],
            names: vec![name.clone(), "b".to_owned(), "c".to_owned()],
            total: 9,
        });
        Picture {
            title: EVIL.concat(),
            groups: vec![EVIL[4].to_owned()],
            nodes: nodes.collect(),
            edges: edges.collect(),
            call_paths: vec![DrawnPath {
                severity: Severity::Error,
                sentence: EVIL.concat(),
                edges: vec![0, 3],
            }],
        }
    }

    fn written(write: impl Fn(&Picture, &mut dyn std::io::Write) -> std::io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&picture(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains(|it: char| it.is_control() && it != '\n'), "{text}");
        assert!(!text.contains(['\u{202e}', '\u{2028}']), "{text}");
        let longest = text.lines().map(|line| line.chars().count()).max();
        assert!(longest < Some(4000), "{longest:?}");
        assert!(text.contains("größe 名前 🦀"), "{text}");
        text
    }

    /// What stands outside of quotes, with `""` for each quoted text.
    fn bones(text: &str) -> String {
        let mut bones = String::new();
        let (mut quoted, mut escapes) = (false, false);
        for character in text.chars() {
            if character == '"' && !escapes {
                quoted = !quoted;
                bones.push('"');
            } else if !quoted {
                bones.push(character);
            }
            escapes = quoted && character == '\\' && !escapes;
        }
        assert!(!quoted, "{text}");
        bones
    }

    #[test]
    fn no_name_leaves_its_quotes_in_dot() {
        let text = written(dot::write);
        let bones = bones(&text);
        assert!(!bones.contains("evil") && !bones.contains("script"), "{bones}");
        assert!(!text.contains("\"\\N") && text.contains("\\\\N\\\\"), "{text}");
        assert!(text.contains("&amp;lt;&amp;amp;"), "{text}");
    }

    #[test]
    fn no_name_leaves_its_quotes_in_mermaid() {
        let text = written(mermaid::write);
        let (head, rest) = text.split_at(text.find("  n0").unwrap());
        assert!(!head.contains(['{', '%', ';', '#']), "{head}");
        let bones = bones(rest);
        assert!(!bones.contains("evil") && !bones.contains("script"), "{bones}");
        let breaks = rest.replace("<br/>", "");
        assert!(!breaks.contains(['<', '`', '*', '&']), "{breaks}");
        for line in breaks.lines() {
            let quoted: Vec<_> = line.split('"').skip(1).step_by(2).collect();
            assert!(!quoted.concat().contains(">"), "{line}");
        }
        assert!(text.contains("#95;#95;wasm_call_ctors"), "{text}");
        assert!(!rest.contains("\"\""), "an empty text does not parse: {rest}");
    }

    #[test]
    fn svg_is_xml_without_scripts() {
        let text = written(svg::write);
        let document = roxmltree::Document::parse(&text).unwrap();
        let elements: std::collections::BTreeSet<_> = document
            .descendants()
            .filter(|it| it.is_element())
            .map(|it| it.tag_name().name())
            .collect();
        let known = ["desc", "g", "path", "rect", "style", "svg", "text", "title"];
        assert_eq!(elements.into_iter().collect::<Vec<_>>(), known);
        let texts: String = document.descendants().filter_map(|it| it.text()).collect();
        assert!(texts.contains("</text><script>alert(1)</script>"), "{texts}");
    }

    #[test]
    fn long_names_lose_their_middle() {
        assert_eq!(shortened("wasi_snapshot_preview1", 22), "wasi_snapshot_preview1");
        assert_eq!(shortened("wasi_snapshot_preview1", 12), "wasi_sn…iew1");
        assert_eq!(shortened("größenwahn", 6), "grö…hn");
    }

    #[test]
    fn a_label_counts_what_it_does_not_show() {
        let edge = |called: &[&str], names: &[&str], total| {
            let owned = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect();
            let (called, names) = (owned(called), owned(names));
            Edge { from: 0, to: 1, kind: EdgeKind::Import, called, names, total }.label()
        };
        assert_eq!(edge(&[], &["a", "b"], 2), ["a", "b"]);
        assert_eq!(edge(&[], &["a", "b", "c"], 9), ["a", "b", "and 7 more"]);
        assert_eq!(edge(&["b"], &["a", "b", "c"], 3), ["calls b", "a", "c"]);
        assert_eq!(edge(&["x", "y"], &[], 0), ["calls x and 1 more"]);
    }
}
