//! Growths of an instance's memories, counted from its creation.

use super::Live;

impl Live<'_> {
    /// How many there were.
    pub(crate) fn growths(&self) -> u32 {
        self.store.data().limits.growths
    }

    /// Answers the growth with this number, from 1, with an error.
    pub(crate) fn refuse_growth(&mut self, number: u32) {
        self.store.data_mut().limits.refused_growth = Some(number);
    }
}
