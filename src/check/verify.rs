//! Compares calls of a rewritten component with calls of the original.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::calling::Calling;
use super::configuration::ConfigResolver;
use super::error::CheckError;
use super::inputs::Loaded;
use super::request::Request;
use super::script;
use crate::component::Component;
use crate::location::ExportName;
use crate::observation::{Call, End, Observation};
use crate::repair::verification::{self, CALLS, Verification};

/// An input and what was made of it.
pub(crate) struct Pair<'a, 'c> {
    /// The path of the input, by which its configuration is found; `None` for standard input.
    pub(crate) path: Option<&'a Path>,
    pub(crate) input: &'a Loaded,
    pub(crate) original: &'a Component<'c>,
    pub(crate) rewritten: &'a [u8],
    pub(crate) how: How<'a>,
}

/// How the result was made, which decides what has to be alike.
#[derive(Clone, Copy)]
pub(crate) enum How<'a> {
    /// Repaired.
    Repaired {
        /// The exports that go on with the state of the call before.
        keeping: &'a [ExportName],
        /// The exports that return instead of exiting.
        exiting: &'a [ExportName],
    },
    /// Encoded again with another adapter.
    Adapted,
}

/// The result of a comparison.
pub(crate) struct Compared {
    pub(crate) verification: Verification,
    /// Whether a call of the original exits.
    pub(crate) exits: bool,
    /// An export that needs an earlier call of another one and keeps no state, and that one.
    pub(crate) first: Option<(ExportName, ExportName)>,
}

/// Calls both components of a pair, and compares what the calls did.
///
/// # Errors
/// If the configuration or the result is invalid, or no process for the guest can be started.
pub(crate) fn compare(request: &Request, pair: &Pair<'_, '_>) -> Result<Compared, CheckError> {
    let mut resolver = ConfigResolver::new(request)?;
    let resolved = resolver.resolve(pair.path, None);
    resolver.finish()?;
    let prepared = script::prepare([(&resolved, Some(pair.input))])?;
    let script = prepared.all.into_iter().next().unwrap_or_default();
    let calling = Calling::new(&resolved.config, request, script);
    let failed = |error: io::Error| format!("cannot start a process for the guest: {error}");
    let mut observer = calling.observer().map_err(failed)?;
    observer.settings.calls = observer.settings.calls.max(CALLS);
    let again =
        Component::read(pair.rewritten).map_err(|error| CheckError::usage(error.to_string()))?;
    let mut original = observer.observe(pair.original, |_| true).map_err(failed)?;
    let mut observed = observer.observe(&again, |_| true).map_err(failed)?;
    // Variables are added where calls succeed with them only. Both have to find the same.
    let (before, after) = (variables(&original), variables(&observed));
    if before != after {
        observer.settings.script.guest.environment.extend(before.union(&after).cloned());
        original = observer.observe(pair.original, |_| true).map_err(failed)?;
        observed = observer.observe(&again, |_| true).map_err(failed)?;
    }
    let verification = match pair.how {
        How::Repaired { keeping, exiting } => {
            verification::compare(&original, &observed, keeping, exiting)
        }
        How::Adapted => verification::compare_adapted(&original, &observed),
    };
    let exits = |call: &Call| matches!(call.end, End::Exited(_));
    let exits = original.exports.iter().any(|export| export.fresh.iter().any(exits));
    let keeping = match pair.how {
        How::Repaired { keeping, .. } => keeping,
        How::Adapted => &[],
    };
    let mut forgets = original.exports.iter().filter(|it| !keeping.contains(&it.export));
    let first = forgets.find_map(|export| {
        let first = export.called_first()?;
        Some((export.export.clone(), first.clone()))
    });
    Ok(Compared { verification, exits, first })
}

/// The variables that were added to the environment of some export's calls.
fn variables(observation: &Observation) -> BTreeSet<(String, String)> {
    let all = observation.exports.iter().flat_map(|export| &export.variables);
    let pairs = all.filter_map(|variable| variable.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
