//! The options of the execution check.

use clap::Args;

use super::given;
use crate::check::request::Request;
use crate::config::units::{self, Size, Time};
use crate::config::{Chosen, Layer};

/// How to call the exports, as it was typed.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Options {
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

impl Options {
    /// The request that was typed.
    pub(super) fn request(&self) -> Request {
        let (given, errors) = self.given.read();
        let layer = Layer {
            calls: self.calls.map(Chosen::typed),
            budget: self.budget.map(Chosen::typed),
            memory: self.memory.map(Chosen::typed),
            seed: self.seed.map(Chosen::typed),
            given,
            ..Layer::default()
        };
        let (exports, no_cache) = (self.exports.clone(), self.no_cache);
        Request { layer, errors, exports, no_cache, ..Request::default() }
    }
}
