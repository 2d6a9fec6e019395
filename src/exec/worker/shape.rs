//! What kind of arguments a call gets.

/// What kind of values.
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
}

impl Shape {
    /// The shape of the `index`th call. The first three and every eighth are equal, so that a call can
    /// be compared with its own repetition.
    pub(super) fn of(index: usize) -> Shape {
        match index % 8 {
            0 | 1 | 2 | 7 => Shape::Plain,
            3 => Shape::Empty,
            4 => Shape::Large,
            _ => Shape::Random(index as u64),
        }
    }
}
