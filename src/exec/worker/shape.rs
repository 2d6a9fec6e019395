//! What kind of arguments a call gets, and which call gets which.

use crate::script::{Argument, Scenario};

/// What kind of values are made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Small and usual: 1, `hello`, two elements.
    Plain,
    /// Zero, the empty string, no elements.
    Empty,
    /// The largest numbers, long strings, many elements.
    Large,
    /// Whatever the numbered sequence gives.
    Random(u64),
    /// As [`Shape::Plain`], and of the HTTP requests that the author gave the one with this number.
    Request(usize),
}

/// The arguments of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arguments<'p> {
    /// Made up from the types.
    Made(Shape),
    /// The author's.
    Script(&'p [Argument]),
    /// Those of one step of a scenario, which is played whole.
    Step(&'p Scenario, usize),
}

/// The arguments of an export's calls, in their order.
#[derive(Debug, Clone)]
pub(super) enum Order<'p> {
    /// Made up.
    Made,
    /// Calls that the author gave; at least one.
    Script(Vec<Arguments<'p>>),
    /// So many requests that the author gave; at least one.
    Requests(usize),
}

impl<'p> Order<'p> {
    /// What the `index`th call gets. Of made-up ones the first three and every eighth are equal, so that a call can be
    /// compared with its own repetition.
    pub(super) fn arguments(&self, index: usize) -> Arguments<'p> {
        let shape = match self {
            Order::Script(calls) => return calls[index % calls.len()],
            Order::Requests(requests) => Shape::Request(index % requests),
            Order::Made => match index % 8 {
                0 | 1 | 2 | 7 => Shape::Plain,
                3 => Shape::Empty,
                4 => Shape::Large,
                _ => Shape::Random(index as u64),
            },
        };
        Arguments::Made(shape)
    }

    /// Whether a call with these arguments does what an author might: not one of extreme or random values.
    pub(super) fn is_usual(arguments: Arguments<'_>) -> bool {
        !matches!(arguments, Arguments::Made(Shape::Empty | Shape::Large | Shape::Random(_)))
    }

    /// Whether a call of this export belongs to others.
    pub(super) fn is_scenario(&self) -> bool {
        matches!(self, Order::Script(calls) if calls.iter().any(|it| matches!(it, Arguments::Step(..))))
    }

    /// How many calls it takes until each of the author's was made.
    pub(super) fn round(&self) -> usize {
        match self {
            Order::Made => 0,
            Order::Script(calls) => calls.len(),
            Order::Requests(requests) => *requests,
        }
    }
}
