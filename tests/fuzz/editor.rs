//! A session with the editor's server, which is a process of its own: messages from a JSON array, in the order of the
//! array. Every path in them is moved into the session's folder.

use std::io::{BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use std::{fs, thread};

use lsp_server::{Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

/// How long an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// Messages of a session, at most.
const MOST: usize = 60;
/// How much memory a server may use, in KiB.
#[cfg(target_os = "linux")]
const MEMORY: u64 = 512 << 10;
/// The id of the request that ends a session.
const LAST: i32 = i32::MAX;

/// Sends the messages to a server, and waits until it has answered the last one and left.
pub(crate) fn session(input: &[u8]) -> bool {
    let Ok(Value::Array(messages)) = serde_json::from_slice(input) else { return false };
    let folder = tempfile::tempdir().expect("a folder can be made");
    let home = folder.path().canonicalize().expect("the folder has a path");
    let uri = |name: &str| format!("file://{}/{name}", home.display());
    let component = wat::parse_str(include_str!("../../rules/run_once_guard/fires_wasip2_run.wat"));
    fs::write(home.join("a.wasm"), component.expect("the fixture is a component"))
        .expect("a file can be written");
    // `fuzz/` is a package of its own, which has no program.
    let program =
        std::env::var_os("SECONDCALL_PROGRAM").expect("SECONDCALL_PROGRAM names the program");
    let mut command = Command::new(program);
    command.arg("lsp").env_clear().env("HOME", &home).env("TMPDIR", &home).current_dir(&home);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut server = command.spawn().expect("the server starts");
    let mut send = server.stdin.take().expect("the server has an input");
    let mut output = BufReader::new(server.stdout.take().expect("the server has an output"));
    let mut errors = server.stderr.take().expect("the server has an output for errors");
    let (sender, received) = mpsc::channel();
    thread::spawn(move || {
        while let Ok(Some(message)) = Message::read(&mut output) {
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    let complaints = thread::spawn(move || {
        let mut text = String::new();
        let _: std::io::Result<usize> = errors.read_to_string(&mut text);
        text
    });
    let folders = json!([{ "uri": uri(""), "name": "folder" }]);
    let initialize = json!({ "capabilities": {}, "workspaceFolders": folders });
    let mut all = vec![
        Message::from(Request::new(0.into(), "initialize".to_owned(), initialize)),
        Notification::new("initialized".to_owned(), json!({})).into(),
    ];
    for (number, message) in (1..).zip(messages.into_iter().take(MOST)) {
        let method = message["method"].as_str().unwrap_or_default().to_owned();
        if matches!(&*method, "exit" | "shutdown" | "initialize") {
            continue;
        }
        let mut parameters = message["params"].clone();
        moved(&mut parameters, &uri);
        all.push(match message["id"].is_null() {
            true => Notification::new(method, parameters).into(),
            false => Request::new(number.into(), method, parameters).into(),
        });
    }
    all.push(Request::new(LAST.into(), "shutdown".to_owned(), Value::Null).into());
    let alive = all.into_iter().try_for_each(|message| message.write(&mut send));
    let end = loop {
        match received.recv_timeout(PATIENCE) {
            Ok(Message::Response(Response { id, .. })) if id == RequestId::from(LAST) => {
                break Ok(());
            }
            Ok(Message::Request(request)) => {
                let _: std::io::Result<()> =
                    Message::from(Response::new_ok(request.id, Value::Null)).write(&mut send);
            }
            Ok(_) => {}
            Err(error) => break Err(error),
        }
    };
    #[cfg(target_os = "linux")]
    let most = most_memory(server.id());
    let _: std::io::Result<()> =
        Message::from(Notification::new("exit".to_owned(), Value::Null)).write(&mut send);
    drop(send);
    if end.is_err() {
        let _: std::io::Result<()> = server.kill();
    }
    let status = server.wait().expect("the server ends");
    let complaints = complaints.join().expect("the errors are read");
    assert!(!complaints.contains("panicked"), "the server panics: {complaints}");
    assert!(
        alive.is_ok() && end.is_ok(),
        "the server is silent, and ends with {status}: {complaints}"
    );
    assert!(status.success(), "the server ends with {status}: {complaints}");
    #[cfg(target_os = "linux")]
    assert!(most < MEMORY, "the server takes {most} KiB");
    true
}

/// Moves every file that parameters name into a folder, so that no session reads another.
fn moved(value: &mut Value, uri: &impl Fn(&str) -> String) {
    match value {
        Value::String(text) => {
            let Some((scheme, path)) = text.split_once(':') else { return };
            let path = path.trim_start_matches('/').replace("..", "");
            match scheme {
                "file" => *text = uri(&path),
                _ if scheme.starts_with("secondcall") => {
                    *text = uri(&path).replacen("file://", &format!("{scheme}:"), 1);
                }
                _ => {}
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|it| moved(it, uri)),
        Value::Object(members) => members.values_mut().for_each(|it| moved(it, uri)),
        _ => {}
    }
}

/// The most memory that a process has used so far, in KiB; 0 if it is gone.
#[cfg(target_os = "linux")]
fn most_memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse().ok()).unwrap_or(0)
}
