//! The cells that a value was read from, and what was assumed of them.

use super::site::{Cell, Site};

/// Most reads that a value remembers. A value made of more cells is no evidence for one of them.
const MOST_READS: usize = 6;

/// A read of a cell that an earlier call wrote, or that is assumed unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// The cell.
    pub cell: Cell,
    /// The load.
    pub load: Site,
    /// The store of an earlier call that the value comes from.
    pub earlier: Option<Site>,
    /// What was assumed so that the value is known.
    pub assumed: Option<Assumption>,
}

/// What keeps a store through an unknown address away from a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assumption {
    /// No pointer leaves the object that it points into.
    PointersStayInObjects,
    /// Neither do those to the nearest addresses that are held on both sides of a cell: none of them is a pointer to the
    /// object of the cell, or to its end. All are addresses in bytes.
    ObjectsAreApart {
        /// The address before the cell, if there is one from which code may go up.
        after: Option<u64>,
        /// The address of the cell.
        cell: u64,
        /// The address behind the cell, if there is one from which code may go down.
        before: Option<u64>,
    },
}

/// The reads that a value depends on, in the order of first use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reads {
    list: Vec<Read>,
}

impl Reads {
    /// Adds a read, or merges it with one of the same cell. Whether it is remembered, or need not be because nothing was
    /// assumed.
    pub(super) fn add(&mut self, read: Read) -> bool {
        if let Some(known) = self.list.iter_mut().find(|known| known.cell == read.cell) {
            known.assumed = known.assumed.max(read.assumed);
            known.earlier = known.earlier.or(read.earlier);
            return true;
        }
        if self.list.len() < MOST_READS {
            self.list.push(read);
            return true;
        }
        let unassumed = self.list.iter_mut().find(|known| known.assumed.is_none());
        match (read.assumed, unassumed) {
            (None, _) => true,
            (Some(_), Some(slot)) => {
                *slot = read;
                true
            }
            (Some(_), None) => false,
        }
    }

    /// Whether adding the other reads would change nothing.
    pub(super) fn cover(&self, others: &Reads) -> bool {
        others.list.iter().all(|other| {
            self.list.iter().find(|known| known.cell == other.cell).is_some_and(|known| {
                known.assumed >= other.assumed
                    && (known.earlier.is_some() || other.earlier.is_none())
            })
        })
    }

    /// The reads.
    pub fn iter(&self) -> impl Iterator<Item = &Read> {
        self.list.iter()
    }

    /// How many of them were assumed.
    pub(super) fn assumed(&self) -> usize {
        self.list.iter().filter(|read| read.assumed.is_some()).count()
    }

    /// The first read of what an earlier call wrote.
    pub fn earlier(&self) -> Option<&Read> {
        self.list.iter().find(|read| read.earlier.is_some())
    }
}

/// The condition under which a proof holds, to follow its claim: `, if …`; empty if it needs none.
pub fn condition(assumptions: &[Assumption]) -> String {
    let apart = assumptions.iter().filter_map(|assumption| match *assumption {
        Assumption::ObjectsAreApart { after, cell, before } => Some((after, cell, before)),
        Assumption::PointersStayInObjects => None,
    });
    // The nearest neighbour is the one to check.
    let distance = |(after, cell, before): &(Option<u64>, u64, Option<u64>)| {
        let down = after.map_or(u64::MAX, |after| cell - after);
        (down.min(before.map_or(u64::MAX, |before| before - cell)), *cell)
    };
    match apart.clone().min_by_key(distance) {
        Some((after, cell, before)) => {
            let bounds: Vec<String> =
                after.into_iter().chain(before).map(|at| format!("{at:#x}")).collect();
            let more = match apart.count() - 1 {
                0 => String::new(),
                more => format!(" (and {more} more such)"),
            };
            format!(
                ", if no pointer to {} is to the object at {cell:#x}{more}",
                bounds.join(" or ")
            )
        }
        None if assumptions.is_empty() => String::new(),
        None => ", if no pointer leaves the object that it points into".to_owned(),
    }
}
