//! How much work the debug sections of a component may make: they come with it, and may be made to hurt.

/// Steps that a component's debug sections may take, about a byte each: far more than any toolchain leaves.
const STEPS: u64 = 128 << 20;

/// What is left of them.
#[derive(Debug)]
pub(super) struct Budget(pub(super) u64);

impl Default for Budget {
    fn default() -> Self {
        Budget(STEPS)
    }
}

impl Budget {
    /// Takes some; `None` where so many are not left, and then no others are.
    pub(super) fn take(&mut self, steps: u64) -> Option<()> {
        let left = self.0.checked_sub(steps);
        self.0 = left.unwrap_or(0);
        left.map(|_| ())
    }
}
