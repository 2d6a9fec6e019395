//! Reads and writes the state of an instance while calls wait.

use crate::exec::worker::budget::Stop;
use crate::exec::worker::cause::edit::{Edit, unreadable};
use crate::exec::worker::instance::{Moment, Observer, State};
use crate::exec::worker::probes::{Probe, Value};

/// What is done to the state.
pub(super) enum Access<'a> {
    /// It is read; `None` if the moment does not come.
    Read(&'a mut Option<Vec<Value>>),
    Put(Edit<'a>),
}

/// What is done at which moment, once.
pub(super) struct Between<'b> {
    pub(super) probes: &'b [Probe],
    pub(super) accesses: Vec<(Moment, Access<'b>)>,
}

impl Observer for Between<'_> {
    fn wants(&self, moment: Moment) -> bool {
        self.accesses.iter().any(|(at, _)| *at == moment)
    }

    async fn observe(&mut self, moment: Moment, state: &State<'_>) -> Result<(), Stop> {
        let now = self.accesses.extract_if(.., |(at, _)| *at == moment);
        for (_, access) in now {
            let accessed = match access {
                Access::Read(values) => {
                    state.read(self.probes).await.map(|read| *values = Some(read))
                }
                Access::Put(edit) => edit.apply(self.probes, state).await,
            };
            accessed.map_err(|stop| Stop::Inconclusive(unreadable(stop)))?;
        }
        Ok(())
    }
}
