//! The input of a command for one file. This process analyzes it, within the limits that the workers of `check` have
//! (`docs/decisions/0018-wall.md`).

use crate::check::inputs::{Input, Loaded};
use crate::check::worker;

/// Reads an input and makes a component of it.
pub(super) fn read(input: &Input) -> Loaded {
    input.read_as(|path, bytes| {
        worker::bound(&bytes);
        Loaded::of(path, bytes)
    })
}

/// Reads an input, of which a core module stays what it is.
pub(super) fn read_module(input: &Input) -> Loaded {
    input.read_as(|path, bytes| {
        worker::bound(&bytes);
        Loaded::of_module(path, bytes)
    })
}
