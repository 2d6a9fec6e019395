//! What goes wrong around a run: its cache, its folders, its processes. The answer is the same, or says what is missing.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use libtest_mimic::{Failed, Trial};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::{program, root};

type Test = fn() -> Result<(), Failed>;

pub(super) fn trials() -> Vec<Trial> {
    let mut tests: Vec<(&str, Test)> = vec![
        ("an_entry_that_names_no_export_is_none", forged),
        ("a_cache_that_cannot_be_used_changes_nothing", unusable),
        ("a_locked_cache_changes_nothing", locked),
        ("a_missing_folder_for_temporary_files_changes_nothing", no_temporary_folder),
    ];
    if cfg!(unix) {
        tests.push(("what_is_no_file_of_the_cache_is_not_read", no_file));
        tests.push(("a_full_disk_changes_nothing", full));
    }
    if Path::new("/proc/self/cmdline").exists() {
        tests.push(("a_worker_that_is_killed_costs_its_exports_alone", killed_worker));
        tests.push(("a_program_that_is_killed_leaves_nothing", killed_program));
    }
    tests.into_iter().map(|(name, test)| Trial::test(format!("faults/{name}"), test)).collect()
}

fn component() -> PathBuf {
    root().join("tests/exec/hostile/argument_values.wat")
}

/// A check of a component, with this cache folder.
fn check(cache: &Path) -> Command {
    let mut command = program(&["check", "--exit-zero", "--no-config", "--format", "json"]);
    command.env("SECONDCALL_CACHE_DIR", cache).arg(component());
    command
}

/// What a check prints; it may not take longer than any check does.
fn printed(mut command: Command) -> Result<Vec<u8>, Failed> {
    let begun = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    while child.try_wait()?.is_none() {
        if begun.elapsed() > Duration::from_secs(60) {
            child.kill()?;
            return Err("it hangs".into());
        }
        thread::sleep(Duration::from_millis(10));
    }
    let Output { status, stdout, stderr } = child.wait_with_output()?;
    match status.success() && !stdout.is_empty() && stderr.is_empty() {
        true => Ok(stdout),
        false => Err(format!("{status}: {}", String::from_utf8_lossy(&stderr)).into()),
    }
}

/// A folder with the cache of one check, its only file, and what the check printed.
fn cached() -> Result<(TempDir, PathBuf, Vec<u8>), Failed> {
    let folder = tempfile::tempdir()?;
    let first = printed(check(folder.path()))?;
    let files = fs::read_dir(folder.path().join("observations"))?;
    let files: Vec<_> = files.map(|it| it.map(|it| it.path())).collect::<Result<_, _>>()?;
    let [file] = files.as_slice() else { return Err(format!("kept {files:?}").into()) };
    let file = file.clone();
    Ok((folder, file, first))
}

fn same(seen: &[u8], expected: &[u8], what: &str) -> Result<(), Failed> {
    if seen == expected { Ok(()) } else { Err(format!("{what} changes the answer").into()) }
}

/// An entry with the right digest, which says less than was asked, more, or something else.
fn forged() -> Result<(), Failed> {
    let (folder, file, first) = cached()?;
    let stored = fs::read(&file)?;
    let entry: Value = serde_json::from_slice(&stored[64..])?;
    let all = entry["exports"].as_array().ok_or("an entry has exports")?.clone();
    let mut renamed = all.clone();
    renamed[0]["export"] = "another".into();
    let mut twice = all.clone();
    twice.push(all[0].clone());
    for exports in [Vec::new(), renamed, twice] {
        let mut forged = entry.clone();
        forged["exports"] = exports.into();
        let text = serde_json::to_vec(&forged)?;
        let digest: String = Sha256::digest(&text).iter().map(|it| format!("{it:02x}")).collect();
        fs::write(&file, [digest.as_bytes(), &text].concat())?;
        same(&printed(check(folder.path()))?, &first, "a forged entry")?;
        same(&fs::read(&file)?, &stored, "a forged entry stays, which")?;
    }
    Ok(())
}

