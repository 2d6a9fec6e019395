//! Code lenses: in a line, what is known of the exports of the component that a line names.

use gen_lsp_types::{CodeLens, Command};
use serde_json::Value;

use super::spot::Spot;
use super::uri::Text;
use crate::report::document::Artifact;
use crate::verdict::Verdict;

/// The command that shows a component's report.
pub(super) const REPORT: &str = "secondcall.report";

/// The lens on the line that stands for an artifact, whose file has that report.
pub(super) fn of(spot: &Spot, report: &Text) -> CodeLens {
    let command = Command {
        title: spot.title.clone(),
        tooltip: None,
        command: REPORT.to_owned(),
        arguments: Some(vec![Value::from(report.uri().0)]),
    };
    CodeLens { range: spot.range, command: Some(command), data: None }
}

/// `2 exports · 1 fails on its 2nd call · 1 unknown`.
pub(super) fn title(artifact: &Artifact) -> String {
    let count = |wanted: &dyn Fn(&Verdict) -> bool| {
        artifact.exports.iter().filter(|it| wanted(&it.verdict)).count()
    };
    let all = artifact.exports.len();
    let mut parts = vec![if all == 1 { "1 export".to_owned() } else { format!("{all} exports") }];
    let mut add = |number: usize, one: &str, many: &str| match number {
        0 => {}
        1 => parts.push(format!("1 {one}")),
        _ => parts.push(format!("{number} {many}")),
    };
    let single = count(&|it| matches!(it, Verdict::SingleShot));
    add(single, "fails on its 2nd call", "fail on their 2nd call");
    let breaks = count(&|it| matches!(it, Verdict::BreaksAfter(_)));
    add(breaks, "breaks after some calls", "break after some calls");
    let keeps = count(&|it| matches!(it, Verdict::Stateful));
    add(keeps, "keeps state", "keep state");
    let good = count(&|it| matches!(it, Verdict::ReusableObserved(_) | Verdict::StatelessProven));
    add(good, "may be called again", "may be called again");
    let unknown = count(&|it| matches!(it, Verdict::Unknown));
    add(unknown, "unknown", "unknown");
    parts.join(" · ")
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
