//! What the client tells: texts that are open, files that change, folders that come and go.

use lsp_server::Notification;
use serde_json::Value;

use super::checks::Scope;
use super::documents::is_wat;
use super::folders::listed;
use super::server::Server;
use super::uri;

impl Server {
    pub(super) fn notification(&mut self, told: Notification) {
        let at = |path: &str| told.params.pointer(path).and_then(Value::as_str);
        let document = at("/textDocument/uri").map(|it| gen_lsp_types::Uri(it.to_owned()));
        match (told.method.as_str(), document) {
            ("initialized", _) => self.begin_with_all(),
            ("textDocument/didOpen", Some(uri)) => {
                self.text(&uri, at("/textDocument/text"));
                // A manifest that another program wrote may not be known.
                if let Some(path) = uri::path(&uri).filter(|path| !self.schedule.knows(path)) {
                    self.schedule.changed(&path, true);
                }
            }
            ("textDocument/didChange", Some(uri)) => {
                let changes = told.params.pointer("/contentChanges").and_then(Value::as_array);
                let last = changes.and_then(|changes| changes.last()?.get("text")?.as_str());
                self.text(&uri, last);
            }
            ("textDocument/didClose", Some(uri)) => {
                if let Some(path) = self.documents.close(&uri) {
                    self.schedule.remove(&Scope::Text(path));
                    self.publish();
                }
            }
            ("textDocument/didSave", Some(uri)) => {
                if let Some(path) = uri::path(&uri) {
                    self.schedule.changed(&path, true);
                }
            }
            ("workspace/didChangeWatchedFiles", _) => {
                let changes = told.params.get("changes").and_then(Value::as_array);
                for change in changes.into_iter().flatten() {
                    let uri = change.get("uri").and_then(Value::as_str).unwrap_or_default();
                    let is_change = change.get("type").and_then(Value::as_u64) == Some(2);
                    if let Some(path) = uri::path(&gen_lsp_types::Uri(uri.to_owned())) {
                        self.schedule.changed(&path, !is_change);
                    }
                }
            }
            ("workspace/didChangeWorkspaceFolders", _) => {
                let list = |name: &str| listed(told.params.pointer(&format!("/event/{name}")));
                list("removed").iter().for_each(|folder| self.folders.remove(folder));
                list("added").into_iter().for_each(|folder| self.folders.add(folder));
                self.check_folders();
                self.publish();
            }
            ("window/workDoneProgress/cancel", _) => {
                if let Some(scope) = told.params.get("token").and_then(|it| self.progress.scope(it))
                {
                    self.schedule.stop_calls(&scope);
                }
            }
            _ => {}
        }
    }

    /// A text was opened or has changed.
    fn text(&mut self, uri: &gen_lsp_types::Uri, text: Option<&str>) {
        let Some(path) = text.and_then(|text| self.documents.set(uri, text)) else {
            return;
        };
        if is_wat(&path) {
            self.schedule.change(Scope::Text(path), true);
        }
    }

    /// The client is ready: now it may be asked for something.
    fn begin_with_all(&mut self) {
        self.register();
        self.check_folders();
    }

    /// Checks the workspace's folders that are new, and no more those that are gone.
    fn check_folders(&mut self) {
        let wanted: Vec<_> =
            self.folders.outermost().map(|it| Scope::Folder(it.to_owned())).collect();
        for scope in self.schedule.entries.keys().cloned().collect::<Vec<_>>() {
            if matches!(scope, Scope::Folder(_)) && !wanted.contains(&scope) {
                self.schedule.remove(&scope);
            }
        }
        for scope in wanted {
            if !self.schedule.entries.contains_key(&scope) {
                self.schedule.change(scope, true);
            }
        }
    }
}
