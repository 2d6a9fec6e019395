//! A client: sends messages, and waits for what it is told.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use secondcall::lsp::{self, End};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Longer than any answer takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A folder with files.
pub(crate) struct Project {
    folder: TempDir,
    path: PathBuf,
}

impl Project {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = fs::canonicalize(folder.path()).unwrap();
        Project { folder, path }
    }

    pub(crate) fn path(&self) -> &Path {
        assert!(self.folder.path().is_dir());
        &self.path
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Writes what a text encodes to.
    pub(crate) fn build(&self, name: &str, text: &str) {
        self.write(name, wat::parse_str(text).unwrap());
    }
}

pub(crate) struct Client {
    connection: Connection,
    server: JoinHandle<End>,
    pub(crate) introduction: Value,
    last: i32,
    /// What was told and not asked for yet.
    told: VecDeque<(String, Value)>,
    /// Everything that was ever told, by method.
    methods: Vec<String>,
}

impl Client {
    /// One with these capabilities, in a workspace of these folders.
    pub(crate) fn start(capabilities: Value, folders: &[&Path], options: Value) -> Self {
        let (connection, other) = Connection::memory();
        let server = thread::spawn(move || lsp::serve(&other).unwrap());
        let folders: Vec<_> =
            folders.iter().map(|it| json!({ "uri": uri(it), "name": "folder" })).collect();
        let (told, methods) = Default::default();
        let mut client =
            Client { connection, server, introduction: Value::Null, last: 0, told, methods };
        client.introduction = client.request(
            "initialize",
            json!({
                "processId": null,
                "rootUri": null,
                "capabilities": capabilities,
                "workspaceFolders": folders,
                "initializationOptions": options,
            }),
        );
        // Nothing keeps a client from saying this first.
        client.notify("$/setTrace", json!({ "value": "off" }));
        client.notify("initialized", json!({}));
        client
    }

    /// The result of a request.
    pub(crate) fn request(&mut self, method: &str, parameters: Value) -> Value {
        let response = self.answer(method, parameters);
        let response = serde_json::to_value(response).unwrap();
        assert_eq!(response.get("error"), None, "{method}");
        response["result"].clone()
    }

    /// The words with which a request is refused.
    pub(crate) fn refused(&mut self, method: &str, parameters: Value) -> String {
        let response = serde_json::to_value(self.answer(method, parameters)).unwrap();
        response["error"]["message"].as_str().unwrap().to_owned()
    }

    fn answer(&mut self, method: &str, parameters: Value) -> Response {
        self.last += 1;
        let id = RequestId::from(self.last);
        let request = Request::new(id.clone(), method.to_owned(), parameters);
        self.connection.sender.send(request.into()).unwrap();
        loop {
            if let Some(response) = self.hear(PATIENCE).filter(|response| response.id == id) {
                return response;
            }
        }
    }

    pub(crate) fn notify(&self, method: &str, parameters: Value) {
        self.connection
            .sender
            .send(Notification::new(method.to_owned(), parameters).into())
            .unwrap();
    }

    /// Takes one message; requests of the server's are answered with nothing.
    fn hear(&mut self, patience: Duration) -> Option<Response> {
        match self.connection.receiver.recv_timeout(patience).expect("the server is silent") {
            Message::Response(response) => return Some(response),
            Message::Notification(told) => self.note(told.method, told.params),
            Message::Request(request) => {
                let answer = Response::new_ok(request.id, Value::Null);
                self.connection.sender.send(answer.into()).unwrap();
                self.note(request.method, request.params);
            }
        }
        None
    }

    fn note(&mut self, method: String, parameters: Value) {
        self.methods.push(method.clone());
        self.told.push_back((method, parameters));
    }

