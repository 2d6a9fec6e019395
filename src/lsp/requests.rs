//! Requests. They are answered from the latest results and never wait for a check.

use std::path::PathBuf;

use gen_lsp_types::{
    CodeActionResponse, CodeLens, CodeLensParams, Command, Hover, Position, Range,
};
use lsp_server::{ErrorCode, Request, RequestId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::annotated::{self, AnnotatedFinding};
use super::commands::REPORT;
use super::server::Server;
use super::virtual_document::VirtualDocument;
use super::{actions, hover, uri};
use crate::report::document::{Artifact, Document, Finding};

/// Most findings of a range that actions are offered for.
const FINDINGS: usize = 16;

impl Server {
    pub(super) fn handle_request(&mut self, request: Request) {
        let Request { id, method, params, .. } = request;
        match method.as_str() {
            "textDocument/diagnostic" => self.client.answer(id, self.document_diagnostics(&params)),
            "workspace/diagnostic" => self.client.answer(id, self.workspace_diagnostics(&params)),
            "textDocument/hover" => self.client.answer(id, self.hover(&params)),
            "textDocument/codeLens" => {
                self.client.answer(id, self.lenses(&params).unwrap_or_default());
            }
            "textDocument/codeAction" => {
                self.client.answer(id, self.actions(&params).unwrap_or_default());
            }
            "workspace/executeCommand" => self.execute(id, &params),
            "workspace/textDocumentContent" => self.content(id, &params),
            _ => {
                let message = format!("unknown method `{method}`");
                self.client.refuse(id, ErrorCode::MethodNotFound, message);
            }
        }
    }

    fn hover(&self, parameters: &Value) -> Option<Hover> {
        let (path, range) = target(parameters, "/position", "/position")?;
        let mut shown = range;
        let mut found: Vec<(&Document, &Artifact, Vec<&Finding>)> = Vec::new();
        for (document, annotation) in annotated::at(&self.schedule, &path, range) {
            let Some(artifact) = document.artifact(annotation.artifact) else { continue };
            shown = annotation.range;
            let finding = AnnotatedFinding::of((document, annotation)).map(|it| it.finding);
            // Ids are unique only within a document.
            let seen = found
                .iter_mut()
                .find(|(other, it, _)| std::ptr::eq(*other, document) && it.id == artifact.id);
            match seen {
                Some((.., findings)) => findings.extend(finding),
                None => found.push((document, artifact, finding.into_iter().collect())),
            }
        }
        let hosts = &found.first()?.0.head.run.hosts;
        let found: Vec<_> = found.into_iter().map(|(_, it, findings)| (it, findings)).collect();
        Some(hover::hover(shown, &found, hosts, self.workspace.capabilities.markdown))
    }

    fn lenses(&self, parameters: &Value) -> Option<Vec<CodeLens>> {
        let path = uri::path(&CodeLensParams::deserialize(parameters).ok()?.text_document.uri)?;
        let annotations = self.schedule.annotations();
        let of_artifacts = annotations.filter(|(_, it)| it.path == path && it.finding.is_none());
        let lenses = of_artifacts.filter_map(|(document, annotation)| {
            let artifact = document.artifact(annotation.artifact)?;
            let report = VirtualDocument::Report(self.workspace.folders.file(&artifact.path));
            let command = Command {
                title: annotation.title.clone(),
                tooltip: None,
                command: REPORT.to_owned(),
                arguments: Some(vec![json!(report.uri())]),
            };
            Some(CodeLens { range: annotation.range, command: Some(command), data: None })
        });
        Some(lenses.collect())
    }

    fn actions(&self, parameters: &Value) -> Option<Vec<CodeActionResponse>> {
        let (path, range) = target(parameters, "/range/start", "/range/end")?;
        let list = |path: &str| parameters.pointer(path).and_then(Value::as_array);
        let is_ours = |kind: &Value| matches!(kind.as_str(), Some("quickfix" | ""));
        if list("/context/only").is_some_and(|only| !only.iter().any(is_ours)) {
            return None;
        }
        let diagnostics = list("/context/diagnostics").map_or(&[][..], Vec::as_slice);
        let uri = self.workspace.uri(&path);
        let found = annotated::at(&self.schedule, &path, range).filter_map(AnnotatedFinding::of);
        let mut actions = Vec::new();
        for found in found.take(FINDINGS) {
            for action in actions::of(&self.workspace, &uri, &found, diagnostics) {
                // Findings of one rule or in one function share actions.
                if !actions.contains(&action) {
                    actions.push(action);
                }
            }
        }
        Some(actions)
    }

    fn content(&self, id: RequestId, parameters: &Value) {
        let uri = parameters.get("uri").and_then(Value::as_str).unwrap_or_default();
        let Some(document) = VirtualDocument::of(uri) else {
            let message = format!("not a document of secondcall: `{uri}`");
            return self.client.refuse(id, ErrorCode::RequestFailed, message);
        };
        let report = self.report_of(&document);
        self.client.answer_in_background(id, move |_| {
            Ok(json!({ "text": document.content(report.as_ref())? }))
        });
    }
}

/// The file and range of a request.
fn target(parameters: &Value, start: &str, end: &str) -> Option<(PathBuf, Range)> {
    let uri = parameters.pointer("/textDocument/uri")?.as_str()?;
    let position = |path: &str| Position::deserialize(parameters.pointer(path)?).ok();
    let range = Range { start: position(start)?, end: position(end)? };
    Some((uri::path(&uri.into())?, range))
}
