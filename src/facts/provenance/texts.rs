//! Finds known texts in data segments and debug strings, all in one pass over the bytes.

/// A text to look for, in which `#` stands for a hexadecimal digit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'t> {
    /// The text, ASCII.
    pub text: &'t str,
    /// Two bytes a character, little endian.
    pub utf16: bool,
}

impl Text<'_> {
    // The beginning of `bytes`, if it matches the text.
    fn begins(&self, bytes: &[u8]) -> Option<String> {
        let width = if self.utf16 { 2 } else { 1 };
        let found = bytes.get(..self.text.len() * width)?;
        let same = self.text.bytes().zip(found.chunks_exact(width)).all(|(wanted, unit)| {
            let fits = if wanted == b'#' { unit[0].is_ascii_hexdigit() } else { unit[0] == wanted };
            fits && unit[1..].iter().all(|byte| *byte == 0)
        });
        same.then(|| found.iter().step_by(width).map(|byte| char::from(*byte)).collect())
    }
}

/// The first occurrence of each of `texts` in `bytes`. No text begins with `#`.
pub(super) fn find(texts: &[Text<'_>], bytes: &[u8]) -> Vec<Option<String>> {
    let mut found = vec![None; texts.len()];
    let mut by_first = [const { Vec::new() }; 256];
    for (i, text) in texts.iter().enumerate() {
        if let Some(first) = text.text.bytes().next() {
            by_first[usize::from(first)].push(i);
        }
    }
    let mut left = texts.len();
    for (at, byte) in bytes.iter().enumerate() {
        for i in &by_first[usize::from(*byte)] {
            if found[*i].is_none() {
                found[*i] = texts[*i].begins(&bytes[at..]);
                left -= usize::from(found[*i].is_some());
            }
        }
        if left == 0 {
            break;
        }
    }
    found
}

/// The version after `prefix` in a section of debug strings, each of which ends with a zero byte: the rest of the first
/// string that begins with `prefix` and a digit.
pub(super) fn version<'a>(section: &'a [u8], prefix: &str) -> Option<&'a str> {
    section.split(|byte| *byte == 0).find_map(|text| {
        let rest = std::str::from_utf8(text.strip_prefix(prefix.as_bytes())?).ok()?;
        rest.starts_with(|first: char| first.is_ascii_digit()).then_some(rest)
    })
}
