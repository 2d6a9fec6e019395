//! The connection to the client: answers, requests and notifications that the server sends.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};
use std::thread;

use crossbeam_channel::Sender;
use gen_lsp_types::{MessageType, ShowMessageNotification, ShowMessageParams};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;
use serde_json::Value;

#[derive(Debug, Clone)]
pub(super) struct Client {
    sender: Sender<Message>,
    last_request: Arc<AtomicI32>,
}

impl Client {
    pub(super) fn new(sender: Sender<Message>) -> Self {
        Client { sender, last_request: Arc::default() }
    }

    pub(super) fn answer(&self, id: RequestId, result: impl Serialize) {
        self.send(Response::new_ok(id, result));
    }

    pub(super) fn refuse(&self, id: RequestId, code: ErrorCode, message: String) {
        self.send(Response::new_err(id, code as i32, message));
    }

    /// Answers a request from another thread, for work that would hold up the event loop.
    pub(super) fn answer_in_background(
        &self,
        id: RequestId,
        work: impl FnOnce(&Client) -> Result<Value, String> + Send + 'static,
    ) {
        let client = self.clone();
        thread::spawn(move || match catch_panic(|| work(&client)) {
            Ok(result) => client.answer(id, result),
            Err(message) => client.refuse(id, ErrorCode::RequestFailed, message),
        });
    }

    /// Sends a request. Its response, if anyone needs it, has the returned id.
    pub(super) fn request<R: gen_lsp_types::Request>(&self, parameters: R::Params) -> RequestId {
        let id = RequestId::from(self.last_request.fetch_add(1, Relaxed) + 1);
        self.send(Request::new(id.clone(), R::METHOD.as_str().to_owned(), parameters));
        id
    }

    pub(super) fn notify<N: gen_lsp_types::Notification>(&self, parameters: N::Params) {
        self.send(Notification::new(N::METHOD.as_str().to_owned(), parameters));
    }

    pub(super) fn show_warning(&self, message: String) {
        self.show(MessageType::Warning, message);
    }

    pub(super) fn show_info(&self, message: String) {
        self.show(MessageType::Info, message);
    }

    fn show(&self, kind: MessageType, message: String) {
        let parameters = ShowMessageParams { kind, message };
        self.notify::<ShowMessageNotification>(parameters);
    }

    pub(super) fn send(&self, message: impl Into<Message>) {
        // The event loop notices when the client is gone.
        let _ = self.sender.send(message.into());
    }
}

/// Turns a panic in `work`, which is a bug, into an error: it ends the work and not the server.
pub(super) fn catch_panic<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic: Box<dyn Any + Send>| {
        let message = panic.downcast_ref::<String>().map(String::as_str);
        let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("panic");
        Err(format!("internal error in secondcall, please report it: {message}"))
    })
}
