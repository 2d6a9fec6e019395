//! The command-line options of the execution check.

use clap::Args;

use super::script_options::ScriptOptions;
use crate::check::request::Request;
use crate::config::units::{self, Size, Time};
use crate::config::{Chosen, Layer};

#[derive(Debug, Clone, Default, Args)]
pub(super) struct ExecutionOptions {
    /// Calls of each export on one instance, and as many on fresh instances [default: 8]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1000))]
    calls: Option<u32>,
    /// Limit for all calls of one export, as time on a machine of moderate speed [default: 5s]
    #[arg(long, value_name = "TIME")]
    budget: Option<Time>,
    /// Limit for the linear memory of one instance [default: 1GiB]
    #[arg(long, value_name = "SIZE")]
    memory: Option<Size>,
    /// Seed of generated arguments and random numbers [default: 0x5eed]
    #[arg(long, value_name = "NUMBER", value_parser = units::number)]
    seed: Option<u64>,
    /// Do not search what makes a later call differ
    #[arg(long, conflicts_with = "cause_budget")]
    no_cause: bool,
    /// Limit for that search, as time on a machine of moderate speed [default: 3s]
    #[arg(long, value_name = "TIME")]
    cause_budget: Option<Time>,
    /// Call only exports that match, such as `wasi:http/*` or `tick`; may be repeated
    #[arg(long = "export", value_name = "GLOB")]
    pub(super) exports: Vec<String>,
    /// Do not use cached results of earlier runs
    #[arg(long)]
    no_cache: bool,
    #[command(flatten)]
    script: ScriptOptions,
}

impl ExecutionOptions {
    /// The request with these options. Invalid values are in its `errors`.
    pub(super) fn request(&self) -> Request {
        let (given, errors) = self.script.read();
        let layer = Layer {
            calls: self.calls.map(Chosen::typed),
            budget: self.budget.map(Chosen::typed),
            memory: self.memory.map(Chosen::typed),
            seed: self.seed.map(Chosen::typed),
            given,
            ..Layer::default()
        };
        let (exports, no_cache) = (self.exports.clone(), self.no_cache);
        let cause_budget = match self.no_cause {
            true => Some(0),
            false => self.cause_budget.map(|it| it.milliseconds),
        };
        Request { layer, errors, exports, no_cache, cause_budget, ..Request::default() }
    }
}
