//! What the user gives for the calls of components, as written: not yet checked against a component, and
//! no named file has been opened.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::text::{SpannedText, TextSpan};
use crate::script::fault::Fault;
use crate::script::{HttpRequest, wave};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) scenarios: Vec<Scenario>,
    /// The call that initializes an instance.
    pub(crate) init: Option<Call>,
    /// The call that cleans an instance up before the next `init`.
    pub(crate) cleanup: Option<Call>,
    pub(crate) requests: Option<Requests>,
    pub(crate) guest: Guest,
    pub(crate) answers: Vec<Answer>,
    pub(crate) providers: Vec<Provider>,
}

/// Calls on one instance, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scenario {
    pub(crate) span: TextSpan,
    /// A glob for the path, file name or manifest name of the component; `None` for every component.
    pub(crate) component: Option<String>,
    /// At least one.
    pub(crate) calls: Vec<Call>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) export: SpannedText,
    pub(crate) arguments: Arguments,
}

/// The arguments of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Arguments {
    /// Not given: all are generated.
    MadeUp,
    /// Values in WAVE, in parentheses.
    Wave(SpannedText),
    /// Values in JSON, each with its span, and the span of the whole list.
    Json(Vec<(Json, TextSpan)>, TextSpan),
}

/// The requests that HTTP handlers get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Requests {
    File(FilePath),
    List(Vec<HttpRequest>, TextSpan),
}

/// A file or folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FilePath {
    /// The path from the current folder.
    pub(crate) path: PathBuf,
    pub(crate) written: SpannedText,
}

/// The environment of the guest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Guest {
    /// Arguments after the program's name.
    pub(crate) arguments: Option<(Vec<String>, TextSpan)>,
    /// Environment variables.
    pub(crate) environment: Vec<Pair>,
    pub(crate) stdin: Option<Stdin>,
    /// Values of `wasi:config/store`.
    pub(crate) config: Vec<Pair>,
    /// The folder whose copy is preopened.
    pub(crate) folder: Option<FilePath>,
}

/// A variable and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) span: TextSpan,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stdin {
    Text(String, TextSpan),
    File(FilePath),
}

/// The results of an imported function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) import: SpannedText,
    /// The results in WAVE, one for each call; the last one repeats.
    pub(crate) values: Vec<SpannedText>,
    /// As in [`Scenario::component`].
    pub(crate) component: Option<String>,
}

/// A component that implements an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Provider {
    pub(crate) import: SpannedText,
    pub(crate) file: FilePath,
}

impl Given {
    pub(crate) fn is_empty(&self) -> bool {
        *self == Given::default()
    }

    /// Merges in a stronger layer: its scenarios are added, everything else replaces what has the same name.
    pub(crate) fn merge(&mut self, stronger: Given) {
        self.scenarios.extend(stronger.scenarios);
        replace(&mut self.init, stronger.init);
        replace(&mut self.cleanup, stronger.cleanup);
        replace(&mut self.requests, stronger.requests);
        replace(&mut self.guest.arguments, stronger.guest.arguments);
        replace(&mut self.guest.stdin, stronger.guest.stdin);
        replace(&mut self.guest.folder, stronger.guest.folder);
        let pair = |pair: &Pair| pair.name.clone();
        replace_by(&mut self.guest.environment, stronger.guest.environment, pair);
        replace_by(&mut self.guest.config, stronger.guest.config, pair);
        replace_by(&mut self.answers, stronger.answers, |it| it.import.text.clone());
        replace_by(&mut self.providers, stronger.providers, |it| it.import.text.clone());
    }

    /// The paths of the files and folders named.
    pub(crate) fn paths(&self) -> Vec<&Path> {
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

    /// Resolves relative paths from `folder`.
    pub(crate) fn resolve_from(&mut self, folder: &Path) {
        let resolve = |file: &mut FilePath| file.path = folder.join(&file.path);
        self.providers.iter_mut().for_each(|it| resolve(&mut it.file));
        self.guest.folder.iter_mut().for_each(resolve);
        if let Some(Requests::File(file)) = &mut self.requests {
            resolve(file);
        }
        if let Some(Stdin::File(file)) = &mut self.guest.stdin {
            resolve(file);
        }
    }
}

impl FilePath {
    pub(crate) fn new(written: SpannedText) -> Self {
        FilePath { path: PathBuf::from(&written.text), written }
    }
}

fn replace<T>(slot: &mut Option<T>, stronger: Option<T>) {
    if stronger.is_some() {
        *slot = stronger;
    }
}

fn replace_by<T>(list: &mut Vec<T>, stronger: Vec<T>, name: impl Fn(&T) -> String) {
    list.retain(|weaker| !stronger.iter().any(|it| name(it) == name(weaker)));
    list.extend(stronger);
}

/// Parses calls separated by semicolons.
///
/// # Errors
/// If the text is malformed.
pub(crate) fn calls(written: &SpannedText) -> Result<Vec<Call>, Diagnostic> {
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

/// Parses one call.
///
/// # Errors
/// If the text is malformed or holds several calls.
pub(crate) fn one_call(written: &SpannedText) -> Result<Call, Diagnostic> {
    let mut calls = calls(written)?;
    match (calls.pop(), calls.is_empty()) {
        (Some(call), true) => Ok(call),
        _ => Err(Diagnostic {
            code: Code::WrongValue,
            span: written.span.clone(),
            message: "only one call is allowed here".to_owned(),
            help: "export one function that does everything".to_owned(),
        }),
    }
}

/// Parses arguments in WAVE, in parentheses.
///
/// # Errors
/// If the text is malformed.
pub(crate) fn wave_arguments(written: SpannedText) -> Result<Arguments, Diagnostic> {
    let ranges = wave::arguments(&written.text).map_err(|it| diagnostic(&written, it))?;
    for range in ranges {
        let argument = &written.text[range.clone()];
        if !wave::is_made_up(argument) {
            wave::value(argument).map_err(|it| diagnostic(&written, it.moved(range.start)))?;
        }
    }
    Ok(Arguments::Wave(written))
}

/// Checks that the text is a value in WAVE.
///
/// # Errors
/// If it is not.
pub(crate) fn value(written: &SpannedText) -> Result<(), Diagnostic> {
    wave::value(&written.text).map_err(|it| diagnostic(written, it))
}

fn diagnostic(written: &SpannedText, fault: Fault) -> Diagnostic {
    let Fault { range, message, help } = fault;
    Diagnostic { code: Code::WrongValue, span: written.at(range), message, help }
}
