//! A client that sends messages and waits for those of the server.

use std::collections::VecDeque;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use std::{fs, thread};

use lsp_server::{Message, Notification, Request, RequestId, Response};
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
    input: ChildStdin,
    messages: Receiver<Message>,
    server: Child,
    pub(crate) introduction: Value,
    last: i32,
    /// Messages of the server that no test has waited for yet: method and parameters.
    received: VecDeque<(String, Value)>,
    /// The methods of all messages of the server.
    methods: Vec<String>,
}

impl Client {
    /// Starts a client with these capabilities, in a workspace of these folders.
    pub(crate) fn start(capabilities: Value, folders: &[&Path], options: Value) -> Self {
        Self::start_with(&[], capabilities, folders, options)
    }

    /// Starts a client whose server has these environment variables.
    pub(crate) fn start_with(
        variables: &[(&str, &str)],
        capabilities: Value,
        folders: &[&Path],
        options: Value,
    ) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_secondcall"));
        command.envs(variables.iter().copied());
        command.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().unwrap();
        let input = server.stdin.take().unwrap();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        let (sender, messages) = channel();
        thread::spawn(move || {
            while let Ok(Some(message)) = Message::read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let folders: Vec<_> =
            folders.iter().map(|it| json!({ "uri": uri(it), "name": "folder" })).collect();
        let (received, methods) = Default::default();
        let introduction = Value::Null;
        let mut client =
            Client { input, messages, server, introduction, last: 0, received, methods };
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
        // Some clients send this first.
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

    /// The error message of a refused request.
    pub(crate) fn refused(&mut self, method: &str, parameters: Value) -> String {
        let response = serde_json::to_value(self.answer(method, parameters)).unwrap();
        response["error"]["message"].as_str().unwrap().to_owned()
    }

    fn answer(&mut self, method: &str, parameters: Value) -> Response {
        self.last += 1;
        let id = RequestId::from(self.last);
        let request = Request::new(id.clone(), method.to_owned(), parameters);
        self.send(request);
        loop {
            if let Some(response) = self.hear(PATIENCE).filter(|response| response.id == id) {
                return response;
            }
        }
    }

    pub(crate) fn notify(&self, method: &str, parameters: Value) {
        self.send(Notification::new(method.to_owned(), parameters));
    }

    fn send(&self, message: impl Into<Message>) {
        message.into().write(&mut &self.input).unwrap();
    }

    /// Receives one message, and returns it if it is a response. Requests are answered with `null`.
    fn hear(&mut self, patience: Duration) -> Option<Response> {
        match self.messages.recv_timeout(patience).expect("the server is silent") {
            Message::Response(response) => return Some(response),
            Message::Notification(it) => self.note(it.method, it.params),
            Message::Request(request) => {
                let answer = Response::new_ok(request.id, Value::Null);
                self.send(answer);
                self.note(request.method, request.params);
            }
        }
        None
    }

    fn note(&mut self, method: String, parameters: Value) {
        self.methods.push(method.clone());
        self.received.push_back((method, parameters));
    }

    /// Waits for a message for which `wanted` holds, and drops those before it.
    fn next(&mut self, method: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            while let Some((kind, parameters)) = self.received.pop_front() {
                if kind == method && wanted(&parameters) {
                    return parameters;
                }
            }
            let rest = PATIENCE.checked_sub(start.elapsed());
            let rest = rest.unwrap_or_else(|| panic!("{method} did not come: {:?}", self.methods));
            self.hear(rest);
        }
    }

    /// Waits until the diagnostics pushed for a file are as wanted.
    pub(crate) fn pushed(&mut self, path: &Path, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let uri = uri(path);
        let pushed = self.next("textDocument/publishDiagnostics", |it| {
            it["uri"] == uri && wanted(it["diagnostics"].as_array().unwrap())
        });
        pushed["diagnostics"].as_array().unwrap().clone()
    }

    /// The parameters of the server's next request or notification with this method.
    pub(crate) fn received(&mut self, method: &str) -> Value {
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

    /// Shuts the server down.
    pub(crate) fn stop(mut self) {
        self.request("shutdown", Value::Null);
        assert_eq!(self.exit(), Some(0));
    }

    /// Leaves without a `shutdown` request. Returns the server's exit code.
    pub(crate) fn exit(self) -> Option<i32> {
        self.notify("exit", Value::Null);
        self.vanish()
    }

    /// Disconnects. Returns the server's exit code.
    pub(crate) fn vanish(mut self) -> Option<i32> {
        drop(self.input);
        self.server.wait().unwrap().code()
    }
}

pub(crate) fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// The relevant capabilities of VS Code 1.99 with `vscode-languageclient` 11.
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

/// The relevant capabilities of Neovim 0.10.
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
