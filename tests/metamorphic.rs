//! Changes of a component that change nothing of what it does: the verdicts and findings stay.
//!
//! The components are the fixtures, generated ones, and those in the folders of `SECONDCALL_COMPONENTS` and
//! `SECONDCALL_FUZZ_COMPONENTS`. What only a name tells is possible at most, and may come and go with names.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "metamorphic/changes.rs"]
mod changes;
#[path = "fuzz/generate.rs"]
mod generate;
mod lifted;
#[path = "generated/random.rs"]
mod random;
#[path = "fuzz/shells.rs"]
mod shells;
#[path = "fuzz/tree.rs"]
mod tree;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::sync::LazyLock;
use std::thread;

use random::Random;
use secondcall::component::Component;
use secondcall::finding::Evidence;
use secondcall::lint;
use secondcall::profile::Profile;

/// Generated components that are asked for.
const GENERATED: u64 = 400;
/// Stack of a thread, in bytes: that of the program's own threads.
const STACK: usize = 64 << 20;
/// The rules that lean on names where nothing else tells a function's purpose.
const LEAN_ON_NAMES: [&str; 2] = ["constructors_on_every_export", "unguarded_command_rerun"];

static COMPONENTS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut components = shells::components(usize::MAX);
    let generated = (0..GENERATED).filter_map(|seed| {
        let food = Random::new(seed).bytes(2048);
        let made = generate::component(&food, &components)?;
        Component::read(&made).is_ok().then_some(made)
    });
    let generated: Vec<_> = generated.collect();
    components.extend(generated);
    components
});

/// What is said of a component: verdicts and findings, each with how often.
#[derive(Debug, PartialEq, Eq)]
struct Said(BTreeMap<String, usize>);

impl Said {
    /// `None` if the component cannot be read.
    fn of(bytes: &[u8]) -> Option<Said> {
        let host = Profile::by_id("jco-transpiled").unwrap();
        let report = lint(bytes, &[host]).ok()?;
        let mut said = BTreeMap::new();
        let mut say = |line: String| *said.entry(line).or_insert(0) += 1;
        for export in &report.exports {
            say(format!("{}: {:?} {:?}", export.name, export.verdict, export.evidence));
        }
        let key = |it: &secondcall::finding::Finding| (it.rule.id, it.export.clone());
        for judged in &report.findings {
            let finding = &judged.finding;
            let alike = report.findings.iter().filter(|it| key(&it.finding) == key(finding));
            // Names distinguish several findings of one rule and export, so that their ids change with names.
            let id = if alike.count() == 1 { &*judged.id } else { "" };
            if LEAN_ON_NAMES.contains(&finding.rule.id) && finding.evidence == Evidence::Possible {
                continue;
            }
            let (rule, severity) = (finding.rule.id, judged.severity);
            let export = finding.export.as_ref().map(ToString::to_string).unwrap_or_default();
            say(format!("{rule} of {export:?}: {:?} {severity:?} {id}", finding.evidence));
        }
        Some(Said(said))
    }

    /// What one says and the other does not.
    fn against(&self, other: &Said) -> String {
        let only = |a: &Said, b: &Said| {
            let lines = a.0.iter().filter(|(line, count)| b.0.get(*line) != Some(count));
            lines.map(|(line, count)| format!("{count} × {line}")).collect::<Vec<_>>().join("; ")
        };
        format!("before: {}; after: {}", only(self, other), only(other, self))
    }
}

/// Applies a change to every component, and compares what is said.
fn same_after(
    name: &'static str,
    least: usize,
    change: impl Fn(&[u8]) -> Option<Vec<u8>> + Send + 'static,
) {
    let work = move || {
        let (mut changed, mut lines, mut wrong) = (0, 0, Vec::new());
        for (number, bytes) in COMPONENTS.iter().enumerate() {
            let Some(after) = change(bytes).filter(|it| it != bytes) else { continue };
            let before = Said::of(bytes).expect("the component can be read");
            match Said::of(&after) {
                Some(said) if said == before => {}
                Some(said) => {
                    let kept = format!("{}/{name}-{number}", env!("CARGO_TARGET_TMPDIR"));
                    fs::write(format!("{kept}-before.wasm"), bytes).unwrap();
                    fs::write(format!("{kept}-after.wasm"), &after).unwrap();
                    wrong.push(format!("{kept}: {}", before.against(&said)));
                }
                None => {
                    let error = Component::read(&after).err().map(|it| it.to_string());
                    wrong.push(format!("{name}-{number} is not valid: {error:?}"));
                }
            }
            changed += 1;
            lines += before.0.len();
        }
        // The output of `eprintln!` is not shown for a test that passes.
        writeln!(
            io::stderr(),
            "{name}: {changed} of {} components, {lines} verdicts and findings, {} differ",
            COMPONENTS.len(),
            wrong.len()
        )
        .expect("standard error can be written to");
        assert!(changed >= least, "the change applies to components");
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    };
    let worker = thread::Builder::new().stack_size(STACK).spawn(work).unwrap();
    if let Err(panic) = worker.join() {
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn custom_sections_stripped() {
    same_after("stripped", 100, changes::stripped);
}

#[test]
fn numbers_padded() {
    same_after("padded", 100, changes::padded);
}

#[test]
fn encoded_again() {
    // wat writes fixtures with the same library: only binaries of other tools change.
    same_after("encoded", 0, changes::encoded);
}

#[test]
fn functions_renamed() {
    same_after("renamed", 100, changes::renamed);
}

#[test]
fn an_unused_module_appended() {
    same_after("appended", 100, changes::appended);
}

#[test]
fn independent_sections_reordered() {
    same_after("reordered", 100, changes::reordered);
}

#[test]
fn printed_and_parsed() {
    same_after("printed", 100, changes::printed);
}
