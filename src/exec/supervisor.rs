//! Starts the worker, listens to it, and stops it when it takes too long. Whatever becomes of the
//! worker is an observation: an export that ended it is inconclusive, and the others are tried again without it.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::Observer;
use super::protocol::{self, Message, Request};
use super::settings::{Settings, Target};
use crate::observation::{Call, Inconclusive, Observation, ObservedExport};

/// The hidden subcommand that the worker is.
pub(crate) const SUBCOMMAND: &str = "exec-worker";
/// How long compiling may take.
const COMPILING: Duration = Duration::from_secs(120);
/// How often one looks whether anybody still waits.
const GLANCE: Duration = Duration::from_millis(50);
/// What the worker may say in all, in bytes.
const MOST_SAID: u64 = 256 << 20;
/// How many workers a component may end.
const MOST_WORKERS: u32 = 8;

/// How long a worker may take for a request.
pub(super) fn longest(request: &Request) -> Duration {
    COMPILING + patience(&request.settings) * (4 * request.wanted.len() as u32 + 1)
}

/// How long one export may take.
fn patience(settings: &Settings) -> Duration {
    // The worker stops itself a moment earlier, if it can.
    Duration::from_millis(settings.budget.saturating_mul(Settings::PATIENCE))
        + Duration::from_secs(5)
}

/// Observes all targets but the internal ones.
///
/// # Errors
/// When no worker can be started.
pub(super) fn observe(
    observer: &Observer,
    component: &[u8],
    targets: &[Target],
) -> io::Result<Observation> {
    let mut heard = Heard::default();
    let mut optimizing = false;
    for _ in 0..MOST_WORKERS {
        let wanted: Vec<_> = (0..targets.len())
            .filter(|it| !targets[*it].internal && !heard.exports.contains_key(it))
            .collect();
        if wanted.is_empty() || heard.refused.is_some() || observer.stop.load(Relaxed) {
            break;
        }
        let (settings, targets) = (observer.settings.clone(), targets.to_vec());
        let request = Request { settings, targets, wanted, optimizing };
        let end = work(observer, component, &request, &mut heard)?;
        let Some(why) = end else { break };
        match heard.begun.take() {
            // It was compiling: the other compiler may do better.
            None if !heard.compiled && !optimizing => optimizing = true,
            None if !heard.compiled => heard.refused = Some(why),
            Some(target) if !heard.exports.contains_key(&target) => {
                let name = request.targets[target].name.clone();
                heard.exports.insert(target, ObservedExport::unseen(name, &why.reason, why.detail));
            }
            // All exports had been called by themselves.
            _ => break,
        }
    }
    if observer.stop.load(Relaxed) {
        heard.refused = Some(stopped());
    }
    Ok(heard.into_observation(targets, observer.settings.memory))
}

#[derive(Default)]
struct Heard {
    compiled: bool,
    stubbed: Vec<String>,
    refused: Option<Inconclusive>,
    unstartable: Option<Box<Call>>,
    begun: Option<usize>,
    exports: BTreeMap<usize, ObservedExport>,
}

/// Runs one worker; `None` if it did all it was asked for, else why it did not.
fn work(
    observer: &Observer,
    component: &[u8],
    request: &Request,
    heard: &mut Heard,
) -> io::Result<Option<Inconclusive>> {
    let mut child = Command::new(&observer.program)
        .arg(SUBCOMMAND)
        .env_clear()
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut input = child.stdin.take();
    let output = child.stdout.take();
    let (sender, messages) = mpsc::channel();
    let listener = thread::spawn(move || {
        let lines = BufReader::new(output.into_iter().next()?.take(MOST_SAID)).split(b'\n');
        for line in lines.map_while(Result::ok) {
            let message = serde_json::from_slice::<Message>(&line).ok()?;
            sender.send(message).ok()?;
        }
        Some(())
    });
    heard.compiled = false;
    let told = match &mut input {
        Some(input) => protocol::send(request, component, input),
        None => Ok(()),
    };
    // A worker that is gone already says why by its status.
    let end = match told {
        Ok(()) => listen(&messages, request, &observer.stop, heard),
        Err(_) => Some(None),
    };
    let why = match end {
        None => None,
        Some(late) => Some(late.map_or_else(|| gone(&mut child), Ok)?),
    };
    drop(input);
    let _already_gone = child.kill();
    child.wait()?;
    let _nothing_more_to_hear = listener.join();
    Ok(why)
}

/// Listens until the worker is done: `None`; or late: with the reason; or silent: without.
fn listen(
    messages: &mpsc::Receiver<Message>,
    request: &Request,
    stop: &AtomicBool,
    heard: &mut Heard,
) -> Option<Option<Inconclusive>> {
    let mut since = Instant::now();
    loop {
        let patience = if heard.compiled { patience(&request.settings) } else { COMPILING };
        let message = messages.recv_timeout(GLANCE.min(patience));
        if message.is_ok() {
            since = Instant::now();
        }
        match message {
            Ok(Message::Compiled { stubbed }) => {
                heard.compiled = true;
                heard.stubbed = stubbed;
            }
            Ok(Message::Refused { reason, detail }) => {
                heard.refused = Some(Inconclusive { reason, detail });
                return None;
            }
            Ok(Message::Unstartable(call)) => heard.unstartable = Some(call),
            Ok(Message::Begun(target)) => heard.begun = Some(target),
            Ok(Message::Observed(target, observed)) => {
                heard.exports.insert(target, *observed);
            }
            Ok(Message::Disturbed(target, disturbed)) => {
                if let Some(seen) = heard.exports.get_mut(&target) {
                    seen.disturbed.push(*disturbed);
                }
            }
            Ok(Message::Done) => return None,
            Err(RecvTimeoutError::Timeout) if stop.load(Relaxed) => return Some(Some(stopped())),
            Err(RecvTimeoutError::Timeout) if since.elapsed() < patience => {}
            Err(RecvTimeoutError::Timeout) => {
                let what = if heard.compiled { "a call" } else { "compiling" };
                let detail = format!("{what} took longer than {} s", patience.as_secs());
                return Some(Some(Inconclusive { reason: "budget".to_owned(), detail }));
            }
            Err(RecvTimeoutError::Disconnected) => return Some(None),
        }
    }
}

fn stopped() -> Inconclusive {
    let detail = "the check was stopped before it was called".to_owned();
    Inconclusive { reason: "stopped".to_owned(), detail }
}

/// Why a worker went away by itself.
fn gone(child: &mut Child) -> io::Result<Inconclusive> {
    let status = child.wait()?;
    Ok(Inconclusive {
        reason: "crashed".to_owned(),
        detail: format!("the process that ran it ended with {status}"),
    })
}

impl Heard {
    fn into_observation(mut self, targets: &[Target], memory_limit: u64) -> Observation {
        let exports = targets.iter().enumerate().map(|(i, target)| {
            let unseen = |reason: &str, detail: &str| {
                ObservedExport::unseen(target.name.clone(), reason, detail)
            };
            match (self.exports.remove(&i), &self.refused) {
                (Some(seen), _) => seen,
                (None, _) if target.internal => unseen(
                    Inconclusive::TOOL_INTERNAL,
                    "its toolchain calls it while building, nobody after that",
                ),
                (None, Some(why)) => unseen(&why.reason, &why.detail),
                (None, None) => unseen("crashed", "too many processes that ran it ended early"),
            }
        });
        Observation {
            exports: exports.collect(),
            stubbed: self.stubbed,
            memory_limit,
            unstartable: self.unstartable,
        }
    }
}
