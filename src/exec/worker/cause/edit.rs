//! What trials do to the state of an instance.

use super::difference::Part;
use crate::exec::worker::budget::Stop;
use crate::exec::worker::instance::State;
use crate::exec::worker::probes::{Probe, Value};
use crate::observation::Inconclusive;

/// Parts that get the values that they have in a state.
#[derive(Clone, Copy)]
pub(super) struct Edit<'e> {
    pub(super) parts: &'e [Part],
    pub(super) from: &'e [Value],
    /// Memories that are grown before, each with its size in bytes.
    pub(super) sizes: &'e [(usize, usize)],
}

impl Edit<'_> {
    pub(super) async fn apply(&self, probes: &[Probe], state: &State<'_>) -> Result<(), Stop> {
        for (value, size) in self.sizes {
            state.grow(&probes[*value], *size).await?;
        }
        for part in self.parts {
            match *part {
                Part::Global(value) => {
                    if let Value::Global(bits) = self.from[value] {
                        state.set(&probes[value], bits).await?;
                    }
                }
                Part::Bytes { value, at, length } => {
                    if let Value::Memory(memory) = &self.from[value] {
                        let bytes = memory.bytes(at, length);
                        state.write(&probes[value], at, &bytes).await?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// Why the state of an instance cannot be read or written.
pub(super) fn unreadable(stop: Stop) -> Inconclusive {
    match stop {
        Stop::Inconclusive(why) => why,
        Stop::Error(error) => {
            let cause = error.root_cause();
            let detail = format!("the instance cannot be read between calls: {cause}");
            Inconclusive::new("unreadable", detail)
        }
        Stop::Late | Stop::Idle => Inconclusive::new("clock", "reading the instance took too long"),
    }
}
