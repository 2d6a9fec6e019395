//! The debug sections of a core module, and the texts in them.

use gimli::{AttributeValue, EndianSlice, LittleEndian};

use crate::component::core_module::CoreModule;

/// Bytes of a section.
pub(super) type Bytes<'a> = EndianSlice<'a, LittleEndian>;

/// The longest path, in bytes.
const LONGEST: usize = 4096;

/// Those sections that lines are found by.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sections<'a> {
    pub(super) abbrev: Bytes<'a>,
    pub(super) addr: Bytes<'a>,
    pub(super) info: Bytes<'a>,
    pub(super) line: Bytes<'a>,
    pub(super) line_str: Bytes<'a>,
    pub(super) ranges: Bytes<'a>,
    pub(super) rnglists: Bytes<'a>,
    pub(super) str: Bytes<'a>,
    pub(super) str_offsets: Bytes<'a>,
}

impl<'a> Sections<'a> {
    /// Those of a module; one that it does not have is empty.
    pub(super) fn of(module: &CoreModule<'a>) -> Self {
        let section = |name: &str| {
            let named = module.custom_sections.iter().find(|it| it.name == name);
            EndianSlice::new(named.map_or(&[][..], |it| it.data), LittleEndian)
        };
        Sections {
            abbrev: section(".debug_abbrev"),
            addr: section(".debug_addr"),
            info: section(".debug_info"),
            line: section(".debug_line"),
            line_str: section(".debug_line_str"),
            ranges: section(".debug_ranges"),
            rnglists: section(".debug_rnglists"),
            str: section(".debug_str"),
            str_offsets: section(".debug_str_offsets"),
        }
    }

    /// The text of an attribute; `None` if it is in another file, or is no path.
    pub(super) fn text(&self, value: AttributeValue<Bytes<'a>>) -> Option<String> {
        let bytes = match value {
            AttributeValue::String(text) => text.slice(),
            AttributeValue::DebugStrRef(at) => self.str.slice().get(at.0..)?,
            AttributeValue::DebugLineStrRef(at) => self.line_str.slice().get(at.0..)?,
            _ => return None,
        };
        let bytes = &bytes[..bytes.len().min(LONGEST)];
        let end = bytes.iter().position(|byte| *byte == 0);
        let end = end.or((bytes.len() < LONGEST).then_some(bytes.len()))?;
        Some(String::from_utf8_lossy(&bytes[..end]).into_owned())
    }
}