    /// The next message of a kind for which `wanted` holds; those before it are dropped.
    fn next(&mut self, method: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            while let Some((kind, parameters)) = self.told.pop_front() {
                if kind == method && wanted(&parameters) {
                    return parameters;
                }
            }
            let rest = PATIENCE.checked_sub(start.elapsed());
            let rest = rest.unwrap_or_else(|| panic!("{method} did not come: {:?}", self.methods));
            self.hear(rest);
        }
    }

    /// The diagnostics that are pushed for a file, once they are as wanted.
    pub(crate) fn pushed(&mut self, path: &Path, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let uri = uri(path);
        let told = self.next("textDocument/publishDiagnostics", |it| {
            it["uri"] == uri && wanted(it["diagnostics"].as_array().unwrap())
        });
        told["diagnostics"].as_array().unwrap().clone()
    }

    /// The parameters of the next request of the server's with this method.
    pub(crate) fn asked(&mut self, method: &str) -> Value {
        self.next(method, |_| true)
    }

    /// The parameters of the next notification with this method.
    pub(crate) fn told(&mut self, method: &str) -> Value {
        self.next(method, |_| true)
    }

    /// How often the server sent this method.
    pub(crate) fn count(&self, method: &str) -> usize {
        self.methods.iter().filter(|it| *it == method).count()
    }

    pub(crate) fn open(&self, path: &Path, text: &str) {
        let document = json!({ "uri": uri(path), "languageId": "wat", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    pub(crate) fn change(&self, path: &Path, text: &str) {
        let document = json!({ "uri": uri(path), "version": 2 });
        let changes = json!([{ "text": text }]);
        let parameters = json!({ "textDocument": document, "contentChanges": changes });
        self.notify("textDocument/didChange", parameters);
    }

    pub(crate) fn close(&self, path: &Path) {
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri(path) } }));
    }

    pub(crate) fn save(&self, path: &Path) {
        self.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri(path) } }));
    }

    /// A file that the client watches was created (1), changed (2) or deleted (3).
    pub(crate) fn changed(&self, path: &Path, kind: u32) {
        let change = json!({ "uri": uri(path), "type": kind });
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": [change] }));
    }

    /// Leaves, as the protocol has it; the server ends.
    pub(crate) fn stop(mut self) {
        self.request("shutdown", Value::Null);
        assert_eq!(self.exit(), End::Agreed);
    }

    /// Leaves at once.
    pub(crate) fn exit(self) -> End {
        self.notify("exit", Value::Null);
        self.server.join().unwrap()
    }

    /// Is gone, without a word.
    pub(crate) fn vanish(self) -> End {
        drop(self.connection);
        self.server.join().unwrap()
    }
}

pub(crate) fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// What VS Code 1.99 says of itself through `vscode-languageclient` 11, as far as it matters here.
pub(crate) fn vscode() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-16"] },
        "workspace": {
            "diagnostics": { "refreshSupport": true },
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "codeLens": { "refreshSupport": true },
            "textDocumentContent": { "dynamicRegistration": true },
            "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create", "rename", "delete"] },
        },
        "textDocument": {
            "synchronization": { "dynamicRegistration": true },
            "diagnostic": { "dynamicRegistration": true, "relatedInformation": true },
            "publishDiagnostics": { "relatedInformation": true },
            "hover": { "contentFormat": ["markdown", "plaintext"] },
            "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["", "quickfix"] } } },
        },
        "window": { "workDoneProgress": true, "showDocument": { "support": true } },
    })
}

/// What Neovim 0.10 says of itself, as far as it matters here.
pub(crate) fn neovim() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-8", "utf-16", "utf-32"] },
        "workspace": {
            "didChangeWatchedFiles": { "dynamicRegistration": false },
            "workspaceEdit": { "resourceOperations": ["rename", "create", "delete"] },
        },
        "textDocument": {
            "synchronization": { "dynamicRegistration": false },
            "diagnostic": { "dynamicRegistration": false },
            "publishDiagnostics": { "relatedInformation": true },
            "hover": { "contentFormat": ["markdown", "plaintext"] },
            "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["", "quickfix"] } } },
        },
        "window": { "workDoneProgress": true, "showDocument": { "support": true } },
    })
}
