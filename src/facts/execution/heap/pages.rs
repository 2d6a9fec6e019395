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
            touched(page, start, len).for_each(|(at, written)| f(*at, written));
        }
    }

    /// Writes a cell over what is there.
    pub(super) fn write(&mut self, memory: MemoryId, address: u64, written: Written) {
        if let Ok(page) = self.find((memory, address / PAGE))
            && let Ok(at) = self.pages[page].1.binary_search_by_key(&address, |(at, _)| *at)
            && self.pages[page].1[at].1.width == written.width
        {
            let page = &mut Arc::make_mut(&mut self.pages)[page].1;
            Arc::make_mut(page)[at].1 = written;
            return;
        }
        self.clear(memory, address, u64::from(written.width));
        self.insert(memory, address, written);
    }

    /// Writes a cell where none is.
    fn insert(&mut self, memory: MemoryId, address: u64, written: Written) {
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
            if touched(page, start, len).next().is_none() {
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
        let is_hit = |page: &Page| touched(page, start, len).next().is_some();
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

    /// The join with the cells of another, to be applied: of cells of this one alone, of the other alone, and of both. Each
    /// function returns what the cell becomes, `None` if it stays, and whether that counts as a change.
    pub(super) fn joined(
        &self,
        other: &Pages,
        mut mine: impl FnMut(MemoryId, u64, &Written) -> (Option<Written>, bool),
        mut theirs: impl FnMut(MemoryId, u64, &Written) -> Written,
        mut both: impl FnMut(&Written, &Written) -> (Option<Written>, bool),
    ) -> Joined {
        let mut joined = Joined::default();
        if Arc::ptr_eq(&self.pages, &other.pages) {
            return joined;
        }
        let mut others = other.pages.iter().peekable();
        let none = Page::new();
        let mut pages = self.pages.iter().enumerate().peekable();
        loop {
            let own = pages.peek().map(|(_, (key, _))| *key);
            let next = others.peek().map(|(key, _)| *key);
            let Some(key) = own.into_iter().chain(next).min() else { break };
            let own = pages.next_if(|(_, (of, _))| *of == key);
            let theirs_there = others.next_if(|(of, _)| *of == key);
            if let (Some((_, (_, own))), Some((_, there))) = (own, theirs_there)
                && Arc::ptr_eq(own, there)
            {
                continue;
            }
            let mut there = theirs_there.map_or(&none, |(_, page)| &**page).iter().peekable();
            let here = own.map_or(&none, |(_, (_, page))| &**page);
            let mut new: Option<Page> = None;
            let mut absent = |(at, written): &(u64, Written)| {
                joined.missing.push((key.0, *at, theirs(key.0, *at, written)));
            };
            for (index, (address, written)) in here.iter().enumerate() {
                while let Some(before) = there.next_if(|(at, _)| at < address) {
                    absent(before);
                }
                let same = there.next_if(|(at, _)| at == address);
                let (becomes, is_change) = match same {
                    Some((_, other)) if other.width == written.width => both(written, other),
                    _ => {
                        same.into_iter().for_each(&mut absent);
                        mine(key.0, *address, written)
                    }
                };
                joined.changed |= is_change;
                if let Some(becomes) = becomes {
                    new.get_or_insert_with(|| here.clone())[index].1 = becomes;
                }
            }
            there.for_each(absent);
            if let (Some(new), Some((index, _))) = (new, own) {
                joined.pages.push((index, Arc::new(new)));
            }
        }
        joined
    }

    /// Applies a join. Whether anything changes.
    pub(super) fn apply(&mut self, joined: Joined) -> bool {
        if !joined.pages.is_empty() {
            let pages = Arc::make_mut(&mut self.pages);
            joined.pages.into_iter().for_each(|(index, page)| pages[index].1 = page);
        }
        let changed = joined.changed || !joined.missing.is_empty();
        for (memory, at, written) in joined.missing {
            self.write(memory, at, written);
        }
        changed
    }
}

/// What a join makes of pages.
#[derive(Debug, Default)]
pub(super) struct Joined {
    /// Pages that change, by index.
    pages: Vec<(usize, Arc<Page>)>,
    /// Cells that are added.
    missing: Vec<(MemoryId, u64, Written)>,
    /// Whether a change of a cell counts.
    changed: bool,
}

/// The cells of a page with a byte in a range.
fn touched(page: &Page, start: u64, len: u64) -> impl Iterator<Item = &(u64, Written)> {
    let first = page.partition_point(|(at, _)| at.saturating_add(LONGEST) <= start);
    let end = start.saturating_add(len);
    let near = page[first..].iter().take_while(move |(at, _)| *at < end);
    near.filter(move |(at, written)| overlaps(*at, written, start, len))
}

fn overlaps(at: u64, written: &Written, start: u64, len: u64) -> bool {
    at < start.saturating_add(len) && at.saturating_add(u64::from(written.width)) > start
}
