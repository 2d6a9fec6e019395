//! Face: editors. `secondcall lsp` speaks the Language Server Protocol over standard input and output: one
//! thread for messages, others for work. It says what `check` says, beside the line that causes it.

mod abilities;
mod acceptance;
mod actions;
mod checks;
mod documents;
mod entry;
mod folders;
mod hover;
mod lens;
mod notifications;
mod options;
mod position;
mod progress;
mod publish;
mod registration;
mod requests;
mod schedule;
mod server;
mod spot;
mod texts;
mod told;
mod uri;
mod watch;

use lsp_server::{Connection, ProtocolError, Response};
use serde_json::{Value, json};

use abilities::{Abilities, Encoding};
use server::Server;

/// Serves the client at the other end of standard input and output until it leaves.
///
/// # Errors
/// If the client does not speak the protocol, or is gone without a `shutdown`.
pub fn run() -> Result<(), String> {
    let (connection, threads) = Connection::stdio();
    let end = serve(&connection).map_err(|error| error.to_string())?;
    drop(connection);
    match end {
        End::Agreed => threads.join().map_err(|error| error.to_string()),
        End::Abrupt => Err("the editor left without saying so".to_owned()),
    }
}

/// How a client left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It asked the server to shut down before.
    Agreed,
    /// It did not.
    Abrupt,
}

/// Serves the client at the other end of a connection until it leaves.
///
/// # Errors
/// If the client does not begin as the protocol has it.
pub fn serve(connection: &Connection) -> Result<End, ProtocolError> {
    let (id, initialize) = connection.initialize_start()?;
    let abilities = Abilities::of(initialize.get("capabilities").unwrap_or(&Value::Null));
    let introduced = Response::new_ok(id, introduction(&abilities));
    // A client that is gone is noticed by the loop.
    let _ = connection.sender.send(introduced.into());
    let mut server = Server::new(connection.sender.clone(), abilities, &initialize);
    Ok(server.serve(&connection.receiver))
}

/// `InitializeResult`: what this server can do for a client that can do that.
fn introduction(abilities: &Abilities) -> Value {
    let encoding = match abilities.encoding {
        Encoding::Utf8 => "utf-8",
        Encoding::Utf16 => "utf-16",
    };
    let commands =
        [requests::CHECK, requests::ACCEPT, actions::EXPLAIN, actions::SHOW_TEXT, lens::REPORT];
    let mut capabilities = json!({
        "positionEncoding": encoding,
        "textDocumentSync": {
            "openClose": true,
            // Where only some texts are wanted, they are registered.
            "change": if abilities.registers_changes { 0 } else { 1 },
            "save": true,
        },
        "hoverProvider": true,
        "codeLensProvider": {},
        "codeActionProvider": { "codeActionKinds": ["quickfix"] },
        "executeCommandProvider": { "commands": commands },
        "workspace": {
            "workspaceFolders": { "supported": true, "changeNotifications": true },
            "textDocumentContent": { "schemes": [uri::WAT, uri::RULE, uri::REPORT] },
        },
    });
    if abilities.pulls {
        capabilities["diagnosticProvider"] = json!({
            "identifier": "secondcall",
            "interFileDependencies": true,
            "workspaceDiagnostics": true,
        });
    }
    json!({
        "capabilities": capabilities,
        "serverInfo": { "name": "secondcall", "version": env!("CARGO_PKG_VERSION") },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use gen_lsp_types::InitializeResult;
    use serde::Deserialize;

    #[test]
    fn the_introduction_is_the_protocols() {
        for pulls in [false, true] {
            let told = introduction(&Abilities { pulls, ..Abilities::default() });
            let typed = InitializeResult::deserialize(&told).unwrap();
            assert_eq!(serde_json::to_value(typed).unwrap(), told);
        }
    }
}
