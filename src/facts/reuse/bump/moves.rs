//! What a function and its callees do with the pointer of an allocator: whether they only move it up, and whether they
//! give only addresses above it. Callees are followed with their arguments.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::value::{Place, Value};
use super::walk::{Callees, Does, Walk, arguments};
use crate::component::core_module::CoreModule;
use crate::component::index_space::FuncIdx;
use crate::facts::body::Bodies;

/// Most operators of a callee that is followed; allocators of this kind are short.
const LONGEST: usize = 400;
/// Most operators of a function that is asked about: the work grows with the depth of its blocks.
const LONGEST_ROOT: usize = 10_000;
/// Deepest call that is followed.
const DEEPEST: usize = 8;
/// Most operators that are looked at.
const MOST: usize = 1_000_000;

/// What functions of a module do with a place.
pub(super) struct Moves<'m, 'a> {
    module: &'m CoreModule<'a>,
    bodies: &'m Bodies<'a>,
    place: Option<Place>,
    /// The places that were written so far.
    pub(super) written: BTreeSet<Place>,
    /// The functions of which a call was not followed.
    pub(super) unfollowed: BTreeSet<FuncIdx>,
    /// By function, whether the pointer is null when it is called, and arguments.
    known: FxHashMap<(FuncIdx, bool, Vec<Value>), Does>,
    open: Vec<FuncIdx>,
    /// Operators that may still be looked at.
    left: usize,
}

impl<'m, 'a> Moves<'m, 'a> {
    pub(super) fn new(
        module: &'m CoreModule<'a>,
        bodies: &'m Bodies<'a>,
        place: Option<Place>,
    ) -> Self {
        let (written, unfollowed) = (BTreeSet::new(), BTreeSet::new());
        let (known, open) = (FxHashMap::default(), Vec::new());
        Moves { module, bodies, place, written, unfollowed, known, open, left: MOST }
    }

    /// What `func` does; `None` if it has no body, or there is too much code to look at.
    pub(super) fn root(&mut self, func: FuncIdx) -> Option<Does> {
        let params = self.module.func_type(func).map_or(0, |ty| ty.params().len());
        let does = self.follow(func, false, arguments(params));
        does.filter(|_| self.left > 0)
    }
}

impl Callees for Moves<'_, '_> {
    fn wrote(&mut self, place: Place) {
        self.written.insert(place);
    }

    fn follow(&mut self, func: FuncIdx, null: bool, arguments: Vec<Value>) -> Option<Does> {
        let is_root = self.open.is_empty();
        if self.open.contains(&func) || self.open.len() > DEEPEST || self.left == 0 {
            self.unfollowed.insert(func);
            return None;
        }
        let key = (func, null, arguments);
        if let Some(known) = self.known.get(&key) {
            return Some(*known);
        }
        self.open.push(func);
        let (bodies, module) = (self.bodies, self.module.id);
        let does = bodies.visit(module, func, |body| {
            let longest = if is_root { LONGEST_ROOT } else { LONGEST };
            let is_read = !body.is_damaged() && body.code.len() <= longest;
            is_read.then(|| {
                self.left = self.left.saturating_sub(body.code.len());
                let (module, place) = (self.module, self.place);
                Walk::of(self, module, place, body, null, &key.2)
            })
        });
        self.open.pop();
        let Some(does) = does.flatten() else {
            self.unfollowed.insert(func);
            return None;
        };
        self.known.insert(key, does);
        Some(does)
    }
}
