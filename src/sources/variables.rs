//! Static variables of a core module, by the addresses that its debug information gives them.

use std::collections::BTreeMap;

use gimli::{
    Abbreviation, AttributeValue, DebugAbbrev, DebugAbbrevOffset, DebugInfo, EntriesRaw,
    LittleEndian, Reader, UnitHeader, constants,
};
use rustc_hash::FxHashMap;

use super::budget::Budget;
use super::line_tables::{self, Row};
use super::places::{Operands, Place};
use super::sections::{Bytes, Sections};
use super::types::{self, Field, Member, Shapes, Types, reference};
use super::{joined, units};
use crate::component::core_module::CoreModule;
use crate::demangle::demangled;
use crate::location::SourceLine;

/// The variable in which `thread_local!` keeps the value (Rust 1.63 to 1.95: `library/std/src/sys/thread_local`).
const OF_THREAD: [&str; 2] = ["VAL", "__RUST_STD_INTERNAL_VAL"];
/// Most variables of one module.
const MOST: usize = 1 << 16;
/// Steps that an attribute costs: it may take no bytes.
const ATTRIBUTE: u64 = 4;

/// A static variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name, as the source has it.
    pub name: String,
    /// Its length in bytes, or that of the part at its address; `None` if its type does not say it.
    pub bytes: Option<u64>,
    /// If the compiler split it: how far the part at its address is from its beginning, in bytes.
    pub distance: u64,
    /// Where its declaration stands.
    pub source: Option<SourceLine>,
    /// Its type: which of [`Variables::types`], and where in it.
    ty: Option<(usize, usize)>,
}

/// The static variables of a module, by address.
#[derive(Debug, Default)]
pub struct Variables {
    by_address: BTreeMap<u64, Variable>,
    types: Vec<Types>,
}

impl Variables {
    /// The variable that holds the byte at an address, with its own address. One of unknown length has one byte.
    pub fn at(&self, address: u64) -> Option<(u64, &Variable)> {
        let (start, variable) = self.by_address.range(..=address).next_back()?;
        (address - start < variable.bytes.unwrap_or(1)).then_some((*start, variable))
    }

    /// The part of a variable that holds the byte at this distance from its beginning; `None` if its type does not say it.
    pub fn field(&self, variable: &Variable, at: u64) -> Option<Field> {
        let (types, ty) = variable.ty?;
        let field = self.types.get(types)?.field(ty, at.checked_add(variable.distance)?, 0)?;
        let start = field.at.checked_sub(variable.distance)?;
        let most = variable.bytes.map_or(u64::MAX, |bytes| bytes.saturating_sub(start));
        Some(Field { at: start, bytes: field.bytes.min(most), ..field })
    }
}

/// The static variables that the debug sections of a module describe. Damaged sections describe none, or those before the
/// damage.
pub fn variables(module: &CoreModule<'_>) -> Variables {
    let sections = Sections::of(module);
    let mut budget = Budget::default();
    let mut found = Variables::default();
    let info = DebugInfo::from(sections.info);
    let mut all = info.units();
    while let Ok(Some(unit)) = all.next()
        && budget.take(units::STEPS).is_some()
        && found.by_address.len() < MOST
    {
        let mut walk = Unit::new(&sections, module);
        let _ = walk.read(&unit, &mut budget);
        walk.finish(&mut found);
    }
    found
}

/// A declaration of a variable or member.
#[derive(Default)]
struct Declaration<'a> {
    name: Option<AttributeValue<Bytes<'a>>>,
    linkage: Option<AttributeValue<Bytes<'a>>>,
    places: Vec<Place>,
    file: Option<u64>,
    line: Option<u64>,
    ty: Option<usize>,
    /// The declaration that it completes.
    of: Option<usize>,
    /// Of a member: its distance from the beginning of its structure, in bytes.
    distance: u64,
    /// Of a member: whether it is not in its structure, but a variable of its own.
    is_static: bool,
}

/// What is read of one unit.
struct Unit<'s, 'a> {
    sections: &'s Sections<'a>,
    module: &'s CoreModule<'a>,
    table: Option<usize>,
    folder: Option<AttributeValue<Bytes<'a>>>,
    /// Where the unit's lists of addresses and of texts begin, since version 5.
    addresses: usize,
    texts: usize,
    wide: bool,
    declarations: FxHashMap<usize, Declaration<'a>>,
    shapes: Shapes,
    /// Members, by where they stand, each with its structure.
    members: Vec<(usize, usize)>,
    is_rust: bool,
}

