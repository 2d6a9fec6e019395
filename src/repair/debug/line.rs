//! A line table, written again with other addresses.

use gimli::{IncompleteLineProgram, LineProgramHeader, LineRow};

use super::bytes::Bytes;
use super::moved::Moved;

/// Standard opcodes, `DW_LNS_…` of DWARF 5, section 6.2.5.2, and their number.
const COPY: u8 = 1;
const ADVANCE_PC: u8 = 2;
const ADVANCE_LINE: u8 = 3;
const SET_FILE: u8 = 4;
const SET_COLUMN: u8 = 5;
const NEGATE_STMT: u8 = 6;
const SET_BASIC_BLOCK: u8 = 7;
const SET_PROLOGUE_END: u8 = 10;
const SET_EPILOGUE_BEGIN: u8 = 11;
const SET_ISA: u8 = 12;
const STANDARD: u8 = 12;
/// Extended opcodes, `DW_LNE_…`.
const END_SEQUENCE: [u8; 3] = [0, 1, 1];
const SET_ADDRESS: [u8; 3] = [0, 5, 2];
const SET_DISCRIMINATOR: u8 = 4;

/// The table with a program for code that moved; sequences of code that was removed are left out. `None` if it is malformed,
/// or of a form that no toolchain for WebAssembly writes.
pub(super) fn rewritten(
    section: &[u8],
    table: IncompleteLineProgram<Bytes<'_>>,
    moved: &Moved,
) -> Option<Vec<u8>> {
    let header = table.header().clone();
    let at = header.offset().0;
    let is_plain = header.format() == gimli::Format::Dwarf32
        && header.opcode_base() > STANDARD
        && header.minimum_instruction_length() == 1
        && header.maximum_operations_per_instruction() <= 1
        && header.line_range() > 0
        && header.address_size() == 4;
    if !is_plain {
        return None;
    }
    let whole = section.get(at..)?.get(..header.unit_length().checked_add(4)?)?;
    let begin = whole.len().checked_sub(header.raw_program_buf().len())?;
    let mut bytes = whole[..begin].to_vec();
    let mut rows = table.rows();
    let mut program = Program { bytes: &mut bytes, row: None };
    let mut is_removed = None;
    while let Some((_, row)) = rows.next_row().ok()? {
        let address = moved.of(row.address());
        if !*is_removed.get_or_insert(address.is_none()) {
            program.row(&header, row, u32::try_from(address?).ok()?)?;
        }
        if row.end_sequence() {
            is_removed = None;
        }
    }
    let length = u32::try_from(bytes.len().checked_sub(4)?).ok()?;
    bytes[..4].copy_from_slice(&length.to_le_bytes());
    Some(bytes)
}

struct Program<'b> {
    bytes: &'b mut Vec<u8>,
    /// The row before in the sequence.
    row: Option<Row>,
}

/// The registers that stay from row to row.
#[derive(Clone, Copy)]
struct Row {
    address: u32,
    file: u64,
    line: u64,
    column: u64,
    is_stmt: bool,
    isa: u64,
}

impl Program<'_> {
    fn row(
        &mut self,
        header: &LineProgramHeader<Bytes<'_>>,
        row: &LineRow,
        address: u32,
    ) -> Option<()> {
        let before = match self.row.filter(|before| before.address <= address) {
            Some(before) => before,
            None => {
                self.bytes.extend(SET_ADDRESS);
                self.bytes.extend(address.to_le_bytes());
                let begin = Row {
                    address,
                    file: 1,
                    line: 1,
                    column: 0,
                    is_stmt: header.default_is_stmt(),
                    isa: 0,
                };
                self.row.map_or(begin, |before| Row { address, ..before })
            }
        };
        let advance = address - before.address;
        if row.end_sequence() {
            self.operation(ADVANCE_PC, u64::from(advance));
            self.bytes.extend(END_SEQUENCE);
            self.row = None;
            return Some(());
        }
        let now = Row {
            address,
            file: row.file_index(),
            line: row.line().map_or(0, |line| line.get()),
            column: match row.column() {
                gimli::ColumnType::LeftEdge => 0,
                gimli::ColumnType::Column(column) => column.get(),
            },
            is_stmt: row.is_stmt(),
            isa: row.isa(),
        };
        if now.file != before.file {
            self.operation(SET_FILE, now.file);
        }
        if now.column != before.column {
            self.operation(SET_COLUMN, now.column);
        }
        if now.isa != before.isa {
            self.operation(SET_ISA, now.isa);
        }
        let flags = [
            (now.is_stmt != before.is_stmt, NEGATE_STMT),
            (row.basic_block(), SET_BASIC_BLOCK),
            (row.prologue_end(), SET_PROLOGUE_END),
            (row.epilogue_begin(), SET_EPILOGUE_BEGIN),
        ];
        self.bytes.extend(flags.into_iter().filter(|(is_set, _)| *is_set).map(|(_, it)| it));
        if row.discriminator() != 0 {
            let mut number = Vec::new();
            put_uleb(&mut number, row.discriminator());
            let length = u8::try_from(number.len() + 1).ok()?;
            self.bytes.extend([0, length, SET_DISCRIMINATOR]);
            self.bytes.extend(number);
        }
        let lines = i64::try_from(now.line).ok()?.checked_sub(i64::try_from(before.line).ok()?)?;
        match special(header, lines, advance) {
            Some(opcode) => self.bytes.push(opcode),
            None => {
                self.operation(ADVANCE_PC, u64::from(advance));
                self.bytes.push(ADVANCE_LINE);
                put_sleb(self.bytes, lines);
                self.bytes.push(COPY);
            }
        }
        self.row = Some(now);
        Some(())
    }

    fn operation(&mut self, opcode: u8, operand: u64) {
        self.bytes.push(opcode);
        put_uleb(self.bytes, operand);
    }
}

/// The opcode that advances both line and address, and makes a row: DWARF 5, section 6.2.5.1.
fn special(header: &LineProgramHeader<Bytes<'_>>, lines: i64, advance: u32) -> Option<u8> {
    let (base, range) = (i64::from(header.line_base()), i64::from(header.line_range()));
    let line = lines.checked_sub(base).filter(|it| (0..range).contains(it))?;
    let opcode = line + range * i64::from(advance) + i64::from(header.opcode_base());
    u8::try_from(opcode).ok()
}

fn put_uleb(bytes: &mut Vec<u8>, mut value: u64) {
    while value > 0x7f {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn put_sleb(bytes: &mut Vec<u8>, mut value: i64) {
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 && byte & 0x40 == 0 || value == -1 && byte & 0x40 != 0 {
            return bytes.push(byte);
        }
        bytes.push(byte | 0x80);
    }
}
