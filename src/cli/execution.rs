//! The options of the execution check, and what it adds to a report.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::given;
use super::prepared::Prepared;
use crate::config::units::{self, Size, Time};
use crate::config::{Config, glob};
#[cfg(feature = "exec")]
use crate::exec::Cache;
#[cfg(feature = "exec")]
use crate::exec::Observer;
#[cfg(feature = "exec")]
use crate::exec::Settings;
use crate::location::ExportName;

/// How to call the exports, as it was typed.
#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// How many calls an export gets on one instance, and as many on fresh ones [default: 8]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub calls: Option<u32>,
    /// What the calls of one export may use, as time on a machine of moderate speed [default: 5s]
    #[arg(long, value_name = "TIME")]
    pub budget: Option<Time>,
    /// Linear memory of one instance [default: 1GiB]
    #[arg(long, value_name = "SIZE")]
    pub memory: Option<Size>,
    /// From which arguments and random numbers are made [default: 0x5eed]
    #[arg(long, value_name = "NUMBER", value_parser = units::number)]
    pub seed: Option<u64>,
    /// Call only exports whose name fits, such as `wasi:http/*` or `tick`; may be repeated
    #[arg(long = "export", value_name = "GLOB")]
    pub exports: Vec<String>,
    /// Call all exports again, whatever is known from an earlier run
    #[arg(long)]
    pub no_cache: bool,
    /// What is given
    #[command(flatten)]
    pub given: given::Options,
}

/// How to call the exports of one component: what was typed and what was configured.
#[derive(Debug, Clone)]
pub struct Calling {
    /// How many calls an export gets on one instance, and as many on fresh ones.
    pub calls: u32,
    /// What the calls of one export may use.
    pub budget: Time,
    /// Linear memory of one instance.
    pub memory: Size,
    /// From which arguments and random numbers are made.
    pub seed: u64,
    /// What was given.
    #[cfg_attr(not(feature = "exec"), expect(dead_code, reason = "only an execution plays it"))]
    script: Prepared,
    exports: Vec<String>,
    excluded: Vec<String>,
    #[cfg_attr(not(feature = "exec"), expect(dead_code, reason = "only an execution is kept"))]
    no_cache: bool,
    #[cfg_attr(not(feature = "exec"), expect(dead_code, reason = "only calls are stopped"))]
    stop: Arc<AtomicBool>,
}

impl Options {
    /// How to call under `config`, which holds what these options choose already. `script` is what was given
    /// for the component.
    pub(crate) fn under(&self, config: &Config, script: Prepared) -> Calling {
        Calling {
            script,
            calls: config.calls.value,
            budget: config.budget.value,
            memory: config.memory.value,
            seed: config.seed.value,
            exports: self.exports.clone(),
            excluded: config.exclude_exports.value.clone(),
            no_cache: self.no_cache,
            stop: Arc::default(),
        }
    }

    /// Whether all exports are called but those that the user wants to be left alone.
    pub fn wants_all(&self) -> bool {
        self.exports.is_empty()
    }
}

impl Calling {
    /// The same, until `stop` becomes true.
    pub(crate) fn until(self, stop: &Arc<AtomicBool>) -> Self {
        Calling { stop: Arc::clone(stop), ..self }
    }

    /// Who executes so.
    ///
    /// # Errors
    /// When this program does not know where it is, so that it cannot start itself.
    #[cfg(feature = "exec")]
    pub(crate) fn observer(&self) -> std::io::Result<Observer> {
        Ok(Observer {
            program: std::env::current_exe()?,
            settings: Settings {
                calls: self.calls,
                seed: self.seed,
                budget: self.budget.milliseconds,
                memory: self.memory.bytes,
                script: self.script.script(),
            },
            cache: if self.no_cache { None } else { Cache::of_user() },
            stop: Arc::clone(&self.stop),
        })
    }

    /// Whether an export is to be called.
    pub fn wants(&self, export: &ExportName) -> bool {
        let means = |globs: &[String]| globs.iter().any(|glob| glob::means(glob, export));
        (self.exports.is_empty() || means(&self.exports)) && !means(&self.excluded)
    }
}
