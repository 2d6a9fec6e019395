//! The editor's server over standard input and output, with two kinds of clients.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "lsp/client.rs"]
mod client;

use std::path::Path;
use std::time::{Duration, Instant};
use std::{fs, thread};

use client::{Client, Project, neovim, uri, vscode};
use serde_json::{Value, json};

/// A component whose `run` works once, and one whose `run` may be called again.
const ONCE: &str = include_str!("../rules/run_once_guard/fires_wasip2_run.wat");
const AGAIN: &str = include_str!("../rules/run_once_guard/quiet_set_before_test.wat");
/// A manifest of two components; the sources stand in lines 6 and 11.
const SPIN: &str = "spin_manifest_version = 2\n[application]\nname = \"é\"\nversion = \"1.0.0\"\n[component.api]\nsource = \"build/api.wasm\"\n[[trigger.http]]\nroute = \"/\"\ncomponent = \"api\"\n[component.other]\nsource = \"build/other.wasm\"\n[[trigger.http]]\nroute = \"/o\"\ncomponent = \"other\"\n";

fn messages(diagnostics: &[Value]) -> Vec<String> {
    let one = |it: &Value| {
        format!(
            "{}:{} {} {}",
            it["range"]["start"]["line"],
            it["range"]["start"]["character"],
            it["code"].as_str().unwrap(),
            it["message"].as_str().unwrap().lines().next().unwrap()
        )
    };
    diagnostics.iter().map(one).collect()
}

fn project() -> Project {
    let project = Project::new();
    project.write("spin.toml", SPIN);
    project.build("build/api.wasm", ONCE);
    project.build("build/other.wasm", AGAIN);
    project
}

#[test]
fn diagnostics_stand_in_the_manifest_and_follow_each_build() {
    let project = project();
    let mut client = Client::start(neovim(), &[project.path()], json!({}));
    let manifest = project.path().join("spin.toml");
    let pushed = client.pushed(&manifest, |list| !list.is_empty());
    assert_eq!(
        messages(&pushed),
        [
            "5:9 run_once_guard api.wasm: `wasi:cli/run@0.2.0#run` traps when called again in the same instance"
        ]
    );
    // Spin calls no `wasi:cli/run`.
    assert_eq!(pushed[0]["severity"], 3, "{pushed:?}");
    // Neovim watches no files by itself: the server does.
    project.build("build/api.wasm", AGAIN);
    assert!(client.pushed(&manifest, <[Value]>::is_empty).is_empty());
    project.build("build/other.wasm", ONCE);
    let pushed = client.pushed(&manifest, |list| !list.is_empty());
    assert_eq!(pushed[0]["range"]["start"]["line"], 10);
    client.stop();
}

#[test]
#[cfg(unix)]
fn a_component_that_ends_its_analysis_is_one_diagnostic() {
    let project = project();
    let faulty = ONCE.replacen("(component", "(component (@custom \"faulty\" \"\")", 1);
    project.build("build/api.wasm", &faulty);
    project.build("build/other.wasm", ONCE);
    let fault = [("SECONDCALL_TEST_FAULT", "stack:faulty")];
    let mut client = Client::start_with(&fault, neovim(), &[project.path()], json!({}));
    let manifest = project.path().join("spin.toml");
    let pushed = client.pushed(&manifest, |list| !list.is_empty());
    let finding = "run_once_guard other.wasm: `wasi:cli/run@0.2.0#run` traps when called again in the same instance";
    assert_eq!(
        messages(&pushed),
        [
            "5:9 analyze api.wasm: its analysis overflowed the stack".to_owned(),
            format!("10:9 {finding}")
        ]
    );
    project.build("build/api.wasm", AGAIN);
    let pushed = client.pushed(&manifest, |list| list.len() == 1);
    assert_eq!(messages(&pushed), [format!("10:9 {finding}")]);
}

