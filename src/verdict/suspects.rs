//! Where the state may be that makes answers differ: names the locations that the export's code writes and reads.

use super::causes::{Exports, cause_of};
use crate::finding::{Evidence, Finding, Kind, Label};
use crate::inventory::{Grade, Survival, Survivor};
use crate::location::is_library;

/// Most locations that are named. Among more of them, none is a suspect.
const MOST: usize = 3;

/// Names suspects in the findings that answers were seen to differ, unless the code already explains them.
pub(crate) fn name_suspects(findings: &mut [Finding], exports: &Exports<'_>) {
    let is_caused = |it: &Finding| cause_of(it, exports).is_some_and(|it| it.unknown.is_none());
    let observed = findings.iter_mut().filter(|it| {
        it.kind == Kind::Fail
            && !is_caused(it)
            && it.answers
            && it.evidence == Evidence::Observed
            && it.labels.is_empty()
    });
    for finding in observed {
        let export = finding.export.as_ref().and_then(|name| exports.get(name));
        let Some(survival) = export.and_then(|it| it.survival.as_ref()) else { continue };
        let suspects = suspects(survival);
        let names: Vec<_> = suspects.iter().map(|it| it.words()).collect();
        if names.is_empty() {
            continue;
        }
        finding.message += &format!("; the state may be kept in {}", names.join(" or "));
        finding.labels.extend(suspects.iter().zip(&names).filter_map(|(suspect, name)| {
            let text = format!("may be kept in {name}");
            Some(Label { location: suspect.store.clone()?, text })
        }));
    }
}

/// The most likely locations: variables of the program before those of libraries, and those before what has no name.
fn suspects(survival: &Survival) -> Vec<&Survivor> {
    let kept = || survival.locations.iter().filter(|it| it.grade == Grade::Kept);
    let is_users = |it: &&Survivor| {
        it.name.is_some() && it.source.as_ref().is_none_or(|it| !is_library(&it.path))
    };
    let users: Vec<_> = kept().filter(is_users).collect();
    let named: Vec<_> = kept().filter(|it| it.name.is_some()).collect();
    let all: Vec<_> = if survival.more == 0 { kept().collect() } else { Vec::new() };
    let likely = [users, named, all].into_iter().find(|list| !list.is_empty()).unwrap_or_default();
    if likely.len() > MOST { Vec::new() } else { likely }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::{ExportedFunction, PutBack};
    use crate::location::{ExportName, SourceLine};
    use crate::rule::Hazard;
    use crate::verdict::by_name;

    fn survivor(name: Option<&str>, path: Option<&str>, grade: Grade) -> Survivor {
        Survivor {
            name: name.map(str::to_owned),
            core_module: 0,
            owner: 0,
            address: Some(0x410),
            bytes: Some(4),
            global: None,
            source: path.map(|path| SourceLine { path: path.to_owned(), line: 12, column: None }),
            grade,
            runtime: None,
            writers: vec!["tick".to_owned()],
            readers: Vec::new(),
            store: None,
        }
    }

    fn message(locations: Vec<Survivor>) -> String {
        let tick = ExportName::new(None, "tick");
        let survival = Survival {
            grade: None,
            locations,
            more: 0,
            grows_memory: false,
            writes_tables: false,
            creates: Vec::new(),
            through_pointers: false,
            unknown_code: false,
            reset: PutBack::of(&[]),
        };
        let export = ExportedFunction {
            name: tick.clone(),
            signature: "func()".to_owned(),
            core_function: None,
            obstacle: None,
            survival: Some(survival),
            causes: Vec::new(),
            leftovers: Vec::new(),
            stateless: false,
        };
        let finding = Finding::example(Hazard::StateBleed, Evidence::Observed, Some(tick));
        let mut findings = [Finding { answers: true, message: "it differs".to_owned(), ..finding }];
        name_suspects(&mut findings, &by_name(&[export]));
        findings[0].message.clone()
    }

    #[test]
    fn the_programs_own_variables_are_named_first() {
        let counter = || survivor(Some("COUNTER"), Some("/home/u/app/src/lib.c"), Grade::Kept);
        let library = || survivor(Some("LOG"), Some("/rustc/1/library/std/src/x.rs"), Grade::Kept);
        let unnamed = || survivor(None, None, Grade::Kept);
        let cache = || survivor(Some("table"), None, Grade::Cached);
        for (locations, expected) in [
            (vec![], "it differs"),
            (vec![cache()], "it differs"),
            (
                vec![library(), counter(), unnamed(), cache()],
                "it differs; the state may be kept in `COUNTER` (src/lib.c:12)",
            ),
            (
                vec![library(), unnamed()],
                "it differs; the state may be kept in `LOG` (src/x.rs:12)",
            ),
            (
                vec![unnamed()],
                "it differs; the state may be kept in the memory at 0x410, which `tick` writes",
            ),
            (vec![counter(), counter(), counter(), counter()], "it differs"),
        ] {
            assert_eq!(message(locations), expected);
        }
    }
}
