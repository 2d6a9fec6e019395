//! How much memory and how many table elements an instance holds, and how much it may.

use std::fmt;

use wasmtime::ResourceLimiter;

use crate::observation::Limit;

/// Elements of all tables of an instance together.
pub(in crate::exec::worker) const MOST_ELEMENTS: usize = 10_000_000;

/// The error by which the host stops a guest that has reached a limit.
#[derive(Debug, Clone, Copy)]
pub(in crate::exec::worker) struct Reached(pub(in crate::exec::worker) Limit);

impl fmt::Display for Reached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "limit reached: {:?}", self.0)
    }
}

impl std::error::Error for Reached {}

/// What one instance holds.
#[derive(Debug)]
pub(in crate::exec::worker) struct Limits {
    /// Bytes of linear memory, all memories together.
    pub(in crate::exec::worker) memory: usize,
    /// Elements, all tables together.
    pub(in crate::exec::worker) elements: usize,
    /// What it was refused since this was last cleared: an allocator that gets nothing often traps.
    pub(in crate::exec::worker) refused: Option<Limit>,
    /// The growth granted last, should it fail after all.
    granted: usize,
    most_memory: usize,
}

impl Limits {
    /// Limits under which all memories together have at most `memory` bytes.
    pub(super) fn new(memory: u64) -> Self {
        let most_memory = usize::try_from(memory).unwrap_or(usize::MAX);
        Limits { memory: 0, elements: 0, refused: None, granted: 0, most_memory }
    }
}

impl Limits {
    /// Whether so much may be grown; it is counted if so.
    fn grants(
        &mut self,
        limit: Limit,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> bool {
        self.granted = 0;
        if maximum.is_some_and(|maximum| desired > maximum) {
            return false;
        }
        let more = desired.saturating_sub(current);
        let (held, most) = match limit {
            Limit::Memory => (&mut self.memory, self.most_memory),
            _ => (&mut self.elements, MOST_ELEMENTS),
        };
        if held.saturating_add(more) > most {
            self.refused = Some(limit);
            return false;
        }
        *held += more;
        self.granted = more;
        true
    }
}

impl ResourceLimiter for Limits {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(self.grants(Limit::Memory, current, desired, maximum))
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.memory -= std::mem::take(&mut self.granted);
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(self.grants(Limit::Table, current, desired, maximum))
    }

    fn table_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.elements -= std::mem::take(&mut self.granted);
        Ok(())
    }
}
