//! Texts that are damaged: the repository's fixtures, and reports and baselines of runs over its components.

use std::fs;

use secondcall::lint;
use secondcall::profile::Profile;
use secondcall::report::document::Document;
use secondcall::report::run::{Artifact, Run};
use secondcall::report::{baseline, json};

use super::targets::shells::{below, root};

/// The texts that a target reads.
pub(crate) fn texts(target: &str, components: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let read = |folder: &str, extensions: &[&str]| {
        let paths = below(&root().join(folder), extensions);
        paths.into_iter().filter_map(|path| fs::read(path).ok()).collect::<Vec<_>>()
    };
    match target {
        "config" => [read("tests/config", &["toml"]), read("tests/cli", &["toml"])].concat(),
        "manifest" => {
            let kinds = ["toml", "yaml", "yml", "wac", "json"];
            [read("tests/manifests", &kinds), read("examples/gate", &kinds)].concat()
        }
        "explain" => read("tests/explain", &["txt"]),
        "lsp" => read("tests/fuzz", &["json"]),
        "report" => runs(components).map(|run| report(&run)).collect(),
        "baseline" => {
            runs(components).map(|run| baseline::text(&baseline::of(&run)).into_bytes()).collect()
        }
        _ => Vec::new(),
    }
}

/// Runs over one to three components each.
fn runs(components: &[Vec<u8>]) -> impl Iterator<Item = Run> {
    let host = Profile::by_id("jco-transpiled").expect("the strictest host has a profile");
    let some: Vec<_> = components.iter().step_by(4).collect();
    let groups = some.chunks(3).enumerate().map(|(number, group)| &group[..=number % group.len()]);
    let runs = groups.map(|group| {
        let artifacts = group.iter().enumerate().filter_map(|(at, bytes)| {
            let report = lint(bytes, &[host]).ok()?;
            Some(Artifact::new(format!("build/{at}.wasm"), bytes.to_vec(), Ok(report)))
        });
        Run { artifacts: artifacts.collect(), ..Run::default() }
    });
    runs.collect::<Vec<_>>().into_iter()
}

fn report(run: &Run) -> Vec<u8> {
    let mut saved = Vec::new();
    json::write(&Document::of(run), &mut saved).expect("memory can be written to");
    saved
}
