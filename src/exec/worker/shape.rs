//! Shapes of arguments, and which call gets which.

use crate::script::{Argument, Scenario};

/// The shape of generated values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Small, usual values: 1, `hello`, two elements.
    Plain,
    /// Zero, the empty string, no elements.
    Empty,
    /// The largest numbers, long strings, many elements.
    Large,
    /// Random values, from the sequence with this number.
    Random(u64),
    /// As [`Shape::Plain`], with the HTTP request that the user provided at this index.
    Request(usize),
}

/// The arguments of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arguments<'p> {
    /// Generated from the types.
    Generated(Shape),
    /// Provided by the user.
    Script(&'p [Argument]),
    /// Those of one step of a scenario, which runs as a whole.
    Step(&'p Scenario, usize),
}

/// The arguments of an export's calls, in their order.
#[derive(Debug, Clone)]
pub(super) enum Order<'p> {
    Generated,
    /// At least one call that the user provided.
    Script(Vec<Arguments<'p>>),
    /// The number of requests that the user provided, at least one.
    Requests(usize),
}

impl<'p> Order<'p> {
    /// The arguments of the call with this index. Of generated ones the first three and every eighth are equal, so that a
    /// call is compared with its own repetition.
    pub(super) fn arguments(&self, index: usize) -> Arguments<'p> {
        let shape = match self {
            Order::Script(calls) => return calls[index % calls.len()],
            Order::Requests(requests) => Shape::Request(index % requests),
            Order::Generated => match index % 8 {
                0 | 1 | 2 | 7 => Shape::Plain,
                3 => Shape::Empty,
                4 => Shape::Large,
                _ => Shape::Random(index as u64),
            },
        };
        Arguments::Generated(shape)
    }

    /// Whether these arguments are usual ones, neither extreme nor random.
    pub(super) fn is_usual(arguments: Arguments<'_>) -> bool {
        !matches!(arguments, Arguments::Generated(Shape::Empty | Shape::Large | Shape::Random(_)))
    }

    /// Whether calls of this export are steps of a scenario.
    pub(super) fn is_scenario(&self) -> bool {
        matches!(self, Order::Script(calls) if calls.iter().any(|it| matches!(it, Arguments::Step(..))))
    }

    /// How many calls the user provided.
    pub(super) fn round(&self) -> usize {
        match self {
            Order::Generated => 0,
            Order::Script(calls) => calls.len(),
            Order::Requests(requests) => *requests,
        }
    }
}
