//! What each local holds at a point of a function, as far as control reaches the point on one way. Tells which values are
//! lost where ways meet although they may be read there.

use super::symbol::Symbol;
use crate::facts::body::{Body, Op};

/// Work for each operator of a body, in values looked at, and that for any body.
const WORK: (usize, usize) = (64, 10_000);

/// Values that are lost, each with its local.
type Lost = Vec<(u32, Symbol)>;

pub(super) struct Flow {
    /// What each local holds at the beginning.
    first: Vec<Option<(Symbol, usize)>>,
    /// How many locals are parameters.
    params: u32,
    /// How many operators the body has.
    operators: usize,
    /// How many values may be looked at for each pass.
    most_work: usize,
    /// What each local holds, and in how many open blocks it was assigned.
    held: Vec<Option<(Symbol, usize)>>,
    /// The locals that were assigned, in this order; those of closed blocks are gone.
    assigned: Vec<u32>,
    open: Vec<Block>,
    /// The operator behind which nothing reads the local.
    last_read: Vec<usize>,
    /// How many more values may be looked at. Nothing is known in a function that needs more.
    work: usize,
}

struct Block {
    /// How many locals were assigned before it.
    before: usize,
    /// Where a branch to it leads.
    label: usize,
    /// Its end.
    end: usize,
}

impl Flow {
    /// At the beginning of a body.
    pub(super) fn of(body: &Body, params: &[Option<Symbol>]) -> Self {
        // An exception leaves a block at any call.
        let work = if body.opaque.is_some() { 0 } else { WORK.0 * body.code.len() + WORK.1 };
        let mut flow = Flow {
            first: params.iter().map(|param| param.map(|param| (param, 0))).collect(),
            params: body.params,
            operators: body.code.len(),
            most_work: work,
            held: Vec::new(),
            assigned: Vec::new(),
            open: Vec::new(),
            last_read: last_reads(body),
            work: 0,
        };
        flow.restart();
        flow
    }

    /// Goes back to the beginning of the body.
    pub(super) fn restart(&mut self) {
        self.held.clone_from(&self.first);
        self.assigned.clear();
        self.assigned.extend(0..self.params);
        self.open.clear();
        self.open.push(Block { before: 0, label: self.operators, end: self.operators });
        self.work = self.most_work;
    }

    /// Whether nothing is known.
    pub(super) fn is_off(&self) -> bool {
        self.work == 0
    }

    pub(super) fn get(&self, local: u32) -> Option<Symbol> {
        if self.is_off() {
            return None;
        }
        self.held.get(local as usize).copied().flatten().map(|(symbol, _)| symbol)
    }

    /// Assigns to a local at an operator. Returns what it held if a block around this one may still read that.
    pub(super) fn set(&mut self, at: usize, local: u32, symbol: Symbol) -> Option<Symbol> {
        let depth = self.open.len();
        let held = self.held.get_mut(local as usize)?;
        let old = held.replace((symbol, depth));
        if old.is_none_or(|(_, of)| of != depth) {
            self.assigned.push(local);
        }
        let (old, _) = old.filter(|(_, of)| *of != depth)?;
        (self.last_read[local as usize] > at).then_some(old)
    }

    /// Enters a block at an operator.
    pub(super) fn enter(&mut self, at: usize, end: usize, is_loop: bool) -> Lost {
        // What a local holds when a loop begins again is not known.
        let lost = if is_loop { self.forget(0, at) } else { Lost::new() };
        let label = if is_loop { at } else { end };
        self.open.push(Block { before: self.assigned.len(), label, end });
        lost
    }

    /// Leaves a block: another way may lead to its end.
    pub(super) fn leave(&mut self) -> Lost {
        let Some(Block { before, end, .. }) = self.open.pop() else { return Lost::new() };
        let lost = self.forget(before, end);
        self.assigned.truncate(before);
        lost
    }

    /// The end of the innermost block.
    pub(super) fn end(&self) -> u32 {
        self.open.last().map_or(0, |block| block.end as u32)
    }

    /// Branches to the label of a block: another way may lead there.
    pub(super) fn branch(&mut self, depth: u32) -> Lost {
        let block = self.open.len().checked_sub(depth as usize + 1);
        let Some((before, label)) = block.map(|at| (self.open[at].before, self.open[at].label))
        else {
            return Lost::new();
        };
        self.lost(before, label)
    }

