//! Which operators of a function may be executed, by its branches alone.

use crate::facts::body::Op;

/// The walk over a function's operators.
#[derive(Debug)]
pub(super) struct Reachable {
    here: bool,
    labels: Vec<Label>,
}

#[derive(Debug)]
struct Label {
    is_loop: bool,
    /// Whether a branch leads behind the block.
    is_target: bool,
    /// Whether the second half of a conditional, which may be empty, is reachable.
    otherwise: bool,
}

impl Reachable {
    pub(super) fn new() -> Self {
        let function = Label { is_loop: false, is_target: false, otherwise: false };
        Reachable { here: true, labels: vec![function] }
    }

    /// Whether the next operator is reachable; at the end, whether the function may return.
    pub(super) fn here(&self) -> bool {
        self.here
    }

    /// Nothing follows.
    pub(super) fn stop(&mut self) {
        self.here = false;
    }

    /// Leaves the function.
    pub(super) fn go_out(&mut self) {
        if let Some(function) = self.labels.first_mut() {
            function.is_target |= self.here;
        }
        self.here = false;
    }

    /// Passes an operator. `None` if it branches to nowhere.
    pub(super) fn step(&mut self, op: &Op) -> Option<()> {
        match op {
            Op::Block { .. } | Op::Loop { .. } | Op::If { .. } => self.labels.push(Label {
                is_loop: matches!(op, Op::Loop { .. }),
                is_target: false,
                otherwise: self.here && matches!(op, Op::If { .. }),
            }),
            Op::Else => {
                let label = self.labels.last_mut()?;
                label.is_target |= self.here;
                self.here = std::mem::take(&mut label.otherwise);
            }
            Op::End => {
                let label = self.labels.pop()?;
                self.here |= label.is_target || label.otherwise;
            }
            Op::Br(depth) => {
                self.branch(*depth)?;
                self.here = false;
            }
            Op::BrIf(depth) => self.branch(*depth)?,
            Op::BrTable(depths) => {
                depths.iter().try_for_each(|depth| self.branch(*depth))?;
                self.here = false;
            }
            Op::Return => self.go_out(),
            Op::Unreachable => self.here = false,
            _ => {}
        }
        Some(())
    }

    fn branch(&mut self, depth: u32) -> Option<()> {
        let index = self.labels.len().checked_sub(1 + depth as usize)?;
        let label = &mut self.labels[index];
        label.is_target |= self.here && !label.is_loop;
        Some(())
    }
}
