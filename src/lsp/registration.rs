//! What the client is asked to tell: the changes of texts and of files.

use gen_lsp_types::{DidChangeTextDocumentNotification, Notification as _, Request as _};
use serde_json::json;

use super::server::{Event, Server};

impl Server {
    /// Asks the client for the changes of those texts that matter before they are saved, and to watch
    /// files; watches them where it does not.
    pub(super) fn register(&mut self) {
        if self.abilities.registers_changes {
            let registration = json!({
                "id": "texts",
                "method": DidChangeTextDocumentNotification::METHOD.as_str(),
                "registerOptions": {
                    "documentSelector": [{ "pattern": "**/*.wat" }, { "pattern": "**/secondcall.toml" }],
                    "syncKind": 1,
                },
            });
            let parameters = json!({ "registrations": [registration] });
            self.ask(gen_lsp_types::RegistrationRequest::METHOD.as_str(), parameters);
        }
        if self.abilities.watches {
            let globs = [
                "**/*.wasm",
                "**/secondcall.toml",
                "**/spin.toml",
                "**/Cargo.toml",
                "**/*.wac",
                "**/*.{yaml,yml}",
            ];
            let watchers: Vec<_> =
                globs.iter().map(|glob| json!({ "globPattern": glob })).collect();
            let registration = json!({
                "id": "files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": { "watchers": watchers },
            });
            let parameters = json!({ "registrations": [registration] });
            self.ask(gen_lsp_types::RegistrationRequest::METHOD.as_str(), parameters);
        } else {
            let events = self.events.0.clone();
            self.watched.watch(move |files| events.send(Event::Changed(files)).is_ok());
        }
    }
}