    /// The values assigned since `before` that may be read behind an operator.
    fn lost(&mut self, before: usize, behind: usize) -> Lost {
        if self.is_off() {
            return Lost::new();
        }
        let assigned = self.assigned.get(before..).unwrap_or_default();
        self.work = self.work.saturating_sub(assigned.len());
        let held = assigned.iter().filter_map(|local| {
            let (symbol, _) = self.held[*local as usize]?;
            (self.last_read[*local as usize] > behind).then_some((*local, symbol))
        });
        held.collect()
    }

    fn forget(&mut self, before: usize, behind: usize) -> Lost {
        let lost = self.lost(before, behind);
        if self.is_off() {
            return lost;
        }
        for local in self.assigned.get(before..).unwrap_or_default() {
            self.held[*local as usize] = None;
        }
        lost
    }
}

/// For each local, the operator behind which nothing reads it: its last read, or the end of the outermost loop around that.
fn last_reads(body: &Body) -> Vec<usize> {
    let mut last = vec![0; (body.params + body.locals) as usize];
    let mut loop_end = 0;
    for (at, op) in body.code.iter().enumerate() {
        match op {
            Op::Loop { end, .. } => loop_end = loop_end.max(*end as usize),
            Op::LocalGet(local) => {
                if let Some(last) = last.get_mut(*local as usize) {
                    *last = at.max(loop_end);
                }
            }
            _ => {}
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use crate::component::Component;
    use crate::facts::body::Bodies;
    use crate::facts::effects::{Effects, Target};
    use crate::facts::instantiation::Instantiation;

    /// Whether a function with this body indexes the array at 2000, and whether it lets its address go elsewhere.
    fn of_array(body: &str) -> (bool, bool) {
        let element = "(i32.add (i32.shl (local.get $x) (i32.const 2)) (i32.const 2000))";
        let body = body.replace("ELEMENT", element);
        let component = Component::of_text(&format!(
            "(component
              (core module $m (memory 1) (global $g (mut i32) (i32.const 0))
                (func (param $x i32) (param $p i32) (local $q i32) {body}))
              (core instance (instantiate $m)))"
        ));
        let world = Instantiation::of(component);
        let bodies = Bodies::of(component);
        let effects = Effects::new(&world, &bodies);
        let (module, of) = component.core_modules.iter().next().expect("a module");
        let (func, _) = of.functions.iter().next().expect("a function");
        let summary = effects.summaries.get(module, func).expect("a body");
        let indexes = summary.stores.iter().any(|store| store.target == Target::Near(2000));
        (indexes, summary.taken.contains(&2000))
    }

    #[test]
    fn an_address_escapes_where_ways_meet() {
        let set = "(local.set $p ELEMENT)";
        let store = "(i32.store (local.get $p) (i32.const 1))";
        let keep = "(global.set $g (local.get $p))";
        let other = "(local.set $p (i32.const 5))";
        let leave = "(br_if 0 (local.get $x))";
        for (body, expected) in [
            (format!("{set} {store}"), (true, false)),
            (format!("{set} {keep}"), (false, true)),
            (format!("{set} {store} {other} {keep}"), (true, false)),
            // Only one way leads to a read.
            (format!("(block {set} {leave} {store})"), (true, false)),
            (format!("(block {set} {leave} {store}) {keep}"), (true, true)),
            (format!("(block {set} {leave} {other}) {keep}"), (false, true)),
            (format!("{set} (block {leave} {other}) {keep}"), (false, true)),
            (format!("{set} (if (local.get $x) (then {other})) {keep}"), (false, true)),
            (format!("{set} (if (local.get $x) (then {other}) (else {keep}))"), (false, true)),
            (format!("(if (local.get $x) (then {set}) (else {other})) {keep}"), (false, true)),
            (format!("(loop {keep} {set} {leave})"), (false, true)),
            (format!("(loop {other} {set} {store} {leave})"), (true, true)),
            (format!("(loop (block {set} {store}) {leave})"), (true, true)),
            (format!("{set} (loop {leave} {store})"), (false, true)),
            (
                "(local.set $q ELEMENT) (loop (i32.store (local.get $q) (i32.const 1)))".to_owned(),
                (true, false),
            ),
            ("(i32.store offset=2000 (local.get $x) (i32.const 1))".to_owned(), (true, true)),
            (
                "(i32.store offset=2000 (i32.shl (local.get $x) (i32.const 2)) (i32.const 1))"
                    .to_owned(),
                (true, false),
            ),
        ] {
            assert_eq!(of_array(&body), expected, "{body}");
        }
    }
}
