//! The word that was probably meant.

/// The candidate that differs least from `word`, if it differs little.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let all = candidates.into_iter().map(|candidate| {
        // Whoever writes half a word means the whole.
        let steps = if word.len() > 2 && candidate.starts_with(word) {
            1
        } else {
            distance(word, candidate)
        };
        (steps, candidate)
    });
    let (steps, candidate) = all.min()?;
    (steps <= (word.chars().count() / 3).max(1)).then_some(candidate)
}

/// ``did you mean `spec`?``, or nothing.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> String {
    nearest(word, candidates).map(|it| format!("did you mean `{it}`?")).unwrap_or_default()
}

/// How many characters must be put in, left out or replaced to get from one word to the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, character) in one.chars().enumerate() {
        let mut before = std::mem::replace(&mut row[0], i + 1);
        for (j, wanted) in other.iter().enumerate() {
            let replaced = before + usize::from(character != *wanted);
            before = row[j + 1];
            row[j + 1] = replaced.min(before + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant() {
        let keys = ["hosts", "fail-on", "calls", "budget"];
        assert_eq!(nearest("host", keys), Some("hosts"));
        assert_eq!(nearest("fail_on", keys), Some("fail-on"));
        assert_eq!(nearest("buget", keys), Some("budget"));
        assert_eq!(nearest("bud", keys), Some("budget"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(nearest("any", []), None);
    }
}
