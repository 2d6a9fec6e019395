//! Prepares the script for each component of a run: finds exports and imports, checks values, reads files. Reports
//! errors before anything is called.

mod files;
mod lookup;
mod tracking;
mod values;
mod wanted;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::configuration::ResolvedConfig;
use super::inputs::Loaded;
use super::paths::from_here;
use super::prepared::Prepared;
use crate::component::Component;
use crate::composition::{self, Misfit, Plug};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::given::{self, Given, Requests, Stdin};
use crate::config::glob;
use crate::config::text::SpannedText;
use crate::digest::sha256;
use crate::location::file_name;
use crate::report::given as reported;
use crate::script::{self, Answer, Lifecycle, Provider, Scenario, Script, ScriptedCall};
use files::Files;
use lookup::Found;
use tracking::{Entry, Tracking};
use wanted::Wanted;

/// Help for a name or pattern that matches no export: the most similar name, or all names.
pub(super) fn suggested_export(name: &str, all: &BTreeSet<String>) -> String {
    lookup::suggestion(name, all, Wanted::Export)
}

/// The scripts of a run.
#[derive(Debug)]
pub(crate) struct Preparation {
    /// One script per component.
    pub(crate) all: Vec<Prepared>,
    /// Entries that apply to no component.
    pub(crate) unmatched: Vec<Diagnostic>,
}

/// Prepares the script for each component. One whose configuration gives nothing need not be loaded.
///
/// # Errors
/// If a script is invalid.
pub(crate) fn prepare<'a>(
    inputs: impl IntoIterator<Item = (&'a ResolvedConfig, Option<&'a Loaded>)>,
) -> Result<Preparation, Vec<Diagnostic>> {
    let mut files = Files::default();
    let mut tracking = Tracking::default();
    let mut errors = Vec::new();
    let mut all = Vec::new();
    for (resolved, input) in inputs {
        let given = &resolved.config.given;
        let mut prepared = Prepared::default();
        if let Some(input) = input.filter(|_| !given.is_empty()) {
            match input.bytes.as_deref().map(Component::declared) {
                Ok(Ok(component)) => {
                    let names: Vec<_> = resolved.names(&input.path).collect();
                    tracking.add(&input.path, &component);
                    let (files, tracking, errors) = (&mut files, &mut tracking, &mut errors);
                    let (component, names) = (&component, &names);
                    prepared =
                        Preparer { component, names, files, tracking, errors }.prepare(given);
                }
                _ => tracking.add_unreadable(),
            }
        }
        all.push(prepared);
    }
    errors.extend(files.diagnostics);
    let unmatched = tracking.diagnostics();
    let (mut unmatched, on_command_line): (Vec<_>, Vec<_>) =
        unmatched.into_iter().partition(|it| it.code == Code::UnmatchedEntry);
    errors.extend(on_command_line);
    for list in [&mut unmatched, &mut errors] {
        list.sort_by(|one, other| one.span.cmp(&other.span));
        list.dedup();
    }
    if errors.is_empty() { Ok(Preparation { all, unmatched }) } else { Err(errors) }
}

/// Prepares the script for one component.
struct Preparer<'a, 'f> {
    component: &'a Component<'a>,
    /// Its path, and its name in a manifest.
    names: &'a [&'a str],
    files: &'f mut Files,
    tracking: &'f mut Tracking,
    errors: &'f mut Vec<Diagnostic>,
}

