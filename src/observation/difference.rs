//! The part of two texts that differs, with some context.

use serde::{Deserialize, Serialize};

/// Characters that are quoted before the difference.
const BEFORE: usize = 16;
/// Characters that are quoted in all.
const QUOTED: usize = 60;

/// What differs between two texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Where the difference begins, as an offset in both texts.
    pub at: u64,
    /// The part of the first text.
    pub here: String,
    /// The part of the second text.
    pub there: String,
}

impl Difference {
    /// The first difference; `None` if both are equal.
    pub fn between(here: &[u8], there: &[u8]) -> Option<Difference> {
        let at = here.iter().zip(there).take_while(|(one, other)| one == other).count();
        if at == here.len() && at == there.len() {
            return None;
        }
        Some(Difference { at: at as u64, here: quote(here, at), there: quote(there, at) })
    }
}

fn quote(text: &[u8], at: usize) -> String {
    let mut from = at.saturating_sub(BEFORE);
    while from > 0 && text.get(from).is_some_and(|byte| byte & 0xc0 == 0x80) {
        from -= 1;
    }
    let to = text.len().min(from + 4 * QUOTED);
    let decoded = String::from_utf8_lossy(&text[from.min(to)..to]);
    let mut quoted: String = decoded.chars().take(QUOTED).collect();
    let cut = to < text.len() || quoted.len() < decoded.len();
    if from > 0 {
        quoted.insert(0, '…');
    }
    if cut {
        quoted.push('…');
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(here: &str, there: &str) -> Option<(u64, String, String)> {
        let it = Difference::between(here.as_bytes(), there.as_bytes())?;
        Some((it.at, it.here, it.there))
    }

    #[test]
    fn short_texts_are_quoted_completely() {
        assert_eq!(between("2", "1"), Some((0, "2".into(), "1".into())));
        assert_eq!(between("same", "same"), None);
        assert_eq!(between("ab", "a"), Some((1, "ab".into(), "a".into())));
    }

    #[test]
    fn the_equal_beginning_is_left_out() {
        let common = "x".repeat(500);
        let (at, here, there) = between(&format!("{common}1 tail"), &format!("{common}2")).unwrap();
        assert_eq!(at, 500);
        assert_eq!(here, format!("…{}1 tail", "x".repeat(16)));
        assert_eq!(there, format!("…{}2", "x".repeat(16)));
    }

    #[test]
    fn characters_are_not_cut() {
        let (_, here, _) = between(&format!("{}b", "ä".repeat(30)), &"ä".repeat(30)).unwrap();
        assert!(here.starts_with("…ä") && here.ends_with("äb"), "{here}");
        assert!(Difference::between(&[0xff; 100], &[0xfe; 100]).is_some());
    }
}
