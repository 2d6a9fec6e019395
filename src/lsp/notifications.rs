//! Notifications: buffers, files and folders that change. Malformed ones are ignored.

use gen_lsp_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    FileChangeType, TextDocumentContentChangeEvent, Uri, WorkDoneProgressCancelParams,
};
use lsp_server::Notification;
use serde::de::DeserializeOwned;

use super::job::Scope;
use super::server::Server;
use super::uri;
use super::workspace::is_wat;

impl Server {
    /// Returns `None` if the notification is unknown or malformed, or changes nothing.
    pub(super) fn handle_notification(&mut self, notification: &Notification) -> Option<()> {
        fn parse<T: DeserializeOwned>(notification: &Notification) -> Option<T> {
            T::deserialize(&notification.params).ok()
        }
        match notification.method.as_str() {
            "textDocument/didOpen" => {
                let document = parse::<DidOpenTextDocumentParams>(notification)?.text_document;
                let path = self.set_buffer(&document.uri, &document.text)?;
                // A manifest that another program wrote may be unknown.
                if !self.schedule.depends_on(&path) {
                    self.schedule.file_changed(&path, true);
                }
            }
            "textDocument/didChange" => {
                let mut parameters = parse::<DidChangeTextDocumentParams>(notification)?;
                use TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument as Whole;
                let Whole(change) = parameters.content_changes.pop()? else { return None };
                let document = parameters.text_document.text_document_identifier;
                self.set_buffer(&document.uri, &change.text)?;
            }
            "textDocument/didClose" => {
                let document = parse::<DidCloseTextDocumentParams>(notification)?.text_document;
                let path = self.workspace.close_buffer(&document.uri)?;
                self.schedule.remove(&Scope::Buffer(path));
                self.publish();
            }
            "textDocument/didSave" => {
                let document = parse::<DidSaveTextDocumentParams>(notification)?.text_document;
                self.schedule.file_changed(&uri::path(&document.uri)?, true);
            }
            "workspace/didChangeWatchedFiles" => {
                for change in parse::<DidChangeWatchedFilesParams>(notification)?.changes {
                    if let Some(path) = uri::path(&change.uri) {
                        let new = change.kind != FileChangeType::Changed;
                        self.schedule.file_changed(&path, new);
                    }
                }
            }
            "workspace/didChangeWorkspaceFolders" => {
                let event = parse::<DidChangeWorkspaceFoldersParams>(notification)?.event;
                event.removed.iter().for_each(|it| self.workspace.folders.remove(&it.uri));
                event.added.iter().for_each(|it| self.workspace.folders.add(&it.uri));
                self.update_folders();
                self.publish();
            }
            "window/workDoneProgress/cancel" => {
                let token = parse::<WorkDoneProgressCancelParams>(notification)?.token;
                self.schedule.stop_execution(&self.progress.scope(&token)?);
            }
            _ => return None,
        }
        Some(())
    }

    fn set_buffer(&mut self, uri: &Uri, text: &str) -> Option<std::path::PathBuf> {
        let path = self.workspace.set_buffer(uri, text)?;
        if is_wat(&path) {
            self.schedule.change(Scope::Buffer(path.clone()), true);
        }
        Some(path)
    }
}
