//! The loop: one thread takes messages and results, others check.

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, select};
use gen_lsp_types::Notification as _;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;
use serde_json::{Value, json};

use super::End;
use super::abilities::Abilities;
use super::checks::{Checked, Job, Scope};
use super::documents::Documents;
use super::entry::Start;
use super::folders::Folders;
use super::options::Options;
use super::progress::Progress;
use super::schedule::Schedule;
use super::told::Diagnostics;
use super::watch::Watched;

/// When nothing is due.
const LONG: Duration = Duration::from_secs(3600);

/// What other threads report.
#[derive(Debug)]
pub(super) enum Event {
    /// A check has ended.
    Checked {
        /// Of what.
        scope: Scope,
        /// Which check of it.
        generation: u64,
        /// Whether exports were called.
        executed: bool,
        /// What became of it.
        result: Result<Box<Checked>, String>,
    },
    /// Files have changed.
    Changed(Vec<PathBuf>),
}

/// The server, between two messages.
pub(super) struct Server {
    pub(super) sender: Sender<Message>,
    pub(super) abilities: Abilities,
    pub(super) options: Options,
    pub(super) folders: Folders,
    pub(super) documents: Documents,
    pub(super) schedule: Schedule,
    /// What the client was told last.
    pub(super) published: Diagnostics,
    pub(super) progress: Progress,
    pub(super) watched: Watched,
    pub(super) events: (Sender<Event>, Receiver<Event>),
    last_request: i32,
    was_busy: bool,
    /// The client has asked to shut down.
    leaves: bool,
}

impl Server {
    pub(super) fn new(sender: Sender<Message>, abilities: Abilities, initialize: &Value) -> Self {
        let (options, wrong) = Options::of(initialize.get("initializationOptions"));
        let server = Server {
            sender,
            abilities,
            options,
            folders: Folders::of(initialize),
            documents: Documents::default(),
            schedule: Schedule::default(),
            published: Diagnostics::new(),
            progress: Progress::default(),
            watched: Watched::default(),
            events: crossbeam_channel::unbounded(),
            last_request: 0,
            was_busy: false,
            leaves: false,
        };
        if let Some(message) = wrong {
            server.show(&message);
        }
        server
    }

    /// Serves until the client says that it leaves, or is gone.
    pub(super) fn serve(&mut self, messages: &Receiver<Message>) -> End {
        let events = self.events.1.clone();
        loop {
            self.begin();
            self.tell_status();
            let now = Instant::now();
            let next = [self.schedule.next(), self.progress.next()].into_iter().flatten().min();
            let pause = next.map_or(LONG, |due| due.saturating_duration_since(now));
            select! {
                recv(messages) -> message => match message {
                    Ok(message) => if let Some(end) = self.take(message) { return end },
                    Err(_) => return self.end(),
                },
                recv(events) -> event => if let Ok(event) = event { self.hear(event) },
                default(pause) => {}
            }
            self.progress.tell(&self.sender, Instant::now());
        }
    }

    /// One message; if it is the last, how the client leaves.
    fn take(&mut self, message: Message) -> Option<End> {
        match message {
            Message::Request(request) if self.leaves => {
                let message = "secondcall was shut down".to_owned();
                self.refuse_as(request.id, ErrorCode::InvalidRequest, message);
            }
            Message::Request(request) if request.method == "shutdown" => {
                self.leaves = true;
                self.schedule.clear();
                self.answer(request.id, &Value::Null);
            }
            Message::Request(request) => self.request(request),
            Message::Notification(told) if told.method == "exit" => return Some(self.end()),
            Message::Notification(told) if !self.leaves => self.notification(told),
            Message::Notification(_) => {}
            Message::Response(response) => self.progress.answered(&response, &self.sender),
        }
        None
    }

    /// Nobody waits for what is under way.
    fn end(&mut self) -> End {
        self.schedule.clear();
        if self.leaves { End::Agreed } else { End::Abrupt }
    }

    fn hear(&mut self, event: Event) {
        match event {
            Event::Changed(files) => {
                for file in files {
                    self.schedule.changed(&file, true);
                }
            }
            Event::Checked { scope, generation, executed, result } => {
                self.progress.end(generation, &self.sender);
                self.checked(&scope, generation, executed, result);
                if !self.abilities.watches {
                    self.watched.set(self.schedule.files());
                }
            }
        }
    }