#[test]
fn a_client_that_pulls_is_asked_to_refresh_and_gets_no_push() {
    let project = project();
    let mut client = Client::start(vscode(), &[project.path()], json!({}));
    assert_eq!(
        client.introduction["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"],
        true
    );
    client.received("workspace/diagnostic/refresh");
    let manifest = uri(&project.path().join("spin.toml"));
    let parameters = json!({ "textDocument": { "uri": manifest } });
    let report = client.request("textDocument/diagnostic", parameters.clone());
    assert_eq!(report["kind"], "full");
    assert_eq!(report["items"].as_array().unwrap().len(), 1);
    let mut known = parameters;
    known["previousResultId"] = report["resultId"].clone();
    let unchanged = client.request("textDocument/diagnostic", known);
    assert_eq!(unchanged, json!({ "kind": "unchanged", "resultId": report["resultId"] }));
    let all = client.request("workspace/diagnostic", json!({ "previousResultIds": [] }));
    assert_eq!(all["items"][0]["uri"], manifest);
    assert_eq!(all["items"][0]["items"], report["items"]);
    let known = json!([{ "uri": manifest, "value": report["resultId"] }]);
    let all = client.request("workspace/diagnostic", json!({ "previousResultIds": known }));
    assert_eq!(all["items"][0]["kind"], "unchanged");
    // A fixed file is reported as empty, so that the client forgets its diagnostics.
    project.build("build/api.wasm", AGAIN);
    client.changed(&project.path().join("build/api.wasm"), 2);
    client.received("workspace/diagnostic/refresh");
    let all = client.request("workspace/diagnostic", json!({ "previousResultIds": known }));
    assert_eq!(all["items"][0]["items"], json!([]));
    assert_eq!(client.count("textDocument/publishDiagnostics"), 0);
    client.stop();
}

#[test]
fn a_text_is_checked_while_it_is_typed() {
    let project = Project::new();
    let path = project.path().join("open.wat");
    project.write("open.wat", AGAIN);
    let mut client = Client::start(neovim(), &[project.path()], json!({}));
    client.open(&path, ONCE);
    let pushed = client.pushed(&path, |list| !list.is_empty());
    let line = ONCE.lines().position(|line| line.contains("unreachable")).unwrap();
    let column = ONCE.lines().nth(line).unwrap().find("unreachable").unwrap();
    assert_eq!(
        messages(&pushed),
        [format!(
            "{line}:{column} run_once_guard `wasi:cli/run@0.2.0#run` traps when called again in the same instance"
        )]
    );
    // Lines before it, typed and not saved.
    client.change(&path, &format!(";; é\n\n{ONCE}"));
    let pushed =
        client.pushed(&path, |list| list.iter().any(|it| it["range"]["start"]["line"] == line + 2));
    assert_eq!(pushed.len(), 1);
    let related = pushed[0]["relatedInformation"].as_array().unwrap();
    assert!(related.iter().all(|it| it["location"]["uri"] == uri(&path)), "{related:?}");
    // A text that does not parse, as most do while they are typed.
    client.change(&path, "(component\n  (core module (func unreachabl)))");
    let pushed = client.pushed(&path, |list| list.iter().any(|it| it["code"] == "read"));
    assert_eq!(
        (&pushed[0]["range"]["start"]["line"], &pushed[0]["severity"]),
        (&json!(1), &json!(1))
    );
    // A core module is no fault.
    client.change(&path, "(module (func))");
    assert!(client.pushed(&path, <[Value]>::is_empty).is_empty());
    client.change(&path, ONCE);
    client.pushed(&path, |list| !list.is_empty());
    client.close(&path);
    assert!(client.pushed(&path, <[Value]>::is_empty).is_empty());
    client.stop();
}

