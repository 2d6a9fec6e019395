//! The event loop: one thread handles messages and events, others run checks.

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, select, unbounded};
use gen_lsp_types::{Registration, RegistrationParams, RegistrationRequest};
use lsp_server::{ErrorCode, Message, Notification};
use serde_json::{Value, json};

use super::job::{Checked, Job};
use super::server::Server;

/// Pause if no check is due.
const IDLE: Duration = Duration::from_secs(3600);

/// How a client left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// After a `shutdown` request.
    Agreed,
    /// Without one.
    Abrupt,
}

/// A report of another thread.
enum Event {
    Checked(Box<Job>, Result<Box<Checked>, String>),
    FilesChanged(Vec<PathBuf>),
}

pub(super) struct EventLoop {
    server: Server,
    events: (Sender<Event>, Receiver<Event>),
    was_busy: bool,
    is_shut_down: bool,
}

impl EventLoop {
    pub(super) fn new(server: Server) -> Self {
        EventLoop { server, events: unbounded(), was_busy: false, is_shut_down: false }
    }

    /// Serves the client until it leaves.
    pub(super) fn run(&mut self, messages: &Receiver<Message>) -> End {
        let events = self.events.1.clone();
        loop {
            for mut job in self.server.schedule.start(Instant::now()) {
                job.executes &= self.server.workspace.options.executes();
                self.spawn(job);
            }
            self.notify_status();
            let next = [self.server.schedule.next(), self.server.progress.next()];
            let next = next.into_iter().flatten().min();
            let pause = next.map_or(IDLE, |due| due.saturating_duration_since(Instant::now()));
            select! {
                recv(messages) -> message => match message {
                    Ok(Message::Notification(it)) if it.method == "exit" => break,
                    Ok(message) => self.handle(message),
                    Err(_) => break,
                },
                recv(events) -> event => match event {
                    Ok(Event::Checked(job, result)) => self.finish(&job, result),
                    Ok(Event::FilesChanged(files)) => {
                        files.iter().for_each(|file| self.server.schedule.file_changed(file, true));
                    }
                    Err(_) => {}
                },
                default(pause) => {}
            }
            self.server.progress.show();
        }
        self.server.schedule.clear();
        if self.is_shut_down { End::Agreed } else { End::Abrupt }
    }

    fn handle(&mut self, message: Message) {
        match message {
            Message::Request(request) if self.is_shut_down => {
                let message = "secondcall was shut down".to_owned();
                self.server.client.refuse(request.id, ErrorCode::InvalidRequest, message);
            }
            Message::Request(request) if request.method == "shutdown" => {
                self.is_shut_down = true;
                self.server.schedule.clear();
                self.server.client.answer(request.id, Value::Null);
            }
            Message::Request(request) => self.server.handle_request(request),
            Message::Notification(_) if self.is_shut_down => {}
            Message::Notification(notification) if notification.method == "initialized" => {
                self.register();
                self.server.update_folders();
            }
            Message::Notification(notification) => {
                // A malformed notification is ignored.
                let _ = self.server.handle_notification(&notification);
            }
            Message::Response(response) => self.server.progress.handle(&response),
        }
    }

    /// Asks the client for the changes of relevant buffers and files. Watches files if the client does not.
    fn register(&self) {
        let register = |id: &str, method: &str, options: Value| {
            let (id, method) = (id.to_owned(), method.to_owned());
            let registration = Registration { id, method, register_options: Some(options) };
            let parameters = RegistrationParams { registrations: vec![registration] };
            self.server.client.request::<RegistrationRequest>(parameters);
        };
        if self.server.workspace.capabilities.registers_changes {
            let selector =
                ["**/*.wat", "**/secondcall.toml"].map(|pattern| json!({ "pattern": pattern }));
            let options = json!({ "documentSelector": selector, "syncKind": 1 });
            register("texts", "textDocument/didChange", options);
        }
        if self.server.workspace.capabilities.watches {
            let globs = [
                "**/*.wasm",
                "**/secondcall.toml",
                "**/spin.toml",
                "**/Cargo.toml",
                "**/*.wac",
                "**/*.{yaml,yml}",
            ];
            let watchers = globs.map(|glob| json!({ "globPattern": glob }));
            let options = json!({ "watchers": watchers });
            register("files", "workspace/didChangeWatchedFiles", options);
        } else {
            let events = self.events.0.clone();
            self.server.watcher.start(move |files| events.send(Event::FilesChanged(files)).is_ok());
        }
    }

    fn spawn(&mut self, job: Job) {
        if self.server.workspace.capabilities.progress {
            self.server.progress.begin(&job);
        }
        let workspace = self.server.workspace.clone();
        let events = self.events.0.clone();
        thread::spawn(move || {
            let result = job.run(&workspace).map(Box::new);
            // The event loop may have ended.
            let _ = events.send(Event::Checked(Box::new(job), result));
        });
    }

    fn finish(&mut self, job: &Job, result: Result<Box<Checked>, String>) {
        self.server.progress.end(job.generation);
        self.store(job, result);
        if !self.server.workspace.capabilities.watches {
            self.server.watcher.watch(self.server.schedule.files());
        }
    }

    /// Stores and publishes the result of a check, unless the check was abandoned.
    fn store(&mut self, job: &Job, result: Result<Box<Checked>, String>) {
        let Some(state) = self.server.schedule.end(job) else { return };
        let checked = match result {
            Ok(checked) => checked,
            Err(message) => {
                // Each scope and each change may fail alike. The user sees that once.
                if self.server.schedule.fail(&job.scope, &message) {
                    self.server.client.show_warning(message);
                }
                return;
            }
        };
        let is_complete = checked.document.is_some();
        if state.update(*checked, job.executes) {
            self.server.publish();
        }
        self.server.schedule.update_named_buffers();
        if self.server.workspace.options.executes() && !job.executes && is_complete {
            let execution = self.server.schedule.start_execution(&job.scope);
            execution.into_iter().for_each(|job| self.spawn(job));
        }
    }

    /// Sends `secondcall/status` when checks begin or have ended, to a client that asked for it.
    fn notify_status(&mut self) {
        let busy = self.server.schedule.is_busy();
        if !self.server.workspace.options.tells_status || busy == self.was_busy {
            return;
        }
        self.was_busy = busy;
        let states = self.server.schedule.scopes.values();
        let (mut components, mut errors, mut warnings, mut notes) = (0, 0, 0, 0);
        for document in states.filter_map(|state| state.document.as_ref()) {
            components += document.artifacts.len();
            errors += document.summary.errors;
            warnings += document.summary.warnings;
            notes += document.summary.notes;
        }
        let status = json!({
            "state": if busy { "checking" } else { "idle" },
            "components": components,
            "errors": errors,
            "warnings": warnings,
            "notes": notes,
        });
        self.server.client.send(Notification::new("secondcall/status".to_owned(), status));
    }
}
