//! Leaves out inputs that are the same in a revision of their git repository.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::configuration::ResolvedConfig;
use super::inputs::{Input, Inputs};
use super::paths::as_given;
use crate::report::document::Skipped;

/// The files of a repository that are the same now as in a revision.
struct Unchanged {
    root: PathBuf,
    /// Relative to the root.
    files: BTreeSet<PathBuf>,
}

/// Removes the inputs that are the same as where the current branch left `revision`, and lists them as skipped. An input
/// stays if its file, the manifest that names it, its configuration or a file that this names differs, or is not in git.
///
/// # Errors
/// If git cannot be run or does not know the revision: a message.
pub(super) fn leave_out(
    revision: &str,
    inputs: &mut Inputs,
    configs: &mut Vec<ResolvedConfig>,
) -> Result<(), String> {
    let unchanged = Unchanged::since(revision)?;
    let (mut kept, mut kept_configs) = (Vec::new(), Vec::new());
    for (input, config) in std::mem::take(&mut inputs.list).into_iter().zip(configs.drain(..)) {
        if let Some(path) = input.path().filter(|_| unchanged.holds(&input, &config)) {
            inputs.skipped.push(Skipped {
                path: Some(as_given(path)),
                reason: Skipped::UNCHANGED.to_owned(),
                detail: format!(
                    "the same as in `{revision}`; it was not examined and may still fail"
                ),
                ..Skipped::default()
            });
        } else {
            kept.push(input);
            kept_configs.push(config);
        }
    }
    (inputs.list, *configs) = (kept, kept_configs);
    Ok(())
}

impl Unchanged {
    fn since(revision: &str) -> Result<Unchanged, String> {
        if revision.starts_with('-') || revision.is_empty() {
            return Err(format!("`{revision}` is not a revision: write --since main"));
        }
        let root = git(&["rev-parse", "--show-toplevel"])
            .map_err(|error| format!("--since needs a git repository: {error}"))?;
        let root = PathBuf::from(String::from_utf8_lossy(&root).trim_end());
        let commit = format!("{revision}^{{commit}}");
        let commit = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])
            .map_err(|_| {
                let help = "fetch it first (on GitHub, `fetch-depth: 0` of actions/checkout)";
                format!("git knows no revision `{revision}`: {help}")
            })?;
        let commit = String::from_utf8_lossy(&commit).trim_end().to_owned();
        // What others changed since then is no change of this branch. Without a common ancestor, all counts.
        let base = git(&["merge-base", &commit, "HEAD"])
            .map_or(commit, |base| String::from_utf8_lossy(&base).trim_end().to_owned());
        let tracked = git(&["ls-tree", "-r", "-z", "--name-only", "--full-tree", &base])?;
        let changed = git(&[
            "diff",
            "--name-only",
            "-z",
            "--no-renames",
            "--no-ext-diff",
            "--no-relative",
            &base,
        ])?;
        let changed = paths(&changed);
        let files = paths(&tracked).difference(&changed).cloned().collect();
        Ok(Unchanged { root: fs::canonicalize(&root).unwrap_or(root), files })
    }

    fn holds(&self, input: &Input, config: &ResolvedConfig) -> bool {
        let manifest = input.named_by.as_ref().map(|it| Path::new(it.origin.path.as_str()));
        let mut files = config.files.iter().map(Path::new).chain(manifest).chain(input.path());
        files.all(|file| self.has(file))
            && config.config.given.paths().into_iter().all(|file| self.has(file))
    }

    fn has(&self, file: &Path) -> bool {
        let file = fs::canonicalize(file).ok();
        file.is_some_and(|it| it.strip_prefix(&self.root).is_ok_and(|it| self.files.contains(it)))
    }
}

/// The paths in a list that git separates by zeros. One that is not UTF-8 names no file, and so counts as changed.
fn paths(list: &[u8]) -> BTreeSet<PathBuf> {
    let names = list.split(|byte| *byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
    names.filter(|name| !name.is_empty()).map(PathBuf::from).collect()
}

/// What git prints.
fn git(words: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git").args(words).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("cannot run git: {error}"))?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => {
            let message = String::from_utf8_lossy(&output.stderr);
            Err(message.lines().next().unwrap_or("git failed").to_owned())
        }
    }
}
