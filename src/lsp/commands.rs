//! `workspace/executeCommand`.

use gen_lsp_types::{
    ApplyWorkspaceEditParams, ApplyWorkspaceEditRequest, ExecuteCommandParams, Position, Range,
    ShowDocumentParams, ShowDocumentRequest, Uri, WorkspaceEdit,
};
use lsp_server::{ErrorCode, RequestId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::actions::{EXPLAIN, REPAIR, SHOW_TEXT};
use super::annotated::AnnotatedFinding;
use super::repair::Order;
use super::server::Server;
use super::virtual_document::{self, VirtualDocument};
use super::{acceptance, repair, uri};

/// Checks everything again.
const CHECK: &str = "secondcall.check";
/// Accepts a finding. Argument: [`Acceptance`].
const ACCEPT: &str = "secondcall.accept";
/// Shows a component's report. Argument: the URI of the component's file, or of the report.
pub(super) const REPORT: &str = "secondcall.report";
/// All commands of the server.
pub(super) const COMMANDS: [&str; 6] = [CHECK, ACCEPT, EXPLAIN, SHOW_TEXT, REPORT, REPAIR];

#[derive(Deserialize)]
struct Acceptance {
    uri: Uri,
    id: String,
    reason: String,
}

impl Server {
    pub(super) fn execute(&mut self, id: RequestId, parameters: &Value) {
        let parameters = ExecuteCommandParams::deserialize(parameters).unwrap_or_default();
        let mut arguments = parameters.arguments.unwrap_or_default().into_iter();
        let first = arguments.next().unwrap_or_default();
        let text = first.as_str().unwrap_or_default();
        let result = match parameters.command.as_str() {
            CHECK => {
                self.schedule.change_all();
                Ok(())
            }
            ACCEPT => self.accept(&first).map(|edit| {
                let label = Some("Accept a secondcall finding".to_owned());
                let parameters = ApplyWorkspaceEditParams { label, edit, metadata: None };
                self.client.request::<ApplyWorkspaceEditRequest>(parameters);
            }),
            EXPLAIN => {
                return self.show(id, VirtualDocument::Rule(text.to_owned()), None);
            }
            SHOW_TEXT | REPORT => {
                let document = VirtualDocument::of(text);
                let of_file = || uri::path(&text.into()).map(VirtualDocument::Report);
                let is_report = parameters.command == REPORT;
                match document.or_else(|| of_file().filter(|_| is_report)) {
                    Some(document) => {
                        let offset = arguments.next().and_then(|it| it.as_u64());
                        return self.show(id, document, offset);
                    }
                    None => Err(format!("not a document of secondcall: `{text}`")),
                }
            }
            REPAIR => match Order::deserialize(&first) {
                Ok(order) => return self.repair(id, order),
                Err(error) => Err(error.to_string()),
            },
            command => Err(format!("unknown command `{command}`")),
        };
        match result {
            Ok(()) => self.client.answer(id, Value::Null),
            Err(message) => self.client.refuse(id, ErrorCode::RequestFailed, message),
        }
    }

    /// Repairs a component in the background. Its file is watched, so the result is checked as well.
    fn repair(&self, id: RequestId, order: Order) {
        let options = &self.workspace.options;
        if !options.trusts() {
            let message = "a repair calls exports, which needs the setting `trusted`".to_owned();
            return self.client.refuse(id, ErrorCode::RequestFailed, message);
        }
        let request = options.request(true);
        self.client.answer_in_background(id, move |client| {
            let message = repair::run(&order, request)?;
            client.show_info(message.clone());
            Ok(json!(message))
        });
    }

    fn accept(&self, argument: &Value) -> Result<WorkspaceEdit, String> {
        let Acceptance { uri, id, reason } =
            Acceptance::deserialize(argument).map_err(|error| error.to_string())?;
        if reason.trim().is_empty() {
            return Err("say why it is accepted".to_owned());
        }
        let path = uri::path(&uri).ok_or_else(|| format!("not a file: `{}`", uri.0))?;
        let found = AnnotatedFinding::by_id(&self.schedule, &path, &id)
            .ok_or_else(|| format!("there is no finding {id} in {}", path.display()))?;
        acceptance::edit(&self.workspace, &found, reason.trim())
    }

    /// Shows a document, with the instruction at `offset` of the component's file selected. A client that shows no
    /// documents gets the text as the result.
    fn show(&self, id: RequestId, document: VirtualDocument, offset: Option<u64>) {
        let report = self.report_of(&document);
        let capabilities = self.workspace.capabilities.clone();
        self.client.answer_in_background(id, move |client| {
            let content = document.content(report.as_ref())?;
            let uri = match (capabilities.shows_documents, capabilities.text_content) {
                (false, _) => None,
                (true, true) => Some(document.uri()),
                (true, false) => document.write(&content).map(|file| uri::of_path(&file)),
            };
            let Some(uri) = uri else { return Ok(json!(content)) };
            let line = offset.and_then(|offset| virtual_document::line_in(&content, offset));
            let selection = line.map(|line| {
                let start = Position::new(line, 0);
                Range { start, end: start }
            });
            let take_focus = Some(true);
            let parameters = ShowDocumentParams { uri, external: None, take_focus, selection };
            client.request::<ShowDocumentRequest>(parameters);
            Ok(Value::Null)
        });
    }
}
