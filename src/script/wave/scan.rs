//! Finds brackets and commas in WAVE outside of strings, chars and comments.

use std::ops::Range;

use crate::script::fault::Fault;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    Open,
    Close,
    Comma,
}

#[derive(Debug)]
pub(super) struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Scanner { text, at }
    }

    /// The next bracket or comma.
    pub(super) fn next(&mut self) -> Result<Option<(Range<usize>, Piece)>, Fault> {
        loop {
            let start = self.at;
            let rest = &self.text[start..];
            let Some(character) = rest.chars().next() else { return Ok(None) };
            self.at += character.len_utf8();
            let piece = match character {
                '(' | '[' | '{' => Piece::Open,
                ')' | ']' | '}' => Piece::Close,
                ',' => Piece::Comma,
                '"' | '\'' => {
                    let Some(length) = quoted(rest) else {
                        let what = "this quotation mark is not closed";
                        return Err(Fault::new(start..start + 1, what, ""));
                    };
                    self.at = start + length;
                    continue;
                }
                '/' if rest.starts_with("//") => {
                    self.at = start + rest.find('\n').unwrap_or(rest.len());
                    continue;
                }
                _ => continue,
            };
            return Ok(Some((start..self.at, piece)));
        }
    }
}

/// The length of the string or char at the start of a text; `None` if it is not closed.
fn quoted(text: &str) -> Option<usize> {
    if let Some(rest) = text.strip_prefix("\"\"\"") {
        return rest.find("\"\"\"").map(|it| it + 6);
    }
    let mut characters = text.char_indices();
    let (_, quote) = characters.next()?;
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '\n' => return None,
            _ if character == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}
