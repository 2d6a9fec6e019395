//! The join of two heaps.

use std::sync::Arc;

use super::layers::{Contents, Layer, merge};
use super::written::Written;
use super::{Heap, MOST_LAYERS, initial};
use crate::facts::instantiation::Instantiation;

impl Heap {
    /// Joins two heaps. Whether anything changed that a later execution depends on. `thresholds` widen.
    pub fn join(
        &mut self,
        other: &Heap,
        world: &Instantiation<'_>,
        thresholds: Option<&[u64]>,
    ) -> bool {
        let mut changed = self.join_layers(other);
        let before = (self.objects_at, self.frames_at);
        let after = (before.0.max(other.objects_at), before.1.max(other.frames_at));
        let at = |(objects, frames): (u32, u32), written: &Written| {
            if written.frame { frames } else { objects }
        };
        let newly =
            |old: &Written, new: &Written| new.time < at(after, new) && old.time >= at(before, old);
        let joined = self.cells.joined(
            &other.cells,
            |memory, address, old| {
                let value = other.plain(world, memory, address, old.width);
                let mut written = old.clone();
                written.join_initial(&value, thresholds);
                let is_change = !written.value.same(&old.value) || newly(old, &written);
                ((written != *old).then_some(written), is_change)
            },
            |memory, address, written| {
                let value = self.plain(world, memory, address, written.width);
                let mut joined = Written { value, ..written.clone() };
                joined.join_value(&written.value, thresholds);
                joined.time = 0;
                joined
            },
            |old, other| {
                if old == other {
                    return (None, newly(old, old));
                }
                let mut written = old.clone();
                written.join(other, thresholds);
                let is_change = !written.value.same(&old.value)
                    || written.frame != old.frame
                    || newly(old, &written);
                (Some(written), is_change)
            },
        );
        changed |= self.cells.apply(joined);
        self.time = self.time.max(other.time);
        (self.objects_at, self.frames_at) = after;
        changed |= (before.0 == 0 && after.0 > 0) || (before.1 == 0 && after.1 > 0);
        changed |= other.escaped && !self.escaped;
        self.escaped |= other.escaped;
        if !Arc::ptr_eq(&self.globals, &other.globals) {
            let globals = Arc::make_mut(&mut self.globals);
            for (id, written) in globals.iter_mut() {
                let theirs = other.written_global(*id);
                if theirs == Some(&*written) {
                    changed |= newly(written, written);
                    continue;
                }
                let old = written.clone();
                match theirs {
                    Some(theirs) => written.join(theirs, thresholds),
                    None => written.join_initial(&initial(world, *id), thresholds),
                }
                changed |= !written.value.same(&old.value) || newly(&old, written);
            }
            for (id, theirs) in other.globals.iter() {
                if let Err(at) = globals.binary_search_by_key(id, |(id, _)| *id) {
                    let mut written = theirs.clone();
                    written.value = initial(world, *id);
                    written.join_value(&theirs.value, thresholds);
                    written.time = 0;
                    changed |= !written.value.same(&initial(world, *id)) || after.0 > 0;
                    globals.insert(at, (*id, written));
                }
            }
        }
        changed
    }

    fn join_layers(&mut self, other: &Heap) -> bool {
        if Arc::ptr_eq(&self.layers, &other.layers) || self.layers == other.layers {
            return false;
        }
        let same = self.layers.iter().zip(&*other.layers).take_while(|(a, b)| a == b).count();
        let apart = self.layers[same..].iter().chain(&other.layers[same..]);
        let mut joined = self.layers[..same].to_vec();
        for layer in apart {
            let layer = Layer { contents: Contents::Unknown, ..layer.clone() };
            if !joined[same..].contains(&layer) {
                joined.push(layer);
            }
        }
        if joined.len() > MOST_LAYERS {
            merge(&mut joined, MOST_LAYERS);
        }
        let changed = *self.layers != joined;
        self.layers = Arc::new(joined);
        changed
    }
}
