//! Calls that are made at the same time, who decides in which order what they wait for happens, and who looks at the
//! instance in between.

use super::state::State;
use crate::exec::worker::budget::Stop;
use crate::exec::worker::host::gate::Event;
use crate::observation::Text;
use crate::observation::overlap::{ScheduledCall, Step};

/// A call to make.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Planned {
    pub(crate) target: usize,
    /// The number of its arguments in the order of the target.
    pub(crate) like: usize,
}

/// What calls did that were made at the same time.
pub(crate) struct Played {
    pub(crate) calls: Vec<ScheduledCall>,
    /// What each answered, even if another one failed after that.
    pub(crate) answered: Vec<Option<Text>>,
    /// What happened.
    pub(crate) steps: Vec<Step>,
}

/// Decides what happens next.
pub(crate) trait Scheduler {
    /// The indices of what happens next, of at least one event that is held back: the oldest event comes first.
    fn next(&mut self, held: &[Event]) -> Vec<usize>;
}

/// A moment between two steps of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Nothing happens any more, and the step with this index is next.
    Before(usize),
    /// Of the calls that begin at the same time, this many have begun and run until they first wait or yield.
    Begun(usize),
}

/// Reads or changes the state of an instance between the steps of a schedule.
pub(crate) trait Observer {
    /// Whether it does so at this moment.
    fn wants(&self, moment: Moment) -> bool;

    /// Does so.
    ///
    /// # Errors
    /// When it cannot. This ends the calls.
    async fn observe(&mut self, moment: Moment, state: &State<'_>) -> Result<(), Stop>;
}

/// Does nothing.
impl Observer for () {
    fn wants(&self, _: Moment) -> bool {
        false
    }

    async fn observe(&mut self, _: Moment, _: &State<'_>) -> Result<(), Stop> {
        Ok(())
    }
}
