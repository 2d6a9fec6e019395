//! The title of a code lens: the number of exports, and how they fare under the hosts, in the words of the report.

use crate::report::document::Artifact;
use crate::report::wording::counted;

/// Hosts that are named, the worst first.
const HOSTS: usize = 2;

/// `3 exports · spin-p3: 2 exports leak`.
pub(super) fn title(artifact: &Artifact) -> String {
    let mut answers: Vec<_> = artifact.answers.iter().collect();
    answers.sort_by_key(|it| it.outlook);
    let mut parts = vec![counted(artifact.exports.len() as u64, "export")];
    parts.extend(answers.iter().take(HOSTS).map(|it| format!("{}: {}", it.host, short(&it.text))));
    if let Some(more @ 1..) = answers.len().checked_sub(HOSTS) {
        parts.push(counted(more as u64, "more host"));
    }
    parts.join(" · ")
}

/// An answer without its reasons, which follow a colon or semicolon.
fn short(text: &str) -> &str {
    text.split([':', ';']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::answer::{Answer, Outlook};

    #[test]
    fn the_worst_hosts_are_named() {
        let answer = |host: &str, outlook, text: &str| Answer {
            host: host.to_owned(),
            outlook,
            text: text.to_owned(),
            limits: String::new(),
            findings: Vec::new(),
        };
        let mut answers = vec![
            answer(
                "spin-p2",
                Outlook::NothingFailed,
                "nothing fails: every call gets a fresh instance",
            ),
            answer("spin-p3", Outlook::Affected, "2 exports leak"),
        ];
        let titled = |answers: &[Answer]| {
            title(&Artifact {
                exports: Vec::new(),
                answers: answers.to_vec(),
                ..Artifact::example()
            })
        };
        assert_eq!(titled(&[]), "0 exports");
        assert_eq!(
            titled(&answers),
            "0 exports · spin-p3: 2 exports leak · spin-p2: nothing fails"
        );
        answers.push(answer("jco-serve", Outlook::NotCalled, "calls none of these exports"));
        assert!(titled(&answers).ends_with(" · 1 more host"));
    }
}
