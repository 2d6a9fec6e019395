//! How much memory and how many table elements an instance has, and the limits of both.

use std::fmt;

use wasmtime::ResourceLimiter;

use crate::observation::Limit;

/// Entries of an instance's resource table, and handles in each of its own tables.
pub(crate) const MOST_HANDLES: usize = 100_000;
/// Elements of all tables of an instance together.
pub(crate) const MOST_ELEMENTS: usize = 10_000_000;

/// The error by which the host stops a guest that has reached a limit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reached(pub(crate) Limit);

impl fmt::Display for Reached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "limit reached: {:?}", self.0)
    }
}

impl std::error::Error for Reached {}

/// What one instance has, and may have.
#[derive(Debug)]
pub(crate) struct Limits {
    /// Bytes of linear memory, all memories together.
    pub(crate) memory: usize,
    /// Elements, all tables together.
    pub(crate) elements: usize,
    /// What it was refused since this was last cleared. An allocator that is refused memory often traps.
    pub(crate) refused: Option<Limit>,
    /// How many times memories were created or grown.
    pub(crate) growths: u32,
    /// The growth that is answered with an error, so that its call path is known.
    pub(crate) refused_growth: Option<u32>,
    /// The growth that was granted last, to be undone if the engine cannot provide it.
    granted: usize,
    most_memory: usize,
}

impl Limits {
    /// Limits under which all memories together have at most `memory` bytes.
    pub(super) fn new(memory: u64) -> Self {
        let most_memory = usize::try_from(memory).unwrap_or(usize::MAX);
        Limits {
            memory: 0,
            elements: 0,
            refused: None,
            growths: 0,
            refused_growth: None,
            granted: 0,
            most_memory,
        }
    }

    /// Whether growth is granted. Counts it if so.
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
        self.growths += 1;
        if self.refused_growth == Some(self.growths) {
            return Err(wasmtime::Error::msg("a memory grows"));
        }
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
