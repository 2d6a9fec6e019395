//! Code actions on a finding: accept it, explain its rule, show the function.

use gen_lsp_types::Uri;
use serde_json::Value;
use serde_json::json;

use super::server::Server;
use super::spot::Found;
use super::told;

/// Shows a rule's page: `[id]`.
pub(super) const EXPLAIN: &str = "secondcall.explain";
/// Shows a function's text: `[uri]`.
pub(super) const SHOW_TEXT: &str = "secondcall.showText";
/// The client's own command that asks the user for a reason: `[{uri, id, rule, export}]`.
const ASK_REASON: &str = "secondcall.askReason";

/// The actions on a finding that stands in the file with this URI.
pub(super) fn of(
    server: &Server,
    uri: &Uri,
    found: &Found<'_>,
    diagnostics: Option<&Vec<Value>>,
) -> Vec<Value> {
    let finding = found.finding;
    let export = finding.export.as_deref().unwrap_or("all exports");
    let code = |it: &&Value| it.get("code").and_then(Value::as_str) == Some(&finding.rule);
    let here = |it: &&Value| {
        it.pointer("/range/start/line").and_then(Value::as_u64)
            == Some(u64::from(found.spot.range.start.line))
    };
    let solved: Vec<_> = diagnostics.into_iter().flatten().filter(code).filter(here).collect();
    let accept = format!("Accept `{}` in `{export}`, with a reason", finding.rule);
    let mut actions = Vec::new();
    if server.options.asks_reason {
        let argument =
            json!({ "uri": uri, "id": finding.id, "rule": finding.rule, "export": finding.export });
        actions.push(action(server, &accept, Some(command(&accept, ASK_REASON, argument)), None));
    } else if let Ok(edit) = server.acceptance(found, "") {
        // The reason is left empty: the configuration says that it is to be given.
        actions.push(action(server, &accept, None, Some(json!(edit))));
    }
    if let Some(Some(action)) = actions.last_mut() {
        action["diagnostics"] = json!(solved);
    }
    let explain = format!("Explain `{}`", finding.rule);
    let argument = json!(finding.rule);
    actions.push(action(server, &explain, Some(command(&explain, EXPLAIN, argument)), None));
    let place = finding.place().filter(|it| it.function.is_some());
    if let Some(text) = place.and_then(|it| told::function(&server.folders, found.artifact, it)) {
        let show = "Show the function's text";
        let argument = json!(text.uri());
        actions.push(action(server, show, Some(command(show, SHOW_TEXT, argument)), None));
    }
    actions.into_iter().flatten().collect()
}

fn command(title: &str, command: &str, argument: Value) -> Value {
    json!({ "title": title, "command": command, "arguments": [argument] })
}

/// An action; for a client that knows none, the bare command.
fn action(
    server: &Server,
    title: &str,
    command: Option<Value>,
    edit: Option<Value>,
) -> Option<Value> {
    if !server.abilities.action_literals {
        return command;
    }
    let mut action = json!({ "title": title, "kind": "quickfix" });
    if let Some(command) = command {
        action["command"] = command;
    }
    if let Some(edit) = edit {
        action["edit"] = edit;
    }
    Some(action)
}
