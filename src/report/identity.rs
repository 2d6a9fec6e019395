//! The ids of findings: what stays the same when a component is built anew. Offsets, indices and
//! the artifact's name take no part in it.

use std::collections::BTreeSet;

use sha2::Digest;
use sha2::Sha256;

use crate::finding::Finding;

/// The ids given so far in one report.
#[derive(Debug, Default)]
pub(super) struct Identities {
    given: BTreeSet<String>,
}

impl Identities {
    /// The id of `finding`: eight hexadecimal digits that no earlier finding of the report has.
    pub(super) fn next(&mut self, finding: &Finding) -> String {
        let export = finding
            .export
            .as_ref()
            .map(|export| export.unversioned())
            .unwrap_or_default();
        let text = format!("{}\0{export}\0{}", finding.rule.id, finding.discriminator);
        let mut id = digest(&text);
        let mut count = 1;
        while !self.given.insert(id.clone()) {
            count += 1;
            id = digest(&format!("{text}\0{count}"));
        }
        id
    }
}

/// The first four bytes of the SHA-256 of `text`, in hexadecimal.
fn digest(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Evidence;
    use crate::location::ExportName;
    use crate::location::Location;
    use crate::location::Span;
    use crate::rule::Hazard;

    fn finding(version: &str) -> Finding {
        let instance = format!("wasi:cli/run@{version}");
        let export = ExportName::new(Some(&instance), "run");
        Finding::example(Hazard::SingleShot, Evidence::Certain, Some(export))
    }

    #[test]
    fn an_id_survives_a_rebuild() {
        let before = Identities::default().next(&finding("0.2.0"));
        let moved = Location {
            span: Span::new(7, 9),
            ..Location::default()
        };
        let after = Finding {
            location: moved,
            ..finding("0.2.6")
        };
        assert_eq!(before, Identities::default().next(&after));
        assert_eq!(before, digest("example\0wasi:cli/run#run\0_start"));
        let other = Finding {
            discriminator: "main".to_owned(),
            ..finding("0.2.0")
        };
        assert_ne!(before, Identities::default().next(&other));
    }

    #[test]
    fn equal_findings_are_counted() {
        let mut identities = Identities::default();
        let ids = [0, 1, 2].map(|_| identities.next(&finding("0.2.6")));
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 3);
        assert_eq!(ids[1], digest("example\0wasi:cli/run#run\0_start\x002"));
    }
}
