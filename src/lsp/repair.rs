//! Writes a repaired copy of a component beside it, once calls of both are alike.

use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;
use serde::{Deserialize, Serialize};

use super::annotated::AnnotatedFinding;
use super::uri;
use super::workspace::Workspace;
use crate::atomic_file;
use crate::check::error::CheckError;
use crate::check::inputs::Input;
use crate::check::request::Request;
use crate::check::verify::{self, Compared, How, Pair};
use crate::component::Component;
use crate::exec;
use crate::repair::verification::Verification;
use crate::repair::{Choice, repair};
use crate::report::beside;

/// What to repair: the argument of the command.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    /// The component.
    uri: Uri,
    /// Whether `wasi:cli/run` returns instead of exiting.
    #[serde(default)]
    exit: bool,
    /// Whether a file that exists is replaced.
    #[serde(default)]
    replace: bool,
}

/// The title of the action that repairs the component of a finding, and the command's argument. `None` if the finding has no
/// such cure, or the user does not trust the workspace: calls are compared.
pub(super) fn action(
    workspace: &Workspace,
    found: &AnnotatedFinding<'_>,
) -> Option<(String, Order)> {
    let fix = found.finding.fix.as_ref()?;
    if !workspace.options.trusts() || exec::MISSING.is_some() {
        return None;
    }
    let path = workspace.folders.file(&found.artifact.path);
    let output = output(&path);
    let replace = output.exists();
    let name = output.file_name()?.to_string_lossy().into_owned();
    let title = match replace {
        false => format!("Write a repaired copy beside it: `{name}`"),
        true => format!("Replace `{name}` by a new repaired copy"),
    };
    Some((title, Order { uri: workspace.uri(&path), exit: fix.exit, replace }))
}

fn output(path: &Path) -> PathBuf {
    PathBuf::from(beside(&path.to_string_lossy()))
}

/// Repairs a component; the path of the result and what was compared, as a sentence.
///
/// # Errors
/// If nothing is written: why, as a sentence.
pub(super) fn run(order: &Order, mut request: Request) -> Result<String, String> {
    let Order { uri, exit, replace } = order;
    let path = uri::path(uri).ok_or_else(|| format!("not a file: `{}`", uri.0))?;
    let output = output(&path);
    if output.exists() && !replace {
        return Err(format!("{} exists: it is not overwritten", output.display()));
    }
    request.exports.clear();
    let input = Input::file(&path).read();
    let bytes = input.bytes.as_ref().map_err(|failure| failure.sentence())?;
    let original = Component::read(bytes).map_err(|error| error.to_string())?;
    let choice = Choice { keeps: &|_| false, exits: *exit, verified: true };
    let repaired = repair(&original, &choice).map_err(|error| format!("not repaired: {error}"))?;
    let pair = Pair {
        path: Some(&path),
        input: &input,
        original: &original,
        rewritten: &repaired.bytes,
        how: How::Repaired { keeping: &repaired.keeping, exiting: &repaired.exiting },
    };
    let Compared { verification, .. } =
        verify::compare(&request, &pair).map_err(CheckError::into_message)?;
    if let Some(why) = obstacle(&verification) {
        return Err(format!("{} is not written: {why}", output.display()));
    }
    atomic_file::write(&output, &repaired.bytes)
        .map_err(|error| format!("cannot write {}: {error}", output.display()))?;
    let exports = verification.compared.len();
    let s = if exports == 1 { "" } else { "s" };
    Ok(format!("{}: calls of {exports} export{s} are like the original's", output.display()))
}

/// Why a result is not written.
fn obstacle(verification: &Verification) -> Option<String> {
    if let Some(difference) = verification.differences.first() {
        return Some(difference.clone());
    }
    if let Some((export, why)) = verification.unseen.first() {
        return Some(format!("`{export}` could not be compared: {why}"));
    }
    (!verification.is_complete()).then(|| "no call was compared".to_owned())
}
