//! The process that analyzes inputs. Whatever an input does to it costs that input alone: it has limits of memory and
//! processor time, and the session starts another one. It opens no file and reads nothing but requests.

mod fault;
mod limits;

use std::io;
use std::num::NonZero;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::process;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::analysis::{self, Calls};
use super::inputs::Loaded;
use super::messages::{Answer, LONGEST, Request};
use crate::exec::Target;
use crate::frames;
use crate::observation::Observation;
use crate::report::document::Failure;

pub(super) use fault::VARIABLE as FAULT;

/// The first argument of a worker process. The second one is its number of threads.
pub(crate) const SUBCOMMAND: &str = "analysis-worker";

/// The stack of a thread that analyzes, in bytes: the analysis recurses into callees.
pub(crate) const STACK: usize = 64 << 20;

/// Whether this program is one that serves as a worker.
static SERVES: AtomicBool = AtomicBool::new(false);

/// Says that this program calls [`serve`] if its first argument is [`SUBCOMMAND`].
pub(crate) fn enable() {
    SERVES.store(true, Relaxed);
}

/// Whether this program can be started as a worker.
pub(super) fn serves() -> bool {
    SERVES.load(Relaxed)
}

/// Puts the limits of a worker on this process, which analyzes these bytes itself, if it is the program.
pub(crate) fn bound(bytes: &[u8]) {
    if serves() {
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        limits::limit(bytes.len(), threads * STACK);
        fault::inject(bytes);
    }
}

type Requests = Receiver<(Request, Vec<u8>)>;

/// The message of the last panic.
static PANIC: Mutex<String> = Mutex::new(String::new());

/// Serves requests from standard input until its other end is closed.
///
/// # Errors
/// When threads cannot be started, or an answer cannot be written.
pub(crate) fn serve(threads: usize) -> io::Result<()> {
    let (sender, requests) = mpsc::channel();
    thread::Builder::new().spawn(move || {
        // Ends the process with its parent, whatever it is doing then.
        while let Ok(request) = frames::read(&mut io::stdin().lock(), LONGEST)
            && sender.send(request).is_ok()
        {}
        process::exit(0);
    })?;
    panic::set_hook(Box::new(|info| {
        *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = words(info)
    }));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build();
    let pool = pool.map_err(io::Error::other)?;
    let requests = Mutex::new(requests);
    while let Ok((request, bytes)) = next(&requests) {
        limits::limit(bytes.len(), threads * STACK);
        let work = || pool.install(|| answer(request, &bytes, &requests));
        match panic::catch_unwind(AssertUnwindSafe(work)) {
            Ok(answered) => answered?,
            Err(_) => {
                let message = PANIC.lock().unwrap_or_else(PoisonError::into_inner).clone();
                send(&Answer::Panicked(message), &[])?;
            }
        }
    }
    Ok(())
}

fn next(requests: &Mutex<Requests>) -> Result<(Request, Vec<u8>), mpsc::RecvError> {
    requests.lock().unwrap_or_else(PoisonError::into_inner).recv()
}

fn words(info: &PanicHookInfo<'_>) -> String {
    let message = info.payload_as_str().unwrap_or("panic");
    let place = info.location().map(|at| format!(" ({}:{})", at.file(), at.line()));
    format!("{message}{}", place.unwrap_or_default())
}

fn send(answer: &Answer, bytes: &[u8]) -> io::Result<()> {
    frames::write(&mut io::stdout().lock(), answer, bytes)
}

fn answer(request: Request, bytes: &[u8], requests: &Mutex<Requests>) -> io::Result<()> {
    fault::inject(bytes);
    match request {
        Request::Convert { path } => {
            let Loaded { bytes, text, wrapping, .. } = Loaded::of(path, bytes.to_vec());
            match bytes {
                Ok(bytes) => send(&Answer::Converted { text, wrapping }, &bytes),
                Err(failure) => fail(failure),
            }
        }
        Request::Examine(how) => {
            match analysis::examine(bytes, &how, &mut CallsOfSession(requests))? {
                Ok(examined) => send(&Answer::Examined(Box::new(examined)), &[]),
                Err(failure) => fail(failure),
            }
        }
        // Its component could not be read.
        Request::Observed(_) => Ok(()),
    }
}

/// The session makes the calls.
struct CallsOfSession<'a>(&'a Mutex<Requests>);

impl Calls for CallsOfSession<'_> {
    fn begin(&mut self, exports: Vec<Target>) -> io::Result<()> {
        send(&Answer::Exports(exports), &[])
    }

    fn end(&mut self) -> io::Result<Observation> {
        match next(self.0).map_err(io::Error::other)? {
            (Request::Observed(seen), _) => Ok(seen),
            _ => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

fn fail(mut failure: Box<Failure>) -> io::Result<()> {
    let line = std::mem::take(&mut failure.text);
    send(&Answer::Failed(failure, line), &[])
}
