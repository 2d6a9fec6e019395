//! Diagnostics, pushed or pulled: never both, or each would be shown twice.

use std::collections::BTreeMap;
use std::path::Path;

use gen_lsp_types::{
    CodeLensRefreshRequest, Diagnostic, DiagnosticRefreshRequest, Notification as _,
    PublishDiagnosticsNotification, PublishDiagnosticsParams, Request as _,
};
use serde_json::{Value, json};

use super::server::Server;
use super::told::Diagnostics;
use super::uri;
use crate::digest::sha256;

impl Server {
    /// Tells the client what is new.
    pub(super) fn publish(&mut self) {
        let mut new = Diagnostics::new();
        for (path, diagnostics) in self.schedule.diagnostics() {
            let there = new.entry(path.clone()).or_default();
            for diagnostic in diagnostics {
                if !there.contains(diagnostic) {
                    there.push(diagnostic.clone());
                }
            }
        }
        if self.abilities.refreshes_lenses {
            self.ask(CodeLensRefreshRequest::METHOD.as_str(), Value::Null);
        }
        // A file of which nothing is told any more is told once, as empty.
        for path in self.published.keys() {
            new.entry(path.clone()).or_default();
        }
        let old = std::mem::replace(&mut self.published, new);
        if self.abilities.pulls {
            if old != self.published {
                self.ask(DiagnosticRefreshRequest::METHOD.as_str(), Value::Null);
            }
            return;
        }
        for (path, diagnostics) in &self.published {
            if old.get(path) != Some(diagnostics) {
                let uri = self.documents.uri(path);
                let parameters = PublishDiagnosticsParams {
                    uri,
                    version: None,
                    diagnostics: diagnostics.clone(),
                };
                self.notify(PublishDiagnosticsNotification::METHOD.as_str(), &parameters);
            }
        }
        self.published.retain(|_, diagnostics| !diagnostics.is_empty());
    }

    /// What is told of one file, where its client has not got that already.
    pub(super) fn document_diagnostics(&self, parameters: &Value) -> Value {
        let text = |path: &str| parameters.pointer(path).and_then(Value::as_str);
        let uri = text("/textDocument/uri").unwrap_or_default().to_owned();
        let path = uri::path(&gen_lsp_types::Uri(uri));
        report(self.of_file(path.as_deref()), text("/previousResultId"))
    }

    /// What is told of all files.
    pub(super) fn workspace_diagnostics(&self, parameters: &Value) -> Value {
        let known = parameters.get("previousResultIds").and_then(Value::as_array);
        let known: BTreeMap<_, _> = known
            .into_iter()
            .flatten()
            .filter_map(|it| Some((it.get("uri")?.as_str()?, it.get("value")?.as_str()?)))
            .collect();
        let items = self.published.iter().map(|(path, diagnostics)| {
            let uri = self.documents.uri(path);
            let mut report = report(diagnostics, known.get(uri.0.as_str()).copied());
            report["uri"] = json!(uri);
            report["version"] = Value::Null;
            report
        });
        json!({ "items": items.collect::<Vec<_>>() })
    }

    fn of_file(&self, path: Option<&Path>) -> &[Diagnostic] {
        path.and_then(|path| self.published.get(path)).map_or(&[], Vec::as_slice)
    }
}

fn report(diagnostics: &[Diagnostic], known: Option<&str>) -> Value {
    let items = json!(diagnostics);
    let id = sha256(items.to_string())[..16].to_owned();
    match known == Some(id.as_str()) {
        true => json!({ "kind": "unchanged", "resultId": id }),
        false => json!({ "kind": "full", "resultId": id, "items": items }),
    }
}
