//! The title of a code lens: how many exports have which verdict.

use crate::report::document::Artifact;
use crate::verdict::Verdict;

/// A verdict, and how one or several exports with it are described.
type Count = (fn(&Verdict) -> bool, &'static str, &'static str);

const COUNTS: [Count; 5] = [
    (|it| matches!(it, Verdict::SingleShot), "fails on its 2nd call", "fail on their 2nd call"),
    (
        |it| matches!(it, Verdict::BreaksAfter(_)),
        "breaks after some calls",
        "break after some calls",
    ),
    (|it| matches!(it, Verdict::Stateful), "keeps state", "keep state"),
    (
        |it| matches!(it, Verdict::ReusableObserved(_) | Verdict::StatelessProven),
        "may be called again",
        "may be called again",
    ),
    (|it| matches!(it, Verdict::Unknown), "unknown", "unknown"),
];

/// `2 exports · 1 fails on its 2nd call · 1 unknown`.
pub(super) fn title(artifact: &Artifact) -> String {
    let all = artifact.exports.len();
    let mut title = format!("{all} {}", if all == 1 { "export" } else { "exports" });
    for (is_counted, one, several) in COUNTS {
        let count = artifact.exports.iter().filter(|it| is_counted(&it.verdict)).count();
        if count > 0 {
            title += &format!(" · {count} {}", if count == 1 { one } else { several });
        }
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::location::ExportName;
    use crate::report::document::Export;

    #[test]
    fn verdicts_are_counted() {
        let export = |verdict| Export {
            fresh: None,
            earlier: None,
            variables: Vec::new(),
            name: ExportName::new(None, "x"),
            ty: None,
            verdict,
            evidence: None,
            assumptions: Vec::new(),
            obstacle: None,
            core_function: None,
            calls: Vec::new(),
        };
        let verdicts = [
            Verdict::SingleShot,
            Verdict::Stateful,
            Verdict::Stateful,
            Verdict::ReusableObserved(8),
            Verdict::Unknown,
        ];
        let artifact = |verdicts: &[Verdict]| Artifact {
            exports: verdicts.iter().cloned().map(export).collect(),
            ..Artifact::example()
        };
        assert_eq!(
            title(&artifact(&verdicts)),
            "5 exports · 1 fails on its 2nd call · 2 keep state · 1 may be called again · 1 unknown"
        );
        assert_eq!(title(&artifact(&[])), "0 exports");
    }
}
