//! How the exports of one component are called.

use std::env;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::prepared::Prepared;
use super::request::Request;
use crate::config::units::{Size, Time};
use crate::config::{Config, glob};
use crate::exec::{Cache, Observer, Settings};
use crate::location::ExportName;

/// How to call the exports of one component: the request over the configuration.
#[derive(Debug, Clone)]
pub(crate) struct Calling {
    /// Calls of each export on one instance, and as many on fresh ones.
    pub(crate) calls: u32,
    /// Seed of generated arguments and random numbers.
    pub(crate) seed: u64,
    budget: Time,
    /// In milliseconds; `None` for the default.
    cause_budget: Option<u64>,
    memory: Size,
    script: Prepared,
    exports: Vec<String>,
    excluded: Vec<String>,
    no_cache: bool,
    only_kept: bool,
    stop: Arc<AtomicBool>,
}

impl Calling {
    /// Calls as `config` says, which includes what `request` chose. `script` is what the author provides for the
    /// component.
    pub(crate) fn new(config: &Config, request: &Request, script: Prepared) -> Self {
        Calling {
            calls: config.calls.value,
            seed: config.seed.value,
            budget: config.budget.value,
            cause_budget: request.cause_budget,
            memory: config.memory.value,
            script,
            exports: request.exports.clone(),
            excluded: config.exclude_exports.value.clone(),
            no_cache: request.no_cache,
            only_kept: request.only_kept,
            stop: Arc::default(),
        }
    }

    /// Stops the calls once `stop` is true.
    pub(crate) fn until(self, stop: &Arc<AtomicBool>) -> Self {
        Calling { stop: Arc::clone(stop), ..self }
    }

    /// An observer that calls exports this way.
    ///
    /// # Errors
    /// If the path of this program is unknown, so that it cannot start itself.
    pub(crate) fn observer(&self) -> io::Result<Observer> {
        let default = Settings::default();
        Ok(Observer {
            program: env::current_exe()?,
            settings: Settings {
                calls: self.calls,
                seed: self.seed,
                budget: self.budget.milliseconds,
                cause_budget: self.cause_budget.unwrap_or(default.cause_budget),
                memory: self.memory.bytes,
                schedule: None,
                script: self.script.script(),
            },
            cache: if self.no_cache { None } else { Cache::of_user() },
            only_kept: self.only_kept,
            stop: Arc::clone(&self.stop),
        })
    }

    /// Whether an export is called.
    pub(crate) fn wants(&self, export: &ExportName) -> bool {
        let matches =
            |globs: &[String]| globs.iter().any(|glob| glob::matches_export(glob, export));
        (self.exports.is_empty() || matches(&self.exports)) && !matches(&self.excluded)
    }
}
