//! The same call on a fresh instance, and what a comparison with it may say.

use wasmtime::component::Type;

use crate::exec::worker::budget::Budget;
use crate::exec::worker::host::MOST_HANDLES;
use crate::exec::worker::host::limits::MOST_ELEMENTS;
use crate::exec::worker::host::output::MOST as MOST_OUTPUT;
use crate::exec::worker::instance::{Live, PAGE};
use crate::exec::worker::prepared::Prepared;
use crate::exec::worker::seen::Seen;
use crate::exec::worker::shape::Arguments;
use crate::observation::{Call, End, Inconclusive, Limit};

/// What wasmtime lets a host copy in one call, in bytes (wasmtime 48: `Store::set_hostcall_fuel`).
const MOST_COPIED: u64 = 128 << 20;
/// A call stays far below a limit that is at least so many times what it uses.
const FAR: u64 = 4;

/// A call on an instance of its own.
pub(super) async fn fresh(
    prepared: &Prepared,
    target: usize,
    arguments: Arguments<'_>,
    budget: &Budget,
    at: u64,
) -> Result<Seen, Inconclusive> {
    seeded(prepared, target, arguments, budget, at, prepared.settings.seed).await
}

/// The same with other random numbers of the host.
pub(super) async fn seeded(
    prepared: &Prepared,
    target: usize,
    arguments: Arguments<'_>,
    budget: &Budget,
    at: u64,
    seed: u64,
) -> Result<Seen, Inconclusive> {
    Live::seeded(prepared, budget, seed).await?.call(target, arguments, at).await
}

/// Whether a call that reached a limit says something of the calls before it: its twin stays far below.
///
/// # Errors
/// When the call reached a limit that the twin comes near to: it is the limit that is to blame.
pub(super) fn is_far_above(
    prepared: &Prepared,
    budget: &Budget,
    call: &Call,
    twin: &Call,
) -> Result<(), Inconclusive> {
    let End::Exhausted(limit) = call.end else { return Ok(()) };
    let (used, most) = match limit {
        Limit::Time => (twin.fuel, budget.fuel_per_call.get()),
        Limit::Memory => (twin.holds.memory_pages * PAGE as u64, prepared.settings.memory),
        Limit::Table => (twin.holds.table_elements, MOST_ELEMENTS as u64),
        Limit::Handles => (twin.holds.handles, MOST_HANDLES as u64),
        Limit::Output => (twin.stdout.bytes + twin.stderr.bytes, MOST_OUTPUT as u64),
        Limit::Copied => (twin.answer.bytes + twin.argument_bytes, MOST_COPIED),
    };
    if used.saturating_mul(FAR) <= most {
        return Ok(());
    }
    let detail = format!(
        "a call reaches its limit of {}, and a fresh instance comes near to it",
        limit.name()
    );
    Err(Inconclusive { reason: "budget".to_owned(), detail })
}

/// Whether a value of this type holds more than handles: something that a call can fail for.
pub(super) fn holds_values(ty: &Type) -> bool {
    match ty {
        Type::Own(_) | Type::Borrow(_) | Type::Future(_) | Type::Stream(_) | Type::ErrorContext => {
            false
        }
        Type::Tuple(tuple) => tuple.types().any(|ty| holds_values(&ty)),
        Type::Record(record) => record.fields().any(|field| holds_values(&field.ty)),
        _ => true,
    }
}
