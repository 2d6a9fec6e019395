//! Copies a core module's name section, whose functions may have other indices. Names are for people: what cannot be read
//! is left out.

use std::collections::BTreeMap;

use wasm_encoder::{IndirectNameMap, NameMap, NameSection};
use wasmparser::{BinaryReader, Name, NameSectionReader};

/// The ids of subsections: `module` and `unknown` ones have other contents than maps.
const MODULE: u8 = 0;
const FUNCTIONS: u8 = 1;

/// A copied name section.
pub(super) struct Names {
    pub(super) section: NameSection,
    /// Whether something could not be read.
    pub(super) is_partial: bool,
}

type Direct<'a> = BTreeMap<u32, &'a str>;

/// The contents of a name section. Entries may stand in any order.
#[derive(Default)]
struct Contents<'a> {
    module: Option<&'a str>,
    direct: BTreeMap<u8, Direct<'a>>,
    indirect: BTreeMap<u8, BTreeMap<u32, Direct<'a>>>,
    others: BTreeMap<u8, &'a [u8]>,
    is_partial: bool,
}

/// Copies a section. `function` gives the new index of a function; `added` are names of more functions.
pub(super) fn copied<'a>(
    data: &'a [u8],
    function: impl Fn(u32) -> u32,
    added: &[(u32, &'a str)],
) -> Names {
    let mut contents = Contents::of(data, function);
    contents.direct.entry(FUNCTIONS).or_default().extend(added.iter().copied());
    Names { section: contents.section(), is_partial: contents.is_partial }
}

impl<'a> Contents<'a> {
    fn of(data: &'a [u8], function: impl Fn(u32) -> u32) -> Self {
        let mut contents = Contents::default();
        // The order of subsections is not checked: some compilers write another one.
        let sections = NameSectionReader::new(BinaryReader::new(data, 0)).sections;
        for section in sections {
            let Ok(section) = section else {
                contents.is_partial = true;
                break;
            };
            let unmoved = |index| index;
            match section {
                Name::Module { name, .. } => contents.module = Some(name),
                Name::Function(map) => contents.map(FUNCTIONS, map, &function),
                Name::Local(map) => contents.indirect_map(2, map, &function),
                Name::Label(map) => contents.indirect_map(3, map, &function),
                Name::Type(map) => contents.map(4, map, unmoved),
                Name::Table(map) => contents.map(5, map, unmoved),
                Name::Memory(map) => contents.map(6, map, unmoved),
                Name::Global(map) => contents.map(7, map, unmoved),
                Name::Element(map) => contents.map(8, map, unmoved),
                Name::Data(map) => contents.map(9, map, unmoved),
                Name::Field(map) => contents.indirect_map(10, map, unmoved),
                Name::Tag(map) => contents.map(11, map, unmoved),
                Name::Parameter(map) => contents.indirect_map(12, map, unmoved),
                Name::TagParameter(map) => contents.indirect_map(13, map, unmoved),
                Name::Unknown { ty, data, .. } => {
                    contents.others.insert(ty, data);
                }
            }
        }
        contents
    }

    fn map(&mut self, id: u8, map: wasmparser::NameMap<'a>, moved: impl Fn(u32) -> u32) {
        let names = self.direct.entry(id).or_default();
        for naming in map.names {
            let Ok(naming) = naming else {
                self.is_partial = true;
                return;
            };
            names.insert(moved(naming.index), naming.name);
        }
    }

    fn indirect_map(
        &mut self,
        id: u8,
        map: wasmparser::IndirectNameMap<'a>,
        moved: impl Fn(u32) -> u32,
    ) {
        let all = self.indirect.entry(id).or_default();
        for naming in map.names {
            let Ok(naming) = naming else {
                self.is_partial = true;
                return;
            };
            let names = all.entry(moved(naming.index)).or_default();
            for inner in naming.names.names {
                let Ok(inner) = inner else {
                    self.is_partial = true;
                    break;
                };
                names.insert(inner.index, inner.name);
            }
        }
    }

    /// The section, with its subsections in the order of their ids.
    fn section(&self) -> NameSection {
        let mut section = NameSection::new();
        if let Some(name) = self.module {
            section.module(name);
        }
        for id in MODULE..=u8::MAX {
            if let Some(names) = self.direct.get(&id) {
                let names = name_map(names);
                match id {
                    FUNCTIONS => section.functions(&names),
                    4 => section.types(&names),
                    5 => section.tables(&names),
                    6 => section.memories(&names),
                    7 => section.globals(&names),
                    8 => section.elements(&names),
                    9 => section.data(&names),
                    _ => section.tags(&names),
                }
            } else if let Some(all) = self.indirect.get(&id) {
                let mut names = IndirectNameMap::new();
                for (index, inner) in all {
                    names.append(*index, &name_map(inner));
                }
                match id {
                    2 => section.locals(&names),
                    3 => section.labels(&names),
                    10 => section.fields(&names),
                    12 => section.parameters(&names),
                    _ => section.tag_parameters(&names),
                }
            } else if let Some(data) = self.others.get(&id) {
                section.raw(id, data);
            }
        }
        section
    }
}

fn name_map(names: &Direct<'_>) -> NameMap {
    let mut map = NameMap::new();
    for (index, name) in names {
        map.append(*index, name);
    }
    map
}