    /// What became of a check, if anybody waited for it.
    fn checked(
        &mut self,
        scope: &Scope,
        generation: u64,
        executed: bool,
        result: Result<Box<Checked>, String>,
    ) {
        let Some(entry) = self.schedule.ended(scope, generation) else { return };
        let checked = match result {
            Ok(checked) => checked,
            Err(message) => {
                // The same for each scope and after each change: it is told once.
                let is_known = self.schedule.is_known(&message);
                self.schedule.failed(scope, message.clone());
                if !is_known {
                    self.show(&message);
                }
                return;
            }
        };
        let complete = checked.document.is_some();
        if entry.done(*checked, executed) {
            self.publish();
        }
        self.schedule.name_texts();
        if self.options.executes() && !executed && complete {
            let start = self.schedule.again(scope);
            start.into_iter().for_each(|start| self.check(start, true));
        }
    }

    /// Begins what is due.
    fn begin(&mut self) {
        for start in self.schedule.start(Instant::now()) {
            let executes = start.called && self.options.executes();
            self.check(start, executes);
        }
    }

    fn check(&mut self, start: Start, executes: bool) {
        let Start { scope, generation, sources, named, stop, memory, .. } = start;
        if self.abilities.progress {
            self.progress.begin(generation, scope.clone(), executes, Instant::now());
        }
        let job = Job {
            scope: scope.clone(),
            sources,
            named,
            texts: self.documents.texts(),
            folders: self.folders.clone(),
            options: self.options.clone(),
            abilities: self.abilities.clone(),
            executes,
            stop,
            memory,
        };
        let events = self.events.0.clone();
        thread::spawn(move || {
            let result = job.run().map(Box::new);
            // A server that is gone needs no result.
            let _ = events.send(Event::Checked { scope, generation, executed: executes, result });
        });
    }

    /// Tells a client that shows it how things stand.
    fn tell_status(&mut self) {
        let busy = self.schedule.is_busy();
        if !self.options.tells_status || busy == self.was_busy {
            return;
        }
        self.was_busy = busy;
        let documents: Vec<_> =
            self.schedule.entries.values().filter_map(|it| it.document.as_ref()).collect();
        let sum = |of: fn(&crate::report::document::Summary) -> u64| {
            documents.iter().map(|it| of(&it.summary)).sum::<u64>()
        };
        let status = json!({
            "state": if busy { "checking" } else { "idle" },
            "components": documents.iter().map(|it| it.artifacts.len()).sum::<usize>(),
            "errors": sum(|it| it.errors),
            "warnings": sum(|it| it.warnings),
            "notes": sum(|it| it.notes),
        });
        self.notify("secondcall/status", &status);
    }

    pub(super) fn answer(&self, id: RequestId, result: &impl Serialize) {
        self.send(Response::new_ok(id, result).into());
    }

    pub(super) fn refuse(&self, id: RequestId, message: String) {
        self.refuse_as(id, ErrorCode::RequestFailed, message);
    }

    pub(super) fn refuse_as(&self, id: RequestId, code: ErrorCode, message: String) {
        self.send(Response::new_err(id, code as i32, message).into());
    }

    /// Sends a request whose answer nobody waits for.
    pub(super) fn ask(&mut self, method: &str, parameters: impl Serialize) {
        let id = self.next_request();
        self.send(Request::new(id, method.to_owned(), parameters).into());
    }

    /// The id of a request that is to be sent.
    pub(super) fn next_request(&mut self) -> RequestId {
        self.last_request += 1;
        RequestId::from(self.last_request)
    }

    pub(super) fn notify(&self, method: &str, parameters: &impl Serialize) {
        self.send(Notification::new(method.to_owned(), parameters).into());
    }

    /// Words that the user is to see.
    pub(super) fn show(&self, message: &str) {
        let method = gen_lsp_types::ShowMessageNotification::METHOD;
        self.notify(method.as_str(), &json!({ "type": 2, "message": message }));
    }

    fn send(&self, message: Message) {
        // A client that is gone is noticed by the loop.
        let _ = self.sender.send(message);
    }
}