#[test]
fn a_text_that_a_manifest_names_is_reported_once_and_for_its_host() {
    let project = Project::new();
    let path = project.path().join("build/api.wat");
    project.write("spin.toml", SPIN.replace("api.wasm", "api.wat"));
    project.write("build/api.wat", ONCE);
    project.build("build/other.wasm", AGAIN);
    let mut client = Client::start(neovim(), &[project.path()], json!({}));
    let pushed = client.pushed(&path, |list| list.len() == 1);
    // Spin calls no `wasi:cli/run`; another host may.
    assert_eq!(pushed[0]["severity"], 3);
    let line = pushed[0]["range"]["start"]["line"].as_u64().unwrap();
    client.open(&path, &format!("\n{ONCE}"));
    let is_there = |list: &[Value]| list.iter().any(|it| it["range"]["start"]["line"] == line + 1);
    let pushed = client.pushed(&path, is_there);
    assert_eq!((pushed.len(), &pushed[0]["severity"]), (1, &json!(3)), "{pushed:?}");
    let document = json!({ "textDocument": { "uri": uri(&path) } });
    let in_text = client.request("textDocument/codeLens", document);
    assert_eq!(in_text.as_array().unwrap().len(), 1, "{in_text}");
    let document = json!({ "textDocument": { "uri": uri(&project.path().join("spin.toml")) } });
    let in_manifest = client.request("textDocument/codeLens", document);
    assert_eq!(in_manifest.as_array().unwrap().len(), 2, "{in_manifest}");
    client.close(&path);
    client.pushed(&path, |list| list.len() == 1 && list[0]["range"]["start"]["line"] == line);
    client.stop();
}

