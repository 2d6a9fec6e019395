//! The server's state, and what it publishes. Diagnostics are pushed or pulled, never both: the client would show each
//! twice.

use std::collections::BTreeMap;

use crossbeam_channel::Sender;
use gen_lsp_types::{
    CodeLensRefreshRequest, Diagnostic, DiagnosticRefreshRequest, DocumentDiagnosticParams,
    PublishDiagnosticsNotification, PublishDiagnosticsParams, WorkspaceDiagnosticParams,
};
use lsp_server::Message;
use serde::Deserialize;
use serde_json::{Value, json};

use super::capabilities::ClientCapabilities;
use super::client::Client;
use super::job::Scope;
use super::options::Options;
use super::progress::Progress;
use super::rendering::Diagnostics;
use super::schedule::Schedule;
use super::uri;
use super::virtual_document::VirtualDocument;
use super::watch::Watcher;
use super::workspace::Workspace;
use crate::digest::sha256;
use crate::report::document::Document;

pub(super) struct Server {
    pub(super) client: Client,
    pub(super) workspace: Workspace,
    pub(super) schedule: Schedule,
    pub(super) progress: Progress,
    pub(super) watcher: Watcher,
    /// The diagnostics that the client has, or can pull.
    published: Diagnostics,
}

impl Server {
    pub(super) fn new(
        sender: Sender<Message>,
        capabilities: ClientCapabilities,
        initialize: &Value,
    ) -> Self {
        let client = Client::new(sender);
        let (options, error) = Options::of(initialize.get("initializationOptions"));
        error.into_iter().for_each(|message| client.show_warning(message));
        Server {
            progress: Progress::new(client.clone()),
            client,
            workspace: Workspace::new(initialize, capabilities, options),
            schedule: Schedule::default(),
            watcher: Watcher::default(),
            published: Diagnostics::new(),
        }
    }

    /// Checks the workspace's new folders, and drops the results of removed ones.
    pub(super) fn update_folders(&mut self) {
        let folders = self.workspace.folders.outermost();
        let wanted: Vec<_> = folders.map(|folder| Scope::Folder(folder.to_owned())).collect();
        for scope in self.schedule.scopes.keys().cloned().collect::<Vec<_>>() {
            if matches!(scope, Scope::Folder(_)) && !wanted.contains(&scope) {
                self.schedule.remove(&scope);
            }
        }
        for scope in wanted {
            if !self.schedule.scopes.contains_key(&scope) {
                self.schedule.change(scope, true);
            }
        }
    }

    /// The report of the component that a virtual document is about; `None` if it was not checked.
    pub(super) fn report_of(&self, document: &VirtualDocument) -> Option<Document> {
        use VirtualDocument::{Function, Report};
        let (Function { file, .. } | Report(file)) = document else { return None };
        let folders = &self.workspace.folders;
        let reports = self.schedule.scopes.values().filter_map(|state| state.document.as_ref());
        let mut found = reports.filter_map(|report| {
            let is_here = |path: &String| folders.file(path) == *file;
            let mut artifacts = report.artifacts.iter();
            let artifact = artifacts.find(|it| is_here(&it.path) || it.also.iter().any(is_here))?;
            let report = report.only(artifact.id);
            Some(match folders.containing(file) {
                Some(folder) => report.below(&folder.display().to_string().replace('\\', "/")),
                None => report,
            })
        });
        found.next()
    }

    /// Sends the client what changed since the last call, or asks it to pull.
    pub(super) fn publish(&mut self) {
        let mut new = Diagnostics::new();
        for (path, diagnostics) in self.schedule.diagnostics() {
            let merged = new.entry(path.clone()).or_default();
            for diagnostic in diagnostics {
                if !merged.contains(diagnostic) {
                    merged.push(diagnostic.clone());
                }
            }
        }
        if self.workspace.capabilities.refreshes_lenses {
            self.client.request::<CodeLensRefreshRequest>(());
        }
        // A file without diagnostics is published once more, as empty.
        for path in self.published.keys() {
            new.entry(path.clone()).or_default();
        }
        let old = std::mem::replace(&mut self.published, new);
        if self.workspace.capabilities.pulls {
            if old != self.published {
                self.client.request::<DiagnosticRefreshRequest>(());
            }
            return;
        }
        for (path, diagnostics) in &self.published {
            if old.get(path) != Some(diagnostics) {
                let (uri, diagnostics) = (self.workspace.uri(path), diagnostics.clone());
                let parameters = PublishDiagnosticsParams { uri, version: None, diagnostics };
                self.client.notify::<PublishDiagnosticsNotification>(parameters);
            }
        }
        self.published.retain(|_, diagnostics| !diagnostics.is_empty());
    }

    /// A `DocumentDiagnosticReport`.
    pub(super) fn document_diagnostics(&self, parameters: &Value) -> Value {
        let parameters = DocumentDiagnosticParams::deserialize(parameters).ok();
        let path = parameters.as_ref().and_then(|it| uri::path(&it.text_document.uri));
        let diagnostics = path.and_then(|path| self.published.get(&path));
        let previous = parameters.and_then(|parameters| parameters.previous_result_id);
        report(diagnostics.map_or(&[], Vec::as_slice), previous.as_deref())
    }

    /// A `WorkspaceDiagnosticReport`.
    pub(super) fn workspace_diagnostics(&self, parameters: &Value) -> Value {
        let parameters = WorkspaceDiagnosticParams::deserialize(parameters).unwrap_or_default();
        let previous = parameters.previous_result_ids.into_iter();
        let previous: BTreeMap<_, _> = previous.map(|it| (it.uri.0, it.value)).collect();
        let items = self.published.iter().map(|(path, diagnostics)| {
            let uri = self.workspace.uri(path);
            let mut report = report(diagnostics, previous.get(&uri.0).map(String::as_str));
            report["uri"] = json!(uri);
            report["version"] = Value::Null;
            report
        });
        json!({ "items": items.collect::<Vec<_>>() })
    }
}

fn report(diagnostics: &[Diagnostic], previous: Option<&str>) -> Value {
    let items = json!(diagnostics);
    let id = sha256(items.to_string())[..16].to_owned();
    match previous == Some(id.as_str()) {
        true => json!({ "kind": "unchanged", "resultId": id }),
        false => json!({ "kind": "full", "resultId": id, "items": items }),
    }
}
