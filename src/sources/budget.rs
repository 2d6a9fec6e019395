//! A limit on the work that the debug sections of a component cause: they are input, and may be hostile.

/// Steps that a component's debug sections may take, about a byte each: far more than any toolchain leaves.
const STEPS: u64 = 128 << 20;

/// The steps that are left.
#[derive(Debug)]
pub(super) struct Budget(pub(super) u64);

impl Default for Budget {
    fn default() -> Self {
        Budget(STEPS)
    }
}

impl Budget {
    /// Takes `steps`; `None` if fewer are left, and then the budget is empty.
    pub(super) fn take(&mut self, steps: u64) -> Option<()> {
        let left = self.0.checked_sub(steps);
        self.0 = left.unwrap_or(0);
        left.map(|_| ())
    }
}
