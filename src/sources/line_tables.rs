//! The line tables of a core module. Each is run once, in the order of the section, and no row is kept that
//! is not asked for: units that share a table, and tables within tables, make no work twice.

use gimli::{
    AttributeValue, ColumnType, DebugLine, DebugLineOffset, LineProgramHeader, LineRow, Reader,
};

use super::budget::Budget;
use super::sections::{Bytes, Sections};
use crate::location::Span;

/// The size of a table's list of files, in bytes, at most: each takes far more memory than bytes.
const LARGEST_HEADER: usize = 1 << 20;
/// The size of an address where a table does not say it.
const ADDRESS_SIZE: u8 = 4;

/// The source position of the instructions from an address on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    /// In bytes of the code section's contents.
    pub(super) address: u64,
    /// Where its table begins in the section.
    pub(super) table: usize,
    pub(super) file: u64,
    pub(super) line: u32,
    /// From 1; `None` if unknown.
    pub(super) column: Option<u32>,
}

impl Row {
    /// Identifies its file.
    pub(super) fn key(&self) -> (usize, u64) {
        (self.table, self.file)
    }
}

/// The file of a row, as its table has it.
#[derive(Debug)]
pub(super) struct File {
    /// The folder in which the compiler ran, where the table says that.
    pub(super) base: Option<String>,
    pub(super) folder: Option<String>,
    pub(super) name: String,
}

/// A place that is asked for, and the row of its first byte that has one.
struct Place {
    span: Span,
    row: Option<Row>,
}

/// Places, in the order in which they begin.
struct Places(Vec<Place>);

/// For each of `spans`, the row of the first byte that has one.
pub(super) fn rows(
    sections: &Sections<'_>,
    spans: &[Span],
    budget: &mut Budget,
) -> Vec<Option<Row>> {
    let mut order: Vec<_> = (0..spans.len()).collect();
    order.sort_by_key(|it| spans[*it].start);
    let place = |it: &usize| Place { span: spans[*it], row: None };
    let mut places = Places(order.iter().map(place).collect());
    let tables = DebugLine::from(sections.line);
    let mut at = 0;
    while let Some((length, header)) = lengths(sections.line, at) {
        if budget.take(length as u64).is_none() {
            break;
        }
        if header <= LARGEST_HEADER {
            // A table that cannot be read says nothing; the one behind it may.
            let _ = places.table(&tables, at, budget);
        }
        at += length;
    }
    let mut rows = vec![None; spans.len()];
    for (place, index) in places.0.into_iter().zip(order) {
        let Span { start, end } = place.span;
        rows[index] = place.row.filter(|row| row.address == start || row.address < end);
    }
    rows
}

/// The file of a row.
pub(super) fn file(sections: &Sections<'_>, row: &Row) -> Option<File> {
    let header = header(sections, row.table)?;
    let file = header.file(row.file)?;
    let words = |value: AttributeValue<Bytes<'_>>| sections.text(value);
    // Before version 5, the first folder is the one in which the compiler ran, and only the unit names it.
    let base = header.directory(0).filter(|_| header.version() >= 5).and_then(words);
    let folder = match file.directory_index() {
        0 => None,
        _ => Some(words(file.directory(&header)?)?),
    };
    Some(File { base, folder, name: words(file.path_name())? })
}

fn header<'a>(sections: &Sections<'a>, table: usize) -> Option<LineProgramHeader<Bytes<'a>>> {
    let tables = DebugLine::from(sections.line);
    let program = tables.program(DebugLineOffset(table), ADDRESS_SIZE, None, None).ok()?;
    Some(program.header().clone())
}

/// The length of a table and that of its list of files; `None` where there is none.
fn lengths(section: Bytes<'_>, at: usize) -> Option<(usize, usize)> {
    let mut rest = section;
    rest.skip(at).ok()?;
    let before = rest.len();
    let (length, format) = rest.read_initial_length().ok()?;
    let whole = (before - rest.len()).checked_add(length).filter(|whole| *whole <= before)?;
    let mut header = || {
        if rest.read_u16()? >= 5 {
            rest.skip(2)?;
        }
        rest.read_length(format)
    };
    Some((whole, header().unwrap_or(usize::MAX)))
}

impl Places {
    /// Takes what a table says; `None` where it or the budget ends.
    fn table(
        &mut self,
        tables: &DebugLine<Bytes<'_>>,
        at: usize,
        budget: &mut Budget,
    ) -> Option<()> {
        let program = tables.program(DebugLineOffset(at), ADDRESS_SIZE, None, None).ok()?;
        let mut rows = program.rows();
        let (mut before, mut starts) = (None, true);
        let mut is_code = false;
        while let Some((_, row)) = rows.next_row().ok()? {
            let address = row.address();
            if let Some(before) = before.take() {
                self.take(before, address, budget)?;
            }
            if starts {
                // Linkers leave the tables of functions that they removed, at address 0.
                is_code = address > 0;
            }
            starts = row.end_sequence();
            before = Some(row).filter(|_| !starts && is_code).and_then(|row| position(row, at));
        }
        Some(())
    }

    /// Takes a row for the bytes from its address to `end`.
    fn take(&mut self, row: Row, end: u64, budget: &mut Budget) -> Option<()> {
        if row.address >= end {
            return Some(());
        }
        let from = self.0.partition_point(|place| place.span.start < row.address);
        for place in self.0[from..].iter_mut().take_while(|place| place.span.start < end) {
            budget.take(1)?;
            let address = place.span.start;
            if place.row.is_none_or(|known| known.address > address) {
                place.row = Some(Row { address, ..row });
            }
        }
        // A row behind the start of one place is behind that of all before it, too, so that those have one
        // that is no later.
        for place in self.0[..from].iter_mut().rev() {
            if place.row.is_some_and(|known| known.address <= row.address) {
                break;
            }
            budget.take(1)?;
            place.row = Some(row);
        }
        Some(())
    }
}

fn position(row: &LineRow, table: usize) -> Option<Row> {
    let column = match row.column() {
        ColumnType::LeftEdge => None,
        ColumnType::Column(column) => u32::try_from(column.get()).ok(),
    };
    let line = u32::try_from(row.line()?.get()).ok()?;
    Some(Row { address: row.address(), table, file: row.file_index(), line, column })
}

#[cfg(test)]
mod tests {
    use super::*;
    use gimli::{EndianSlice, LittleEndian};

    #[test]
    fn the_first_byte_with_a_row_counts() {
        let row = |address, line| Row { address, table: 0, file: 1, line, column: None };
        let span = |start, end| Place { span: Span::new(start, end), row: None };
        let mut places = Places(vec![span(5, 9), span(10, 40), span(20, 21), span(30, 31)]);
        let mut budget = Budget::default();
        for (row, end) in [(row(35, 1), 40), (row(25, 2), 35), (row(12, 3), 20), (row(0, 4), 5)] {
            places.take(row, end, &mut budget).unwrap();
        }
        let lines: Vec<_> =
            places.0.iter().map(|it| it.row.map(|row| (row.address, row.line))).collect();
        assert_eq!(lines, [Some((12, 3)), Some((12, 3)), Some((25, 2)), Some((30, 2))]);
    }

    #[test]
    fn what_is_no_table_ends() {
        for bytes in [&[][..], &[1], &[0xff; 16], &[2, 0, 0, 0, 5, 0], &[9, 0, 0, 0, 5]] {
            let line = EndianSlice::new(bytes, LittleEndian);
            let sections = Sections { line, ..Sections::default() };
            assert_eq!(rows(&sections, &[Span::new(1, 2)], &mut Budget::default()), [None]);
        }
    }
}
