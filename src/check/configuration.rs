//! Finds what the user chose: on the command line, in the environment, in files from the input upward.

mod search;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use super::request::{Request, variable};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::tables::{self, Tables};
use crate::config::text::TextSpan;
use crate::config::{Config, Layer, environment, read};
use crate::profile::Profile;
use crate::rules;

pub(crate) use search::{FILE, from_here, nearest_file};
use search::{Found, search};

/// What is in effect for one input.
#[derive(Debug)]
pub(crate) struct Effective {
    pub(crate) config: Config,
    /// The input's name in the manifest whose table applies, if one does.
    pub(crate) name: Option<String>,
    /// The files that were read for it, as they are told.
    pub(crate) files: Vec<String>,
}

/// What is in effect for each input; every file is read once.
#[derive(Debug)]
pub(crate) struct Configurations<'c> {
    request: &'c Request,
    environment: Layer,
    explicit: Option<PathBuf>,
    no_config: bool,
    known: Vec<&'static str>,
    files: BTreeMap<PathBuf, Layer>,
    manifests: BTreeMap<PathBuf, Vec<tables::Table>>,
    broken: Vec<Diagnostic>,
}

impl<'c> Configurations<'c> {
    /// # Errors
    /// When what was typed, or what a variable holds, cannot be meant.
    pub(crate) fn new(request: &'c Request) -> Result<Self, String> {
        let known: Vec<_> = rules::all().map(|rule| rule.id).collect();
        for (rule, _) in &request.layer.levels {
            if rule != "all" && !known.contains(&rule.as_str()) {
                return Err(format!("there is no rule `{rule}`; `secondcall rules` lists them"));
            }
        }
        // What is no Unicode is no value either, and is refused as such.
        let value = |name: &str| env::var_os(name).map(|it| it.to_string_lossy().into_owned());
        let environment = environment::read(value)?;
        if let Some(hosts) = &request.layer.hosts {
            Profile::by_ids(&hosts.value)?;
        }
        if let Some(hosts) = &environment.hosts {
            Profile::by_ids(&hosts.value).map_err(|what| format!("SECONDCALL_HOSTS: {what}"))?;
        }
        let explicit = request.config.clone().or_else(|| variable("SECONDCALL_CONFIG"));
        let no_config = match variable("SECONDCALL_NO_CONFIG") {
            Some(value) if request.config.is_none() => environment::flag(&value.to_string_lossy())
                .map_err(|what| format!("SECONDCALL_NO_CONFIG: {what}"))?,
            _ => false,
        };
        Ok(Configurations {
            request,
            environment,
            explicit,
            no_config: no_config || request.no_config,
            known,
            files: BTreeMap::new(),
            manifests: BTreeMap::new(),
            broken: request.errors.clone(),
        })
    }

    /// Whether all files that were read can be used.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn check(self) -> Result<(), Vec<Diagnostic>> {
        if self.broken.is_empty() { Ok(()) } else { Err(self.broken) }
    }

    /// What is in effect for an input, or for what stands in a folder. `None` is standard input. Where a
    /// manifest names the input, files are looked for from there.
    pub(crate) fn of(&mut self, input: Option<&Path>, manifest: Option<&Path>) -> Effective {
        let mut found = Found::default();
        if !self.no_config {
            let input = input.unwrap_or(Path::new("."));
            found = search(manifest.unwrap_or(input), input);
            found.file = self.explicit.clone().or(found.file);
            if let Some(file) = &found.file {
                self.read_file(file);
            }
            for manifest in &found.manifests {
                self.read_manifest(manifest);
            }
        }
        let file = found.file.as_ref().and_then(|path| Some((path, self.files.get(path)?)));
        let table = found.manifests.iter().find_map(|path| {
            let tables = self.manifests.get(path)?;
            Some((path, tables.iter().find(|it| is_for(it, path, found.input.as_deref()))?))
        });
        let layers = [
            file.map(|(_, layer)| layer.clone()),
            table.map(|(_, table)| table.layer.clone()),
            Some(self.environment.clone()),
            Some(self.request.layer.clone()),
        ];
        let paths = [file.map(|(path, _)| path), table.map(|(path, _)| path)];
        Effective {
            config: Config::of(layers.into_iter().flatten()),
            name: table.map(|(_, table)| table.name.clone()),
            files: paths.into_iter().flatten().map(|it| from_here(it)).collect(),
        }
    }

    fn read_file(&mut self, path: &Path) {
        if self.files.contains_key(path) {
            return;
        }
        let name = from_here(path);
        let mut reading = match fs::read_to_string(path) {
            Ok(text) => read::file(&name, &text, &self.known),
            Err(error) => {
                read::Reading { diagnostics: vec![unreadable(name, &error)], ..Default::default() }
            }
        };
        self.broken.extend(reading.diagnostics);
        reading.layer.given.resolve_from(folder(path));
        self.files.insert(path.to_owned(), reading.layer);
    }

    fn read_manifest(&mut self, path: &Path) {
        if self.manifests.contains_key(path) {
            return;
        }
        // Whoever needs the manifest itself will say that it cannot be read.
        let text = fs::read_to_string(path).unwrap_or_default();
        let read = if path.ends_with("spin.toml") { tables::of_spin } else { tables::of_cargo };
        let Tables { mut list, diagnostics } = read(&from_here(path), &text, &self.known);
        self.broken.extend(diagnostics);
        for table in &mut list {
            table.layer.given.resolve_from(folder(path));
        }
        self.manifests.insert(path.to_owned(), list);
    }
}

/// Where paths in a file begin.
fn folder(file: &Path) -> &Path {
    file.parent().unwrap_or(file)
}

/// Whether a table of a manifest is for an input.
fn is_for(table: &tables::Table, manifest: &Path, input: Option<&Path>) -> bool {
    let Some(artifact) = &table.artifact else { return true };
    input.is_some() && fs::canonicalize(folder(manifest).join(artifact)).ok().as_deref() == input
}

fn unreadable(path: String, error: &std::io::Error) -> Diagnostic {
    Diagnostic {
        code: Code::Syntax,
        span: TextSpan::of_file(path),
        message: format!("this file cannot be read: {error}"),
        help: "name another file with `--config`, or use none with `--no-config`".to_owned(),
    }
}
