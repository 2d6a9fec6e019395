//! Requests, answered from what is known. None of them waits for a check.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread;

use gen_lsp_types::{
    ApplyWorkspaceEditRequest, Position, Range, Request as _, ShowDocumentRequest, Uri,
};
use lsp_server::{ErrorCode, Request, RequestId, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::server::Server;
use super::spot::{Found, Spot};
use super::uri::{self, Text};
use super::{acceptance, actions, hover, lens, texts};
use crate::check::acceptance::entry;
use crate::check::configuration::nearest_file;
use crate::config::amend::Entry;
use crate::report::document::{Artifact, Document, Finding};

/// Checks everything again.
pub(super) const CHECK: &str = "secondcall.check";
/// Accepts a finding: `[{uri, id, reason}]`.
pub(super) const ACCEPT: &str = "secondcall.accept";

/// The findings of one line that actions are offered for, at most.
const MOST_FINDINGS: usize = 16;

impl Server {
    pub(super) fn request(&mut self, request: Request) {
        let Request { id, method, params, .. } = request;
        match method.as_str() {
            "textDocument/diagnostic" => self.answer(id, &self.document_diagnostics(&params)),
            "workspace/diagnostic" => self.answer(id, &self.workspace_diagnostics(&params)),
            "textDocument/hover" => self.answer(id, &self.hover(&params)),
            "textDocument/codeLens" => self.answer(id, &self.lenses(&params)),
            "textDocument/codeAction" => self.answer(id, &self.actions(&params)),
            "workspace/executeCommand" => self.command(id, &params),
            "workspace/textDocumentContent" => self.content(id, &params),
            _ => {
                let message = format!("secondcall does not know {method}");
                self.refuse_as(id, ErrorCode::MethodNotFound, message);
            }
        }
    }

    fn hover(&self, parameters: &Value) -> Option<gen_lsp_types::Hover> {
        let (path, range) = place(parameters, "/position", "/position")?;
        let mut told: Vec<(&Document, &Artifact, Vec<&Finding>)> = Vec::new();
        let mut shown = range;
        for (document, spot) in self.spots(&path, range) {
            let Some(artifact) = document.artifact(spot.artifact) else { continue };
            shown = spot.range;
            let known = told
                .iter()
                .position(|(of, it, _)| std::ptr::eq(*of, document) && it.id == artifact.id);
            let known = known.unwrap_or_else(|| {
                told.push((document, artifact, Vec::new()));
                told.len() - 1
            });
            let id = spot.finding.as_ref();
            told[known].2.extend(document.problems(artifact).filter(|it| Some(&it.id) == id));
        }
        let hosts = &told.first()?.0.head.run.hosts;
        let told: Vec<_> = told.iter().map(|(_, it, findings)| (*it, findings.clone())).collect();
        Some(hover::of(shown, &told, hosts, self.abilities.markdown))
    }

    fn lenses(&self, parameters: &Value) -> Vec<gen_lsp_types::CodeLens> {
        let uri = parameters.pointer("/textDocument/uri").and_then(Value::as_str);
        let Some(path) = uri.and_then(|uri| uri::path(&Uri(uri.to_owned()))) else {
            return Vec::new();
        };
        let of_artifacts =
            self.schedule.spots().filter(|(_, it)| it.path == path && it.finding.is_none());
        of_artifacts
            .filter_map(|(document, spot)| {
                let artifact = document.artifact(spot.artifact)?;
                let file = self.folders.file(&artifact.path);
                Some(lens::of(spot, &Text::Report(file)))
            })
            .collect()
    }

    fn actions(&self, parameters: &Value) -> Vec<Value> {
        let Some((path, range)) = place(parameters, "/range/start", "/range/end") else {
            return Vec::new();
        };
        let only = parameters.pointer("/context/only").and_then(Value::as_array);
        if only
            .is_some_and(|only| !only.iter().any(|it| matches!(it.as_str(), Some("quickfix" | ""))))
        {
            return Vec::new();
        }
        let uri = self.documents.uri(&path);
        let diagnostics = parameters.pointer("/context/diagnostics").and_then(Value::as_array);
        let found = self.findings(&path, range);
        let mut actions = Vec::new();
        for action in found.iter().flat_map(|it| actions::of(self, &uri, it, diagnostics)) {
            // Several findings of one rule or in one function have some in common.
            if !actions.contains(&action) {
                actions.push(action);
            }
        }
        actions
    }

    /// The findings on a part of a file.
    fn findings(&self, path: &Path, range: Range) -> Vec<Found<'_>> {
        let spots = self.spots(path, range);
        let found = spots.filter_map(|(document, spot)| Found::of(document, spot));
        found.take(MOST_FINDINGS).collect()
    }

    /// The spots on the lines of a part of a file.
    fn spots(&self, path: &Path, range: Range) -> impl Iterator<Item = (&Document, &Spot)> {
        self.schedule.spots().filter(move |(_, spot)| {
            let (from, to) = (range.start.line, range.end.line);
            spot.path == path && spot.range.start.line <= to && spot.range.end.line >= from
        })
    }

    fn command(&mut self, id: RequestId, parameters: &Value) {
        let name = parameters.get("command").and_then(Value::as_str).unwrap_or_default();
        let first = parameters.pointer("/arguments/0").cloned().unwrap_or_default();
        let text = first.as_str().unwrap_or_default().to_owned();
        match name {
            CHECK => {
                self.schedule.change_all();
                self.answer(id, &Value::Null);
            }
            ACCEPT => match self.accept(&first) {
                Ok(edit) => {
                    let label = "Accept a finding of secondcall";
                    let method = ApplyWorkspaceEditRequest::METHOD.as_str();
                    self.ask(method, json!({ "label": label, "edit": edit }));
                    self.answer(id, &Value::Null);
                }
                Err(message) => self.refuse(id, message),
            },
            actions::EXPLAIN => self.open(id, Some(Text::Rule(text)), None),
            actions::SHOW_TEXT => {
                let offset = parameters.pointer("/arguments/1").and_then(Value::as_u64);
                self.open(id, Text::of(&Uri(text)), offset);
            }
            lens::REPORT => self.open(id, Text::of(&Uri(text)), None),
            _ => self.refuse(id, format!("secondcall has no command `{name}`")),
        }
    }

    fn accept(&self, argument: &Value) -> Result<gen_lsp_types::WorkspaceEdit, String> {
        #[derive(Deserialize)]
        struct Argument {
            uri: String,
            id: String,
            reason: String,
        }
        let Argument { uri, id, reason } =
            Argument::deserialize(argument).map_err(|error| error.to_string())?;
        if reason.trim().is_empty() {
            return Err("say why it is accepted".to_owned());
        }
        let path = uri::path(&Uri(uri)).ok_or("this is no file")?;
        let found = self.finding(&path, &id);
        let found = found.ok_or_else(|| format!("there is no finding {id} in {}", path.display()));
        self.acceptance(&found?, reason.trim())
    }

    /// The finding with this id, in a file.
    fn finding(&self, path: &Path, id: &str) -> Option<Found<'_>> {
        let on_file = self.schedule.spots().filter(|(_, spot)| spot.path == path);
        let mut all = on_file.filter(|(_, spot)| spot.finding.as_deref() == Some(id));
        all.find_map(|(document, spot)| Found::of(document, spot))
    }

    /// The edit that accepts a finding.
    pub(super) fn acceptance(
        &self,
        found: &Found<'_>,
        reason: &str,
    ) -> Result<gen_lsp_types::WorkspaceEdit, String> {
        let Found { document, artifact, finding, .. } = found;
        let file = self.folders.file(&artifact.path);
        let (path, exists) = nearest_file(&file);
        let path = match path.is_absolute() || exists {
            true => self.folders.file(path),
            // Without a repository, it begins where the workspace does.
            false => self.folders.holding(&file).or(file.parent()).unwrap_or(&file).join(path),
        };
        let entry = Entry { reason: reason.to_owned(), ..entry(document, finding) };
        acceptance::edit(&path, exists, &entry, &self.documents, &self.abilities)
    }

    /// Shows a text, at the byte at `offset` of the file if it is a function; a client that shows none gets
    /// it as the command's result.
    fn open(&mut self, id: RequestId, text: Option<Text>, offset: Option<u64>) {
        let Some(text) = text else {
            return self.refuse(id, "this names no text of secondcall's".to_owned());
        };
        let document = self.document_of(&text);
        let (shows, shows_ours) = (self.abilities.shows_documents, self.abilities.text_content);
        let request = self.next_request();
        self.answer_apart(id, move || {
            let content = texts::content(&text, document.as_ref())?;
            let shown = match (shows, shows_ours) {
                (false, _) => None,
                (true, true) => Some(text.uri()),
                (true, false) => texts::written(&text, &content).map(|file| uri::of_path(&file)),
            };
            let Some(uri) = shown else { return Ok((None, json!(content))) };
            let mut parameters = json!({ "uri": uri, "takeFocus": true });
            if let Some(line) = offset.and_then(|offset| texts::line_of(&content, offset)) {
                let place = Position::new(line, 0);
                parameters["selection"] = json!(Range { start: place, end: place });
            }
            let method = ShowDocumentRequest::METHOD.as_str().to_owned();
            Ok((Some(Request::new(request, method, parameters)), Value::Null))
        });
    }

    /// A text under a scheme of ours.
    fn content(&self, id: RequestId, parameters: &Value) {
        let uri = parameters.get("uri").and_then(Value::as_str).unwrap_or_default();
        let Some(text) = Text::of(&Uri(uri.to_owned())) else {
            return self.refuse(id, format!("{uri} names no text of secondcall's"));
        };
        let document = self.document_of(&text);
        self.answer_apart(id, move || {
            Ok((None, json!({ "text": texts::content(&text, document.as_ref())? })))
        });
    }

    /// Answers from another thread, perhaps behind a request of ours: reading a component may take a while.
    /// A bug there is an answer, too.
    fn answer_apart(
        &self,
        id: RequestId,
        work: impl FnOnce() -> Result<(Option<Request>, Value), String> + Send + 'static,
    ) {
        let sender = self.sender.clone();
        thread::spawn(move || {
            let done = catch_unwind(AssertUnwindSafe(work))
                .unwrap_or_else(|_| Err("a bug of secondcall ended this request".to_owned()));
            let response = match done {
                Ok((request, result)) => {
                    // A client that is gone needs neither.
                    let _ = request.map(|request| sender.send(request.into()));
                    Response::new_ok(id, result)
                }
                Err(message) => Response::new_err(id, ErrorCode::RequestFailed as i32, message),
            };
            let _ = sender.send(response.into());
        });
    }

    /// The document that speaks of a text's file, with that file's artifact alone.
    fn document_of(&self, text: &Text) -> Option<Document> {
        let (Text::Function { file, .. } | Text::Report(file)) = text else { return None };
        let documents = self.schedule.entries.values().filter_map(|it| it.document.as_ref());
        let mut found = documents.filter_map(|document| {
            let artifact =
                document.artifacts.iter().find(|it| self.folders.file(&it.path) == *file)?;
            let told = document.only(artifact.id);
            Some(match self.folders.holding(file) {
                Some(folder) => told.below(&folder.display().to_string().replace('\\', "/")),
                None => told,
            })
        });
        found.next()
    }
}

/// The file and the part of it that a request is about.
fn place(parameters: &Value, start: &str, end: &str) -> Option<(PathBuf, Range)> {
    let uri = parameters.pointer("/textDocument/uri")?.as_str()?;
    let position = |path: &str| Position::deserialize(parameters.pointer(path)?).ok();
    let range = Range { start: position(start)?, end: position(end)? };
    Some((uri::path(&Uri(uri.to_owned()))?, range))
}
