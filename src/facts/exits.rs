//! Exports that end in `wasi:cli/exit`: the instance is gone after the first call.

use crate::facts::execution::Site;
use crate::facts::guards::Reaches;
use crate::facts::trials::Trial;

/// A call of `wasi:cli/exit` that an export comes to.
#[derive(Debug, Clone)]
pub struct Exit {
    /// Whether every path that does not trap comes to one.
    pub reaches: Reaches,
    /// The call.
    pub site: Site,
    /// The calls that lead there, outermost first.
    pub stack: Vec<Site>,
}

/// The exit that a trial's first call met, if any. An exit with a failure's status is told only where nothing else
/// ends the call: beside a path that returns, it is the end of a path that fails, like a trap.
pub fn of(trial: &Trial) -> Option<Exit> {
    let exits = &trial.first.exits;
    let sure = trial.first.returned.is_none() && trial.certain;
    let succeeds = exits.iter().find(|exit| !exit.failure);
    let exit = succeeds.or(exits.first().filter(|_| sure))?;
    let reaches = if sure { Reaches::Always } else { Reaches::Maybe };
    Some(Exit { reaches, site: exit.site, stack: exit.stack.clone() })
}
