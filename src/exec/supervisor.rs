//! Starts the worker, receives its messages, and stops it when it takes too long. An export that ends the worker is
//! inconclusive, and another worker continues without it.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::protocol::{COMPILING, Leak, Message, Request};
use super::settings::{Settings, Target};
use crate::frames;
use crate::observation::{Call, Inconclusive, Observation, ObservedExport};

/// The first argument of a worker process.
pub(crate) const SUBCOMMAND: &str = "exec-worker";
/// How often the supervisor checks whether it was stopped.
const POLL: Duration = Duration::from_millis(50);
/// What a worker may send in all, in bytes.
const MOST_RECEIVED: u64 = 256 << 20;
/// How many workers are started for a component.
const MOST_WORKERS: u32 = 8;

/// One component, observed by workers.
pub(super) struct Supervisor<'a> {
    pub(super) program: &'a Path,
    pub(super) settings: &'a Settings,
    pub(super) stop: &'a AtomicBool,
    pub(super) component: &'a [u8],
    pub(super) targets: &'a [Target],
}

/// What workers have reported so far.
#[derive(Default)]
struct Report {
    /// Whether the last worker has compiled the component.
    compiled: bool,
    stubbed: Vec<String>,
    unfiltered: Option<String>,
    refused: Option<Inconclusive>,
    unstartable: Option<Box<Call>>,
    /// The target that is being observed.
    begun: Option<usize>,
    exports: BTreeMap<usize, ObservedExport>,
    /// Whether the last worker ended before it had made all calls of several exports and all trials.
    unfinished: bool,
}

/// Why a worker sends nothing more.
enum End {
    /// It has done everything.
    Done,
    /// It has to be stopped.
    Stop(Inconclusive),
    /// It has ended by itself.
    Gone,
}

impl Supervisor<'_> {
    /// Observes all targets but the internal ones.
    ///
    /// # Errors
    /// When no worker can be started.
    pub(super) fn observe(&self) -> io::Result<Observation> {
        let mut report = Report::default();
        let mut optimizing = false;
        for _ in 0..MOST_WORKERS {
            let is_wanted =
                |at: &usize| !self.targets[*at].internal && !report.exports.contains_key(at);
            let wanted: Vec<_> = (0..self.targets.len()).filter(is_wanted).collect();
            if wanted.is_empty() || report.refused.is_some() || self.stop.load(Relaxed) {
                break;
            }
            let (settings, targets) = (self.settings.clone(), self.targets.to_vec());
            let request = Request { settings, targets, wanted, optimizing };
            let Some(why) = self.run_worker(&request, &mut report)? else { break };
            match report.begun.take() {
                // It was compiling: the other compiler may succeed.
                None if !report.compiled && !optimizing => optimizing = true,
                None if !report.compiled => report.refused = Some(why),
                Some(target) if !report.exports.contains_key(&target) => {
                    let name = self.targets[target].name.clone();
                    let unseen = ObservedExport::unseen(name, &why.reason, why.detail);
                    report.exports.insert(target, unseen);
                }
                // All exports had been called by themselves.
                _ => {
                    report.unfinished = true;
                    break;
                }
            }
        }
        if self.stop.load(Relaxed) {
            report.refused = Some(stopped());
        }
        Ok(report.into_observation(self.targets, self.settings.memory))
    }

    /// Runs one worker. Returns why it did not do everything, or `None` if it did.
    fn run_worker(
        &self,
        request: &Request,
        report: &mut Report,
    ) -> io::Result<Option<Inconclusive>> {
        let mut command = Command::new(self.program);
        // Signals to the group of this process, as of a terminal, are not for the guest.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .arg(SUBCOMMAND)
            .env_clear()
            .current_dir(folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut input = child.stdin.take();
        let output = child.stdout.take();
        let (sender, messages) = mpsc::channel();
        let reader = thread::spawn(move || {
            let lines = BufReader::new(output?.take(MOST_RECEIVED)).split(b'\n');
            for line in lines.map_while(Result::ok) {
                let message = serde_json::from_slice::<Message>(&line).ok()?;
                sender.send(message).ok()?;
            }
            Some(())
        });
        report.compiled = false;
        let sent = match &mut input {
            Some(input) => frames::write(input, request, self.component),
            None => Ok(()),
        };
        let end = match sent {
            Ok(()) => self.receive(child.id(), &messages, request, report),
            // The status of a worker that is gone says why.
            Err(_) => End::Gone,
        };
        let why = match end {
            End::Done => None,
            End::Stop(why) => Some(why),
            End::Gone => Some(exit_status(&mut child)?),
        };
        drop(input);
        let _already_gone = child.kill();
        child.wait()?;
        let _ended = reader.join();
        Ok(why)
    }

    fn receive(
        &self,
        worker: u32,
        messages: &Receiver<Message>,
        request: &Request,
        report: &mut Report,
    ) -> End {
        let mut since = Moment::now(worker);
        loop {
            let patience = if report.compiled { request.patience() } else { COMPILING };
            let message = messages.recv_timeout(POLL.min(patience));
            if message.is_ok() {
                since = Moment::now(worker);
            }
            match message {
                Ok(Message::Compiled { stubbed }) => {
                    report.compiled = true;
                    report.stubbed = stubbed;
                }
                Ok(Message::Unfiltered(why)) => report.unfiltered = Some(why),
                Ok(Message::Refused { reason, detail }) => {
                    report.refused = Some(Inconclusive { reason, detail });
                    return End::Done;
                }
                Ok(Message::Unstartable(call)) => report.unstartable = Some(call),
                Ok(Message::Begun(target)) => report.begun = Some(target),
                Ok(Message::Observed(target, observed)) => {
                    report.exports.insert(target, *observed);
                }
                Ok(Message::Disturbed(target, disturbed)) => {
                    if let Some(export) = report.exports.get_mut(&target) {
                        export.disturbed.push(*disturbed);
                    }
                }
                Ok(Message::Overlapped(target, overlapping)) => {
                    if let Some(export) = report.exports.get_mut(&target) {
                        export.overlapping = Some(*overlapping);
                    }
                }
                Ok(Message::Caused(target, cause)) => {
                    if let Some(export) = report.exports.get_mut(&target) {
                        export.causes.push(*cause);
                    }
                }
                Ok(Message::Leaks(target, leak, path)) => {
                    let export = report.exports.get_mut(&target);
                    let Some(repeated) = export.and_then(|it| it.repeated.as_mut()) else {
                        continue;
                    };
                    let handles = &mut repeated.handles;
                    match leak {
                        Leak::Memory => repeated.grown_by = Some(*path),
                        Leak::Concurrent => repeated.concurrent_by = Some(*path),
                        Leak::Handles(of) => {
                            if let Some(grown) = handles.iter_mut().find(|it| it.resource == of) {
                                grown.taken_by = Some(*path);
                            }
                        }
                    }
                }
                Ok(Message::Probing) => report.compiled = false,
                Ok(Message::Done) => return End::Done,
                Err(RecvTimeoutError::Disconnected) => return End::Gone,
                Err(RecvTimeoutError::Timeout) if self.stop.load(Relaxed) => {
                    return End::Stop(stopped());
                }
                Err(RecvTimeoutError::Timeout) if !since.is_ago(patience, worker) => {}
                Err(RecvTimeoutError::Timeout) => {
                    // The words of a worker that stops itself.
                    let what = if report.compiled { "a call" } else { "compiling" };
                    let detail = format!("{what} reaches its limit of time");
                    return End::Stop(Inconclusive::new("budget", detail));
                }
            }
        }
    }
}