impl<'s, 'a> Unit<'s, 'a> {
    fn new(sections: &'s Sections<'a>, module: &'s CoreModule<'a>) -> Self {
        Unit {
            sections,
            module,
            table: None,
            folder: None,
            // Behind the header of the first list.
            addresses: 8,
            texts: 8,
            wide: false,
            declarations: FxHashMap::default(),
            shapes: Shapes::default(),
            members: Vec::new(),
            is_rust: false,
        }
    }

    fn read(&mut self, unit: &UnitHeader<Bytes<'a>>, budget: &mut Budget) -> Option<()> {
        let list = units::shapes(self.sections.abbrev, unit.debug_abbrev_offset().0, budget)?;
        let shapes =
            DebugAbbrev::new(list, LittleEndian).abbreviations(DebugAbbrevOffset(0)).ok()?;
        self.wide = unit.encoding().address_size == 8;
        let mut entries = unit.entries_raw(&shapes, None).ok()?;
        let mut is_root = true;
        let mut array = None;
        // The structures around an entry, each with its depth.
        let mut around: Vec<(isize, usize)> = Vec::new();
        while !entries.is_empty() {
            let (offset, depth) = (entries.next_offset().0, entries.next_depth());
            let Some(shape) = entries.read_abbreviation().ok()? else {
                budget.take(1)?;
                continue;
            };
            budget.take(ATTRIBUTE * shape.attributes().len() as u64)?;
            let tag = shape.tag();
            if is_root {
                self.root(&mut entries, shape)?;
                is_root = false;
            } else if matches!(tag, constants::DW_TAG_variable | constants::DW_TAG_member) {
                let declaration = self.declaration(&mut entries, shape)?;
                around.truncate(around.partition_point(|(outer, _)| *outer < depth));
                let is_member = tag == constants::DW_TAG_member && !declaration.is_static;
                let structure = around.last().filter(|(outer, _)| is_member && outer + 1 == depth);
                self.members.extend(structure.map(|(_, structure)| (offset, *structure)));
                self.declarations.insert(offset, declaration);
            } else if tag == constants::DW_TAG_subrange_type {
                let count = types::count(&mut entries, shape)?;
                let array = array.and_then(|at| self.shapes.0.get_mut(&at));
                if let Some(array) = array {
                    array.count = count.and_then(|it| array.count?.checked_mul(it));
                    array.dimensions += 1;
                }
            } else if let Some(is_array) = types::is_array(tag) {
                let shape = types::shape(&mut entries, shape, tag, self.wide)?;
                self.shapes.0.insert(offset, shape);
                around.truncate(around.partition_point(|(outer, _)| *outer < depth));
                around.push((depth, offset));
                array = is_array.then_some(offset);
            } else {
                entries.skip_attributes(shape.attributes()).ok()?;
            }
            budget.take((entries.next_offset().0 - offset) as u64)?;
        }
        Some(())
    }

    fn root(
        &mut self,
        entries: &mut EntriesRaw<'_, Bytes<'a>>,
        shape: &Abbreviation,
    ) -> Option<()> {
        for attribute in shape.attributes() {
            let attribute = entries.read_attribute(*attribute).ok()?;
            match (attribute.name(), attribute.value()) {
                (constants::DW_AT_stmt_list, AttributeValue::DebugLineRef(at)) => {
                    self.table = Some(at.0);
                }
                (constants::DW_AT_comp_dir, folder) => self.folder = Some(folder),
                (constants::DW_AT_language, AttributeValue::Language(language)) => {
                    self.is_rust = language == constants::DW_LANG_Rust;
                }
                (_, AttributeValue::DebugAddrBase(base)) => self.addresses = base.0,
                (_, AttributeValue::DebugStrOffsetsBase(base)) => self.texts = base.0,
                _ => {}
            }
        }
        Some(())
    }

    fn operands(&self) -> Operands<'_, 'a> {
        let Unit { sections, module, addresses, wide, .. } = *self;
        Operands { sections, module, addresses, wide }
    }

