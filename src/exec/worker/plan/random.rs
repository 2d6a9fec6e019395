//! Differences caused by random numbers: an instance that keeps a generator answers with its next number, where a fresh
//! one answers with the first. The rest of an answer can still be compared.

use super::subject::Subject;
use crate::exec::worker::seen::Seen;
use crate::exec::worker::shape::Arguments;
use crate::observation::{End, Inconclusive};

/// How many calls with other random numbers show which parts of an answer depend on them. A small number may be the same
/// by chance.
const TRIES: u64 = 3;

/// Whether a call differs from its reference call, `twin`, only in what differs between fresh instances with other random
/// numbers.
pub(super) async fn explains(
    subject: &Subject<'_>,
    arguments: Arguments<'_>,
    at: u64,
    call: &Seen,
    twin: &Seen,
) -> Result<bool, Inconclusive> {
    let returned = call.call.end == End::Returned && twin.call.end == End::Returned;
    if !returned || !subject.prepared.imports_random {
        return Ok(false);
    }
    let mut others: Vec<Seen> = Vec::new();
    for number in 1..=TRIES {
        let other = subject.call_seeded(arguments, at, number).await?;
        if other.call.end != End::Returned {
            return Ok(false);
        }
        others.push(other);
    }
    let texts = call.texts().into_iter().zip(twin.texts()).enumerate();
    let mut texts = texts.map(|(stream, (text, twin))| {
        let others = others.iter().map(|other| other.texts()[stream]);
        is_explained(text, twin, &others.collect::<Vec<_>>())
    });
    Ok(texts.all(|explained| explained))
}

/// Whether a text differs from `twin` only in words in which `twin` differs from some of the others. Texts with a different
/// number of words cannot be compared.
fn is_explained(text: &[u8], twin: &[u8], others: &[&[u8]]) -> bool {
    if text == twin {
        return true;
    }
    if others.iter().all(|other| *other == twin) {
        return false;
    }
    let (text, twin) = (words(text), words(twin));
    let others: Vec<_> = others.iter().map(|other| words(other)).collect();
    if text.len() != twin.len() || others.iter().any(|other| other.len() != twin.len()) {
        return true;
    }
    (0..twin.len())
        .all(|at| text[at] == twin[at] || others.iter().any(|other| other[at] != twin[at]))
}

/// A text in words: runs of letters and digits, and each other byte by itself.
fn words(text: &[u8]) -> Vec<&[u8]> {
    let both = |one: &u8, other: &u8| one.is_ascii_alphanumeric() && other.is_ascii_alphanumeric();
    text.chunk_by(both).collect()
}

#[cfg(test)]
mod tests {
    use super::is_explained;

    #[test]
    fn random_words_explain_a_difference_and_others_do_not() {
        let twin = b"{id: 1f-2a, count: 1}";
        let others: [&[u8]; 2] = [b"{id: 77-31, count: 1}", b"{id: b2-99, count: 1}"];
        assert!(is_explained(twin, twin, &others));
        assert!(is_explained(b"{id: 0c-44, count: 1}", twin, &others));
        assert!(!is_explained(b"{id: 0c-44, count: 2}", twin, &others), "the count is state");
        assert!(!is_explained(b"2", b"1", &[b"1", b"1"]), "nothing here is random");
        assert!(is_explained(b"a+b+c", b"ab+c", &[b"abc"]), "words of base64 cannot be compared");
    }
}
