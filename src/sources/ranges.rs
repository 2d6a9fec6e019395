//! DWARF's lists of ranges, before version 5 and since.

use gimli::{
    AttributeValue, DebugAddr, DebugAddrBase, DebugRanges, DebugRngLists, DebugRngListsBase,
    Encoding, RangeLists, RangeListsOffset,
};

use super::budget::Budget;
use super::sections::{Bytes, Sections};

/// Steps that an entry of a list costs.
const STEPS: u64 = 16;

/// The lists of a unit.
pub(super) struct Ranges<'s, 'a> {
    pub(super) sections: &'s Sections<'a>,
    pub(super) encoding: Encoding,
    /// Where the unit's code begins; ranges count from there.
    pub(super) base: Option<u64>,
    /// Where the unit's table of lists begins, since version 5.
    pub(super) lists: Option<usize>,
}

impl<'a> Ranges<'_, 'a> {
    pub(super) fn set_lists(&mut self, value: &AttributeValue<Bytes<'a>>) {
        if let AttributeValue::DebugRngListsBase(base) = value {
            self.lists = Some(base.0);
        }
    }

    /// Calls `each_range` with each range of a list. `None` if it cannot be read or the budget ends.
    pub(super) fn each(
        &self,
        list: &AttributeValue<Bytes<'a>>,
        budget: &mut Budget,
        each_range: &mut impl FnMut(u64, u64, &mut Budget) -> Option<()>,
    ) -> Option<()> {
        let lists = RangeLists::new(
            DebugRanges::from(self.sections.ranges),
            DebugRngLists::from(self.sections.rnglists),
        );
        let offset = match list {
            AttributeValue::RangeListsRef(at) => RangeListsOffset(at.0),
            AttributeValue::DebugRngListsIndex(index) => {
                let base = DebugRngListsBase(self.lists?);
                lists.get_offset(self.encoding, base, *index).ok()?
            }
            AttributeValue::SecOffset(at) => RangeListsOffset(*at),
            _ => return Some(()),
        };
        let base = self.base.unwrap_or(0);
        let addresses = DebugAddr::from(Bytes::default());
        let ranges = lists.ranges(offset, self.encoding, base, &addresses, DebugAddrBase(0));
        let Ok(mut ranges) = ranges else { return Some(()) };
        while let Ok(Some(range)) = ranges.next() {
            budget.take(STEPS)?;
            each_range(range.begin, range.end, budget)?;
        }
        Some(())
    }
}
