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

/// Looks for texts in one piece of data after another. No text begins with `#`.
#[derive(Debug)]
pub(super) struct Finder<'t> {
    texts: Vec<Text<'t>>,
    /// The texts with each first byte, by index; those that are left out are not among them.
    by_first: Vec<Vec<usize>>,
    /// Whether a text begins with these two bytes: one bit for each pair.
    begins: Vec<u64>,
}

impl<'t> Finder<'t> {
    pub(super) fn new(texts: Vec<Text<'t>>) -> Self {
        let mut finder =
            Finder { texts, by_first: vec![Vec::new(); 256], begins: vec![0; (1 << 16) / 64] };
        for (i, text) in finder.texts.iter().enumerate() {
            let mut bytes = text.text.bytes();
            let Some(first) = bytes.next() else { continue };
            finder.by_first[usize::from(first)].push(i);
            let second = if text.utf16 { Some(0) } else { bytes.next().filter(|it| *it != b'#') };
            for second in second.map_or(0..=u8::MAX, |second| second..=second) {
                let (word, bit) = pair(first, second);
                finder.begins[word] |= bit;
            }
        }
        finder
    }

    /// The first occurrence of each text that `bytes` hold, with its index, in the order of the texts.
    pub(super) fn find(&self, bytes: &[u8]) -> Vec<(usize, String)> {
        let mut found: Vec<(usize, String)> = Vec::new();
        let pairs = bytes.array_windows().enumerate();
        for (at, [first, _]) in pairs.filter(|(_, [first, second])| {
            let (word, bit) = pair(*first, *second);
            self.begins[word] & bit != 0
        }) {
            for i in &self.by_first[usize::from(*first)] {
                if found.iter().all(|(known, _)| known != i)
                    && let Some(text) = self.texts[*i].begins(&bytes[at..])
                {
                    found.push((*i, text));
                }
            }
        }
        found.sort_unstable_by_key(|(i, _)| *i);
        found
    }

    /// Leaves out the texts for which `is_unwanted` is true.
    pub(super) fn leave_out(&mut self, is_unwanted: impl Fn(usize) -> bool) {
        self.by_first.iter_mut().for_each(|texts| texts.retain(|i| !is_unwanted(*i)));
    }
}

/// The place of the bit of two bytes.
fn pair(first: u8, second: u8) -> (usize, u64) {
    let pair = u16::from_be_bytes([first, second]);
    (usize::from(pair / 64), 1 << (pair % 64))
}

/// The version after `prefix` in a section of debug strings, each of which ends with a zero byte: the rest of the first
/// string that begins with `prefix` and a digit.
pub(super) fn version<'a>(section: &'a [u8], prefix: &str) -> Option<&'a str> {
    section.split(|byte| *byte == 0).find_map(|text| {
        let rest = std::str::from_utf8(text.strip_prefix(prefix.as_bytes())?).ok()?;
        rest.starts_with(|first: char| first.is_ascii_digit()).then_some(rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_in_both_widths_until_they_are_left_out() {
        let texts = [("ab#c", false), ("xy", true)];
        let texts = texts.map(|(text, utf16)| Text { text, utf16 });
        let mut finder = Finder::new(texts.to_vec());
        let found = |finder: &Finder<'_>, bytes: &[u8]| {
            let found = finder.find(bytes).into_iter();
            found.map(|(i, text)| format!("{i} {text}")).collect::<Vec<_>>()
        };
        assert_eq!(found(&finder, b"xy x\0y\0 abzc ab3c abfc"), ["0 ab3c", "1 xy"]);
        assert!(found(&finder, b"x\0y ab3").is_empty());
        finder.leave_out(|i| i == 0);
        assert_eq!(found(&finder, b"ab3cx\0y\0"), ["1 xy"]);
    }
}