#[test]
fn places_are_counted_as_the_client_counts() {
    let project = Project::new();
    let path = project.path().join("wide.wat");
    // Comments are characters of one, two and four bytes before the instruction.
    let wide = ONCE.replace("unreachable", "(;é😀;) unreachable");
    let at = |client: &mut Client| {
        client.open(&path, &wide);
        let pushed = client.pushed(&path, |list| !list.is_empty());
        pushed[0]["range"]["start"]["character"].as_u64().unwrap()
    };
    let mut utf16 = Client::start(neovim_with(&["utf-16"]), &[project.path()], json!({}));
    let mut utf8 = Client::start(neovim_with(&["utf-16", "utf-8"]), &[project.path()], json!({}));
    assert_eq!(utf16.introduction["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(utf8.introduction["capabilities"]["positionEncoding"], "utf-8");
    // Two units each of UTF-16 for the last, and one for the other, are six bytes.
    assert_eq!(at(&mut utf16) + 3, at(&mut utf8));
    utf16.stop();
    utf8.stop();
}

fn neovim_with(encodings: &[&str]) -> Value {
    let mut capabilities = neovim();
    capabilities["general"]["positionEncodings"] = json!(encodings);
    capabilities
}

#[test]
fn hover_lens_and_texts() {
    let project = project();
    let mut client = Client::start(vscode(), &[project.path()], json!({}));
    client.received("workspace/diagnostic/refresh");
    let manifest = uri(&project.path().join("spin.toml"));
    let document = json!({ "uri": manifest });
    let place = json!({ "textDocument": document, "position": { "line": 5, "character": 12 } });
    let hover = client.request("textDocument/hover", place);
    let text = hover["contents"]["value"].as_str().unwrap();
    assert!(text.starts_with("**api.wasm** on spin-p2\n"), "{text}");
    assert!(text.contains("| wasi:cli/run@0.2.0#run | single_shot | certain |"), "{text}");
    assert!(text.contains("traps when called again"), "{text}");
    // A client that shows no Markdown.
    let mut capabilities = vscode();
    capabilities["textDocument"]["hover"] = json!({ "contentFormat": ["plaintext"] });
    let mut plain = Client::start(capabilities, &[project.path()], json!({}));
    plain.received("workspace/diagnostic/refresh");
    let place = json!({ "textDocument": document, "position": { "line": 5, "character": 12 } });
    let hover = plain.request("textDocument/hover", place);
    assert_eq!(hover["contents"]["kind"], "plaintext");
    let text = hover["contents"]["value"].as_str().unwrap();
    assert!(
        text.starts_with("api.wasm on spin-p2\n\nwasi:cli/run@0.2.0#run  single_shot  certain\n\n"),
        "{text}"
    );
    assert!(
        text.contains("\nnote[run_once_guard]: `wasi:cli/run@0.2.0#run` traps when called again"),
        "{text}"
    );
    plain.stop();
    let nothing = json!({ "textDocument": document, "position": { "line": 0, "character": 0 } });
    assert_eq!(client.request("textDocument/hover", nothing), Value::Null);
    let lenses = client.request("textDocument/codeLens", json!({ "textDocument": document }));
    let titles: Vec<_> =
        lenses.as_array().unwrap().iter().map(|it| &it["command"]["title"]).collect();
    assert_eq!(
        titles,
        [
            "1 export · spin-p2: no later call fails",
            "1 export · spin-p2: calls none of these exports"
        ]
    );
    // The text that a lens shows, and the text that a diagnostic refers to.
    let report = lenses[0]["command"]["arguments"][0].clone();
    let text = client.request("workspace/textDocumentContent", json!({ "uri": report }));
    assert!(text["text"].as_str().unwrap().contains("note[run_once_guard]"), "{text}");
    let shown = json!({
        "command": "secondcall.report",
        "arguments": [uri(&project.path().join("build/api.wasm"))],
    });
    client.request("workspace/executeCommand", shown);
    let shown = client.received("window/showDocument");
    assert!(shown["uri"].as_str().unwrap().ends_with("/build/api.wasm.txt"), "{shown}");
    let report = client.request("textDocument/diagnostic", json!({ "textDocument": document }));
    let related = report["items"][0]["relatedInformation"].as_array().unwrap();
    assert!(related.len() >= 2, "{related:?}");
    for place in related {
        let location = &place["location"];
        let uri = location["uri"].as_str().unwrap();
        assert!(uri.starts_with("secondcall-wat:/") && uri.ends_with(".wat"), "{uri}");
        let text = client.request("workspace/textDocumentContent", json!({ "uri": uri }));
        let line = location["range"]["start"]["line"].as_u64().unwrap() as usize;
        let line = text["text"].as_str().unwrap().lines().nth(line).unwrap().to_owned();
        assert!(["load", "store", "unreachable"].iter().any(|it| line.contains(it)), "{line}");
    }
    // As VS Code writes it, and of a file that no check has read.
    let encoded = related[0]["location"]["uri"].as_str().unwrap().replace("api.wasm", "api%2Ewasm");
    assert!(
        client.request("workspace/textDocumentContent", json!({ "uri": encoded }))["text"]
            .is_string()
    );
    let foreign = "secondcall-wat:/etc/passwd/core0/func0.wat";
    let refused = client.refused("workspace/textDocumentContent", json!({ "uri": foreign }));
    assert_eq!(refused, "no check has read this file");
    let page = json!({ "uri": "secondcall-rule:/run_once_guard.md" });
    let page = client.request("workspace/textDocumentContent", page);
    assert!(page["text"].as_str().unwrap().starts_with("# "), "{page}");
    client.stop();
}

#[test]
fn a_finding_is_accepted_with_a_reason() {
    let project = project();
    fs::create_dir(project.path().join(".git")).unwrap();
    let manifest = uri(&project.path().join("spin.toml"));
    let line =
        json!({ "start": { "line": 5, "character": 0 }, "end": { "line": 5, "character": 0 } });
    let on_line = json!({
        "textDocument": { "uri": manifest }, "range": line, "context": { "diagnostics": [] },
    });
    // A client that asks the user for the reason.
    let asks = json!({ "asksReason": true });
    let mut client = Client::start(vscode(), &[project.path()], asks);
    client.received("workspace/diagnostic/refresh");
    let actions = client.request("textDocument/codeAction", on_line.clone());
    let titles: Vec<_> =
        actions.as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap()).collect();
    assert_eq!(
        titles,
        [
            "Accept `run_once_guard` in `wasi:cli/run@0.2.0#run`, with a reason",
            "Explain `run_once_guard`",
            "Show the function's text",
        ]
    );
    // The function's text is shown where it happens.
    let show = &actions[2]["command"];
    let show = json!({ "command": show["command"], "arguments": show["arguments"] });
    client.request("workspace/executeCommand", show);
    let shown = client.received("window/showDocument");
    let text = client.request("workspace/textDocumentContent", json!({ "uri": shown["uri"] }));
    let line = shown["selection"]["start"]["line"].as_u64().unwrap() as usize;
    assert!(text["text"].as_str().unwrap().lines().nth(line).unwrap().contains("unreachable"));
    assert_eq!(actions[0]["command"]["command"], "secondcall.askReason");
    let mut argument = actions[0]["command"]["arguments"][0].clone();
    argument["reason"] = json!("  ");
    let accept =
        |argument: &Value| json!({ "command": "secondcall.accept", "arguments": [argument] });
    assert_eq!(
        client.refused("workspace/executeCommand", accept(&argument)),
        "say why it is accepted"
    );
    argument["reason"] = json!("our job runner calls it once");
    client.request("workspace/executeCommand", accept(&argument));
    let edit = client.received("workspace/applyEdit")["edit"].clone();
    let file = uri(&project.path().join("secondcall.toml"));
    assert_eq!(edit["documentChanges"][0], json!({ "kind": "create", "uri": file }));
    let text = edit["documentChanges"][1]["edits"][0]["newText"].as_str().unwrap();
    assert!(text.contains("reason = \"our job runner calls it once\""), "{text}");
    project.write("secondcall.toml", text);
    client.changed(&project.path().join("secondcall.toml"), 1);
    client.received("workspace/diagnostic/refresh");
    let report =
        client.request("textDocument/diagnostic", json!({ "textDocument": { "uri": manifest } }));
    assert_eq!(report["items"], json!([]));
    client.stop();
    // One that does not: the entry is written, and says that the reason is missing.
    project.write("secondcall.toml", "# ours\nversion = 1\n");
    let mut client = Client::start(neovim(), &[project.path()], json!({}));
    let pushed = client.pushed(&project.path().join("spin.toml"), |list| !list.is_empty());
    let mut on_line = on_line;
    on_line["context"]["diagnostics"] = json!(pushed);
    let actions = client.request("textDocument/codeAction", on_line);
    let edit = &actions[0]["edit"]["changes"][&file][0];
    assert_eq!(actions[0]["diagnostics"], json!(pushed));
    assert_eq!(edit["range"]["start"], json!({ "line": 2, "character": 0 }));
    let entry = edit["newText"].as_str().unwrap();
    assert!(entry.contains("reason = \"\""), "{entry}");
    project.write("secondcall.toml", format!("# ours\nversion = 1\n{entry}"));
    client.save(&project.path().join("secondcall.toml"));
    let pushed = client.pushed(&project.path().join("secondcall.toml"), |list| !list.is_empty());
    assert!(messages(&pushed)[0].contains("empty `reason`"), "{pushed:?}");
    client.stop();
}

#[test]
#[cfg(feature = "exec")]
fn a_repaired_copy_is_written_beside_the_component() {
    let project = project();
    let manifest = project.path().join("spin.toml");
    let copy = project.path().join("build/api.fresh.wasm");
    let on_line = json!({
        "textDocument": { "uri": uri(&manifest) },
        "range": { "start": { "line": 5, "character": 0 }, "end": { "line": 5, "character": 0 } },
        "context": { "diagnostics": [] },
    });
    let command = |client: &mut Client, title: &str| {
        let actions = client.request("textDocument/codeAction", on_line.clone());
        let actions = actions.as_array().unwrap();
        let action = actions.iter().find(|it| it["title"] == title)?;
        let command = &action["command"];
        Some(json!({ "command": command["command"], "arguments": command["arguments"] }))
    };
    let write = "Write a repaired copy beside it: `api.fresh.wasm`";
    let mut client = Client::start(vscode(), &[project.path()], json!({}));
    client.received("workspace/diagnostic/refresh");
    assert_eq!(command(&mut client, write), None, "nobody said that the workspace is trusted");
    let argument = json!({ "uri": uri(&project.path().join("build/api.wasm")) });
    let unasked = json!({ "command": "secondcall.repair", "arguments": [argument] });
    let refusal = client.refused("workspace/executeCommand", unasked);
    assert!(refusal.contains("`trusted`"), "{refusal}");
    client.stop();

    let mut client = Client::start(vscode(), &[project.path()], json!({ "trusted": true }));
    client.received("workspace/diagnostic/refresh");
    let order = command(&mut client, write).unwrap();
    client.request("workspace/executeCommand", order.clone());
    let said = client.received("window/showMessage")["message"].clone();
    assert!(said.as_str().unwrap().contains("calls of 1 export are like"), "{said}");
    let repaired = fs::read(&copy).unwrap();
    // Replaced only by the action that says so.
    fs::write(&copy, "mine").unwrap();
    let refusal = client.refused("workspace/executeCommand", order);
    assert!(refusal.ends_with("exists: it is not overwritten"), "{refusal}");
    assert_eq!(fs::read(&copy).unwrap(), b"mine");
    let replace = command(&mut client, "Replace `api.fresh.wasm` by a new repaired copy").unwrap();
    client.request("workspace/executeCommand", replace);
    assert_eq!(fs::read(&copy).unwrap(), repaired);
    client.stop();
}

#[test]
fn a_configuration_is_broken_and_mended() {
    let project = project();
    let ours = project.path().join("secondcall.toml");
    let manifest = project.path().join("spin.toml");
    project.write("secondcall.toml", "version = 1\nnonsense = 3\n");
    let mut client = Client::start(neovim(), &[project.path()], json!({}));
    client.pushed(&ours, |list| list.len() == 1);
    // Another program mends it, and the server sees that by itself.
    project.write("secondcall.toml", "version = 1\n");
    client.pushed(&ours, <[Value]>::is_empty);
    client.pushed(&manifest, |list| list.len() == 1);
    // What is known of the components stays.
    project.write("secondcall.toml", "version = 2\nnonsense = 3\n");
    client.pushed(&ours, |list| !list.is_empty());
    // One file is mended, and another is broken.
    project.write("spin.toml", format!("{SPIN}[component.other.tool.secondcall]\nx = 1\n"));
    fs::remove_file(&ours).unwrap();
    client.pushed(&ours, <[Value]>::is_empty);
    client.stop();
}

#[test]
fn without_a_repository_an_acceptance_stands_in_the_workspace() {
    let project = project();
    let mut client = Client::start(neovim(), &[project.path()], json!({}));
    let manifest = project.path().join("spin.toml");
    let pushed = client.pushed(&manifest, |list| !list.is_empty());
    let range = pushed[0]["range"].clone();
    let document = json!({ "uri": uri(&manifest) });
    let on_line =
        json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } });
    let actions = client.request("textDocument/codeAction", on_line);
    let changes = actions[0]["edit"]["changes"].as_object().unwrap();
    let files: Vec<_> = changes.keys().collect();
    assert_eq!(files, [&uri(&project.path().join("secondcall.toml"))]);
    client.stop();
}

