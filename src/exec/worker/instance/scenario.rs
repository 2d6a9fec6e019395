//! Calls that the user provided as one unit.

use std::collections::BTreeSet;

use super::{Live, PAUSE};
use crate::exec::worker::ending;
use crate::exec::worker::seen::Seen;
use crate::exec::worker::shape::Arguments;
use crate::observation::{End, Inconclusive, Played};
use crate::script::Scenario;

impl Live<'_> {
    /// Runs a scenario from `at` nanoseconds on the instance's clock, and returns what the call of one step did. What the
    /// instance holds is what it holds after the last step; host calls and operators are those of all steps.
    ///
    /// # Errors
    /// When another step cannot be made or does not return: later calls would not be those that are meant.
    pub(super) async fn run_scenario(
        &mut self,
        scenario: &Scenario,
        step: usize,
        at: u64,
    ) -> Result<Seen, Inconclusive> {
        let mut wanted: Option<Seen> = None;
        let (mut host_calls, mut fuel) = (0, 0);
        let mut refused = BTreeSet::new();
        for (number, call) in scenario.calls.iter().enumerate() {
            let failed = |how: &str| {
                let (export, name) = (&call.export, &scenario.name);
                let step = number + 1;
                let detail = format!("`{export}`, step {step} of the scenario `{name}`, {how}");
                Inconclusive::new("scenario", detail)
            };
            let target = self.prepared.target(call).ok_or_else(|| failed("is no export"))?;
            let at = (at + number as u64 * PAUSE).max(self.now());
            let mut seen = self.call_once(target, Arguments::Step(scenario, number), at).await?;
            host_calls += seen.call.host_calls.count;
            fuel += seen.call.fuel;
            let returned = seen.call.end == End::Returned;
            refused.extend(seen.call.host_calls.refused.iter().cloned());
            // A failure of the same export is its own in any step.
            let is_its_own = !returned && call.export == scenario.calls[step].export;
            if number == step || is_its_own {
                seen.call.host_calls.refused.clone_from(&refused);
                seen.call.played =
                    Some(Played { scenario: scenario.name.clone(), step: number as u32 + 1 });
                if !returned {
                    return Ok(seen);
                }
                wanted = Some(seen);
            } else if !returned {
                let how = format!("ends with: {}", ending::words(&seen.call.end));
                return Err(failed(&how));
            } else if let Some(wanted) = &mut wanted {
                wanted.call.holds = seen.call.holds;
            }
        }
        let mut wanted = wanted.ok_or_else(|| {
            let detail = format!("the scenario `{}` has no step {}", scenario.name, step + 1);
            Inconclusive::new("scenario", detail)
        })?;
        wanted.call.host_calls.count = host_calls;
        wanted.call.fuel = fuel;
        Ok(wanted)
    }
}
