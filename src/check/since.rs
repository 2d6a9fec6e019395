//! Leaves out inputs that are the same in a revision of the git repository that they are in.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::configuration::ResolvedConfig;
use super::inputs::{Input, Inputs};
use super::paths::{as_given, from_here, parent};
use crate::report::document::Skipped;

/// Removes the inputs that are the same as where the current branch of their repository left `revision`, and lists them
/// as skipped. An input stays if its file, the manifest that names it, its configuration or a file that this names
/// differs, or is not in git.
///
/// # Errors
/// If git cannot be run, no input is in a repository, or the repository of one does not know the revision: a message.
pub(super) fn leave_out(
    revision: &str,
    inputs: &mut Inputs,
    configs: &mut Vec<ResolvedConfig>,
) -> Result<(), String> {
    if revision.starts_with('-') || revision.is_empty() {
        return Err(format!("`{revision}` is not a revision: write --since main"));
    }
    let mut repositories = Repositories { revision, roots: BTreeMap::new(), all: BTreeMap::new() };
    let files = inputs.list.iter().filter_map(Input::path);
    let roots: Vec<_> = files.map(|file| repositories.root(file)).collect();
    if !roots.is_empty() && roots.iter().all(Result::is_err) {
        return roots.into_iter().collect::<Result<Vec<_>, _>>().map(drop);
    }
    let (mut kept, mut kept_configs) = (Vec::new(), Vec::new());
    for (input, config) in std::mem::take(&mut inputs.list).into_iter().zip(configs.drain(..)) {
        let unchanged = match input.path() {
            Some(path) if repositories.are_unchanged(path, &input, &config)? => Some(path),
            _ => None,
        };
        if let Some(path) = unchanged {
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

/// The repositories of the files of a check.
struct Repositories<'r> {
    revision: &'r str,
    /// The root of the repository of each folder, or why there is none.
    roots: BTreeMap<PathBuf, Result<PathBuf, String>>,
    /// By root, the files that are the same as in the revision, relative to it; or why that is not known.
    all: BTreeMap<PathBuf, Result<BTreeSet<PathBuf>, String>>,
}

impl Repositories<'_> {
    /// Whether an input and all that it depends on are the same as in the revision.
    ///
    /// # Errors
    /// If the repository of the input does not know the revision.
    fn are_unchanged(
        &mut self,
        path: &Path,
        input: &Input,
        config: &ResolvedConfig,
    ) -> Result<bool, String> {
        if let Ok(root) = self.root(path) {
            self.unchanged_in(&root)?;
        }
        let manifest = input.named_by.as_ref().map(|it| Path::new(it.origin.path.as_str()));
        let files = config.files.iter().map(Path::new).chain(manifest).chain([path]);
        let given = config.config.given.paths();
        Ok(files.chain(given).all(|file| self.is_unchanged(file)))
    }

    fn is_unchanged(&mut self, file: &Path) -> bool {
        let Ok(file) = fs::canonicalize(file) else { return false };
        let Ok(root) = self.root(&file) else { return false };
        let Ok(name) = file.strip_prefix(&root) else { return false };
        self.unchanged_in(&root).is_ok_and(|files| files.contains(name))
    }

    /// The root of the repository that holds a file.
    fn root(&mut self, file: &Path) -> Result<PathBuf, String> {
        let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
        let folder = parent(&file);
        if let Some(root) = self.roots.get(folder) {
            return root.clone();
        }
        let root = git(folder, &["rev-parse", "--show-toplevel"])
            .map(|root| PathBuf::from(String::from_utf8_lossy(&root).trim_end()))
            .map(|root| fs::canonicalize(&root).unwrap_or(root))
            .map_err(|error| format!("--since needs a git repository: {error}"));
        self.roots.insert(folder.to_owned(), root.clone());
        root
    }

    fn unchanged_in(&mut self, root: &Path) -> Result<&BTreeSet<PathBuf>, String> {
        let revision = self.revision;
        let files = self.all.entry(root.to_owned()).or_insert_with(|| unchanged(root, revision));
        files.as_ref().map_err(Clone::clone)
    }
}

/// The files of a repository that are the same now as where its current branch left a revision.
fn unchanged(root: &Path, revision: &str) -> Result<BTreeSet<PathBuf>, String> {
    let commit = format!("{revision}^{{commit}}");
    let words = ["rev-parse", "--verify", "--quiet", "--end-of-options", &commit];
    let commit = git(root, &words).map_err(|_| {
        let help = "fetch it first (on GitHub, `fetch-depth: 0` of actions/checkout)";
        let repository = from_here(root);
        let of = match repository.as_str() {
            "" | "." => String::new(),
            path => format!(" in {path}"),
        };
        format!("git knows no revision `{revision}`{of}: {help}")
    })?;
    let commit = String::from_utf8_lossy(&commit).trim_end().to_owned();
    // What others changed since then is no change of this branch. Without a common ancestor, all counts.
    let base = git(root, &["merge-base", &commit, "HEAD"])
        .map_or(commit, |base| String::from_utf8_lossy(&base).trim_end().to_owned());
    let tracked = git(root, &["ls-tree", "-r", "-z", "--name-only", "--full-tree", &base])?;
    let options = ["--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-relative"];
    let changed = git(root, &[&["diff"][..], &options, &[&base]].concat())?;
    Ok(paths(&tracked).difference(&paths(&changed)).cloned().collect())
}

/// The paths in a list that git separates by zeros. One that is not UTF-8 names no file, and so counts as changed.
fn paths(list: &[u8]) -> BTreeSet<PathBuf> {
    let names = list.split(|byte| *byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
    names.filter(|name| !name.is_empty()).map(PathBuf::from).collect()
}

/// What git prints in a folder. A repository that the environment names, as in a hook, may be another one.
fn git(folder: &Path, words: &[&str]) -> Result<Vec<u8>, String> {
    let mut command = Command::new("git");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    let output = command.arg("-C").arg(folder).args(words).stdin(Stdio::null()).output();
    let output = output.map_err(|error| format!("cannot run git: {error}"))?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => {
            let message = String::from_utf8_lossy(&output.stderr);
            Err(message.lines().next().unwrap_or("git failed").to_owned())
        }
    }
}
