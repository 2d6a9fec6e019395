//! The options that script the execution: calls, lifecycle, requests, imports and the guest's environment.

use std::path::PathBuf;

use clap::Args;

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::given::{
    self, Answer, FilePath, Given, Pair, Provider, Requests, Scenario, Stdin,
};
use crate::config::text::SpannedText;

#[derive(Debug, Clone, Default, Args)]
pub(super) struct ScriptOptions {
    /// Call to make: 'ns:pkg/iface#func(1, "x", _)', where `_` is a generated argument. Calls separated
    /// by semicolons are a scenario, which runs as a unit; may be repeated
    #[arg(long = "call", value_name = "CALLS")]
    call: Vec<String>,
    /// Call that prepares an instance
    #[arg(long, value_name = "CALL")]
    init: Option<String>,
    /// Call that cleans up an instance; between two calls, it is made before that of `--init`
    #[arg(long, value_name = "CALL")]
    cleanup: Option<String>,
    /// Requests for HTTP handlers: an .http file, or a HAR archive saved by a browser
    #[arg(long, value_name = "FILE")]
    requests: Option<PathBuf>,
    /// Result of an imported function, in WAVE: 'ns:pkg/iface#func=ok("x")'; may be repeated, with the
    /// results of successive calls
    #[arg(long = "answer", value_name = "IMPORT=VALUE")]
    answers: Vec<String>,
    /// Component that provides an import: ns:pkg/iface=provider.wasm; may be repeated
    #[arg(long = "with", value_name = "IMPORT=FILE")]
    providers: Vec<String>,
    /// Command-line argument for the guest; may be repeated
    #[arg(long = "guest-arg", value_name = "ARGUMENT", allow_hyphen_values = true)]
    guest_arguments: Vec<String>,
    /// Environment variable for the guest; may be repeated
    #[arg(long = "guest-env", value_name = "NAME=VALUE")]
    guest_environment: Vec<String>,
    /// Value in the guest's `wasi:config/store`; may be repeated
    #[arg(long = "guest-config", value_name = "NAME=VALUE")]
    guest_config: Vec<String>,
    /// File that the guest reads as standard input
    #[arg(long = "guest-stdin", value_name = "FILE")]
    guest_stdin: Option<PathBuf>,
    /// Folder of which the guest gets a copy
    #[arg(long = "guest-dir", value_name = "DIR")]
    guest_folder: Option<PathBuf>,
}

impl ScriptOptions {
    /// The script, and errors in it.
    pub(super) fn read(&self) -> (Given, Vec<Diagnostic>) {
        let mut reading = Reading::default();
        for text in &self.call {
            reading.scenario(text);
        }
        reading.given.init = self.init.as_ref().and_then(|it| reading.one_call("--init", it));
        reading.given.cleanup =
            self.cleanup.as_ref().and_then(|it| reading.one_call("--cleanup", it));
        reading.given.requests =
            self.requests.as_ref().map(|it| Requests::File(path("--requests", it)));
        for text in &self.answers {
            reading.answer(text);
        }
        for text in &self.providers {
            reading.provider(text);
        }
        if !self.guest_arguments.is_empty() {
            let span = SpannedText::of_option("--guest-arg", &self.guest_arguments[0]).span;
            reading.given.guest.arguments = Some((self.guest_arguments.clone(), span));
        }
        reading.given.guest.environment = reading.pairs("--guest-env", &self.guest_environment);
        reading.given.guest.config = reading.pairs("--guest-config", &self.guest_config);
        reading.given.guest.stdin =
            self.guest_stdin.as_ref().map(|it| Stdin::File(path("--guest-stdin", it)));
        reading.given.guest.folder = self.guest_folder.as_ref().map(|it| path("--guest-dir", it));
        (reading.given, reading.diagnostics)
    }
}

fn path(option: &str, path: &std::path::Path) -> FilePath {
    FilePath {
        path: path.to_owned(),
        written: SpannedText::of_option(option, &path.display().to_string()),
    }
}

#[derive(Default)]
struct Reading {
    given: Given,
    diagnostics: Vec<Diagnostic>,
}

impl Reading {
    fn taken<T>(&mut self, read: Result<T, Diagnostic>) -> Option<T> {
        read.map_err(|diagnostic| self.diagnostics.push(diagnostic)).ok()
    }

    fn scenario(&mut self, text: &str) {
        let written = SpannedText::of_option("--call", text);
        let calls = self.taken(given::calls(&written));
        self.given.scenarios.extend(calls.map(|calls| Scenario {
            span: written.span,
            component: None,
            calls,
        }));
    }

    fn one_call(&mut self, option: &str, text: &str) -> Option<given::Call> {
        self.taken(given::one_call(&SpannedText::of_option(option, text)))
    }

    fn answer(&mut self, text: &str) {
        let written = SpannedText::of_option("--answer", text);
        let help = "write --answer 'ns:pkg/iface#func=value'";
        let Some((import, value)) = self.split(&written, help) else { return };
        if self.taken(given::value(&value)).is_none() {
            return;
        }
        let answers = &mut self.given.answers;
        match answers.iter_mut().find(|it| it.import.text == import.text) {
            Some(answer) => answer.values.push(value),
            None => answers.push(Answer { import, values: vec![value], component: None }),
        }
    }

    fn provider(&mut self, text: &str) {
        let written = SpannedText::of_option("--with", text);
        let help = "write --with ns:pkg/iface=provider.wasm";
        let Some((import, file)) = self.split(&written, help) else { return };
        self.given.providers.push(Provider { import, file: FilePath::new(file) });
    }

    fn pairs(&mut self, option: &str, texts: &[String]) -> Vec<Pair> {
        let mut pairs: Vec<Pair> = Vec::new();
        for text in texts {
            let written = SpannedText::of_option(option, text);
            let help = format!("write {option} NAME=value");
            if let Some((name, value)) = self.split(&written, &help) {
                pairs.retain(|pair| pair.name != name.text);
                let span = written.span;
                pairs.push(Pair { name: name.text, value: value.text, span });
            }
        }
        pairs
    }

    /// The parts before and after the first equals sign.
    fn split(&mut self, written: &SpannedText, help: &str) -> Option<(SpannedText, SpannedText)> {
        match written.text.find('=').filter(|at| *at > 0) {
            Some(at) => {
                let value = written.part(at + 1..written.text.len());
                Some((written.part(0..at), value))
            }
            None => {
                self.complain(written, "expected a name, `=` and a value", help);
                None
            }
        }
    }

    fn complain(&mut self, written: &SpannedText, message: &str, help: &str) {
        self.diagnostics.push(Diagnostic {
            code: Code::WrongValue,
            span: written.span.clone(),
            message: message.to_owned(),
            help: help.to_owned(),
        });
    }
}