#[test]
fn a_component_that_is_missing_damaged_or_huge_does_not_stop_the_server() {
    let project = project();
    let artifact = project.path().join("build/api.wasm");
    let manifest = project.path().join("spin.toml");
    let mut client = Client::start(vscode_that_is_pushed(), &[project.path()], json!({}));
    client.pushed(&manifest, |list| list.len() == 1);
    let whole = fs::read(&artifact).unwrap();
    let only =
        |code: &'static str| move |list: &[Value]| list.len() == 1 && list[0]["code"] == code;
    fs::remove_file(&artifact).unwrap();
    client.changed(&artifact, 3);
    let pushed = client.pushed(&manifest, only("open"));
    // As in the report.
    assert_eq!(pushed[0]["severity"], 1);
    fs::write(&artifact, &whole[..whole.len() / 2]).unwrap();
    client.changed(&artifact, 1);
    let pushed = client.pushed(&manifest, only("read"));
    assert_eq!(pushed[0]["severity"], 1);
    // While it is being written: only the whole of it counts.
    fs::write(&artifact, &whole[..8]).unwrap();
    client.changed(&artifact, 2);
    for part in 1..10 {
        thread::sleep(Duration::from_millis(40));
        fs::write(&artifact, &whole[..whole.len() * part / 9]).unwrap();
        client.changed(&artifact, 2);
    }
    client.pushed(&manifest, only("run_once_guard"));
    // Of 100 MB, in a custom section behind the component.
    let mut huge = whole.clone();
    let size = 100_u32 << 20;
    huge.extend([0, (size & 0x7f) as u8 | 0x80, (size >> 7 & 0x7f) as u8 | 0x80]);
    huge.extend([(size >> 14 & 0x7f) as u8 | 0x80, (size >> 21) as u8, 0]);
    huge.resize(huge.len() + size as usize - 1, 7);
    fs::write(&artifact, &huge).unwrap();
    fs::copy(project.path().join("build/api.wasm"), project.path().join("build/other.wasm"))
        .unwrap();
    client.changed(&artifact, 2);
    client.changed(&project.path().join("build/other.wasm"), 2);
    // The server answers while it reads.
    let start = Instant::now();
    client.request("textDocument/hover", json!({ "textDocument": { "uri": uri(&manifest) }, "position": { "line": 0, "character": 0 } }));
    assert!(start.elapsed() < Duration::from_secs(2));
    let pushed = client.pushed(&manifest, |list| list.len() == 2);
    assert!(pushed.iter().all(|it| it["code"] == "run_once_guard"));
    client.stop();
}

