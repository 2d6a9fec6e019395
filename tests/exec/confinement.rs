//! What a guest cannot reach, and what it cannot do to the run that it is part of.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};
use std::{fs, hint, thread};

use libtest_mimic::{Failed, Trial};
use secondcall::component::Component;
use secondcall::exec::{Observer, Settings};
use secondcall::observation::Observation;
use tempfile::TempDir;

use super::{check, program, root};

type Test = fn() -> Result<(), Failed>;

pub(super) fn trials() -> Vec<Trial> {
    let tests: [(&str, Test); 14] = [
        ("the_environment_is_out_of_reach", environment),
        ("the_files_are_out_of_reach", files),
        ("the_network_is_out_of_reach", network),
        ("a_variant_of_ten_thousand_cases", giant_variant),
        ("a_hundred_thousand_functions", many_functions),
        ("exports_share_the_time_of_the_run", shared_time),
        ("a_batch_goes_on", batch),
        ("same_input_same_bytes", determinism),
        ("a_busy_machine_tells_the_same", load),
        ("a_kept_observation_is_the_same", cache),
        ("runs_share_a_cache", shared_cache),
        ("a_worker_ends_with_its_parent", orphan),
        ("a_worker_gives_up_what_it_does_not_need", given_up),
        ("a_worker_refuses_noise", noise),
    ];
    tests.into_iter().map(|(name, test)| Trial::test(format!("confinement/{name}"), test)).collect()
}

fn hostile(name: &str) -> PathBuf {
    root().join("tests/exec/hostile").join(name)
}

fn observe(path: &Path) -> Result<Observation, Failed> {
    observe_with(path, Settings::default())
}

fn observe_with(path: &Path, settings: Settings) -> Result<Observation, Failed> {
    let bytes = wat::parse_file(path)?;
    let component = Component::read(&bytes).map_err(|error| error.to_string())?;
    let program = PathBuf::from(env!("CARGO_BIN_EXE_secondcall"));
    let observer =
        Observer { program, settings, cache: None, only_kept: false, stop: Arc::default() };
    Ok(observer.observe(&component, |_| true)?)
}

/// Forty exports that take time without executing operators: each gets its part, and the run ends after that of twelve.
fn shared_time() -> Result<(), Failed> {
    let text = fs::read_to_string(hostile("memory_fill.wat"))?;
    let text = text.replace("(func (export \"work\") (canon", "(func $work (canon");
    let exports: String = (0..40).map(|it| format!("(export \"e{it}\" (func $work))")).collect();
    let end = text.rfind("))").ok_or("the component has an end")?;
    let text = format!("{}){exports})", &text[..end]);
    let folder = TempDir::new()?;
    let path = folder.path().join("forty.wat");
    fs::write(&path, text)?;
    let settings = Settings { budget: 100, ..Settings::default() };
    let seen = observe_with(&path, settings)?;
    let why: Vec<_> = seen.exports.iter().map(|it| it.inconclusive.clone()).collect();
    let why: Vec<_> = why.into_iter().flatten().collect();
    if why.len() != 40 || why.iter().any(|it| it.reason != "budget") {
        return Err(format!("not all are inconclusive: {why:?}").into());
    }
    expect(&why[0].detail, "the first call reaches its limit of time")?;
    expect(&why[39].detail, "the calls of other exports took the budget of the run, 1.2 s")
}

fn expect(seen: &str, expected: &str) -> Result<(), Failed> {
    if seen == expected { Ok(()) } else { Err(format!("{seen} instead of {expected}").into()) }
}

/// This process has an environment; the guest, in a process of this process, has none.
fn environment() -> Result<(), Failed> {
    if std::env::vars_os().next().is_none() {
        return Err("this test needs an environment to hide".into());
    }
    let seen = observe(&hostile("environment_read.wat"))?;
    expect(&seen.exports[0].fresh[0].answer.shown, "0")
}

