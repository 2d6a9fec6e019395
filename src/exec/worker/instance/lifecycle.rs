//! Calls between the exports that make an instance ready and clean it up.

use super::Live;
use crate::exec::worker::ending;
use crate::exec::worker::seen::Seen;
use crate::exec::worker::shape::Arguments;
use crate::observation::{End, Inconclusive};

impl Live<'_> {
    /// Calls a target, at `at` nanoseconds on the instance's clock, after the calls that the author's lifecycle wants.
    ///
    /// # Errors
    /// When the call, or one that has to be made before it, cannot be made.
    pub(in crate::exec::worker) async fn call(
        &mut self,
        target: usize,
        arguments: Arguments<'_>,
        at: u64,
    ) -> Result<Seen, Inconclusive> {
        // The pair does not make the instance ready again: that is what this call meets.
        if let Some(failed) = self.ready(target, at).await? {
            return Ok(failed);
        }
        let mut seen = match arguments {
            Arguments::Step(scenario, step) => self.play(scenario, step, at).await?,
            Arguments::Made(_) | Arguments::Script(_) => {
                self.call_once(target, arguments, at).await?
            }
        };
        seen.call.host_calls.refused.extend(self.refused.iter().cloned());
        Ok(seen)
    }

    /// Calls `cleanup`, if the instance was called before, then `init`, and on a new instance what the target needs to
    /// have been called first. Returns the call that failed, on an instance that was called before.
    ///
    /// # Errors
    /// When such a call fails on a new instance.
    pub(super) async fn ready(
        &mut self,
        target: usize,
        at: u64,
    ) -> Result<Option<Seen>, Inconclusive> {
        let prepared = self.prepared;
        let lifecycle = &prepared.settings.script.lifecycle;
        let is_first = !std::mem::replace(&mut self.called, true);
        let cleanup = lifecycle.cleanup.as_ref().filter(|_| !is_first);
        let of_author = [cleanup, lifecycle.init.as_ref()].into_iter().flatten();
        let of_author = of_author.filter_map(|step| {
            let other = prepared.target(step).filter(|it| *it != target)?;
            Some((other, Arguments::Script(&step.arguments)))
        });
        let needed = prepared.earlier[target].get().filter(|_| is_first);
        let needed = needed.map(|earlier| (earlier, prepared.order(earlier).arguments(0)));
        for (other, arguments) in of_author.chain(needed) {
            let seen = self.call_once(other, arguments, at).await?;
            if seen.call.end == End::Returned {
                self.refused.extend(seen.call.host_calls.refused);
                continue;
            }
            if is_first {
                let name = &prepared.targets[other].name;
                let detail = format!("`{name}` ends with: {}", ending::words(&seen.call.end));
                return Err(Inconclusive { reason: "lifecycle".to_owned(), detail });
            }
            return Ok(Some(seen));
        }
        Ok(None)
    }
}
