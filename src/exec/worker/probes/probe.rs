//! What an accessor accesses, and its value.

use std::collections::BTreeMap;

/// Bytes of the pages in which the contents of memories are kept.
pub(crate) const SMALL_PAGE: usize = 4 << 10;
const ZEROS: [u8; SMALL_PAGE] = [0; SMALL_PAGE];

/// Accessors to one memory or global of one core instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Probe {
    /// The beginning of the names of its exports.
    pub(crate) prefix: String,
    /// Where the core module's binary begins, in the bytes that were given.
    pub(crate) module: u64,
    /// Which instance of that module it is, from 0, in the order of the file.
    pub(crate) instance: u32,
    /// What it accesses.
    pub(crate) cell: Cell,
}

/// A memory or a global, by its index in its core module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    Memory(u32),
    Global(u32),
}

/// The value of a memory or a global.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Memory(Memory),
    /// The bits.
    Global(u64),
}

/// The contents of a memory. Pages of zeros are not kept: most of a large memory was never written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    length: usize,
    pages: BTreeMap<usize, Vec<u8>>,
}

impl Memory {
    /// Adds bytes at the end. Until then, the length is a whole number of small pages.
    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        let first = self.length / SMALL_PAGE;
        for (number, page) in (first..).zip(bytes.chunks(SMALL_PAGE)) {
            if *page != ZEROS[..page.len()] {
                self.pages.insert(number, page.to_vec());
            }
        }
        self.length += bytes.len();
    }

    /// Bytes.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// The bytes from `at` on; those beyond the end are zero.
    pub(crate) fn bytes(&self, at: usize, length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        for (number, page) in self.pages.range(at / SMALL_PAGE..(at + length).div_ceil(SMALL_PAGE))
        {
            let start = number * SMALL_PAGE;
            let (from, until) = (start.max(at), (start + page.len()).min(at + length));
            if from < until {
                bytes[from - at..until - at].copy_from_slice(&page[from - start..until - start]);
            }
        }
        bytes
    }

    /// The numbers of the small pages in which two memories differ.
    pub(crate) fn differing_pages(&self, other: &Memory) -> Vec<usize> {
        let mut numbers: Vec<usize> =
            self.pages.keys().chain(other.pages.keys()).copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.retain(|number| self.pages.get(number) != other.pages.get(number));
        numbers
    }
}
