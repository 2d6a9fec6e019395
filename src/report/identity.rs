//! The ids of findings, which survive a rebuild. They do not depend on offsets, indices or the artifact's name, and on
//! names of functions only where nothing else distinguishes two findings: `strip`, the optimizer and the compiler's release
//! change those.

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::sha256;
use crate::finding::Finding;

/// The ids of all findings of a report, in their order: eight hexadecimal digits each.
pub(super) fn of(findings: &[Finding]) -> Vec<String> {
    let mut alike: BTreeMap<_, u32> = BTreeMap::new();
    for finding in findings {
        *alike.entry(key(finding)).or_default() += 1;
    }
    let mut given = BTreeSet::new();
    let ids = findings.iter().map(|finding| {
        let (rule, export) = key(finding);
        let text = match alike.get(&(rule, export.clone())) {
            Some(1) => format!("{rule}\0{export}"),
            _ => format!("{rule}\0{export}\0{}", finding.discriminator),
        };
        let mut id = digest(&text);
        let mut count = 1;
        while !given.insert(id.clone()) {
            count += 1;
            id = digest(&format!("{text}\0{count}"));
        }
        id
    });
    ids.collect()
}

/// Rule and export. Two findings rarely share both.
fn key(finding: &Finding) -> (&'static str, String) {
    let export = finding.export.as_ref().map(|export| export.unversioned()).unwrap_or_default();
    (finding.rule.id, export)
}

/// The first four bytes of the SHA-256 of `text`, in hexadecimal.
fn digest(text: &str) -> String {
    sha256(text)[..8].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Evidence;
    use crate::location::{ExportName, Location, Span};
    use crate::rule::Hazard;

    fn finding(version: &str) -> Finding {
        let instance = format!("wasi:cli/run@{version}");
        let export = ExportName::new(Some(&instance), "run");
        Finding::example(Hazard::SingleShot, Evidence::Certain, Some(export))
    }

    fn named(name: &str) -> Finding {
        Finding { discriminator: name.to_owned(), ..finding("0.2.6") }
    }

    #[test]
    fn an_id_survives_a_rebuild() {
        let moved = Location { span: Span::new(7, 9), ..Location::default() };
        let after = Finding { location: moved, ..finding("0.2.6") };
        let expected = [digest("example\0wasi:cli/run#run")];
        assert_eq!(of(&[finding("0.2.0")]), expected);
        assert_eq!(of(&[after]), expected);
        assert_eq!(of(&[named("d41d8cd9")]), expected);
    }

    #[test]
    fn names_tell_findings_of_one_export_apart() {
        let ids = of(&[named("open"), named("close")]);
        let id = |name: &str| digest(&format!("example\0wasi:cli/run#run\0{name}"));
        assert_eq!(ids, [id("open"), id("close")]);
        assert_eq!(of(&[named("close"), named("open")]), [id("close"), id("open")]);
    }

    #[test]
    fn equal_findings_are_counted() {
        let ids = of(&[0, 1, 2].map(|_| finding("0.2.6")));
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 3);
        assert_eq!(ids[1], digest("example\0wasi:cli/run#run\0_start\x002"));
    }
}
