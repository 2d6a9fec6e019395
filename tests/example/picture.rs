//! A picture of a terminal: text with ANSI colors as SVG.

use std::fmt::Write;

/// Of a character, in pixels. Each piece of text states its place and width, so that any monospaced font keeps the columns.
const WIDTH: f64 = 7.8;
const HEIGHT: usize = 18;
const MARGIN: usize = 16;

/// The picture of what a command prints.
pub(crate) fn svg(command: &str, output: &str) -> String {
    let output = &without_links(output);
    let prompt = format!("\u{1b}[1m$ {command}\u{1b}[0m");
    let lines: Vec<_> = [prompt.as_str(), ""].into_iter().chain(output.lines()).collect();
    let columns = lines.iter().map(|line| plain(line)).max().unwrap_or_default();
    let width = (columns as f64 * WIDTH).ceil() as usize + 2 * MARGIN;
    let height = lines.len() * HEIGHT + 2 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\">\n<title>{}</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#0d1117\"/>\n\
         <g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" \
         font-size=\"13\" fill=\"#d1d7e0\">\n",
        escaped(command)
    );
    for (number, line) in lines.iter().enumerate() {
        let y = MARGIN + number * HEIGHT + 13;
        let mut column = 0;
        for (codes, text) in pieces(line) {
            let shown = text.trim();
            let indent = text.chars().count() - text.trim_start().chars().count();
            let x = MARGIN as f64 + (column + indent) as f64 * WIDTH;
            column += text.chars().count();
            if shown.is_empty() {
                continue;
            }
            let length = shown.chars().count() as f64 * WIDTH;
            // A space that no renderer drops.
            let shown = escaped(shown).replace(' ', "\u{a0}");
            let style = attributes(&codes);
            let at = format!("x=\"{x:.1}\" y=\"{y}\" textLength=\"{length:.1}\"");
            writeln!(svg, "<text {at}{style}>{shown}</text>").unwrap();
        }
    }
    svg + "</g>\n</svg>\n"
}

/// The text without hyperlinks (OSC 8), whose words stay.
fn without_links(text: &str) -> String {
    let mut parts = text.split("\u{1b}]8;");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept += part.split_once("\u{1b}\\").map_or("", |(_, rest)| rest);
    }
    kept
}

/// The pieces of a line, each with the codes that apply to it.
fn pieces(line: &str) -> Vec<(Vec<u8>, &str)> {
    let mut codes: Vec<u8> = Vec::new();
    let mut pieces = Vec::new();
    for (number, part) in line.split("\u{1b}[").enumerate() {
        let text = match part.split_once('m').filter(|_| number > 0) {
            None => part,
            Some((list, text)) => {
                for code in list.split(';').map(|code| code.parse().unwrap_or(0)) {
                    // 0 replaces all, a color replaces the one before.
                    codes.retain(|it| code > 0 && *it != code && (*it < 30 || code < 30));
                    codes.extend((code > 0).then_some(code));
                }
                text
            }
        };
        if !text.is_empty() {
            pieces.push((codes.clone(), text));
        }
    }
    pieces
}

/// The number of characters shown.
fn plain(line: &str) -> usize {
    pieces(line).iter().map(|(_, text)| text.chars().count()).sum()
}

fn attributes(codes: &[u8]) -> String {
    let of = |code: &u8| match code {
        1 => " font-weight=\"bold\"",
        2 => " fill-opacity=\"0.6\"",
        4 => " text-decoration=\"underline\"",
        31 => " fill=\"#ff7b72\"",
        32 => " fill=\"#56d364\"",
        33 => " fill=\"#e3b341\"",
        34 => " fill=\"#79c0ff\"",
        35 => " fill=\"#d2a8ff\"",
        36 => " fill=\"#56d4dd\"",
        _ => "",
    };
    codes.iter().map(of).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