/// A client that watches files and is pushed diagnostics.
fn vscode_that_is_pushed() -> Value {
    let mut capabilities = vscode();
    capabilities["workspace"]["diagnostics"]["refreshSupport"] = json!(false);
    capabilities
}

#[test]
fn folders_come_and_go() {
    let (first, second) = (project(), project());
    let mut client = Client::start(neovim(), &[first.path()], json!({}));
    let manifests = [first.path().join("spin.toml"), second.path().join("spin.toml")];
    client.pushed(&manifests[0], |list| list.len() == 1);
    let folder = |path: &Path| json!({ "uri": uri(path), "name": "x" });
    let event =
        |added: Value, removed: Value| json!({ "event": { "added": added, "removed": removed } });
    let change = "workspace/didChangeWorkspaceFolders";
    client.notify(change, event(json!([folder(second.path())]), json!([])));
    client.pushed(&manifests[1], |list| list.len() == 1);
    client.notify(change, event(json!([]), json!([folder(first.path())])));
    client.pushed(&manifests[0], <[Value]>::is_empty);
    client.stop();
}

#[test]
fn an_unknown_host_is_reported_once() {
    let project = project();
    let options = json!({ "hosts": ["spun"] });
    let mut client = Client::start(neovim(), &[project.path()], options);
    let shown = client.received("window/showMessage");
    let message = shown["message"].as_str().unwrap();
    assert!(message.contains("there is no host `spun`"), "{message}");
    client.pushed(&project.path().join("spin.toml"), |list| list.len() == 1);
    assert_eq!(client.count("window/showMessage"), 1);
    client.stop();
}

