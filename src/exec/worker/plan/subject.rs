//! The export under observation, with what its calls need: fresh instances for it, and the limits of its calls.

use std::cell::Cell;
use std::time::Duration;

use crate::exec::settings::Settings;
use crate::exec::worker::budget::{self, Budget, Deadline};
use crate::exec::worker::host::limits::{MOST_ELEMENTS, MOST_HANDLES};
use crate::exec::worker::host::output::MOST as MOST_OUTPUT;
use crate::exec::worker::instance::{Failure, Live, PAGE, PAUSE};
use crate::exec::worker::prepared::Prepared;
use crate::exec::worker::seen::Seen;
use crate::exec::worker::shape::{Arguments, Order};
use crate::observation::{Call, End, Inconclusive, Limit};

/// What wasmtime lets a host copy in one call, in bytes (wasmtime 48: `Store::set_hostcall_fuel`).
const MOST_COPIED: u64 = 128 << 20;
/// A call stays far below a limit if it uses at most this fraction of it.
const FAR: u64 = 4;

/// The export under observation.
pub(crate) struct Subject<'p> {
    pub(crate) prepared: &'p Prepared,
    pub(crate) target: usize,
    pub(crate) order: Order<'p>,
    pub(crate) budget: Budget,
}

impl<'p> Subject<'p> {
    /// `share` is the part of a whole budget that its calls get: 1 for all of it, 2 for half of it.
    pub(super) fn new(prepared: &'p Prepared, target: usize, share: u64) -> Self {
        let settings = &prepared.settings;
        let whole = budget::fuel(settings, prepared.targets.len());
        let budget = Budget::new(whole, share, prepared.run_ends);
        Subject { prepared, target, order: prepared.order(target), budget }
    }

    /// An export whose calls may execute `fuel` operators together, to find a cause.
    pub(crate) fn with_fuel(prepared: &'p Prepared, target: usize, fuel: u64) -> Self {
        let subject = Subject::new(prepared, target, 1);
        let patience = cause_patience(&prepared.settings);
        let deadline = prepared.run_ends.min(Deadline::after(patience));
        let budget = Budget { fuel: Cell::new(fuel), deadline, patience, ..subject.budget };
        Subject { budget, ..subject }
    }

    /// Creates an instance.
    pub(crate) async fn start(&self) -> Result<Live<'_>, Failure> {
        Live::start(self.prepared, &self.budget, self.prepared.settings.seed).await
    }

    /// Calls the export on a fresh instance: the reference call.
    pub(super) async fn call_fresh(
        &self,
        arguments: Arguments<'_>,
        at: u64,
    ) -> Result<Seen, Inconclusive> {
        self.start().await?.call(self.target, arguments, at).await
    }

    /// Calls the export on a fresh instance whose host gives other random numbers.
    pub(super) async fn call_seeded(
        &self,
        arguments: Arguments<'_>,
        at: u64,
        number: u64,
    ) -> Result<Seen, Inconclusive> {
        let seed = self.prepared.settings.seed.wrapping_add(number);
        let mut live = Live::start(self.prepared, &self.budget, seed).await?;
        live.call(self.target, arguments, at).await
    }

    /// Whether `calls` usual calls return on one instance. False if they cannot be completed.
    pub(super) async fn usual_calls_return(&self, calls: u32) -> bool {
        let Ok(mut live) = self.start().await else { return false };
        for call in 1..=u64::from(calls) {
            let again = live.call(self.target, self.order.arguments(0), PAUSE * call).await;
            if !again.is_ok_and(|again| again.call.end == End::Returned) {
                return false;
            }
        }
        true
    }

    /// Checks that a call which reached a limit says something about the calls before it.
    ///
    /// # Errors
    /// When the same call on a fresh instance, `twin`, comes close to the limit.
    pub(super) fn check_limit(&self, call: &Call, twin: &Call) -> Result<(), Inconclusive> {
        let End::Exhausted(limit) = call.end else { return Ok(()) };
        let (used, most) = match limit {
            Limit::Time => (budget::of_call(twin), self.budget.fuel_per_call.get()),
            Limit::Memory => (twin.holds.memory_pages * PAGE as u64, self.prepared.settings.memory),
            Limit::Table => (twin.holds.table_elements, MOST_ELEMENTS as u64),
            Limit::Handles => (twin.holds.handles, MOST_HANDLES as u64),
            Limit::Output => (twin.stdout.bytes + twin.stderr.bytes, MOST_OUTPUT as u64),
            Limit::Copied => (twin.answer.bytes + twin.argument_bytes, MOST_COPIED),
        };
        if used.saturating_mul(FAR) <= most {
            return Ok(());
        }
        let limit = limit.name();
        let detail =
            format!("a call reaches its limit of {limit}, and a fresh instance comes near to it");
        Err(Inconclusive::new("budget", detail))
    }
}

/// How long the search for one cause may take.
fn cause_patience(settings: &Settings) -> Duration {
    let most = settings.cause_budget.saturating_mul(Settings::PATIENCE);
    Duration::from_millis(most).min(settings.patience())
}
