//! Limits that the operating system puts on the worker. It runs untrusted code, compiled by an engine that may have bugs.

use std::io::Read;
use std::thread;

#[cfg(unix)]
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::exec::settings::Settings;

/// Memory of the engine itself, compiled code included, in bytes.
#[cfg(unix)]
const ENGINE: u64 = 3 << 30;

/// How many descriptors it may have. A core module with data takes one.
#[cfg(unix)]
const FILES: u64 = 4096;

/// Limits the memory, the time and the descriptors of this process. Never raises a limit, and ignores those that the system does not know:
/// the supervisor watches the process as well.
#[cfg(unix)]
pub(super) fn limit(settings: &Settings, seconds: u64) {
    let most = [
        (Resource::Data, settings.memory.saturating_mul(2).saturating_add(ENGINE)),
        (Resource::Cpu, seconds),
        (Resource::Core, 0),
        (Resource::Nofile, FILES),
    ];
    for (resource, most) in most {
        let hard = getrlimit(resource).maximum.map_or(most, |hard| hard.min(most));
        let limit = Rlimit { current: Some(hard), maximum: Some(hard) };
        let _is_unknown = setrlimit(resource, limit);
    }
}

#[cfg(not(unix))]
pub(super) fn limit(_: &Settings, _: u64) {}

/// Ends this process when the other end of `input` is closed.
pub(super) fn end_with(mut input: impl Read + Send + 'static) {
    thread::spawn(move || {
        let mut byte = [0];
        while input.read(&mut byte).is_ok_and(|read| read > 0) {}
        std::process::exit(0);
    });
}