/// A moment in the time that has passed, and in the processor time of a worker, where the system tells it.
struct Moment {
    time: Instant,
    processor: Option<Duration>,
}

impl Moment {
    fn now(worker: u32) -> Self {
        Moment { time: Instant::now(), processor: processor_time(worker) }
    }

    /// Whether the worker has used so much processor time since then, or has taken [`BUSY`] times as long: on a busy machine,
    /// it waits for a processor.
    fn is_ago(&self, patience: Duration, worker: u32) -> bool {
        match (self.processor, processor_time(worker)) {
            (Some(before), Some(now)) => {
                now.saturating_sub(before) >= patience || self.time.elapsed() >= patience * BUSY
            }
            _ => self.time.elapsed() >= patience,
        }
    }
}

/// How much longer than on an idle machine a worker may take on a busy one.
const BUSY: u32 = 4;

/// The processor time of a process so far: in ticks of a hundredth of a second, the 14th and 15th value of its `stat`
/// (Linux, `proc_pid_stat(5)`).
fn processor_time(process: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, behind_name) = stat.rsplit_once(')')?;
    let mut values = behind_name.split_whitespace().skip(11);
    let mut ticks = || values.next()?.parse::<u64>().ok();
    Some(Duration::from_millis((ticks()? + ticks()?) * 10))
}

/// The folder of a worker, which is none that the user may want to remove: that for temporary files, or what is above it
/// where there is none.
fn folder() -> PathBuf {
    let folder = std::env::temp_dir();
    folder.ancestors().find(|it| it.is_dir()).unwrap_or(Path::new("/")).to_owned()
}

fn stopped() -> Inconclusive {
    Inconclusive::new("stopped", "the check was stopped before it was called")
}

fn exit_status(child: &mut Child) -> io::Result<Inconclusive> {
    let status = child.wait()?;
    let detail = format!("the process that ran it ended with {status}");
    Ok(Inconclusive::new("crashed", detail))
}

impl Report {
    fn into_observation(mut self, targets: &[Target], memory_limit: u64) -> Observation {
        let exports = targets.iter().enumerate().map(|(at, target)| {
            let unseen = |reason: &str, detail: &str| {
                ObservedExport::unseen(target.name.clone(), reason, detail)
            };
            match (self.exports.remove(&at), &self.refused) {
                (Some(observed), _) => observed,
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
            unfiltered: self.unfiltered,
            memory_limit,
            unstartable: self.unstartable,
            unfinished: self.unfinished,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg_attr(not(target_os = "linux"), ignore = "only Linux tells the time of a process")]
    fn the_system_tells_the_time_of_a_process() {
        let here = std::process::id();
        let before = Moment::now(here);
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(200) {
            std::hint::black_box(0);
        }
        let used = processor_time(here).expect("Linux tells it") - before.processor.expect("too");
        assert!(used > Duration::ZERO && used < Duration::from_secs(60), "{used:?}");
        assert!(!before.is_ago(Duration::from_secs(3600), here));
        assert!(before.is_ago(Duration::ZERO, here));
        assert!(processor_time(u32::MAX).is_none());
    }
}
