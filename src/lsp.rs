//! Face: editors. `secondcall lsp` speaks the Language Server Protocol over standard input and output, and shows the
//! results of `check` at the lines that cause them.

mod acceptance;
mod actions;
mod annotated;
mod capabilities;
mod client;
mod commands;
mod event_loop;
mod folders;
mod hover;
mod job;
mod lens;
mod notifications;
mod options;
mod position;
mod progress;
mod rendering;
mod repair;
mod requests;
mod schedule;
mod scope_state;
mod server;
mod uri;
mod virtual_document;
mod watch;
mod workspace;

use gen_lsp_types::{
    CodeActionKind, CodeActionOptions, CodeLensOptions, DiagnosticOptions, ExecuteCommandOptions,
    InitializeResult, PositionEncodingKind, ServerCapabilities, ServerInfo,
    TextDocumentContentOptions, TextDocumentSyncKind, TextDocumentSyncOptions,
    WorkspaceFoldersServerCapabilities, WorkspaceOptions,
};
use lsp_server::{Connection, ProtocolError, Response};
use serde_json::Value;

use capabilities::{ClientCapabilities, Encoding};
use commands::COMMANDS;
pub(crate) use event_loop::End;
use event_loop::EventLoop;
use server::Server;

/// Serves the client at standard input and output until it leaves.
///
/// # Errors
/// If the client does not speak the protocol.
pub(crate) fn run() -> Result<End, String> {
    let (connection, threads) = Connection::stdio();
    let end = match serve(&connection) {
        // Nobody came, unless what came is no message.
        Err(error) if error.channel_is_disconnected() => End::Agreed,
        end => end.map_err(|error| error.to_string())?,
    };
    drop(connection);
    if end == End::Agreed {
        threads.join().map_err(|error| error.to_string())?;
    }
    Ok(end)
}

/// Serves the client of a connection until it leaves.
///
/// # Errors
/// If the client's first message is not a valid `initialize` request.
fn serve(connection: &Connection) -> Result<End, ProtocolError> {
    let (id, initialize) = connection.initialize_start()?;
    let capabilities =
        ClientCapabilities::of(initialize.get("capabilities").unwrap_or(&Value::Null));
    let result = InitializeResult {
        capabilities: server_capabilities(&capabilities),
        server_info: Some(ServerInfo {
            name: "secondcall".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        }),
    };
    // The event loop notices when the client is gone.
    let _ = connection.sender.send(Response::new_ok(id, result).into());
    let server = Server::new(connection.sender.clone(), capabilities, &initialize);
    Ok(EventLoop::new(server).run(&connection.receiver))
}

fn server_capabilities(client: &ClientCapabilities) -> ServerCapabilities {
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        // The changes of some buffers are registered later, if the client supports that.
        change: Some(match client.registers_changes {
            true => TextDocumentSyncKind::None,
            false => TextDocumentSyncKind::Full,
        }),
        save: Some(true.into()),
        ..TextDocumentSyncOptions::default()
    };
    let actions = CodeActionOptions {
        code_action_kinds: Some(vec![CodeActionKind::QuickFix]),
        ..CodeActionOptions::default()
    };
    let commands = ExecuteCommandOptions {
        commands: COMMANDS.map(str::to_owned).to_vec(),
        ..ExecuteCommandOptions::default()
    };
    let folders = WorkspaceFoldersServerCapabilities {
        supported: Some(true),
        change_notifications: Some(true.into()),
    };
    let schemes = virtual_document::SCHEMES.map(str::to_owned).to_vec();
    let pull = DiagnosticOptions {
        identifier: Some("secondcall".to_owned()),
        inter_file_dependencies: true,
        workspace_diagnostics: true,
        ..DiagnosticOptions::default()
    };
    ServerCapabilities {
        position_encoding: Some(match client.encoding {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
        }),
        text_document_sync: Some(sync.into()),
        hover_provider: Some(true.into()),
        code_lens_provider: Some(CodeLensOptions::default()),
        code_action_provider: Some(actions.into()),
        execute_command_provider: Some(commands),
        diagnostic_provider: client.pulls.then(|| pull.into()),
        workspace: Some(WorkspaceOptions {
            workspace_folders: Some(folders),
            text_document_content: Some(TextDocumentContentOptions { schemes }.into()),
            ..WorkspaceOptions::default()
        }),
        ..ServerCapabilities::default()
    }
}
