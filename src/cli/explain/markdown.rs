//! Markdown of a rule's page in lines that fit on a screen. Code, tables and headings stay as they are.

use crate::report::style::wrapped;

/// The lines of `text`: paragraphs and items of lists are wrapped to `width` columns.
pub(super) fn reflowed(text: &str, width: usize) -> Vec<String> {
    let mut page = Page { width, lines: Vec::new(), open: None };
    let mut in_fence = false;
    for line in text.lines() {
        let start = line.trim_start();
        let is_fence = start.starts_with("```");
        in_fence ^= is_fence;
        let indent = line.len() - start.len();
        if in_fence || is_fence || start.is_empty() || start.starts_with(['#', '|']) {
            page.close();
            page.lines.push(line.to_owned());
        } else if let Some(marker) = marker(start) {
            page.close();
            let lead = &line[..indent + marker];
            page.open = Some((lead.to_owned(), start[marker..].to_owned()));
        } else if let Some((_, open)) = &mut page.open {
            open.push(' ');
            open.push_str(start);
        } else {
            page.open = Some((line[..indent].to_owned(), start.to_owned()));
        }
    }
    page.close();
    page.lines
}

struct Page {
    width: usize,
    lines: Vec<String>,
    /// What stands before the open paragraph, and its text.
    open: Option<(String, String)>,
}

impl Page {
    fn close(&mut self) {
        let Some((lead, text)) = self.open.take() else { return };
        let indent = lead.chars().count();
        let lines = wrapped(&text, self.width.saturating_sub(indent));
        self.lines.extend(lines.iter().enumerate().map(|(number, line)| match number {
            0 => format!("{lead}{line}"),
            _ => format!("{:indent$}{line}", ""),
        }));
    }
}

/// The length of a list's marker with the space behind it: `* `, `- `, `1. `.
fn marker(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let is_numbered = digits > 0 && line[digits..].starts_with(". ");
    match is_numbered {
        true => Some(digits + 2),
        false => (line.starts_with("* ") || line.starts_with("- ")).then_some(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_and_items_are_wrapped_and_code_is_not() {
        let text = "# A heading that is long\n\nOne two three\nfour five.\n\n* **C**: six seven\n  eight nine\n1. ten\n\n\
                    ```wat\n(component   (core module $of-a-line))\n```";
        let expected = "# A heading that is long\n\nOne two three\nfour five.\n\n* **C**: six\n  seven eight\n  nine\n1. ten\n\n\
                        ```wat\n(component   (core module $of-a-line))\n```";
        assert_eq!(reflowed(text, 14).join("\n"), expected);
        assert_eq!(reflowed("One two\nthree", 80), ["One two three"]);
    }
}
