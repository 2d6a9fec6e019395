//! `check --watch`, as files change, and `check --since`, in a git repository.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

const WORKS: &str = "(component)";

fn fires() -> Vec<u8> {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    fs::read(rules.join("run_once_guard/fires_wasip2_run.wat")).unwrap()
}

fn program(folder: &TempDir, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_secondcall"));
    command.args(words.split(' ')).current_dir(folder.path());
    command.env_remove("GITHUB_ACTIONS").env("SECONDCALL_STATIC_ONLY", "true");
    command
}

fn git(folder: &TempDir, words: &str) {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.org"]).args(words.split(' '));
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    let output = command.current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{words}: {output:?}");
}

/// Standard output and error, and the exit code.
fn told(folder: &TempDir, words: &str) -> (String, String, i32) {
    let output = program(folder, words).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

#[test]
fn what_did_not_change_is_left_out_and_named() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    fs::create_dir(folder.path().join("app")).unwrap();
    write("a.wat", &fires());
    write("b.wat", &fires());
    write("app/c.wat", &fires());
    write("app/spin.toml", b"spin_manifest_version = 2\n[component.c]\nsource = \"c.wat\"\n");
    git(&folder, "init --quiet --initial-branch main");
    git(&folder, "add --all");
    git(&folder, "commit --quiet --message one");
    git(&folder, "switch --quiet --create change");
    let check = "check a.wat b.wat app/spin.toml --since main --format concise";
    let left_out = "unchanged: the same as in `main`; it was not examined and may still fail";

    let (out, _, code) = told(&folder, check);
    assert_eq!((out, code), (format!("a.wat: skipped: {left_out} (and 2 more components)\n"), 0));
    let (out, _, code) = told(&folder, &format!("{check} --strict"));
    assert_eq!((out.lines().count(), code), (1, 0), "a strict run is not asked for more");

    // A component, also one that git does not know; a manifest; a configuration.
    write("a.wat", &[&fires(), &b"\n"[..]].concat());
    write("new.wat", WORKS.as_bytes());
    let (out, _, _) = told(&folder, &check.replace("check", "check new.wat"));
    assert!(out.starts_with("a.wat: warning[run_once_guard]"), "{out}");
    assert!(
        out.ends_with(&format!("b.wat: skipped: {left_out} (and 1 more component)\n")),
        "{out}"
    );
    assert_eq!(out.lines().count(), 2, "{out}");
    write("app/spin.toml", b"spin_manifest_version = 2\n[component.d]\nsource = \"c.wat\"\n");
    let (out, _, _) = told(&folder, check);
    assert!(out.contains("app/c.wat: note[run_once_guard]"), "{out}");
    write("secondcall.toml", b"hosts = [\"jco-transpiled\"]\n");
    let (out, _, _) = told(&folder, check);
    assert!(out.contains("b.wat: error[run_once_guard]"), "{out}");

    // What changed on the other branch meanwhile is not a change of this one.
    git(&folder, "add --all");
    git(&folder, "commit --quiet --message two");
    git(&folder, "switch --quiet main");
    write("b.wat", WORKS.as_bytes());
    git(&folder, "commit --quiet --all --message three");
    git(&folder, "switch --quiet --create third HEAD^");
    let (out, _, code) = told(&folder, check);
    assert_eq!((out, code), (format!("a.wat: skipped: {left_out} (and 2 more components)\n"), 0));

    let (_, err, code) = told(&folder, "check a.wat --since none");
    assert_eq!(code, 2);
    assert!(err.starts_with("error: git knows no revision `none`: fetch it first"), "{err}");
    assert_eq!(told(&folder, "check a.wat --since=--output=x").2, 2);
    // The repository is that of the files, wherever the program is called.
    let outside = TempDir::new().unwrap();
    let path = folder.path().display();
    let (out, _, code) =
        told(&outside, &format!("check {path}/a.wat --since main --format concise"));
    assert!(code == 0 && out.contains("a.wat: skipped: unchanged: "), "{out}");
    let (_, err, code) = told(&outside, &format!("check {path}/a.wat --since none"));
    assert!(code == 2 && err.starts_with("error: git knows no revision `none` in "), "{err}");
    git(&outside, "init --quiet --initial-branch other");
    let (out, _, code) =
        told(&outside, &format!("check {path}/a.wat --since main --format concise"));
    assert!(code == 0 && out.contains("a.wat: skipped: unchanged: "), "{out}");
    // As in a hook of another repository.
    let mut hook = program(&outside, &format!("check {path}/a.wat --since main --format concise"));
    let output = hook.env("GIT_DIR", outside.path().join(".git")).output().unwrap();
    assert!(output.stdout.windows(9).any(|it| it == b"unchanged"), "{output:?}");
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("a.wat"), WORKS).unwrap();
    let (_, err, code) = told(&outside, "check a.wat --since main");
    assert!(code == 2 && err.starts_with("error: --since needs a git repository"), "{err}");
}

#[test]
#[cfg(unix)]
fn a_check_is_repeated_until_it_is_interrupted() {
    use std::io::{BufRead, BufReader};
    use std::os::unix::process::ExitStatusExt;
    use std::thread;
    use std::time::Duration;

    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("build")).unwrap();
    // A configuration counts in a repository only.
    fs::create_dir(path(".git")).unwrap();
    fs::write(path("build/a.wasm"), wat::parse_str(WORKS).unwrap()).unwrap();
    let mut command = program(&folder, "check build --watch --format concise");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let id = child.id().to_string();
    let stuck = id.clone();
    thread::spawn(move || {
        thread::sleep(Duration::from_secs(60));
        Command::new("kill").args(["-KILL", &stuck]).status()
    });
    let mut err = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut watching = || loop {
        let line = err.next().unwrap().unwrap();
        match line.starts_with("watching ") {
            true => return,
            false => assert!(line.starts_with("changed: "), "{line}"),
        }
    };
    watching();
    fs::write(path("build/a.wasm"), wat::parse_bytes(&fires()).unwrap()).unwrap();
    watching();
    assert!(out.next().unwrap().unwrap().starts_with("build/a.wasm: warning[run_once_guard]"));
    // A new file is found, too, and a configuration.
    let other = [wat::parse_bytes(&fires()).unwrap().as_ref(), &b"\0\x02\x01x"[..]].concat();
    fs::write(path("build/c.wasm"), other).unwrap();
    watching();
    assert!(out.next().unwrap().unwrap().starts_with("build/a.wasm: warning[run_once_guard]"));
    assert!(out.next().unwrap().unwrap().starts_with("build/c.wasm: warning[run_once_guard]"));
    fs::remove_file(path("build/c.wasm")).unwrap();
    fs::write(path("secondcall.toml"), "hosts = [\"jco-transpiled\"]\n").unwrap();
    watching();
    assert!(out.next().unwrap().unwrap().starts_with("build/a.wasm: error[run_once_guard]"));
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().signal(), Some(2));
    assert_eq!(out.next().map(Result::unwrap), None);
}
