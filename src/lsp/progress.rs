//! Progress of checks that take long, shown by the client. The user can cancel an execution.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use gen_lsp_types::{
    ProgressNotification, ProgressParams, ProgressToken, WorkDoneProgressCreateParams,
    WorkDoneProgressCreateRequest,
};
use lsp_server::{RequestId, Response};
use serde_json::{Value, json};

use super::client::Client;
use super::job::{Job, Scope};

/// A check that ends sooner shows no progress.
const DELAY: Duration = Duration::from_millis(400);

#[derive(Debug)]
pub(super) struct Progress {
    client: Client,
    /// Running checks by generation.
    checks: BTreeMap<u64, Check>,
}

#[derive(Debug)]
struct Check {
    scope: Scope,
    executes: bool,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Shown only if the check still runs then.
    Delayed(Instant),
    /// The client was asked, by this request, whether it shows the progress.
    Asked(RequestId),
    Shown,
}

impl Progress {
    pub(super) fn new(client: Client) -> Self {
        Progress { client, checks: BTreeMap::new() }
    }

    pub(super) fn begin(&mut self, job: &Job) {
        let state = State::Delayed(Instant::now() + DELAY);
        let check = Check { scope: job.scope.clone(), executes: job.executes, state };
        self.checks.insert(job.generation, check);
    }

    /// When [`Progress::show`] has something to do.
    pub(super) fn next(&self) -> Option<Instant> {
        let delayed = self.checks.values().filter_map(|check| match check.state {
            State::Delayed(until) => Some(until),
            _ => None,
        });
        delayed.min()
    }

    /// Asks the client to show the checks that have run long enough.
    pub(super) fn show(&mut self) {
        for (generation, check) in &mut self.checks {
            if matches!(check.state, State::Delayed(until) if until <= Instant::now()) {
                let parameters = WorkDoneProgressCreateParams { token: token(*generation) };
                let id = self.client.request::<WorkDoneProgressCreateRequest>(parameters);
                check.state = State::Asked(id);
            }
        }
    }

    /// Shows a check if this response agrees to it.
    pub(super) fn handle(&mut self, response: &Response) {
        for (generation, check) in &mut self.checks {
            let is_answer = matches!(&check.state, State::Asked(id) if *id == response.id);
            if is_answer && response.response_result.is_ok() {
                check.state = State::Shown;
                let title = if check.executes {
                    "secondcall: calling exports"
                } else {
                    "secondcall: checking"
                };
                let name = check.scope.path().file_name();
                let value = json!({
                    "kind": "begin",
                    "title": title,
                    "message": name.map(|name| name.to_string_lossy()),
                    "cancellable": check.executes,
                });
                notify(&self.client, *generation, value);
            }
        }
    }

    pub(super) fn end(&mut self, generation: u64) {
        let check = self.checks.remove(&generation);
        if check.is_some_and(|check| matches!(check.state, State::Shown)) {
            notify(&self.client, generation, json!({ "kind": "end" }));
        }
    }

    /// The scope of the execution with this token.
    pub(super) fn scope(&self, wanted: &ProgressToken) -> Option<Scope> {
        let mut executions = self.checks.iter().filter(|(_, check)| check.executes);
        let found = executions.find(|(generation, _)| token(**generation) == *wanted);
        found.map(|(_, check)| check.scope.clone())
    }
}

fn token(generation: u64) -> ProgressToken {
    ProgressToken::String(format!("secondcall/{generation}"))
}

fn notify(client: &Client, generation: u64, value: Value) {
    client.notify::<ProgressNotification>(ProgressParams { token: token(generation), value });
}
