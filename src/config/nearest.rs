//! Suggestions for misspelled names.

/// The candidate closest to `word`; `None` if all differ in more than a third of its characters.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let distances = candidates.into_iter().map(|candidate| {
        let is_beginning = word.len() > 2 && candidate.starts_with(word);
        let distance = if is_beginning { 1 } else { strsim::osa_distance(word, candidate) };
        (distance, candidate)
    });
    let (distance, candidate) = distances.min()?;
    (distance <= (word.chars().count() / 3).max(1)).then_some(candidate)
}

/// ``did you mean `spec`?``; empty if no candidate is close.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> String {
    nearest(word, candidates).map(|it| format!("did you mean `{it}`?")).unwrap_or_default()
}

/// The error for a rule or host that does not exist: the closest one, or the command that lists them.
pub(crate) fn no_such<'a>(
    kind: &str,
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> String {
    let help = did_you_mean(word, candidates);
    let help = if help.is_empty() { format!("`secondcall {kind}s` lists them") } else { help };
    format!("there is no {kind} `{word}`; {help}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_words_are_suggested() {
        let keys = ["hosts", "fail-on", "calls", "budget"];
        for (word, expected) in [
            ("host", Some("hosts")),
            ("hsots", Some("hosts")),
            ("fail_on", Some("fail-on")),
            ("bud", Some("budget")),
            ("colour", None),
        ] {
            assert_eq!(nearest(word, keys), expected, "{word}");
        }
        assert_eq!(nearest("any", []), None);
    }
}
