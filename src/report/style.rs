//! Colors and characters of text. What it says never depends on either.

use std::fmt::{self, Write as _};
use std::io;

/// The longest line of a message or a listing that is printed whole, in characters.
pub(crate) const LINE_LIMIT: usize = 2000;

/// What the terminal or file can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour, with ANSI escape sequences.
    pub colour: bool,
    /// Whether marks may be other than ASCII.
    pub unicode: bool,
    /// Columns of a line.
    pub width: usize,
    /// Whether tables must fit into these columns, which are those of a screen. In a file, their rows stay whole.
    pub is_screen: bool,
    /// The address of a rule's page, with `{rule}` for its id, if the terminal shows links.
    pub links: Option<&'static str>,
}

/// The meaning of a piece of text, for its color.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Something fails.
    Bad,
    /// Something may fail.
    Doubtful,
    /// Worth knowing; also the mark of a place.
    Notice,
    /// Works.
    Good,
    /// Less important.
    Faint,
    /// A heading.
    Strong,
}

/// The marks that differ between Unicode and ASCII.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marks {
    pub(crate) separator: &'static str,
    pub(crate) range: &'static str,
    pub(crate) arrow: &'static str,
    pub(crate) times: &'static str,
    pub(crate) cut: &'static str,
    pub(crate) branch: &'static str,
    pub(crate) last_branch: &'static str,
    pub(crate) bar: &'static str,
    pub(crate) gap: &'static str,
}

const UNICODE: Marks = Marks {
    separator: " · ",
    range: "–",
    arrow: " → ",
    times: "×",
    cut: "…",
    branch: "├ ",
    last_branch: "└ ",
    bar: "│",
    gap: "…",
};

const ASCII: Marks = Marks {
    separator: "; ",
    range: "-",
    arrow: " -> ",
    times: "x",
    cut: "...",
    branch: "- ",
    last_branch: "- ",
    bar: "|",
    gap: ":",
};

impl Style {
    /// For what is no terminal but shows every character.
    pub const PLAIN: Style =
        Style { colour: false, unicode: true, width: 100, is_screen: false, links: None };

    /// The marks of this style.
    pub(crate) fn marks(self) -> Marks {
        if self.unicode { UNICODE } else { ASCII }
    }

