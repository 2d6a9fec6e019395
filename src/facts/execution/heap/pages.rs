//! Written cells in the order of their addresses, in shared pages: a copy shares all pages until one is written, and a join
//! skips those that both sides share.

use std::sync::Arc;

use super::written::Written;
use crate::facts::arithmetic::truncate;
use crate::facts::instantiation::MemoryId;

/// Bytes of a page.
const PAGE: u64 = 256;
/// Longest cell, in bytes.
const LONGEST: u64 = 8;

type Key = (MemoryId, u64);
type Page = Vec<(u64, Written)>;

/// Cells, each at the address of its first byte. No two overlap.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Pages {
    pages: Arc<Vec<(Key, Arc<Page>)>>,
    len: usize,
}

impl Pages {
    /// Number of cells.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The cell that begins at an address.
    pub(super) fn get(&self, memory: MemoryId, address: u64) -> Option<&Written> {
        let (_, page) = &self.pages[self.find((memory, address / PAGE)).ok()?];
        let at = page.binary_search_by_key(&address, |(at, _)| *at).ok()?;
        Some(&page[at].1)
    }

    fn find(&self, key: Key) -> Result<usize, usize> {
        self.pages.binary_search_by_key(&key, |(key, _)| *key)
    }

    /// The indices of the pages that may hold cells with bytes in a range.
    fn pages_of(&self, memory: MemoryId, start: u64, len: u64) -> std::ops::Range<usize> {
        let first = (memory, start.saturating_sub(LONGEST - 1) / PAGE);
        let last = (memory, start.saturating_add(len.saturating_sub(1)) / PAGE);
        let from = self.pages.partition_point(|(key, _)| *key < first);
        from..self.pages.partition_point(|(key, _)| *key <= last).max(from)
    }

    /// Calls `f` for each cell with a byte in a range.
    pub(super) fn touching(
        &self,
        memory: MemoryId,
        start: u64,
        len: u64,
        mut f: impl FnMut(u64, &Written),
    ) {
        for (_, page) in &self.pages[self.pages_of(memory, start, len)] {
            for (at, written) in
                page.iter().filter(|(at, written)| overlaps(*at, written, start, len))
            {
                f(*at, written);
            }
        }
    }

    /// Writes a cell where none is.
    pub(super) fn insert(&mut self, memory: MemoryId, address: u64, written: Written) {
        let key = (memory, address / PAGE);
        let found = self.find(key);
        let pages = Arc::make_mut(&mut self.pages);
        let at = found.unwrap_or_else(|at| {
            pages.insert(at, (key, Arc::default()));
            at
        });
        let page = Arc::make_mut(&mut pages[at].1);
        match page.binary_search_by_key(&address, |(at, _)| *at) {
            Ok(at) => page[at].1 = written,
            Err(at) => {
                page.insert(at, (address, written));
                self.len += 1;
            }
        }
    }

    /// Changes each cell with a byte in a range.
    pub(super) fn update(
        &mut self,
        memory: MemoryId,
        start: u64,
        len: u64,
        mut f: impl FnMut(u64, &mut Written),
    ) {
        let range = self.pages_of(memory, start, len);
        for (_, page) in &mut Arc::make_mut(&mut self.pages)[range] {
            if !page.iter().any(|(at, written)| overlaps(*at, written, start, len)) {
                continue;
            }
            for (at, written) in Arc::make_mut(page) {
                if overlaps(*at, written, start, len) {
                    f(*at, written);
                }
            }
        }
    }

    /// Calls `f` for every cell, in the order of their addresses.
    pub(super) fn each(&self, mut f: impl FnMut(MemoryId, u64, &Written)) {
        for ((memory, _), page) in self.pages.iter() {
            for (at, written) in page.iter() {
                f(*memory, *at, written);
            }
        }
    }

    /// Changes every cell.
    pub(super) fn update_all(&mut self, mut f: impl FnMut(MemoryId, u64, &mut Written)) {
        for ((memory, _), page) in Arc::make_mut(&mut self.pages) {
            for (at, written) in Arc::make_mut(page) {
                f(*memory, *at, written);
            }
        }
    }

    /// Removes a range. The rest of a cell that is removed in part becomes single bytes.
    pub(super) fn clear(&mut self, memory: MemoryId, start: u64, len: u64) {
        let range = self.pages_of(memory, start, len);
        let is_hit =
            |page: &Page| page.iter().any(|(at, written)| overlaps(*at, written, start, len));
        if !self.pages[range.clone()].iter().any(|(_, page)| is_hit(page)) {
            return;
        }
        let mut removed = Vec::new();
        for (_, page) in &mut Arc::make_mut(&mut self.pages)[range] {
            if is_hit(page) {
                let hit = |(at, written): &mut (u64, Written)| overlaps(*at, written, start, len);
                removed.extend(Arc::make_mut(page).extract_if(.., hit));
            }
        }
        self.len -= removed.len();
        let end = start.saturating_add(len);
        for (at, cell) in removed {
            for i in 0..u64::from(cell.width) {
                let byte_at = at.saturating_add(i);
                if byte_at < start || byte_at >= end {
                    let value = cell.value.map(|value| truncate(value >> (i * 8), 1));
                    self.insert(memory, byte_at, Written { width: 1, value, ..cell.clone() });
                }
            }
        }
    }

    /// Joins with the cells of another: cells of this one alone, cells of the other alone, and cells of both. Whether any
    /// changed.
    pub(super) fn join(
        &mut self,
        other: &Pages,
        mut mine: impl FnMut(MemoryId, u64, &mut Written) -> bool,
        mut theirs: impl FnMut(MemoryId, u64, &Written) -> Written,
        mut both: impl FnMut(&mut Written, &Written) -> bool,
    ) -> bool {
        if Arc::ptr_eq(&self.pages, &other.pages) {
            return false;
        }
        let mut changed = false;
        let mut missing: Vec<(MemoryId, u64, Written)> = Vec::new();
        for (key, page) in other.pages.iter() {
            let own = self.find(*key).ok().map(|at| &self.pages[at].1);
            if own.is_some_and(|own| Arc::ptr_eq(own, page)) {
                continue;
            }
            for (at, written) in page.iter() {
                let known = self.get(key.0, *at).is_some_and(|own| own.width == written.width);
                if !known {
                    missing.push((key.0, *at, theirs(key.0, *at, written)));
                }
            }
        }
        for (key, page) in Arc::make_mut(&mut self.pages) {
            let their_page = other.find(*key).ok().map(|at| &other.pages[at].1);
            if their_page.is_some_and(|theirs| Arc::ptr_eq(theirs, page)) {
                continue;
            }
            for (at, written) in Arc::make_mut(page) {
                changed |= match other.get(key.0, *at) {
                    Some(theirs) if theirs.width == written.width => both(written, theirs),
                    _ => mine(key.0, *at, written),
                };
            }
        }
        changed |= !missing.is_empty();
        for (memory, at, written) in missing {
            self.clear(memory, at, u64::from(written.width));
            self.insert(memory, at, written);
        }
        changed
    }
}

fn overlaps(at: u64, written: &Written, start: u64, len: u64) -> bool {
    at < start.saturating_add(len) && at.saturating_add(u64::from(written.width)) > start
}
