//! Compares calls of a rewritten component with calls of the original.

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
use crate::observation::{Call, End};
use crate::repair::verification::{self, CALLS, Verification};

/// An input and what was made of it.
pub(crate) struct Pair<'a, 'c> {
    /// The path of the input, by which its configuration is found.
    pub(crate) path: &'a Path,
    pub(crate) input: &'a Loaded,
    pub(crate) original: &'a Component<'c>,
    pub(crate) rewritten: &'a [u8],
    /// The exports that go on with the state of the call before.
    pub(crate) keeping: &'a [ExportName],
    /// Whether `wasi:cli/run` returns instead of exiting.
    pub(crate) exits: bool,
}

/// The result of a comparison.
pub(crate) struct Compared {
    pub(crate) verification: Verification,
    /// Whether a call of the original exits.
    pub(crate) exits: bool,
}

/// Calls both components of a pair, and compares what the calls did.
///
/// # Errors
/// If the configuration or the result is invalid, or no process for the guest can be started.
pub(crate) fn compare(request: &Request, pair: &Pair<'_, '_>) -> Result<Compared, CheckError> {
    let mut resolver = ConfigResolver::new(request)?;
    let resolved = resolver.resolve(Some(pair.path), None);
    resolver.finish()?;
    let prepared = script::prepare([(&resolved, pair.input)])?;
    let script = prepared.all.into_iter().next().unwrap_or_default();
    let calling = Calling::new(&resolved.config, request, script);
    let failed = |error: io::Error| format!("cannot start a process for the guest: {error}");
    let mut observer = calling.observer().map_err(failed)?;
    observer.settings.calls = observer.settings.calls.max(CALLS);
    let again =
        Component::read(pair.rewritten).map_err(|error| CheckError::Usage(error.to_string()))?;
    let original = observer.observe(pair.original, |_| true).map_err(failed)?;
    let observed = observer.observe(&again, |_| true).map_err(failed)?;
    let verification = verification::compare(&original, &observed, pair.keeping, pair.exits);
    let exits = |call: &Call| matches!(call.end, End::Exited(_));
    let exits = original.exports.iter().any(|export| export.fresh.iter().any(exits));
    Ok(Compared { verification, exits })
}