    /// `text` in the colour of `tone`, if this style has colours.
    pub(crate) fn paint<T: fmt::Display>(self, tone: Tone, text: T) -> String {
        if !self.colour {
            return text.to_string();
        }
        let code = match tone {
            Tone::Bad => "1;31",
            Tone::Doubtful => "1;33",
            Tone::Notice => "1;36",
            Tone::Good => "32",
            Tone::Faint => "2",
            Tone::Strong => "1",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// `text`, linked to the page of a rule (OSC 8), if this style has links.
    pub(crate) fn linked(self, rule: &str, text: String) -> String {
        let is_id = rule.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
        match self.links.filter(|_| is_id) {
            Some(page) => {
                let address = page.replace("{rule}", rule);
                format!("\u{1b}]8;;{address}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
            }
            None => text,
        }
    }

    /// `text` from a file, fit to be a line or a part of one: no control character of it reaches the terminal, a service
    /// that reads logs finds no command in it, and it is cut after `limit` characters.
    pub(crate) fn printable(self, text: &str, limit: usize) -> String {
        let mut shown = String::new();
        let begins = text.trim_start();
        let colons = begins.starts_with("::").then(|| text.len() - begins.len());
        for (count, (at, character)) in text.char_indices().enumerate() {
            if count == limit {
                shown.push_str(self.marks().cut);
                break;
            }
            if is_unprintable(character)
                || (!self.unicode && !character.is_ascii())
                || colons == Some(at)
                || is_command(&text[at..])
            {
                // Writing to a string cannot fail.
                let _ = write!(shown, "{}", character.escape_unicode());
            } else {
                shown.push(character);
            }
        }
        shown
    }
}

/// What happens to line breaks and tabs of a text that is escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breaks {
    /// They stay: the text may have several lines.
    Kept,
    /// They are escaped like other control characters.
    Escaped,
}

/// Escapes what a terminal, a log or a page would act on: `\u{1b}`.
pub(crate) fn escape(text: &mut String, breaks: Breaks) {
    let is_printed =
        |it: char| !is_unprintable(it) || breaks == Breaks::Kept && matches!(it, '\n' | '\t');
    if text.chars().all(is_printed) && !text.contains("##") {
        return;
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for (at, character) in text.char_indices() {
        match is_printed(character) && !is_command(&text[at..]) {
            true => escaped.push(character),
            false => escaped.extend(character.escape_unicode()),
        }
    }
    *text = escaped;
}

/// Where the first character is that a terminal, a log or a page would act on.
pub(crate) fn find_acting(text: &str) -> Option<usize> {
    let acts = |(at, it): &(usize, char)| is_unprintable(*it) || is_command(&text[*at..]);
    text.char_indices().find(acts).map(|(at, _)| at)
}

/// Whether a text begins like a command to a service that runs builds, which may stand anywhere in a line: `##[` (GitHub,
/// `ActionCommand.cs` of actions/runner), `##vso[` (Azure Pipelines) and `##teamcity[`.
fn is_command(text: &str) -> bool {
    let word = text.strip_prefix("##");
    word.is_some_and(|it| {
        it.trim_start_matches(|it: char| it.is_ascii_alphabetic()).starts_with('[')
    })
}

/// Control characters, and those that change the direction or joining of the text around them.
pub(crate) fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// `text` in lines of at most `width` columns, broken at spaces where there are any.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut length = 0;
    for word in text.split_whitespace() {
        let size = columns(word);
        if length > 0 && length + 1 + size > width {
            lines.push(String::new());
            length = 0;
        }
        if let Some(line) = lines.last_mut() {
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += size;
        }
    }
    lines
}

/// `text` in lines of at most `width` characters, broken anywhere, so that its spaces stay.
pub(crate) fn broken(text: &str, width: usize) -> Vec<String> {
    let characters: Vec<_> = text.chars().collect();
    characters.chunks(width.max(1)).map(|line| line.iter().collect()).collect()
}

/// The columns that a text takes: one for each character, none for an escape sequence of [`Style::paint`] or
/// [`Style::linked`].
pub(crate) fn columns(text: &str) -> usize {
    let mut columns = 0;
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character != '\u{1b}' {
            columns += 1;
            continue;
        }
        let end = if rest.as_str().starts_with('[') { 'm' } else { '\\' };
        while rest.next().is_some_and(|it| it != end) {}
    }
    columns
}

impl Style {
    /// Writes a text, wrapped: its first line behind `first` spaces, the others behind `others`.
    ///
    /// # Errors
    /// If `out` cannot be written to.
    pub(crate) fn paragraph(
        self,
        (first, others): (usize, usize),
        text: &str,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        for (number, line) in wrapped(text, self.room(first.max(others))).iter().enumerate() {
            let indent = if number == 0 { first } else { others };
            writeln!(out, "{:indent$}{line}", "")?;
        }
        Ok(())
    }

    /// The columns right of an indent; at least enough for a few words.
    pub(crate) fn room(self, indent: usize) -> usize {
        self.width.saturating_sub(indent).max(LEAST_ROOM)
    }
}

/// Texts are not wrapped to fewer columns.
const LEAST_ROOM: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_an_address_around_a_text() {
        let style = Style { links: Some("https://example.org/{rule}"), ..Style::PLAIN };
        let link = "\u{1b}]8;;https://example.org/wears_out\u{1b}\\it\u{1b}]8;;\u{1b}\\";
        assert_eq!(style.linked("wears_out", "it".to_owned()), link);
        // A saved report may name anything as a rule.
        assert_eq!(style.linked("a\u{1b}b", "it".to_owned()), "it");
        assert_eq!(Style::PLAIN.linked("wears_out", "it".to_owned()), "it");
        assert_eq!(columns(link), 2);
    }

    #[test]
    fn no_text_is_a_command_of_a_log() {
        for (text, shown) in [
            ("::error::x", "\\u{3a}:error::x"),
            (" ::error::x", " \\u{3a}:error::x"),
            ("a::b", "a::b"),
            ("a ##[error]x ##vso[y]", "a \\u{23}#[error]x \\u{23}#vso[y]"),
            ("## a [b] #[c]", "## a [b] #[c]"),
        ] {
            assert_eq!(Style::PLAIN.printable(text, 100), shown);
            let mut escaped = text.to_owned();
            escape(&mut escaped, Breaks::Escaped);
            assert!(!escaped.contains("##[") && !escaped.contains("##vso["), "{escaped}");
        }
    }

    #[test]
    fn colors_take_no_columns() {
        let style = Style { colour: true, ..Style::PLAIN };
        let text = style.paint(Tone::Strong, "one two three");
        assert_eq!(columns(&text), 13);
        assert_eq!(wrapped(&text, 7), ["\u{1b}[1mone two", "three\u{1b}[0m"]);
        assert_eq!(broken("a  b c", 3), ["a  ", "b c"]);
    }
}
