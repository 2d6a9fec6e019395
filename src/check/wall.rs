//! Analyzes inputs in worker processes, which an input may end: then it is an input that could not be analyzed, and
//! another process goes on with the next one.

use std::env;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::analysis::{self, Calls, Examine, Examined};
use super::inputs::Loaded;
use super::messages::{Answer, LONGEST, Request, patience};
use super::stop::Stop;
use super::worker::{FAULT, SUBCOMMAND, serves};
use crate::exec::Target;
use crate::frames;
use crate::observation::Observation;
use crate::report::document::Failure;

/// How often a waiting session checks whether it was stopped.
const POLL: Duration = Duration::from_millis(50);
/// The clock ends an analysis after this many times the processor time that it may take: a last resort against one that
/// waits, and on systems without such limits.
const PATIENCE: u32 = 10;
/// What is read of a worker's last words, in bytes.
const LAST_WORDS: u64 = 4096;

/// Settings of glibc's allocator in a worker: one arena, which grows by 4 MiB, holds what is smaller than that, and is given
/// back beyond 64 MiB. An arena for each thread costs a system call for every few pages. Other systems ignore them.
const ALLOCATOR: [(&str, &str); 4] = [
    ("MALLOC_ARENA_MAX", "1"),
    ("MALLOC_TOP_PAD_", "4194304"),
    ("MALLOC_TRIM_THRESHOLD_", "67108864"),
    ("MALLOC_MMAP_THRESHOLD_", "4194304"),
];

/// The worker processes of a session. They end when it is dropped.
#[derive(Debug)]
pub(super) struct Wall {
    /// The program to start: this one, unless it is a test that calls its functions. Then inputs are analyzed here.
    program: Option<PathBuf>,
    /// Threads of each worker.
    threads: usize,
    stop: Stop,
    idle: Mutex<Vec<Worker>>,
}

/// A worker process.
#[derive(Debug)]
struct Worker {
    child: Child,
    input: Option<ChildStdin>,
    answers: Receiver<(Answer, Vec<u8>)>,
    /// Whether it has analyzed an input before.
    is_used: bool,
}

/// Why a worker gave no result, and cannot be used again.
enum End {
    /// It has ended by itself, or sent what is no answer.
    Gone,
    Panicked(String),
    /// It was waited for so long.
    Late(Duration),
    Abandoned,
}

/// The outcome of a request: a result, or why the worker found none in the input.
type Outcome<T> = Result<Result<T, Box<Failure>>, End>;

impl Wall {
    /// No worker is started yet.
    ///
    /// # Errors
    /// If the path of this program is unknown, so that it cannot start itself.
    pub(super) fn new(threads: usize, stop: &Stop) -> io::Result<Self> {
        let program = if serves() { Some(env::current_exe()?) } else { None };
        Ok(Wall { program, threads, stop: stop.clone(), idle: Mutex::default() })
    }

    /// Makes a component of an input that is text or a core module.
    pub(super) fn convert(&self, path: String, bytes: Vec<u8>) -> Loaded {
        let convert = |worker: &mut Worker| {
            let request = Request::Convert { path: path.clone() };
            worker.send(&request, &bytes)?;
            match worker.answer(bytes.len(), &self.stop)? {
                (Answer::Converted { text, wrapping }, bytes) => Ok(Ok((bytes, text, wrapping))),
                (answer, _) => failed(answer),
            }
        };
        let Some(program) = &self.program else { return Loaded::of(path, bytes) };
        match self.with_worker(program, bytes.len(), convert) {
            Ok((bytes, text, wrapping)) => Loaded { path, bytes: Ok(bytes), text, wrapping },
            Err(failure) => Loaded { path, bytes: Err(failure), text: None, wrapping: None },
        }
    }

    /// Analyzes a component. `call`, if there is one, makes the calls of its exports meanwhile.
    ///
    /// # Errors
    /// Why it has no result.
    pub(super) fn examine(
        &self,
        how: Examine,
        bytes: &[u8],
        call: Option<&dyn Fn(Vec<Target>) -> Observation>,
    ) -> Result<Examined, Box<Failure>> {
        let Some(program) = &self.program else {
            let calls = &mut CallsHere { call, exports: Vec::new() };
            return analysis::examine(bytes, &how, calls)
                .unwrap_or_else(|error| Err(unanalyzed(error.to_string())));
        };
        let request = Request::Examine(Examine { calls: call.is_some(), ..how });
        // A second worker does not need the calls again.
        let mut observed = None;
        self.with_worker(program, bytes.len(), |worker| {
            worker.send(&request, bytes)?;
            let mut answer = worker.answer(bytes.len(), &self.stop)?;
            if let (Some(call), (Answer::Exports(_), _)) = (call, &answer)
                && let Answer::Exports(targets) = answer.0
            {
                let observed = observed.get_or_insert_with(|| Request::Observed(call(targets)));
                worker.send(observed, &[])?;
                answer = worker.answer(bytes.len(), &self.stop)?;
            }
            match answer {
                (Answer::Examined(examined), _) => Ok(Ok(*examined)),
                (answer, _) => failed(answer),
            }
        })
    }

