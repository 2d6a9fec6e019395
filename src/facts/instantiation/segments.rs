//! The active data of one memory, as disjoint pieces in the order of their addresses.

use std::collections::BTreeMap;
use std::ops::Range;

/// Bytes at addresses. Later bytes replace earlier ones.
#[derive(Debug, Default)]
pub struct Segments<'a> {
    pieces: BTreeMap<u64, &'a [u8]>,
}

impl<'a> Segments<'a> {
    /// Copies bytes to an address.
    pub(super) fn insert(&mut self, start: u64, bytes: &'a [u8]) {
        let Some(end) = start.checked_add(bytes.len() as u64) else { return };
        if bytes.is_empty() {
            return;
        }
        let before = self.pieces.range(..end).rev();
        let hit: Vec<_> = before
            .take_while(|(at, old)| *at + old.len() as u64 > start)
            .map(|(at, old)| (*at, *old))
            .collect();
        for (at, old) in hit {
            self.pieces.remove(&at);
            if at < start {
                self.pieces.insert(at, &old[..(start - at) as usize]);
            }
            if at + old.len() as u64 > end {
                self.pieces.insert(end, &old[(end - at) as usize..]);
            }
        }
        self.pieces.insert(start, bytes);
    }

    /// The byte at an address; `None` outside of all segments.
    pub fn byte(&self, at: u64) -> Option<u8> {
        let (start, bytes) = self.pieces.range(..=at).next_back()?;
        bytes.get(usize::try_from(at - start).ok()?).copied()
    }

    /// Copies the bytes from an address on; leaves those outside of all segments.
    pub fn fill(&self, at: u64, bytes: &mut [u8]) {
        let end = at.saturating_add(bytes.len() as u64);
        for (start, piece) in self.pieces.range(..end).rev() {
            // Pieces are disjoint, so that those before this one end before it, too.
            let piece_end = start + piece.len() as u64;
            if piece_end <= at {
                break;
            }
            let (from, to) = (at.max(*start), end.min(piece_end));
            let source = &piece[(from - start) as usize..(to - start) as usize];
            bytes[(from - at) as usize..(to - at) as usize].copy_from_slice(source);
        }
    }

    /// The least address that has data.
    pub fn first(&self) -> Option<u64> {
        self.pieces.keys().next().copied()
    }

    /// The ranges of addresses that have data, adjacent ones as one.
    pub fn ranges(&self) -> Vec<Range<u64>> {
        let mut ranges: Vec<Range<u64>> = Vec::new();
        for (start, bytes) in &self.pieces {
            let end = start + bytes.len() as u64;
            match ranges.last_mut() {
                Some(last) if last.end == *start => last.end = end,
                _ => ranges.push(*start..end),
            }
        }
        ranges
    }

    /// The 32-bit words at any address: a packed structure may hold an address anywhere.
    pub fn unaligned_words(&self) -> impl Iterator<Item = u32> {
        self.pieces.values().flat_map(|bytes| unaligned_words(bytes))
    }

    /// The aligned 32-bit words, which may be addresses.
    pub fn words(&self) -> impl Iterator<Item = u32> {
        self.pieces.iter().flat_map(|(start, bytes)| {
            let skew = (start.wrapping_neg() % 4) as usize;
            let words = bytes.get(skew..).unwrap_or_default().as_chunks::<4>().0;
            words.iter().map(|word| u32::from_le_bytes(*word))
        })
    }
}

/// The 32-bit words of some bytes, at any address.
pub fn unaligned_words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.array_windows().map(|word| u32::from_le_bytes(*word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_bytes_replace_earlier_ones() {
        let cases: [(&[(u64, &str)], &str); 6] = [
            (&[(2, "ab"), (5, "c")], "..ab.c"),
            (&[(5, "c"), (2, "ab")], "..ab.c"),
            (&[(0, "abcdef"), (2, "XY")], "abXYef"),
            (&[(2, "XY"), (0, "abcdef")], "abcdef"),
            (&[(0, "ab"), (3, "de"), (1, "XYZ")], "aXYZe"),
            (&[(1, ""), (u64::MAX, "ab")], ""),
        ];
        for (segments, expected) in cases {
            let mut all = Segments::default();
            segments.iter().for_each(|(at, text)| all.insert(*at, text.as_bytes()));
            let bytes = (0..expected.len() as u64).map(|at| all.byte(at).unwrap_or(b'.'));
            assert_eq!(String::from_utf8(bytes.collect()).unwrap(), expected, "{segments:?}");
            for from in 0..expected.len() {
                let mut filled = vec![b'.'; expected.len() - from];
                all.fill(from as u64, &mut filled);
                assert_eq!(String::from_utf8(filled).unwrap(), expected[from..], "{segments:?}");
            }
            assert_eq!(all.byte(expected.len() as u64), None);
        }
    }
}