/// None of the paths to files of this machine leads to one.
fn files() -> Result<(), Failed> {
    let seen = observe(&hostile("files_of_the_host.wat"))?;
    let call = &seen.exports[0].fresh[0];
    expect(&call.answer.shown, "0")?;
    let opens = call.host_calls.first.iter().any(|it| it.contains("open-at"));
    if opens { Ok(()) } else { Err(format!("it opens nothing: {:?}", call.host_calls).into()) }
}

/// An argument and an answer whose type has very many cases, each with a list.
fn giant_variant() -> Result<(), Failed> {
    let cases: String = (0..10_000).map(|it| format!("(case \"c{it}\" (list u8))")).collect();
    let text = format!(
        "(component (type $t (variant {cases}))
           (core module $m (memory (export \"memory\") 1)
             (func (export \"realloc\") (param i32 i32 i32 i32) (result i32) (i32.const 64))
             (func (export \"f\") (param i32 i32 i32) (result i32) (i32.const 16)))
           (core instance $i (instantiate $m))
           (export $e \"t\" (type $t))
           (func (export \"f\") (param \"x\" $e) (result $e)
             (canon lift (core func $i \"f\") (memory (core memory $i \"memory\"))
               (realloc (core func $i \"realloc\")))))"
    );
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("variant.wat");
    fs::write(&path, text)?;
    let begun = Instant::now();
    let seen = observe(&path)?;
    if begun.elapsed() > Duration::from_secs(60) {
        return Err(format!("it takes {:?}", begun.elapsed()).into());
    }
    match seen.exports[0].fresh.is_empty() {
        true => Err(format!("it was not called: {:?}", seen.exports[0].inconclusive).into()),
        false => Ok(()),
    }
}

fn network() -> Result<(), Failed> {
    let seen = observe(&hostile("http_request.wat"))?;
    let call = &seen.exports[0].fresh[0];
    if !call.host_calls.first.iter().any(|it| it.starts_with("outgoing-handler")) {
        return Err(format!("it asks for nothing: {:?}", call.host_calls).into());
    }
    // The fixture waits for the outcome, which is there without a network.
    expect(&format!("{:?}", call.end), "Returned")
}

fn many_functions() -> Result<(), Failed> {
    let functions = "(func (result i32) i32.const 7)".repeat(100_000);
    let text = format!(
        "(component (core module $m {functions} (func (export \"f\") (result i32) call 99999))
           (core instance $i (instantiate $m))
           (func (export \"f\") (result u32) (canon lift (core func $i \"f\"))))"
    );
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("many.wat");
    fs::write(&path, text)?;
    let report = check(&path, &["--no-cache"])?;
    expect(
        report["artifacts"][0]["exports"][0]["verdict"].as_str().unwrap_or(""),
        "stateless_proven",
    )
}

fn batch() -> Result<(), Failed> {
    let words = ["check", "--no-cache", "--exit-zero", "--format", "json", "--budget", "500ms"];
    let paths = [
        hostile("loop_at_start.wat"),
        hostile("memory_fill.wat"),
        root().join("rules/reused_like_fresh/fires_pure.wat"),
    ];
    let output = program(&words).args(&paths).output()?;
    let report: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let verdicts: Vec<_> =
        (0..3).map(|it| report["artifacts"][it]["exports"][0]["verdict"].to_string()).collect();
    expect(&verdicts.join(" "), r#""unknown" "unknown" "stateless_proven""#)
}

/// What time ends, and what operators and calls of the host end, on a machine that is idle and on one that is not.
fn load() -> Result<(), Failed> {
    let paths = [
        hostile("memory_fill.wat"),
        hostile("host_call_storm.wat"),
        hostile("host_calls_then_return.wat"),
        hostile("loop_on_second_call.wat"),
        root().join("rules/answers_change/fires_set_and_get.wat"),
    ];
    let words = ["check", "--no-cache", "--exit-zero", "--format", "json", "--budget", "300ms"];
    let run = || program(&words).args(&paths).output();
    let idle = run()?;
    let is_over = AtomicBool::new(false);
    let busy = thread::scope(|scope| {
        for _ in 0..4 * thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                while !is_over.load(Relaxed) {
                    hint::spin_loop();
                }
            });
        }
        let busy = run();
        is_over.store(true, Relaxed);
        busy
    })?;
    expect(&String::from_utf8_lossy(&busy.stdout), &String::from_utf8_lossy(&idle.stdout))?;
    let report: serde_json::Value = serde_json::from_slice(&idle.stdout)?;
    let skipped = report["skipped"].as_array().ok_or("a report lists what was skipped")?;
    let late = skipped.iter().filter(|it| it["reason"] == "budget").count();
    expect(&late.to_string(), "3")
}

fn determinism() -> Result<(), Failed> {
    let paths = [
        "answers_change/quiet_answer_by_argument.wat",
        "answers_change/fires_set_and_get.wat",
        "output_changes/fires_prints_count.wat",
        "reused_like_fresh/fires_resource_sound.wat",
    ]
    .map(|name| root().join("rules").join(name));
    let run = |jobs: &str| {
        program(&["check", "--no-cache", "--format", "json", "--jobs", jobs]).args(&paths).output()
    };
    let once = run("1")?;
    if once.stdout.is_empty() {
        return Err(format!("nothing is told of {paths:?}").into());
    }
    for jobs in ["1", "2", "4"] {
        if run(jobs)? != once {
            return Err(format!("with {jobs} jobs, something else is told").into());
        }
    }
    Ok(())
}

/// A run with a cache of its own; what it tells, and the files of the cache.
fn cached_run(folder: &TempDir) -> Result<(Vec<u8>, Vec<PathBuf>), Failed> {
    let output = program(&["check", "--exit-zero", "--format", "json"])
        .env("SECONDCALL_CACHE_DIR", folder.path())
        .arg(root().join("tests/exec/hostile/argument_values.wat"))
        .output()?;
    let mut files = Vec::new();
    for entry in fs::read_dir(folder.path().join("observations"))? {
        files.push(entry?.path());
    }
    Ok((output.stdout, files))
}

fn cache() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let (first, files) = cached_run(&folder)?;
    let [file] = files.as_slice() else { return Err(format!("kept {files:?}").into()) };
    let intact = fs::read(file)?;
    let mut damages = vec![intact.clone(), Vec::new(), intact[..intact.len() / 2].to_vec()];
    let mut flipped = intact.clone();
    flipped[intact.len() - 9] ^= 1;
    damages.push(flipped);
    damages.push(b"\xff".repeat(1000));
    for damaged in damages {
        fs::write(file, damaged)?;
        let (again, files) = cached_run(&folder)?;
        if again != first || files.len() != 1 {
            return Err("a damaged file changes what is told".into());
        }
        if fs::read(file)? != intact {
            return Err("a damaged file is not mended".into());
        }
    }
    Ok(())
}

fn shared_cache() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let runs: Vec<_> = thread::scope(|scope| {
        let runs: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| cached_run(&folder).map_err(|it| format!("{it:?}"))))
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    let mut told = Vec::new();
    for run in runs {
        told.push(run?.0);
    }
    told.dedup();
    let (_, files) = cached_run(&folder)?;
    if told.len() != 1 || files.len() != 1 {
        return Err(format!("{} answers, {} files", told.len(), files.len()).into());
    }
    Ok(())
}

/// The processes that run this program as a worker.
fn workers(program: &Path) -> Vec<PathBuf> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let processes = processes.filter_map(|entry| Some(entry.ok()?.path()));
    let is_worker = |process: &PathBuf| {
        let line = fs::read(process.join("cmdline")).unwrap_or_default();
        let mut words = line.split(|byte| *byte == 0);
        words.next() == program.to_str().map(str::as_bytes) && words.next() == Some(b"exec-worker")
    };
    processes.filter(is_worker).collect()
}

fn wait_until(what: &str, done: impl Fn() -> bool) -> Result<(), Failed> {
    let begun = Instant::now();
    while !done() {
        if begun.elapsed() > Duration::from_secs(20) {
            return Err(format!("waited in vain for {what}").into());
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// A run of a copy of this program over a guest that takes long, so that its worker is known from those of other tests.
struct LongRun {
    folder: TempDir,
    parent: Child,
}

impl LongRun {
    fn start() -> Result<LongRun, Failed> {
        let folder = tempfile::tempdir()?;
        let copy = folder.path().join("secondcall");
        fs::hard_link(env!("CARGO_BIN_EXE_secondcall"), &copy)
            .or_else(|_| fs::copy(env!("CARGO_BIN_EXE_secondcall"), &copy).map(drop))?;
        let parent = Command::new(&copy)
            .args(["check", "--no-cache", "--budget", "60s"])
            .arg(hostile("memory_fill.wat"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let run = LongRun { folder, parent };
        wait_until("a worker", || !run.workers().is_empty())?;
        Ok(run)
    }

    /// The folders of its workers in `/proc`.
    fn workers(&self) -> Vec<PathBuf> {
        workers(&self.folder.path().join("secondcall"))
    }

    /// The lines of a file of the worker's folder that begin with one of these words.
    fn lines(&self, file: &str, words: &[&str]) -> Vec<String> {
        let Some(worker) = self.workers().into_iter().next() else { return Vec::new() };
        let text = fs::read_to_string(worker.join(file)).unwrap_or_default();
        let lines = text.lines().filter(|line| words.iter().any(|word| line.starts_with(word)));
        lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    fn end(mut self) -> Result<(), Failed> {
        self.parent.kill()?;
        self.parent.wait()?;
        wait_until("the worker's end", || self.workers().is_empty())
    }
}

fn orphan() -> Result<(), Failed> {
    if !Path::new("/proc/self/cmdline").exists() {
        return Ok(());
    }
    let run = LongRun::start()?;
    wait_until("limits on a worker", || {
        let limits = run.lines("limits", &["Max cpu time", "Max data size", "Max open files"]);
        limits.len() == 3 && limits.iter().all(|line| !line.contains("unlimited"))
    })?;
    run.end()
}

/// Its system calls are filtered, no program it could start gets privileges, it has a process group of its own, and its
/// descriptors lead to pipes and to what the kernel made for it alone.
fn given_up() -> Result<(), Failed> {
    if !Path::new("/proc/self/cmdline").exists() {
        return Ok(());
    }
    let run = LongRun::start()?;
    let status = || run.lines("status", &["NoNewPrivs:", "Seccomp:"]);
    wait_until("the filter", || status() == ["NoNewPrivs: 1", "Seccomp: 2"])?;
    let worker = run.workers().into_iter().next().ok_or("the worker is there")?;
    let process = worker.file_name().and_then(|it| it.to_str()).ok_or("a process has a number")?;
    let stat = fs::read_to_string(worker.join("stat"))?;
    let after_name: Vec<_> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
    expect(after_name[2], process)?;
    for descriptor in fs::read_dir(worker.join("fd"))? {
        let target = fs::read_link(descriptor?.path())?.display().to_string();
        let own = ["pipe:", "anon_inode:", "/dev/null", "/memfd:"];
        if !own.iter().any(|it| target.starts_with(it)) {
            return Err(format!("it has {target}").into());
        }
    }
    run.end()
}

fn noise() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    for noise in [&b""[..], b"\x7fELF", &[0xff; 4096]] {
        let path = folder.path().join("noise");
        fs::write(&path, noise)?;
        let output = program(&["exec-worker"]).stdin(fs::File::open(&path)?).output()?;
        if output.status.success() || !output.stdout.is_empty() {
            return Err(format!("it takes {} bytes of noise for a request", noise.len()).into());
        }
    }
    Ok(())
}
