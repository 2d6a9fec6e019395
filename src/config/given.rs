//! What the user gives for the calls of components, as it was written: no component and no file has been looked
//! at yet.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::config::diagnostic::{Code, Diagnostic, Place};
use crate::config::written::Written;
use crate::script::fault::Fault;
use crate::script::{HttpRequest, wave};

/// All of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// Calls to make.
    pub scenarios: Vec<Scenario>,
    /// What makes an instance ready.
    pub init: Option<Call>,
    /// What cleans it up.
    pub cleanup: Option<Call>,
    /// What HTTP handlers are asked.
    pub requests: Option<Requests>,
    /// What the guest finds.
    pub guest: Guest,
    /// What imports answer.
    pub answers: Vec<Answer>,
    /// Components that are plugged in.
    pub providers: Vec<Provider>,
}

/// Calls that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Where it stands.
    pub place: Place,
    /// The component, if it is for that alone, as a glob for its path, its file's name or its name in a manifest.
    pub component: Option<String>,
    /// The calls; at least one.
    pub calls: Vec<Call>,
}

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The export.
    pub export: Written,
    /// What it is called with.
    pub arguments: Arguments,
}

/// What an export is called with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arguments {
    /// Nothing was said: all are made up.
    MadeUp,
    /// Values in WAVE, in parentheses.
    Wave(Written),
    /// JSON, with the place of each, and of all together.
    Json(Vec<(Json, Place)>, Place),
}

/// What HTTP handlers are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requests {
    /// Those of a file.
    File(FilePath),
    /// These.
    List(Vec<HttpRequest>, Place),
}

/// A file or folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePath {
    /// The path, as the file system takes it.
    pub path: PathBuf,
    /// As it was written, and where.
    pub written: Written,
}

/// What the guest finds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guest {
    /// Arguments after the program's name.
    pub arguments: Option<(Vec<String>, Place)>,
    /// Variables of the environment.
    pub environment: Vec<Pair>,
    /// Standard input.
    pub stdin: Option<Stdin>,
    /// Values of `wasi:config/store`.
    pub config: Vec<Pair>,
    /// A folder of which it gets a copy.
    pub folder: Option<FilePath>,
}

/// A name and a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
    /// Where it stands.
    pub place: Place,
}

/// Standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stdin {
    /// A text.
    Text(String, Place),
    /// What a file holds.
    File(FilePath),
}

/// What an import answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The imported function.
    pub import: Written,
    /// Its results in WAVE, one after the other.
    pub values: Vec<Written>,
    /// The component, if it is for that alone.
    pub component: Option<String>,
}

/// A component that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// The import.
    pub import: Written,
    /// The component.
    pub file: FilePath,
}

impl Given {
    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        *self == Given::default()
    }

    /// Adds what was given in a stronger place: scenarios add up, the rest replaces what it is about.
    pub fn add(&mut self, other: Given) {
        self.scenarios.extend(other.scenarios);
        replace(&mut self.init, other.init);
        replace(&mut self.cleanup, other.cleanup);
        replace(&mut self.requests, other.requests);
        replace(&mut self.guest.arguments, other.guest.arguments);
        replace(&mut self.guest.stdin, other.guest.stdin);
        replace(&mut self.guest.folder, other.guest.folder);
        add_pairs(&mut self.guest.environment, other.guest.environment);
        add_pairs(&mut self.guest.config, other.guest.config);
        let is_replaced = |import: &str| other.answers.iter().any(|it| it.import.text == import);
        self.answers.retain(|it| !is_replaced(&it.import.text));
        self.answers.extend(other.answers);
        let is_replaced = |import: &str| other.providers.iter().any(|it| it.import.text == import);
        self.providers.retain(|it| !is_replaced(&it.import.text));
        self.providers.extend(other.providers);
    }

    /// The files and folders that are named.
    pub fn paths(&self) -> Vec<&Path> {
        let mut paths: Vec<_> = self.providers.iter().map(|it| it.file.path.as_path()).collect();
        if let Some(Requests::File(file)) = &self.requests {
            paths.push(&file.path);
        }
        if let Some(Stdin::File(file)) = &self.guest.stdin {
            paths.push(&file.path);
        }
        paths.extend(self.guest.folder.as_ref().map(|it| it.path.as_path()));
        paths
    }

    /// The same, with paths that are relative to this folder.
    #[must_use]
    pub fn below(mut self, folder: &Path) -> Self {
        let requests = self.requests.iter_mut().filter_map(|it| match it {
            Requests::File(file) => Some(file),
            Requests::List(..) => None,
        });
        let stdin = self.guest.stdin.iter_mut().filter_map(|it| match it {
            Stdin::File(file) => Some(file),
            Stdin::Text(..) => None,
        });
        let providers = self.providers.iter_mut().map(|it| &mut it.file);
        for file in requests.chain(stdin).chain(&mut self.guest.folder).chain(providers) {
            file.path = folder.join(&file.path);
        }
        self
    }
}

impl FilePath {
    /// A path as it was written.
    pub fn of(written: Written) -> Self {
        FilePath { path: PathBuf::from(&written.text), written }
    }
}

fn replace<T>(slot: &mut Option<T>, stronger: Option<T>) {
    if stronger.is_some() {
        *slot = stronger;
    }
}

fn add_pairs(pairs: &mut Vec<Pair>, stronger: Vec<Pair>) {
    pairs.retain(|pair| !stronger.iter().any(|it| it.name == pair.name));
    pairs.extend(stronger);
}

/// The calls that a text says, between semicolons.
///
/// # Errors
/// When it is none: where, and what is wrong.
pub(crate) fn calls(written: &Written) -> Result<Vec<Call>, Diagnostic> {
    let calls = wave::calls(&written.text).map_err(|it| diagnostic(written, it))?;
    let calls = calls.into_iter().map(|call| {
        let arguments = match call.arguments {
            Some(range) => wave_arguments(written.part(range))?,
            None => Arguments::MadeUp,
        };
        Ok(Call { export: written.part(call.export), arguments })
    });
    calls.collect()
}

/// Arguments in WAVE.
///
/// # Errors
/// When they are none.
pub(crate) fn wave_arguments(written: Written) -> Result<Arguments, Diagnostic> {
    let all = wave::arguments(&written.text).map_err(|it| diagnostic(&written, it))?;
    for range in all {
        let argument = &written.text[range.clone()];
        if !wave::is_made_up(argument) {
            wave::value(argument).map_err(|it| diagnostic(&written, it.moved(range.start)))?;
        }
    }
    Ok(Arguments::Wave(written))
}

/// A value in WAVE.
///
/// # Errors
/// When it is none.
pub(crate) fn value(written: &Written) -> Result<(), Diagnostic> {
    wave::value(&written.text).map_err(|it| diagnostic(written, it))
}

fn diagnostic(written: &Written, fault: Fault) -> Diagnostic {
    let Fault { range, message, help } = fault;
    Diagnostic { code: Code::WrongValue, place: written.at(range), message, help }
}