impl<'a> Preparer<'a, '_> {
    fn prepare(&mut self, given: &Given) -> Prepared {
        let (mut script, mut report) = (Script::default(), reported::Given::default());
        for scenario in &given.scenarios {
            if self.is_meant(scenario.component.as_deref()) {
                script.scenarios.extend(self.scenario(scenario));
            }
        }
        for scenario in &script.scenarios {
            let calls = scenario.calls.iter().map(|it| it.export.to_string());
            let (from, calls) = (scenario.name.clone(), calls.collect());
            report.scenarios.push(reported::Scenario { from, calls });
        }
        script.lifecycle = Lifecycle {
            init: given.init.as_ref().and_then(|it| self.lifecycle(it)),
            cleanup: given.cleanup.as_ref().and_then(|it| self.lifecycle(it)),
        };
        let name = |call: &ScriptedCall| call.export.to_string();
        report.init = script.lifecycle.init.as_ref().map(name);
        report.cleanup = script.lifecycle.cleanup.as_ref().map(name);
        if let Some(requests) = &given.requests {
            self.requests(requests, &mut script, &mut report);
        }
        let files = self.guest(&given.guest, &mut script, &mut report);
        for answer in &given.answers {
            if self.is_meant(answer.component.as_deref())
                && let Some(answer) = self.answer(answer)
            {
                script.answers.retain(|it| it.import != answer.import);
                script.answers.push(answer);
            }
        }
        for answer in &script.answers {
            let (import, values) = (answer.import.clone(), answer.values.len() as u64);
            report.answers.push(reported::Answer { import, values });
        }
        let mut plugged: Vec<(&given::Provider, Provider)> = Vec::new();
        for provider in &given.providers {
            if let Some(found) = self.provider(provider) {
                plugged.retain(|(_, it)| it.import != found.import);
                plugged.push((provider, found));
            }
        }
        for (provider, found) in self.fitting(plugged) {
            report.providers.push(reported::Provider {
                import: found.import.clone(),
                path: from_here(&provider.file.path),
                sha256: sha256(&found.bytes),
            });
            script.providers.push(found);
        }
        let is_something = report != reported::Given::default();
        let written = serde_json::to_vec(&script).expect("a script is plain values");
        let digest = format!("{} {}", sha256(&written), files.digest);
        let digest = if is_something { digest } else { String::new() };
        let report = is_something.then_some(report);
        let files = given.guest.folder.as_ref().map(|_| files.all);
        Prepared { script: Arc::new(script), files, report, digest }
    }

    /// Whether an entry applies to this component.
    fn is_meant(&self, glob: Option<&str>) -> bool {
        glob.is_none_or(|glob| glob::matches_artifact(glob, self.names))
    }

    fn scenario(&mut self, scenario: &given::Scenario) -> Option<Scenario> {
        let exports = &self.component.exports;
        let found: Vec<_> =
            scenario.calls.iter().map(|it| lookup::function(&it.export.text, exports)).collect();
        let is_here = found.iter().any(|it| !matches!(it, Found::None));
        for call in &scenario.calls {
            self.tracking.note(Entry::of(&call.export, Wanted::Export), is_here);
        }
        if !is_here {
            return None;
        }
        let calls = scenario.calls.iter().zip(found);
        let calls: Vec<_> = calls.map(|(call, found)| self.call(call, found)).collect();
        let calls = calls.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Scenario { name: scenario.span.to_string(), calls })
    }

    fn lifecycle(&mut self, call: &given::Call) -> Option<ScriptedCall> {
        let found = self.find(&call.export, Wanted::Export)?;
        self.call(call, found)
    }

    /// The functions with a name, noted; `None` if there are none.
    fn find(&mut self, written: &SpannedText, wanted: Wanted) -> Option<Found<'a>> {
        let component = self.component;
        let functions = match wanted {
            Wanted::Import => &component.imports,
            _ => &component.exports,
        };
        let found = lookup::function(&written.text, functions);
        let is_here = !matches!(found, Found::None);
        self.tracking.note(Entry::of(written, wanted), is_here);
        is_here.then_some(found)
    }

    fn call(&mut self, call: &given::Call, found: Found<'_>) -> Option<ScriptedCall> {
        let exports = self.component.exports.iter().map(|it| &it.name);
        let function = match found.one(&call.export, Wanted::Export, exports) {
            Ok(function) => function,
            Err(diagnostic) => {
                self.errors.push(*diagnostic);
                return None;
            }
        };
        let arguments = values::arguments(call, function);
        let arguments = arguments.map_err(|it| self.errors.push(*it)).ok()?;
        Some(ScriptedCall { export: function.name.clone(), arguments })
    }

    fn requests(&mut self, requests: &Requests, script: &mut Script, report: &mut reported::Given) {
        let handles = self.component.exports.iter().any(|it| {
            let interface = it.name.interface();
            matches!(interface, Some("wasi:http/incoming-handler" | "wasi:http/handler"))
        });
        let span = match requests {
            Requests::File(file) => &file.written.span,
            Requests::List(_, span) => span,
        };
        let entry = Entry { span: span.clone(), name: String::new(), wanted: Wanted::Handler };
        self.tracking.note(entry, handles);
        let (list, from) = match requests {
            Requests::File(file) => {
                let Some(list) = self.files.requests(file) else { return };
                (list.to_vec(), from_here(&file.path))
            }
            Requests::List(list, span) => (list.clone(), span.to_string()),
        };
        if handles && !list.is_empty() {
            report.requests = Some(reported::Requests { from, count: list.len() as u64 });
            script.requests = list;
        }
    }

    fn guest(
        &mut self,
        given: &given::Guest,
        script: &mut Script,
        report: &mut reported::Given,
    ) -> files::Folder {
        if let Some((arguments, _)) = &given.arguments {
            report.guest.arguments = arguments.len() as u64;
            let program = match file_name(self.names[0]) {
                "-" | "" => "component.wasm",
                name => name,
            };
            script.guest.arguments = vec![program.to_owned()];
            script.guest.arguments.extend_from_slice(arguments);
        }
        let pairs = |pairs: &[given::Pair]| -> Vec<(String, String)> {
            pairs.iter().map(|it| (it.name.clone(), it.value.clone())).collect()
        };
        let names = |pairs: &[given::Pair]| pairs.iter().map(|it| it.name.clone()).collect();
        script.guest.environment = pairs(&given.environment);
        report.guest.environment = names(&given.environment);
        script.guest.config = pairs(&given.config);
        report.guest.config = names(&given.config);
        let stdin = match &given.stdin {
            Some(Stdin::Text(text, _)) => Some(text.clone().into_bytes()),
            Some(Stdin::File(file)) => self.files.stdin(file).map(|it| it.to_vec()),
            None => None,
        };
        report.guest.stdin = stdin.as_ref().map(|it| it.len() as u64);
        script.guest.stdin = stdin.map(script::Stdin);
        let Some(folder) = &given.folder else { return files::Folder::default() };
        let Some(files) = self.files.folder(folder) else { return files::Folder::default() };
        report.guest.folder = Some(reported::Folder {
            path: from_here(&folder.path),
            files: files.all.iter().filter(|it| !it.path.ends_with('/')).count() as u64,
            bytes: files.all.iter().map(|it| it.bytes.len() as u64).sum(),
        });
        files
    }

    fn answer(&mut self, answer: &given::Answer) -> Option<Answer> {
        let found = self.find(&answer.import, Wanted::Import)?;
        let imports = self.component.imports.iter().map(|it| &it.name);
        let function = found.one(&answer.import, Wanted::Import, imports);
        let function = function.map_err(|it| self.errors.push(*it)).ok()?;
        let values = values::results(&answer.values, &answer.import.text, function);
        let values = values.map_err(|it| self.errors.push(*it)).ok()?;
        Some(Answer { import: function.name.to_string(), values })
    }

    fn provider(&mut self, provider: &given::Provider) -> Option<Provider> {
        let imports = lookup::instances(&self.component.imports);
        let import = lookup::instance(&provider.import.text, &imports);
        self.tracking.note(Entry::of(&provider.import, Wanted::Interface), import.is_some());
        // Errors in the file are reported even if no component imports it.
        let bytes = self.files.provider(&provider.file)?;
        Some(Provider { import: import?.to_owned(), bytes: bytes.to_vec() })
    }

    /// Returns the providers that can be plugged in, and reports what is wrong with the others.
    fn fitting<'g>(
        &mut self,
        mut plugged: Vec<(&'g given::Provider, Provider)>,
    ) -> Vec<(&'g given::Provider, Provider)> {
        while !plugged.is_empty() {
            let plugs = plugged.iter().map(|(_, it)| Plug { import: &it.import, bytes: &it.bytes });
            let plugs: Vec<_> = plugs.collect();
            let Err(error) = composition::compose(self.component.file, &plugs) else { break };
            let at = plugged.iter().position(|(_, it)| error.import.as_ref() == Some(&it.import));
            let file = &plugged[at.unwrap_or(0)].0.file;
            self.errors.push(Diagnostic {
                code: match error.misfit {
                    Misfit::Unreadable => Code::Unreadable,
                    Misfit::NotExported => Code::UnknownExport,
                    Misfit::OtherType | Misfit::Uncomposable => Code::WrongType,
                },
                span: file.written.span.clone(),
                message: format!("{} {}", from_here(&file.path), error.message),
                help: error.help,
            });
            match at {
                Some(at) => drop(plugged.remove(at)),
                None => plugged.clear(),
            }
        }
        plugged
    }
}
