//! Exports whose first call fails and asks for the environment: they are observed once more, on instances that find
//! the one variable without which programs do not start that want to know where they are (zed_extension_api 0.0.6,
//! `register_extension!`).

use super::{is_clean, observe};
use crate::exec::worker::prepared::Prepared;
use crate::observation::{Call, ObservedExport};

/// The variable: the folder that every instance has.
const PWD: (&str, &str) = ("PWD", "/");

/// Observes an export again with the variable, where the author gave none. As after a call of another export, only calls
/// that are all like fresh ones count; the variable stays then for what is tried later.
pub(in crate::exec::worker) async fn furnish(
    prepared: &Prepared,
    target: usize,
    seen: &[Option<ObservedExport>],
) -> Option<ObservedExport> {
    let given = &prepared.settings.script.guest.environment;
    if !given.is_empty() || !seen[target].as_ref().is_some_and(asks_and_fails) {
        return None;
    }
    let is_new = prepared.environment.borrow().is_empty();
    if is_new {
        let (name, value) = PWD;
        prepared.environment.borrow_mut().push((name.to_owned(), value.to_owned()));
    }
    let after = observe(prepared, target).await;
    if is_clean(&after) {
        return Some(ObservedExport { variables: prepared.made_up_variables(), ..after });
    }
    if is_new {
        prepared.environment.borrow_mut().clear();
    }
    None
}

fn asks_and_fails(seen: &ObservedExport) -> bool {
    let asks = |call: &Call| call.host_calls.refused.contains("environment");
    seen.fresh.first().is_some_and(|call| call.fails() && asks(call))
}
