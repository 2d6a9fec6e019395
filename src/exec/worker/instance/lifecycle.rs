//! Calls between the exports that make an instance ready and clean it up.

use super::Live;
use crate::exec::worker::ending;
use crate::exec::worker::seen::Seen;
use crate::exec::worker::shape::Arguments;
use crate::observation::End;
use crate::observation::Inconclusive;

impl Live<'_> {
    /// Calls a target, at `at` nanoseconds on the instance's clock; before that, what the author's lifecycle wants.
    pub(in crate::exec::worker) async fn call(
        &mut self,
        target: usize,
        arguments: Arguments<'_>,
        at: u64,
    ) -> Result<Seen, Inconclusive> {
        let lifecycle = &self.prepared.settings.script.lifecycle;
        let cleanup = lifecycle.cleanup.as_ref().filter(|_| self.called);
        let is_first = !std::mem::replace(&mut self.called, true);
        for step in [cleanup, lifecycle.init.as_ref()].into_iter().flatten() {
            let Some(other) = self.prepared.target(step).filter(|it| *it != target) else {
                continue;
            };
            let seen = self.call_once(other, Arguments::Script(&step.arguments), at).await?;
            if seen.call.end == End::Returned {
                continue;
            }
            if is_first {
                let detail =
                    format!("`{}` ends with: {}", step.export, ending::words(&seen.call.end));
                return Err(Inconclusive { reason: "lifecycle".to_owned(), detail });
            }
            // The pair does not make the instance ready again: that is what this call meets.
            return Ok(seen);
        }
        self.call_once(target, arguments, at).await
    }
}
