//! What the operating system holds the worker to: it runs code of strangers, compiled by an engine
//! that may have bugs.

use std::io::Read;
use std::thread;

#[cfg(unix)]
use rustix::process::Resource;
#[cfg(unix)]
use rustix::process::Rlimit;
#[cfg(unix)]
use rustix::process::getrlimit;
#[cfg(unix)]
use rustix::process::setrlimit;

use crate::exec::settings::Settings;

/// Memory of the engine itself, compiled code included, in bytes.
#[cfg(unix)]
const ENGINE: u64 = 3 << 30;

/// Limits this process from now on. A limit that the system does not know, or that is tighter
/// already, stays as it is.
#[cfg(unix)]
pub(super) fn limit(settings: &Settings, seconds: u64) {
    let most = [
        (Resource::Data, settings.memory.saturating_mul(2).saturating_add(ENGINE)),
        (Resource::Cpu, seconds),
        (Resource::Core, 0),
    ];
    for (resource, most) in most {
        let hard = getrlimit(resource).maximum.map_or(most, |hard| hard.min(most));
        let limit = Rlimit { current: Some(hard), maximum: Some(hard) };
        // What cannot be limited is watched from outside: see the supervisor.
        let _ = setrlimit(resource, limit);
    }
}

/// Where there are no such limits, the supervisor's watch is all there is.
#[cfg(not(unix))]
pub(super) fn limit(_: &Settings, _: u64) {}

/// Ends this process when nobody holds the other end of `input` any more.
pub(super) fn end_with(mut input: impl Read + Send + 'static) {
    thread::spawn(move || {
        let mut byte = [0];
        while input.read(&mut byte).is_ok_and(|read| read > 0) {}
        std::process::exit(0);
    });
}
