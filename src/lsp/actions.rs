//! Code actions on a finding: accept it, explain its rule, show its function, repair its component.

use gen_lsp_types::{CodeAction, CodeActionKind, CodeActionResponse, Command, Diagnostic, Uri};
use serde::Deserialize;
use serde_json::{Value, json};

use super::annotated::AnnotatedFinding;
use super::workspace::Workspace;
use super::{acceptance, rendering, repair};

/// Shows the page of a rule. Argument: its id.
pub(super) const EXPLAIN: &str = "secondcall.explain";
/// Shows a function. Arguments: the URI of its virtual document, and an offset in the component's file.
pub(super) const SHOW_TEXT: &str = "secondcall.showText";
/// Writes a repaired copy of a component beside it. Argument: [`repair::Order`].
pub(super) const REPAIR: &str = "secondcall.repair";
/// Asks the user for a reason. A command of the client. Argument: `{uri, id, rule, export}`.
const ASK_REASON: &str = "secondcall.askReason";

/// The actions on a finding in the file `uri`, where the client shows `diagnostics`.
pub(super) fn of(
    workspace: &Workspace,
    uri: &Uri,
    found: &AnnotatedFinding<'_>,
    diagnostics: &[Value],
) -> Vec<CodeActionResponse> {
    let finding = found.finding;
    let rule = &finding.rule;
    let export = finding.export.as_deref().unwrap_or("all exports");
    let mut accept = CodeAction {
        diagnostics: solved(found, diagnostics),
        ..action(format!("Accept `{rule}` in `{export}`, with a reason"))
    };
    if workspace.options.asks_reason {
        let argument =
            json!({ "uri": uri, "id": finding.id, "rule": rule, "export": finding.export });
        set_command(&mut accept, ASK_REASON, vec![argument]);
    } else {
        // The configuration's diagnostics ask for the missing reason.
        accept.edit = acceptance::edit(workspace, found, "").ok();
    }
    let mut explain = action(format!("Explain `{rule}`"));
    set_command(&mut explain, EXPLAIN, vec![json!(rule)]);
    let mut show = action("Show the function's text".to_owned());
    if let Some(place) = finding.place()
        && let Some(document) = rendering::function(&workspace.folders, found.artifact, place)
    {
        set_command(&mut show, SHOW_TEXT, vec![json!(document.uri()), json!(place.offset)]);
    }
    let mut cure = action(String::new());
    if let Some((title, order)) = repair::action(workspace, found) {
        cure.title = title;
        set_command(&mut cure, REPAIR, vec![json!(order)]);
    }
    let literals = workspace.capabilities.action_literals;
    let actions = [accept, explain, show, cure].into_iter();
    let actions = actions.filter_map(|action| match (literals, &action.command, &action.edit) {
        (true, None, None) => None,
        (true, ..) => Some(CodeActionResponse::CodeAction(action)),
        (false, ..) => Some(CodeActionResponse::Command(action.command?)),
    });
    actions.collect()
}

fn action(title: String) -> CodeAction {
    CodeAction { title, kind: Some(CodeActionKind::QuickFix), ..CodeAction::default() }
}

fn set_command(action: &mut CodeAction, command: &str, arguments: Vec<Value>) {
    action.command = Some(Command {
        title: action.title.clone(),
        tooltip: None,
        command: command.to_owned(),
        arguments: Some(arguments),
    });
}

/// The client's diagnostics of a finding.
fn solved(found: &AnnotatedFinding<'_>, diagnostics: &[Value]) -> Option<Vec<Diagnostic>> {
    let line = json!(found.annotation.range.start.line);
    let solved = diagnostics.iter().filter(|diagnostic| {
        diagnostic.get("code").and_then(Value::as_str) == Some(&found.finding.rule)
            && diagnostic.pointer("/range/start/line") == Some(&line)
    });
    let solved: Vec<_> = solved.filter_map(|it| Diagnostic::deserialize(it).ok()).collect();
    Some(solved).filter(|solved| !solved.is_empty())
}