/// A pipe, a folder and a huge file in the place of the entry.
fn no_file() -> Result<(), Failed> {
    let (folder, file, first) = cached()?;
    fs::remove_file(&file)?;
    if !Command::new("mkfifo").arg(&file).status()?.success() {
        return Err("no pipe is made".into());
    }
    same(&printed(check(folder.path()))?, &first, "a pipe")?;
    let _replaced = fs::remove_file(&file);
    fs::create_dir(&file)?;
    same(&printed(check(folder.path()))?, &first, "a folder")?;
    fs::remove_dir(&file)?;
    // It takes no room.
    fs::File::create(&file)?.set_len(1 << 40)?;
    same(&printed(check(folder.path()))?, &first, "a file of a tebibyte")
}

/// A cache folder that is a file, and one that may only be read.
fn unusable() -> Result<(), Failed> {
    let (folder, file, first) = cached()?;
    let taken = folder.path().join("taken");
    fs::write(&taken, "")?;
    same(&printed(check(&taken))?, &first, "a file in its place")?;
    for path in [file.as_path(), file.parent().ok_or("it is in a folder")?] {
        let mut permissions = fs::metadata(path)?.permissions();
        permissions.set_readonly(true);
        fs::set_permissions(path, permissions)?;
    }
    let seen = printed(check(folder.path()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let parent = file.parent().ok_or("it is in a folder")?;
        fs::set_permissions(parent, fs::Permissions::from_mode(0o700))?;
    }
    same(&seen?, &first, "a cache that may only be read")
}

/// A cache whose entry, folder and every other file are locked by this process, with its entry and without it.
fn locked() -> Result<(), Failed> {
    let (folder, file, first) = cached()?;
    let lock = |path: &Path| -> Result<Option<fs::File>, Failed> {
        // Elsewhere than on Unix, a folder cannot be opened.
        if !cfg!(unix) && path.is_dir() {
            return Ok(None);
        }
        let file = fs::File::open(path)?;
        file.lock()?;
        Ok(Some(file))
    };
    let held = [lock(&file)?, lock(file.parent().ok_or("it is in a folder")?)?];
    same(&printed(check(folder.path()))?, &first, "a locked entry")?;
    drop(held);
    fs::remove_file(&file)?;
    let held = lock(file.parent().ok_or("it is in a folder")?)?;
    same(&printed(check(folder.path()))?, &first, "a locked folder")?;
    drop(held);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let folders = [folder.path(), file.parent().ok_or("it is in a folder")?];
        for locked in folders {
            fs::set_permissions(locked, fs::Permissions::from_mode(0o000))?;
        }
        let seen = printed(check(folder.path()));
        for locked in folders {
            fs::set_permissions(locked, fs::Permissions::from_mode(0o700))?;
        }
        same(&seen?, &first, "a cache that nobody may enter")?;
    }
    Ok(())
}

/// No file may grow, as on a full disk.
fn full() -> Result<(), Failed> {
    let (_kept, _, first) = cached()?;
    let folder = tempfile::tempdir()?;
    let script = "trap '' XFSZ; ulimit -f 0; exec \"$@\"";
    let words = check(folder.path());
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).arg(words.get_program()).args(words.get_args());
    let variables = words.get_envs().filter_map(|(name, value)| Some((name, value?)));
    command.env_clear().envs(variables).stdin(Stdio::null());
    same(&printed(command)?, &first, "a full disk")?;
    let left = fs::read_dir(folder.path().join("observations"))?.count();
    if left == 0 { Ok(()) } else { Err(format!("{left} files are left").into()) }
}

fn no_temporary_folder() -> Result<(), Failed> {
    let (_kept, _, first) = cached()?;
    let folder = tempfile::tempdir()?;
    let mut command = check(folder.path());
    command.env("TMPDIR", "/no/such/folder").env("TMP", "Z:\\none");
    same(&printed(command)?, &first, "a missing folder")
}

