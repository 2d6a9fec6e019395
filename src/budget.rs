//! A budget of work that is proportional to an input, so that no input costs more than its author paid for.

/// Work that may still be done, in bytes that it takes or in steps that cost about as much.
#[derive(Debug, Clone)]
pub(crate) struct Budget {
    left: u64,
    exceeded: bool,
}

impl Budget {
    /// `constant`, and `rate` for each byte of an input.
    pub(crate) fn new(constant: u64, rate: u64, input: usize) -> Self {
        let left = constant.saturating_add(rate.saturating_mul(input as u64));
        Budget { left, exceeded: false }
    }

    /// Charges work before it is done. Returns whether there is enough for it; if not, it must not be done.
    #[must_use]
    pub(crate) fn charge(&mut self, cost: u64) -> bool {
        match self.left.checked_sub(cost) {
            Some(left) => self.left = left,
            None => self.exceeded = true,
        }
        !self.exceeded
    }

    /// Whether work was left out.
    pub(crate) fn is_exceeded(&self) -> bool {
        self.exceeded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_exceeds_a_budget_ends_it() {
        let mut budget = Budget::new(10, 2, 5);
        assert!(budget.charge(20));
        assert!(budget.charge(0));
        assert!(!budget.charge(1));
        // Smaller work behind it would make the result depend on the order.
        assert!(!budget.charge(0));
        assert!(budget.is_exceeded());
        assert!(Budget::new(u64::MAX, 1, 9).charge(u64::MAX));
    }
}