#[test]
#[cfg(unix)]
fn a_folder_behind_a_link_is_spelled_as_by_the_client() {
    let project = project();
    let outside = tempfile::tempdir().unwrap();
    let link = outside.path().join("link");
    std::os::unix::fs::symlink(project.path(), &link).unwrap();
    project.write("secondcall.toml", "version = 1\nnonsense = 3\n");
    let mut client = Client::start(neovim(), &[&link], json!({}));
    client.pushed(&link.join("secondcall.toml"), |list| list.len() == 1);
    project.write("secondcall.toml", "version = 1\n");
    client.save(&link.join("secondcall.toml"));
    client.pushed(&link.join("spin.toml"), |list| list.len() == 1);
    // The text that is open is amended, not the file's.
    client.open(&link.join("secondcall.toml"), "version = 1\n# open\n");
    let position = json!({ "line": 5, "character": 0 });
    let actions = client.request(
        "textDocument/codeAction",
        json!({
            "textDocument": { "uri": uri(&link.join("spin.toml")) },
            "range": { "start": position, "end": position },
            "context": { "diagnostics": [] },
        }),
    );
    let edit = &actions[0]["edit"]["changes"][uri(&link.join("secondcall.toml"))][0];
    assert_eq!(edit["range"]["start"]["line"], 2, "{actions}");
    client.stop();
}