    fn declaration(
        &self,
        entries: &mut EntriesRaw<'_, Bytes<'a>>,
        shape: &Abbreviation,
    ) -> Option<Declaration<'a>> {
        let mut declaration = Declaration::default();
        for attribute in shape.attributes() {
            let attribute = entries.read_attribute(*attribute).ok()?;
            let value = attribute.value();
            match attribute.name() {
                constants::DW_AT_name => declaration.name = Some(value),
                constants::DW_AT_linkage_name => declaration.linkage = Some(value),
                constants::DW_AT_location => declaration.places = self.operands().places(&value),
                constants::DW_AT_decl_file => {
                    declaration.file = match value {
                        AttributeValue::FileIndex(index) => Some(index),
                        value => value.udata_value(),
                    }
                }
                constants::DW_AT_decl_line => declaration.line = attribute.udata_value(),
                constants::DW_AT_type => declaration.ty = reference(&value),
                constants::DW_AT_data_member_location => {
                    declaration.distance = value.udata_value().unwrap_or_default();
                }
                constants::DW_AT_data_bit_offset => {
                    declaration.distance = value.udata_value().unwrap_or_default() / 8;
                }
                constants::DW_AT_external | constants::DW_AT_declaration => {
                    declaration.is_static = true;
                }
                constants::DW_AT_specification | constants::DW_AT_abstract_origin => {
                    declaration.of = reference(&value);
                }
                _ => {}
            }
        }
        Some(declaration)
    }

    /// The name of a variable. That of a thread's own variable in Rust is the name of the item around it.
    fn name(&self, declaration: &Declaration<'a>) -> Option<String> {
        let name = self.text(declaration.name?)?;
        if !self.is_rust || !OF_THREAD.contains(&name.as_str()) {
            return Some(name);
        }
        let path = declaration.linkage.and_then(|it| self.text(it));
        let path = path.as_deref().map(demangled).unwrap_or_default();
        let mut outer = path.rsplit("::").skip(1);
        let item = outer.find(|it| !it.starts_with('{') && !it.starts_with("__"));
        Some(item.map_or(name, str::to_owned))
    }

    fn text(&self, value: AttributeValue<Bytes<'a>>) -> Option<String> {
        let AttributeValue::DebugStrOffsetsIndex(index) = value else {
            return self.sections.text(value);
        };
        let mut list = self.sections.str_offsets;
        list.skip(self.texts.checked_add(index.0.checked_mul(4)?)?).ok()?;
        let at = list.read_u32().ok()? as usize;
        self.sections.text(AttributeValue::DebugStrRef(gimli::DebugStrOffset(at)))
    }

    fn finish(mut self, found: &mut Variables) {
        let number = found.types.len();
        let before = found.by_address.len();
        for declaration in self.declarations.values() {
            if declaration.places.is_empty() {
                continue;
            }
            let first = declaration.of.and_then(|of| self.declarations.get(&of));
            let named = if declaration.name.is_some() { Some(declaration) } else { first };
            let name = named.and_then(|it| self.name(it));
            let Some(name) = name.filter(|name| !name.is_empty()) else { continue };
            let ty = declaration.ty.or_else(|| first?.ty);
            let line = if declaration.line.is_some() { Some(declaration) } else { first };
            let whole = ty.and_then(|ty| self.shapes.bytes(ty, 0)).filter(|bytes| *bytes > 0);
            let source = line.and_then(|it| self.source(it.file?, it.line?));
            for place in &declaration.places {
                let variable = Variable {
                    name: name.clone(),
                    bytes: place.bytes.or(whole),
                    distance: place.distance,
                    source: source.clone(),
                    ty: ty.map(|ty| (number, ty)),
                };
                if found.by_address.len() < MOST {
                    found.by_address.entry(place.address).or_insert(variable);
                }
            }
        }
        if found.by_address.len() > before {
            let members = self.named_members();
            let (shapes, hides_wrappers) = (std::mem::take(&mut self.shapes), self.is_rust);
            found.types.push(Types { shapes, members, hides_wrappers });
        }
    }

    /// The members of each structure, by where the structure stands.
    fn named_members(&self) -> FxHashMap<usize, Vec<Member>> {
        let mut found: FxHashMap<usize, Vec<Member>> = FxHashMap::default();
        for (member, structure) in &self.members {
            let Some(declaration) = self.declarations.get(member) else { continue };
            let Some(ty) = declaration.ty else { continue };
            let name = declaration.name.and_then(|name| self.text(name)).unwrap_or_default();
            let member = Member { name, at: declaration.distance, ty };
            found.entry(*structure).or_default().push(member);
        }
        found
    }

    fn source(&self, file: u64, line: u64) -> Option<SourceLine> {
        let line = u32::try_from(line).ok()?;
        let row = Row { address: 0, table: self.table?, file, line, column: None };
        let file = line_tables::file(self.sections, &row)?;
        let folder = self.folder.and_then(|folder| self.text(folder));
        let base = file.base.or(folder);
        let steps = base.iter().chain(&file.folder).chain([&file.name]);
        let path = steps.fold(String::new(), |path, step| joined(path, step));
        Some(SourceLine { path: path.replace('\\', "/"), line, column: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::Component;
    use crate::component::index_space::{CoreModuleId, Idx};

    /// Shapes: a unit with a name and a line table; a variable; a type with a length; an array and its dimension; a
    /// variable that completes a declaration.
    const ABBREV: &[u8] = &[
        1, 0x11, 1, 0x03, 0x08, 0x10, 0x17, 0, 0, //
        2, 0x34, 0, 0x03, 0x08, 0x49, 0x13, 0x3a, 0x0b, 0x3b, 0x0b, 0x02, 0x18, 0, 0, //
        3, 0x24, 0, 0x03, 0x08, 0x0b, 0x0b, 0, 0, //
        4, 0x01, 1, 0x49, 0x13, 0, 0, //
        5, 0x21, 0, 0x37, 0x0b, 0, 0, //
        6, 0x34, 0, 0x47, 0x13, 0x02, 0x18, 0, 0, 0,
    ];
    /// A table of one file, `src/lib.c`, without rows.
    const LINE: &[u8] =
        b"\x1b\0\0\0\x04\0\x15\0\0\0\x01\x01\x01\xfb\x0e\x01src\0\0lib.c\0\x01\0\0\0";

    fn information() -> Vec<u8> {
        let mut unit: Vec<u8> = vec![0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 4];
        unit.extend(b"\x01lib.c\0\0\0\0\0");
        let int = unit.len() as u32;
        unit.extend(b"\x03int\0\x04");
        let array = unit.len() as u32;
        unit.push(4);
        unit.extend(int.to_le_bytes());
        unit.extend([5, 6, 0]);
        let place = |address: u32| [&[5, 0x03][..], &address.to_le_bytes()].concat();
        let counter = unit.len() as u32;
        for (name, ty, line, address) in
            [("COUNTER", int, 12, 1040), ("table", array, 14, 2000), ("removed", int, 15, 0)]
        {
            unit.push(2);
            unit.extend(name.as_bytes());
            unit.push(0);
            unit.extend(ty.to_le_bytes());
            unit.extend([1, line]);
            unit.extend(place(address));
        }
        unit.push(6);
        unit.extend(counter.to_le_bytes());
        unit.extend(place(3000));
        unit.push(0);
        let length = unit.len() as u32 - 4;
        unit[..4].copy_from_slice(&length.to_le_bytes());
        unit
    }

    fn text(info: &[u8]) -> String {
        let section = |name: &str, bytes: &[u8]| {
            let bytes: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
            format!(r#"(@custom "{name}" "{bytes}")"#)
        };
        format!(
            "(component (core module {} {} {}))",
            section(".debug_abbrev", ABBREV),
            section(".debug_info", info),
            section(".debug_line", LINE)
        )
    }

    fn read(info: &[u8]) -> Variables {
        let component = Component::of_text(&text(info));
        variables(&component.core_modules[CoreModuleId::new(0)])
    }

    #[test]
    fn a_variable_has_a_name_a_length_and_a_line() {
        let found = read(&information());
        let named = |at: u64| {
            let (start, variable) = found.at(at)?;
            let line = variable.source.as_ref().map(|it| it.short());
            Some(format!("{} {start} {:?} {}", variable.name, variable.bytes, line?))
        };
        assert_eq!(named(1040).unwrap(), "COUNTER 1040 Some(4) src/lib.c:12");
        assert_eq!(named(1043), named(1040));
        assert_eq!(named(1044), None);
        assert_eq!(named(2023).unwrap(), "table 2000 Some(24) src/lib.c:14");
        assert_eq!(named(2024), None);
        assert_eq!(named(3000).unwrap(), "COUNTER 3000 Some(4) src/lib.c:12");
        assert_eq!(named(0), None);
    }

    #[test]
    fn damaged_debug_information_names_what_is_before_the_damage() {
        let whole = information();
        for at in 0..whole.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut damaged = whole.clone();
                damaged[at] = value;
                read(&damaged);
            }
            read(&whole[..at]);
        }
    }
}