    /// Does work with a worker. One that was used before may owe its end to earlier inputs, so another one tries again.
    fn with_worker<T>(
        &self,
        program: &Path,
        bytes: usize,
        mut work: impl FnMut(&mut Worker) -> Outcome<T>,
    ) -> Result<T, Box<Failure>> {
        loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let worker = idle.map_or_else(|| Worker::start(program, self.threads), Ok);
            let mut worker = worker.map_err(|error| {
                unanalyzed(format!("cannot start the process that analyzes it: {error}"))
            })?;
            match work(&mut worker) {
                Ok(outcome) => {
                    worker.is_used = true;
                    self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
                    return outcome;
                }
                Err(End::Gone) if worker.is_used => {}
                Err(end) => return Err(unanalyzed(worker.fate(&end, bytes))),
            }
        }
    }
}

/// Calls that are made after the analysis, in a process of their own as ever.
struct CallsHere<'a> {
    call: Option<&'a dyn Fn(Vec<Target>) -> Observation>,
    exports: Vec<Target>,
}

impl Calls for CallsHere<'_> {
    fn begin(&mut self, exports: Vec<Target>) -> io::Result<()> {
        self.exports = exports;
        Ok(())
    }

    fn end(&mut self) -> io::Result<Observation> {
        let exports = std::mem::take(&mut self.exports);
        Ok(self.call.map(|call| call(exports)).unwrap_or_default())
    }
}

/// The failure that an answer tells.
fn failed<T>(answer: Answer) -> Outcome<T> {
    match answer {
        Answer::Failed(failure, text) => Ok(Err(Box::new(Failure { text, ..*failure }))),
        Answer::Panicked(message) => Err(End::Panicked(message)),
        _ => Err(End::Gone),
    }
}

fn unanalyzed(message: String) -> Box<Failure> {
    Box::new(Failure::new("analyze", message))
}

impl Worker {
    fn start(program: &Path, threads: usize) -> io::Result<Worker> {
        let mut command = Command::new(program);
        command.args([SUBCOMMAND, &threads.to_string()]).env_clear().envs(ALLOCATOR);
        command.envs(env::var_os(FAULT).map(|fault| (FAULT, fault)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (sender, answers) = mpsc::channel();
        thread::Builder::new().spawn(move || {
            let mut output = output?;
            while let Ok(answer) = frames::read(&mut output, LONGEST) {
                sender.send(answer).ok()?;
            }
            Some(())
        })?;
        Ok(Worker { child, input, answers, is_used: false })
    }

    fn send(&mut self, request: &Request, bytes: &[u8]) -> Result<(), End> {
        let input = self.input.as_mut().ok_or(End::Gone)?;
        frames::write(input, request, bytes).map_err(|_| End::Gone)
    }

    fn answer(&self, bytes: usize, stop: &Stop) -> Result<(Answer, Vec<u8>), End> {
        let (since, patience) = (Instant::now(), patience(bytes) * PATIENCE);
        loop {
            match self.answers.recv_timeout(POLL) {
                Ok(answer) => return Ok(answer),
                Err(RecvTimeoutError::Disconnected) => return Err(End::Gone),
                Err(RecvTimeoutError::Timeout) if stop.is_abandoned() => {
                    return Err(End::Abandoned);
                }
                Err(RecvTimeoutError::Timeout) if since.elapsed() < patience => {}
                Err(RecvTimeoutError::Timeout) => return Err(End::Late(patience)),
            }
        }
    }

    /// Why it gave no result for an input of so many bytes, in words.
    fn fate(mut self, end: &End, bytes: usize) -> String {
        match end {
            End::Panicked(message) => {
                return format!("internal error in secondcall, please report it: {message}");
            }
            End::Late(patience) => {
                return format!("its analysis took longer than {} s", patience.as_secs());
            }
            End::Abandoned => return "the check was stopped".to_owned(),
            End::Gone => {}
        }
        drop(self.input.take());
        let Ok(status) = self.child.wait() else { return "its analysis ended".to_owned() };
        let mut words = Vec::new();
        if let Some(errors) = self.child.stderr.take() {
            let _ = errors.take(LAST_WORDS).read_to_end(&mut words);
        }
        // What Rust's library prints before it aborts.
        let words = String::from_utf8_lossy(&words);
        if words.contains("overflowed its stack") {
            "its analysis overflowed the stack".to_owned()
        } else if words.contains("memory allocation of") {
            "its analysis ran out of memory".to_owned()
        } else if ran_out_of_time(status) {
            let seconds = patience(bytes).as_secs();
            format!("its analysis took longer than {seconds} s of processor time")
        } else {
            format!("the process that analyzed it ended: {status}")
        }
    }
}

#[cfg(unix)]
fn ran_out_of_time(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(rustix::process::Signal::XCPU.as_raw())
}

#[cfg(not(unix))]
fn ran_out_of_time(_: ExitStatus) -> bool {
    false
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _ = self.child.wait();
    }
}
