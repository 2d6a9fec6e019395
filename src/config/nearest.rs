//! Suggestions for misspelled names.

/// Most names that are suggested.
const MOST: usize = 3;

/// The candidates closest to `word`, the likeliest first; none if all differ in more than a third of its characters.
fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let distances = candidates.into_iter().map(|candidate| {
        let rest = candidate.strip_prefix(word).filter(|_| word.len() > 2);
        let distance = rest.map_or_else(|| strsim::osa_distance(word, candidate), |_| 1);
        // `spin` is a word of `spin-p2`, and the beginning of one of `spinkube-p2`.
        let is_cut = rest.is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        ((distance, is_cut), (number(word).abs_diff(number(candidate)), candidate))
    });
    let mut distances: Vec<_> = distances.collect();
    distances.sort_unstable();
    let most = (word.chars().count() / 3).max(1);
    let least = distances.first().map(|(closeness, _)| *closeness);
    let closest = distances.iter().take_while(|(closeness, _)| Some(*closeness) == least);
    closest
        .filter(|((distance, _), _)| *distance <= most)
        .map(|(_, (_, candidate))| *candidate)
        .collect()
}

/// The number at the end of a name, such as a version; 0 if there is none.
fn number(name: &str) -> u64 {
    let start = name.trim_end_matches(|it: char| it.is_ascii_digit()).len();
    name[start..].parse().unwrap_or_default()
}

/// The candidate closest to `word`; `None` if all differ in more than a third of its characters.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    closest(word, candidates).first().copied()
}

/// ``did you mean `spin-p3` or `spin-p2`?``, all that are equally close; empty if no candidate is close.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> String {
    let names: Vec<_> =
        closest(word, candidates).iter().take(MOST).map(|it| format!("`{it}`")).collect();
    if names.is_empty() { String::new() } else { format!("did you mean {}?", names.join(" or ")) }
}

/// The error for a rule or host that does not exist: the closest ones, or the command that lists them.
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

    #[test]
    fn names_that_are_equally_close_are_suggested_together() {
        let hosts = crate::profile::Profile::all().iter().map(|host| host.id.as_str());
        for (word, expected) in [
            ("spin-p4", "did you mean `spin-p3` or `spin-p2`?"),
            ("spin-p1", "did you mean `spin-p2` or `spin-p3`?"),
            ("spin", "did you mean `spin-p2` or `spin-p3`?"),
            ("spin_p3", "did you mean `spin-p3`?"),
            ("wasmtime-serve", "did you mean `wasmtime-serve-p2` or `wasmtime-serve-p3`?"),
            ("wasmtime-serve-p5", "did you mean `wasmtime-serve-p3` or `wasmtime-serve-p2`?"),
            ("wasmcloud-3", "did you mean `wasmcloud-2`?"),
            ("lambda", ""),
        ] {
            assert_eq!(did_you_mean(word, hosts.clone()), expected, "{word}");
        }
    }
}
