//! Progress of checks, as the client shows it. A check that is over soon shows none; one that calls exports
//! can be stopped by the user.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use gen_lsp_types::{
    Notification as _, ProgressNotification, Request as _, WorkDoneProgressCreateRequest,
};
use lsp_server::{Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

use super::checks::Scope;

/// A check that is over sooner shows no progress.
const PATIENCE: Duration = Duration::from_millis(400);

/// What is under way.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// By their numbers.
    checks: BTreeMap<u64, Check>,
}

#[derive(Debug)]
struct Check {
    /// What tells it from all others.
    number: u64,
    scope: Scope,
    executes: bool,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Nothing is said of it before this.
    Waits(Instant),
    /// The client was asked whether it takes progress.
    Asked,
    /// The client shows it.
    Shown,
}

impl Progress {
    /// A check has begun; `number` tells it from all others.
    pub(super) fn begin(&mut self, number: u64, scope: Scope, executes: bool, now: Instant) {
        let state = State::Waits(now + PATIENCE);
        self.checks.insert(number, Check { number, scope, executes, state });
    }

    /// When something is to be said.
    pub(super) fn next(&self) -> Option<Instant> {
        let waiting = self.checks.values().filter_map(|check| match check.state {
            State::Waits(until) => Some(until),
            _ => None,
        });
        waiting.min()
    }

    /// Asks the client to show what takes long.
    pub(super) fn tell(&mut self, sender: &Sender<Message>, now: Instant) {
        for check in self.checks.values_mut() {
            if matches!(check.state, State::Waits(until) if until <= now) {
                check.state = State::Asked;
                let method = WorkDoneProgressCreateRequest::METHOD.as_str().to_owned();
                let parameters = json!({ "token": check.token() });
                send(sender, Request::new(check.request(), method, parameters));
            }
        }
    }

    /// The client has answered; perhaps it shows a check now. Where it does not want to, it is not told.
    pub(super) fn answered(&mut self, response: &Response, sender: &Sender<Message>) {
        for check in self.checks.values_mut() {
            let is_asked = matches!(check.state, State::Asked) && check.request() == response.id;
            if is_asked && response.response_result.is_ok() {
                check.state = State::Shown;
                let title =
                    if check.executes { "secondcall: calling" } else { "secondcall: checking" };
                let name =
                    check.scope.path().file_name().map(|name| name.to_string_lossy().into_owned());
                let begin = json!({
                    "kind": "begin", "title": title, "message": name, "cancellable": check.executes,
                });
                check.notify(sender, &begin);
            }
        }
    }

    /// A check has ended.
    pub(super) fn end(&mut self, number: u64, sender: &Sender<Message>) {
        if let Some(check) = self.checks.remove(&number)
            && matches!(check.state, State::Shown)
        {
            check.notify(sender, &json!({ "kind": "end" }));
        }
    }

    /// The scope in whose check exports are called, by its token.
    pub(super) fn scope(&self, token: &Value) -> Option<Scope> {
        let mut calling = self.checks.values().filter(|check| check.executes);
        let found = calling.find(|check| token.as_str() == Some(&check.token()));
        found.map(|check| check.scope.clone())
    }
}

impl Check {
    fn token(&self) -> String {
        format!("secondcall/{}", self.number)
    }

    fn request(&self) -> RequestId {
        RequestId::from(format!("progress/{}", self.number))
    }

    fn notify(&self, sender: &Sender<Message>, value: &Value) {
        let method = ProgressNotification::METHOD.as_str().to_owned();
        send(sender, Notification::new(method, json!({ "token": self.token(), "value": value })));
    }
}

fn send(sender: &Sender<Message>, message: impl Into<Message>) {
    // A client that is gone is noticed by the loop.
    let _ = sender.send(message.into());
}
