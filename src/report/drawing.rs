//! What pictures in SVG share: no scripts, fonts or files of others, and a background of their own. Text is as wide as its
//! letters usually are, since nobody here can measure it.

use std::io::{self, Write};

use crate::report::xml::escaped;

/// Where a picture stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// In a file of its own, with its looks.
    File,
    /// In a page that has the [`looks`].
    Page,
}

/// Space around everything.
pub(super) const MARGIN: f64 = 24.0;
/// A picture of at most this width can be read if a page shrinks it to its own.
const SHRUNK: f64 = 1350.0;
/// Sizes of letters.
pub(super) const TITLE: f64 = 15.0;
pub(super) const STRONG: f64 = 12.5;
pub(super) const PLAIN: f64 = 11.0;
pub(super) const SMALL: f64 = 10.0;

/// The looks in light surroundings.
const LIGHT: &str = "
    .secondcall text { font-family: 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif; font-size: 11px; fill: #1f2733; }
    .secondcall .paper { fill: #ffffff; }
    .secondcall .head { font-size: 15px; font-weight: bold; }
    .secondcall .strong { font-size: 12.5px; font-weight: bold; }
    .secondcall .small { font-size: 10px; fill: #5b6675; }
    .secondcall .box { stroke-width: 1.2; }
    .secondcall .export { fill: #e3f1e5; stroke: #4d8b57; }
    .secondcall .instance { fill: #e4edf8; stroke: #4a74ab; }
    .secondcall .plumbing { fill: #f2f4f7; stroke: #a9b4c2; }
    .secondcall .import { fill: #f5eddd; stroke: #a5854a; }
    .secondcall .rest { fill: none; stroke: none; }
    .secondcall .group { fill: none; stroke: #a9b4c2; stroke-dasharray: 5 4; }
    .secondcall .line { fill: none; stroke: #8a94a3; stroke-width: 1.2; }
    .secondcall .tip { fill: #8a94a3; }
    .secondcall .dashed { stroke-dasharray: 6 4; }
    .secondcall .dotted { stroke-dasharray: 2 4; }
    .secondcall .call-path { stroke-width: 2.6; }
    .secondcall .error { stroke: #c4262e; } .secondcall .error-text { fill: #c4262e; }
    .secondcall .warning { stroke: #b35900; } .secondcall .warning-text { fill: #b35900; }
    .secondcall .note { stroke: #2563b0; } .secondcall .note-text { fill: #2563b0; }
    .secondcall .end { fill: #ffffff; stroke-width: 2.2; }
";

/// What differs in dark ones.
const DARK: &str = "      .secondcall text { fill: #e2e7ee; }
      .secondcall .paper, .secondcall .end { fill: #171c23; }
      .secondcall .small { fill: #9aa6b5; }
      .secondcall .export { fill: #1e3524; }
      .secondcall .instance { fill: #1d2f47; }
      .secondcall .plumbing { fill: #252c36; stroke: #5b6675; }
      .secondcall .import { fill: #3a2f1b; }
      .secondcall .group { stroke: #5b6675; }
      .secondcall .error { stroke: #ff6b70; } .secondcall .error-text { fill: #ff8a8e; }
      .secondcall .warning { stroke: #f0973c; } .secondcall .warning-text { fill: #f5ab5e; }
      .secondcall .note { stroke: #6ba6ee; } .secondcall .note-text { fill: #8dbcf5; }
";

/// The looks, as a style sheet. `dark` is the media query of dark surroundings.
pub(super) fn looks(dark: &str) -> String {
    format!("{LIGHT}    @media {dark} {{\n{DARK}    }}\n")
}

/// Begins a picture with this width and height: what it shows, in a title and descriptions of at most `limit` characters,
/// then its background.
pub(super) fn begin(
    (title, descriptions): (&str, &[String]),
    limit: usize,
    (w, h): (f64, f64),
    within: Within,
    out: &mut dyn Write,
) -> io::Result<()> {
    let fits = if within == Within::Page && w <= SHRUNK { " fits" } else { "" };
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"secondcall{fits}\" role=\"img\""
    )?;
    writeln!(out, "  width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\">")?;
    writeln!(out, "  <title>{}</title>", escaped(title, limit))?;
    for description in descriptions {
        writeln!(out, "  <desc>{}</desc>", escaped(description, limit))?;
    }
    if within == Within::File {
        writeln!(out, "  <style>{}  </style>", looks("(prefers-color-scheme: dark)"))?;
    }
    writeln!(out, "  <rect class=\"paper\" width=\"{w}\" height=\"{h}\"/>")
}

/// The width of `text` in letters of `size`, as in fonts with wide letters, so that it fits with others.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let widths = text.chars().map(|character| match character {
        'i' | 'j' | 'l' | '\'' | '|' | '!' | '.' | ',' | ':' | ';' | 'I' => 0.33,
        'f' | 't' | 'r' | ' ' | '(' | ')' | '[' | ']' | '-' | '/' | '\\' => 0.40,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 0.96,
        'A'..='Z' => 0.70,
        '\0'..='\u{7f}' => 0.62,
        '\u{80}'..='\u{10ff}' => 0.66,
        _ => 1.05,
    });
    widths.sum::<f64>() * size
}

/// To tenths: the same everywhere.
pub(super) fn round(value: f64) -> f64 {
    // Adding zero makes of a negative zero a positive one.
    (value * 10.0).round() / 10.0 + 0.0
}
