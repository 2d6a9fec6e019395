//! Exports that call `wasi:cli/exit`, which ends the instance in the first call.

use crate::facts::execution::Site;
use crate::facts::execution::reads::Assumption;
use crate::facts::guards::Reaches;
use crate::facts::trials::Trial;

/// A call of `wasi:cli/exit`.
#[derive(Debug, Clone)]
pub struct Exit {
    /// Whether every path that does not trap reaches one.
    pub reaches: Reaches,
    /// The call.
    pub site: Site,
    /// The calls that lead there, outermost first.
    pub stack: Vec<Site>,
    /// What the proof assumes, if the exit is certain.
    pub assumptions: Vec<Assumption>,
}

/// The exit that a trial's first call reaches. An exit with a failure status counts only if no path returns: otherwise
/// it ends a failing path, like a trap.
pub fn of(trial: &Trial) -> Option<Exit> {
    let exits = &trial.first.exits;
    let sure = trial.first.returned.is_none() && trial.is_proof;
    let succeeds = exits.iter().find(|exit| !exit.failure);
    let exit = succeeds.or(exits.first().filter(|_| sure))?;
    let reaches = if sure { Reaches::Always } else { Reaches::Maybe };
    let assumptions = match reaches {
        Reaches::Always => trial.assumptions.iter().copied().collect(),
        Reaches::Maybe => Vec::new(),
    };
    Some(Exit { reaches, site: exit.site, stack: exit.stack.clone(), assumptions })
}
