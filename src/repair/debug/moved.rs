//! Where the instructions of a code section are after it was written again.

/// Addresses before and after. An address is an offset in the contents of the code section, as in DWARF.
#[derive(Debug, Default)]
pub(crate) struct Moved {
    /// Where the contents of the section began in the module.
    start: u64,
    /// The first byte behind the last body.
    end: u64,
    /// The beginning and the instructions of each body, and its end, in order.
    marks: Vec<(u32, u32)>,
}

impl Moved {
    /// For a section that began at `start`, and now has this many bodies.
    pub(crate) fn new(start: u64, bodies: u32) -> Self {
        Moved { start, end: length(u64::from(bodies)), marks: Vec::new() }
    }

    /// Adds a body: its marks, each with its offset in the module before and in the body now, and its length now.
    pub(crate) fn body(&mut self, marks: &[(u64, usize)], now: usize) {
        let begin = self.end + length(now as u64);
        self.marks.extend(marks.iter().filter_map(|(before, offset)| {
            let before = u32::try_from(before.checked_sub(self.start)?).ok()?;
            Some((before, u32::try_from(begin + *offset as u64).ok()?))
        }));
        self.end = begin + now as u64;
    }

    /// The new address of a byte; `None` if it is in no body, such as 0 for code that was removed.
    pub(super) fn of(&self, address: u64) -> Option<u64> {
        let address = u32::try_from(address).ok()?;
        let next = self.marks.partition_point(|(before, _)| *before <= address);
        let (before, now) = *self.marks.get(next.checked_sub(1)?)?;
        let more = address - before;
        match self.marks.get(next) {
            None => (more == 0).then_some(u64::from(now)),
            Some((_, limit)) => Some(u64::from(now + more.min(limit.saturating_sub(now)))),
        }
    }

    /// The new address of a byte, or the same if it is in no body.
    pub(super) fn address(&self, address: u32) -> u32 {
        let moved = self.of(u64::from(address)).and_then(|it| u32::try_from(it).ok());
        moved.unwrap_or(address)
    }

    /// The new length of bytes that begin at an address.
    pub(super) fn length(&self, address: u64, bytes: u64) -> u64 {
        let end = address.checked_add(bytes).and_then(|end| self.of(end));
        match (self.of(address), end) {
            (Some(begin), Some(end)) => end.saturating_sub(begin),
            _ => bytes,
        }
    }
}

/// Bytes of an unsigned number.
fn length(value: u64) -> u64 {
    u64::from((64 - value.leading_zeros()).div_ceil(7).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_grow_and_shrink() {
        let mut moved = Moved::new(100, 2);
        // A body of 10 bytes at 2 whose second instruction shrinks, and one of 5 bytes that grows.
        moved.body(&[(102, 0), (103, 1), (106, 4), (112, 6)], 6);
        moved.body(&[(113, 0), (114, 1), (118, 200)], 200);
        let table =
            [(0, None), (2, Some(2)), (3, Some(3)), (4, Some(4)), (6, Some(6)), (9, Some(8))];
        for (before, now) in
            table.into_iter().chain([(12, Some(8)), (13, Some(10)), (18, Some(210))])
        {
            assert_eq!(moved.of(before), now, "{before}");
        }
        assert_eq!(moved.of(19), None);
        assert_eq!((moved.length(2, 10), moved.length(13, 5), moved.length(0, 7)), (6, 200, 7));
    }
}
