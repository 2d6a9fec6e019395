//! Calls that prepare an instance and clean it up.

use super::Live;
use crate::exec::worker::ending;
use crate::exec::worker::seen::Seen;
use crate::exec::worker::shape::Arguments;
use crate::observation::{End, Inconclusive};

impl Live<'_> {
    /// Prepares the instance and calls a target at `at` nanoseconds on its clock.
    ///
    /// # Errors
    /// When the call, or one that has to come before it, cannot be made.
    pub(crate) async fn call(
        &mut self,
        target: usize,
        arguments: Arguments<'_>,
        at: u64,
    ) -> Result<Seen, Inconclusive> {
        // A failed `cleanup` or `init` counts as a failure of this call.
        if let Some(failed) = self.make_ready(target, at).await? {
            return Ok(failed);
        }
        self.call_ready(target, arguments, at).await
    }

    /// Calls a target for which [`Self::make_ready`] prepared the instance.
    ///
    /// # Errors
    /// When the call cannot be made.
    pub(crate) async fn call_ready(
        &mut self,
        target: usize,
        arguments: Arguments<'_>,
        at: u64,
    ) -> Result<Seen, Inconclusive> {
        let mut seen = match arguments {
            Arguments::Step(scenario, step) => self.run_scenario(scenario, step, at).await?,
            Arguments::Generated(_) | Arguments::Script(_) => {
                self.call_once(target, arguments, at).await?
            }
        };
        seen.call.host_calls.refused.extend(self.refused.iter().cloned());
        Ok(seen)
    }

    /// Calls `cleanup` if the instance was called before, then `init`, and on a new instance the target that this one
    /// needs to be called first. Returns the call that failed, on an instance that was called before.
    ///
    /// # Errors
    /// When such a call fails on a new instance.
    pub(crate) async fn make_ready(
        &mut self,
        target: usize,
        at: u64,
    ) -> Result<Option<Seen>, Inconclusive> {
        let prepared = self.prepared;
        let lifecycle = &prepared.settings.script.lifecycle;
        let is_first = !std::mem::replace(&mut self.called, true);
        let cleanup = lifecycle.cleanup.as_ref().filter(|_| !is_first);
        let provided = [cleanup, lifecycle.init.as_ref()].into_iter().flatten();
        let provided = provided.filter_map(|call| {
            let other = prepared.target(call).filter(|other| *other != target)?;
            Some((other, Arguments::Script(&call.arguments)))
        });
        let needed = prepared.earlier[target].get().filter(|_| is_first);
        let needed = needed.map(|earlier| (earlier, prepared.order(earlier).arguments(0)));
        for (other, arguments) in provided.chain(needed) {
            let seen = self.call_once(other, arguments, at).await?;
            if seen.call.end == End::Returned {
                self.refused.extend(seen.call.host_calls.refused);
                continue;
            }
            if is_first {
                let name = &prepared.targets[other].name;
                let detail = format!("`{name}` ends with: {}", ending::words(&seen.call.end));
                return Err(Inconclusive::new("lifecycle", detail));
            }
            return Ok(Some(seen));
        }
        Ok(None)
    }
}
