//! Resolves the configuration of each input: command line over environment over a manifest's table over files.

mod search;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use super::paths::from_here;
use super::request::{Request, variable};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::nearest::no_such;
use crate::config::tables::{self, Table, Tables};
use crate::config::text::TextSpan;
use crate::config::{Config, Layer, ceilings, environment, read};
use crate::profile::Profile;
use crate::rules;

pub(crate) use search::{FILE, is_found, nearest_file};
use search::{Found, search};

/// The configuration of one input.
#[derive(Debug, Clone)]
pub(crate) struct ResolvedConfig {
    pub(crate) config: Config,
    /// The input's name in the manifest whose table applies, if one does.
    pub(crate) name: Option<String>,
    /// The paths of the files it was read from, as reports show them.
    pub(crate) files: Vec<String>,
}

impl ResolvedConfig {
    /// The names of the input at `path`: its path, and its name in a manifest.
    pub(super) fn names<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a str> {
        [Some(path), self.name.as_deref()].into_iter().flatten()
    }
}

/// The hosts with these ids.
///
/// # Errors
/// If one does not exist.
pub(crate) fn profiles(ids: &[String]) -> Result<Vec<&'static Profile>, String> {
    Profile::by_ids(ids).map_err(|id| {
        let known = Profile::all().iter().map(|host| host.id.as_str());
        no_such("host", id, known)
    })
}

/// Resolves configurations; reads every file once.
#[derive(Debug)]
pub(crate) struct ConfigResolver<'c> {
    request: &'c Request,
    environment: Layer,
    /// The file to read instead of the nearest one.
    explicit: Option<PathBuf>,
    no_config: bool,
    rules: Vec<&'static str>,
    files: BTreeMap<PathBuf, Layer>,
    manifests: BTreeMap<PathBuf, Vec<Table>>,
    diagnostics: Vec<Diagnostic>,
    /// Files that do not count.
    outside: BTreeSet<PathBuf>,
}

impl<'c> ConfigResolver<'c> {
    /// # Errors
    /// If an option or environment variable is invalid.
    pub(crate) fn new(request: &'c Request) -> Result<Self, String> {
        let rules = rules::ids();
        for (rule, _) in &request.layer.levels {
            if rule != "all" && !rules.contains(&rule.as_str()) {
                return Err(no_such("rule", rule, rules.iter().copied().chain(["all"])));
            }
        }
        // A value that is not Unicode is invalid and reported as such.
        let value =
            |name: &str| env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        let environment = match request.no_environment {
            true => Layer::default(),
            false => environment::read(value)?,
        };
        if let Some(hosts) = &request.layer.hosts {
            profiles(&hosts.value)?;
        }
        if let Some(hosts) = &environment.hosts {
            profiles(&hosts.value).map_err(|error| format!("SECONDCALL_HOSTS: {error}"))?;
        }
        let explicit = request.config.clone().or_else(|| variable("SECONDCALL_CONFIG"));
        let no_config = match variable("SECONDCALL_NO_CONFIG") {
            Some(value) if request.config.is_none() && !request.no_config => {
                environment::flag(&value.to_string_lossy())
                    .map_err(|error| format!("SECONDCALL_NO_CONFIG: {error}"))?
            }
            _ => false,
        };
        Ok(ConfigResolver {
            request,
            environment,
            explicit,
            no_config: no_config || request.no_config,
            rules,
            files: BTreeMap::new(),
            manifests: BTreeMap::new(),
            diagnostics: request.errors.clone(),
            outside: BTreeSet::new(),
        })
    }

    /// Ends the resolution. Returns warnings about files that do not count.
    ///
    /// # Errors
    /// If a file that was read, or a value on the command line, is invalid.
    pub(crate) fn finish(self) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        match self.diagnostics.is_empty() {
            true => Ok(self.outside.iter().map(|path| outside(path)).collect()),
            false => Err(self.diagnostics),
        }
    }

    /// The configuration of an input or of a folder; `None` is standard input. If a manifest names the input, files
    /// are searched from the manifest upward.
    pub(crate) fn resolve(
        &mut self,
        input: Option<&Path>,
        manifest: Option<&Path>,
    ) -> ResolvedConfig {
        let mut found = Found::default();
        if !self.no_config {
            let input = input.unwrap_or(Path::new("."));
            found = search(manifest.unwrap_or(input), input, &self.request.opened);
            if let Some(explicit) = &self.explicit {
                (found.file, found.is_of_checkout) = (Some(explicit.clone()), false);
            } else {
                self.outside.extend(found.outside.take());
            }
            if let Some(file) = &found.file {
                self.read_file(file, found.is_of_checkout);
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
        let mut config = Config::of(layers.into_iter().flatten());
        if self.request.no_levels {
            config.levels.clear();
        }
        let mut seen = BTreeSet::new();
        config.hosts.value.retain(|host| seen.insert(host.clone()));
        ResolvedConfig {
            config,
            name: table.map(|(_, table)| table.name.clone()),
            files: paths.into_iter().flatten().map(|path| from_here(path)).collect(),
        }
    }

    fn read_file(&mut self, path: &Path, is_of_checkout: bool) {
        if self.files.contains_key(path) {
            return;
        }
        let name = from_here(path);
        let mut reading = match fs::read_to_string(path) {
            Ok(text) => read::file(&name, &text, &self.rules),
            Err(error) => {
                read::Reading { diagnostics: vec![unreadable(name, &error)], ..Default::default() }
            }
        };
        self.diagnostics.extend(reading.diagnostics);
        if is_of_checkout {
            self.diagnostics.extend(ceilings::exceeded(&reading.layer));
        }
        reading.layer.given.resolve_from(folder(path));
        self.files.insert(path.to_owned(), reading.layer);
    }

    fn read_manifest(&mut self, path: &Path) {
        if self.manifests.contains_key(path) {
            return;
        }
        // An unreadable manifest is reported where its components are searched.
        let text = fs::read_to_string(path).unwrap_or_default();
        let read = if path.ends_with("spin.toml") { tables::of_spin } else { tables::of_cargo };
        let Tables { mut list, diagnostics } = read(&from_here(path), &text, &self.rules);
        self.diagnostics.extend(diagnostics);
        for table in &mut list {
            self.diagnostics.extend(ceilings::exceeded(&table.layer));
            table.layer.given.resolve_from(folder(path));
        }
        self.manifests.insert(path.to_owned(), list);
    }
}

/// The folder to which paths in a file are relative.
fn folder(file: &Path) -> &Path {
    file.parent().unwrap_or(file)
}

/// Whether a table of a manifest applies to an input.
fn is_for(table: &Table, manifest: &Path, input: Option<&Path>) -> bool {
    let Some(artifact) = &table.artifact else { return true };
    input.is_some() && fs::canonicalize(folder(manifest).join(artifact)).ok().as_deref() == input
}

fn outside(path: &Path) -> Diagnostic {
    Diagnostic {
        code: Code::OutsideRepository,
        span: TextSpan::of_file(from_here(path)),
        message:
            "this file does not count: it is in no repository, so anyone may have put it there"
                .to_owned(),
        help: "name it, `--config`, or make a repository of its folder, `git init`".to_owned(),
    }
}

fn unreadable(path: String, error: &std::io::Error) -> Diagnostic {
    Diagnostic {
        code: Code::Syntax,
        span: TextSpan::of_file(path),
        message: format!("cannot read this file: {error}"),
        help: "name another file with `--config`, or read none with `--no-config`".to_owned(),
    }
}