#[test]
fn folders_may_be_within_others_or_not_there() {
    let project = project();
    let gone = project.path().join("gone");
    let inner = project.path().join("build");
    let outer = project.path();
    let manifest = outer.join("spin.toml");
    let mut client = Client::start(vscode(), &[&inner, outer, &gone], json!({}));
    let all = |client: &mut Client| {
        client.received("workspace/diagnostic/refresh");
        let all = client.request("workspace/diagnostic", json!({ "previousResultIds": [] }));
        let files = all["items"].as_array().unwrap().iter();
        let files = files.filter(|it| it["items"] != json!([]));
        files
            .map(|it| (it["uri"].clone(), it["items"].as_array().unwrap().len()))
            .collect::<Vec<_>>()
    };
    assert_eq!(all(&mut client), [(json!(uri(&manifest)), 1)]);
    let removed = json!([{ "uri": uri(outer), "name": "x" }]);
    let event = json!({ "event": { "added": [], "removed": removed } });
    client.notify("workspace/didChangeWorkspaceFolders", event);
    assert_eq!(all(&mut client), []);
    assert_eq!(all(&mut client), [(json!(uri(&inner.join("api.wasm"))), 1)]);
    client.stop();
}

#[test]
fn a_client_leaves() {
    let project = project();
    let start = || Client::start(neovim(), &[project.path()], json!({}));
    assert_eq!(start().exit(), Some(1));
    assert_eq!(start().vanish(), Some(1));
    let mut client = start();
    client.request("shutdown", Value::Null);
    let hover = json!({ "textDocument": { "uri": "file:///x" }, "position": null });
    assert_eq!(client.refused("textDocument/hover", hover), "secondcall was shut down");
    assert_eq!(client.exit(), Some(0));
}

#[test]
fn odd_messages_are_answered() {
    let project = project();
    let mut client =
        Client::start(json!({ "textDocument": 7 }), &[project.path()], json!({ "dynamic": 3 }));
    assert!(
        client.received("window/showMessage")["message"]
            .as_str()
            .unwrap()
            .contains("initializationOptions: `dynamic` is 3; write \"on\" or \"off\"")
    );
    let manifest = project.path().join("spin.toml");
    client.pushed(&manifest, |list| list.len() == 1);
    for (method, parameters) in [
        ("textDocument/hover", json!({})),
        ("textDocument/hover", json!({ "textDocument": { "uri": "untitled:1" }, "position": 3 })),
        ("textDocument/codeAction", json!(null)),
        ("textDocument/codeLens", json!({ "textDocument": { "uri": "file:///%ff" } })),
    ] {
        let answer = client.request(method, parameters);
        assert!(answer.is_null() || answer == json!([]), "{method}: {answer}");
    }
    for (method, parameters) in [
        ("workspace/executeCommand", json!({ "command": "rm" })),
        ("workspace/executeCommand", json!({ "command": "secondcall.accept", "arguments": [3] })),
        (
            "workspace/executeCommand",
            json!({ "command": "secondcall.explain", "arguments": ["x"] }),
        ),
        ("workspace/textDocumentContent", json!({ "uri": "secondcall-wat:/x" })),
        ("workspace/textDocumentContent", json!({})),
        ("secondcall/nothing", json!({})),
    ] {
        assert!(!client.refused(method, parameters).is_empty());
    }
    client.notify("textDocument/didChange", json!({ "textDocument": { "uri": "file:///x.wat" } }));
    client.notify("textDocument/didOpen", json!([]));
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": 3 }, 4] }));
    client.notify("window/workDoneProgress/cancel", json!({ "token": 3 }));
    // A client that shows no texts gets them as the result.
    let explain = json!({ "command": "secondcall.explain", "arguments": ["run_once_guard"] });
    assert!(
        client.request("workspace/executeCommand", explain).as_str().unwrap().starts_with("# ")
    );
    client.stop();
}
