//! Code actions on a finding: accept it, explain its rule, show the function.

use gen_lsp_types::Uri;
use serde_json::{Value, json};

use super::server::Server;
use super::spot::Found;
use super::told;

/// Shows a rule's page: `[id]`.
pub(super) const EXPLAIN: &str = "secondcall.explain";
/// Shows a function's text, at a byte of the file: `[uri, offset]`.
pub(super) const SHOW_TEXT: &str = "secondcall.showText";
/// The client's own command that asks the user for a reason: `[{uri, id, rule, export}]`.
const ASK_REASON: &str = "secondcall.askReason";

/// What an action does.
enum Deed {
    /// Runs a command with these arguments.
    Command(&'static str, Value),
    /// Changes a file of the user's.
    Edit(Value),
}

/// The actions on a finding that stands in the file with this URI; `diagnostics` are those that the client
/// shows there.
pub(super) fn of(
    server: &Server,
    uri: &Uri,
    found: &Found<'_>,
    diagnostics: Option<&Vec<Value>>,
) -> Vec<Value> {
    let finding = found.finding;
    let export = finding.export.as_deref().unwrap_or("all exports");
    let mut actions = Vec::new();
    let accept = if server.options.asks_reason {
        let argument =
            json!({ "uri": uri, "id": finding.id, "rule": finding.rule, "export": finding.export });
        Some(Deed::Command(ASK_REASON, json!([argument])))
    } else {
        // The reason is left empty: the configuration says that it is to be given.
        server.acceptance(found, "").ok().map(|edit| Deed::Edit(json!(edit)))
    };
    if let Some(accept) = accept {
        let title = format!("Accept `{}` in `{export}`, with a reason", finding.rule);
        let code = |it: &&Value| it.get("code").and_then(Value::as_str) == Some(&finding.rule);
        let line = found.spot.range.start.line;
        let here = |it: &&Value| it.pointer("/range/start/line") == Some(&json!(line));
        let solved = diagnostics.into_iter().flatten().filter(code).filter(here);
        actions.extend(action(server, &title, accept, solved.collect()));
    }
    let title = format!("Explain `{}`", finding.rule);
    let explain = Deed::Command(EXPLAIN, json!([finding.rule]));
    actions.extend(action(server, &title, explain, Vec::new()));
    let place = finding.place().filter(|it| it.function.is_some());
    let text =
        place.and_then(|it| Some((told::function(&server.folders, found.artifact, it)?, it)));
    if let Some((text, place)) = text {
        let show = Deed::Command(SHOW_TEXT, json!([text.uri(), place.offset]));
        actions.extend(action(server, "Show the function's text", show, Vec::new()));
    }
    actions
}

/// An action; for a client that knows none, the bare command, if it is one.
fn action(server: &Server, title: &str, deed: Deed, solved: Vec<&Value>) -> Option<Value> {
    let mut action = json!({ "title": title, "kind": "quickfix" });
    if !solved.is_empty() {
        action["diagnostics"] = json!(solved);
    }
    match deed {
        Deed::Command(command, arguments) => {
            let command = json!({ "title": title, "command": command, "arguments": arguments });
            if !server.abilities.action_literals {
                return Some(command);
            }
            action["command"] = command;
        }
        Deed::Edit(edit) => action["edit"] = edit,
    }
    server.abilities.action_literals.then_some(action)
}