/// The workers of a program, by the numbers of their processes.
fn workers(parent: u32) -> Vec<u32> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let numbers = processes.filter_map(|it| it.ok()?.file_name().to_str()?.parse().ok());
    let is_worker = |process: &u32| {
        let read = |name: &str| fs::read(format!("/proc/{process}/{name}")).unwrap_or_default();
        let stat = String::from_utf8_lossy(&read("stat")).into_owned();
        let of = stat.rsplit(')').next().and_then(|it| it.split_whitespace().nth(1));
        of == Some(&parent.to_string())
            && read("cmdline").windows(11).any(|it| it == b"exec-worker")
    };
    numbers.filter(is_worker).collect()
}

fn wait_for_worker(parent: u32) -> Result<u32, Failed> {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(30) {
        if let Some(worker) = workers(parent).first() {
            return Ok(*worker);
        }
        thread::sleep(Duration::from_millis(5));
    }
    Err("no worker is started".into())
}

fn kill(process: u32) -> Result<(), Failed> {
    let killed = Command::new("sh").args(["-c", &format!("kill -9 {process}")]).status()?;
    if killed.success() { Ok(()) } else { Err("it cannot be killed".into()) }
}

fn killed_worker() -> Result<(), Failed> {
    let words =
        ["check", "--no-cache", "--no-config", "--exit-zero", "--format", "json", "--jobs", "1"];
    let child = program(&words)
        .args(["--budget", "20s"])
        .arg(root().join("tests/exec/hostile/memory_fill.wat"))
        .arg(root().join("rules/reused_like_fresh/fires_pure.wat"))
        .stdout(Stdio::piped())
        .spawn()?;
    let worker = wait_for_worker(child.id())?;
    // It may still be compiling, and then another one begins.
    thread::sleep(Duration::from_millis(1500));
    let worker = workers(child.id()).first().copied().unwrap_or(worker);
    kill(worker)?;
    let report: Value = serde_json::from_slice(&child.wait_with_output()?.stdout)?;
    let skipped = report["skipped"].as_array().ok_or("a report lists what was skipped")?;
    let is_told = |it: &Value| it["artifact"] == 0 && it["reason"] == "crashed";
    if !skipped.iter().any(is_told) {
        return Err(format!("the end of the worker is not told: {skipped:?}").into());
    }
    let verdict = report["artifacts"][1]["exports"][0]["verdict"].as_str();
    if verdict == Some("unknown") || verdict.is_none() {
        return Err(format!("the next component is {verdict:?}").into());
    }
    Ok(())
}

fn killed_program() -> Result<(), Failed> {
    let (cache, temporary) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let mut child = program(&["check", "--no-config", "--budget", "60s"])
        .env("SECONDCALL_CACHE_DIR", cache.path())
        .env("TMPDIR", temporary.path())
        .arg(root().join("tests/exec/hostile/memory_fill.wat"))
        .stdout(Stdio::null())
        .spawn()?;
    let worker = wait_for_worker(child.id())?;
    child.kill()?;
    child.wait()?;
    let begun = Instant::now();
    let line = |name: &str| fs::read(format!("/proc/{worker}/{name}")).unwrap_or_default();
    while line("cmdline").windows(11).any(|it| it == b"exec-worker") {
        if begun.elapsed() > Duration::from_secs(20) {
            return Err("its worker goes on".into());
        }
        thread::sleep(Duration::from_millis(20));
    }
    for folder in [cache.path(), temporary.path()] {
        let left: Vec<_> =
            fs::read_dir(folder)?.filter_map(|it| Some(it.ok()?.file_name())).collect();
        if left.iter().any(|it| it != OsStr::new("observations")) {
            return Err(format!("it leaves {left:?}").into());
        }
    }
    Ok(())
}
