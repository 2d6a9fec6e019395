//! The lengths of types and the parts of structures and arrays, as debug information describes them.

use gimli::{Abbreviation, AttributeValue, DwTag, EntriesRaw, constants};
use rustc_hash::FxHashMap;

use super::sections::Bytes;

/// Types that are followed from one type to what it is made of.
const DEEPEST: u32 = 16;

/// A type, as far as its length and its elements go.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Shape {
    pub(super) bytes: Option<u64>,
    /// The type that it is an alias of, or an array of.
    pub(super) of: Option<usize>,
    /// Number of elements, for an array.
    pub(super) count: Option<u64>,
    /// How many dimensions an array has.
    pub(super) dimensions: u32,
}

/// A member of a structure.
#[derive(Debug)]
pub(super) struct Member {
    /// Empty if it has none.
    pub(super) name: String,
    /// Its distance from the beginning of the structure, in bytes.
    pub(super) at: u64,
    pub(super) ty: usize,
}

/// The types of a unit that has variables.
#[derive(Debug, Default)]
pub(super) struct Types {
    pub(super) shapes: Shapes,
    /// The members of each structure.
    pub(super) members: FxHashMap<usize, Vec<Member>>,
    /// Whether a structure that is only one member goes without its name, as Rust's wrappers do.
    pub(super) hides_wrappers: bool,
}

/// A part of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What follows the variable's name: `.retries`, `[3].count`. Empty if the variable has no parts.
    pub path: String,
    /// Its distance from the beginning of the variable, in bytes.
    pub at: u64,
    /// Its length in bytes.
    pub bytes: u64,
}

impl Types {
    /// The innermost part of a type that holds the byte at this distance from its beginning; `None` if its parts are not
    /// described.
    pub(super) fn field(&self, ty: usize, at: u64, depth: u32) -> Option<Field> {
        let shape = self.shapes.0.get(&ty).filter(|_| depth < DEEPEST)?;
        if let Some(members) = self.members.get(&ty) {
            let length = |member: &Member| self.shapes.bytes(member.ty, 0).unwrap_or_default();
            let holds = |it: &&Member| at.checked_sub(it.at).is_some_and(|at| at < length(it));
            let member = members.iter().find(holds)?;
            let inner = self.field(member.ty, at - member.at, depth + 1)?;
            let is_all = shape.bytes == Some(length(member));
            let name = match member.name.is_empty() || (is_all && self.hides_wrappers) {
                true => String::new(),
                false => format!(".{}", member.name),
            };
            return Some(Field { path: name + &inner.path, at: member.at + inner.at, ..inner });
        }
        match (shape.count, shape.of) {
            (Some(_), Some(of)) if shape.dimensions == 1 => {
                let length = self.shapes.bytes(of, 0).filter(|length| *length > 0)?;
                let (number, start) = (at / length, at / length * length);
                let inner = self.field(of, at - start, depth + 1)?;
                Some(Field {
                    path: format!("[{number}]{}", inner.path),
                    at: start + inner.at,
                    ..inner
                })
            }
            (Some(_), _) => None,
            (None, Some(of)) if shape.bytes.is_none() => self.field(of, at, depth + 1),
            (None, _) => Some(Field {
                path: String::new(),
                at: 0,
                bytes: shape.bytes.filter(|it| *it > at)?,
            }),
        }
    }
}

/// The types of one unit, by where they stand in it.
#[derive(Debug, Default)]
pub(super) struct Shapes(pub(super) FxHashMap<usize, Shape>);

impl Shapes {
    /// The length of a type, in bytes.
    pub(super) fn bytes(&self, ty: usize, depth: u32) -> Option<u64> {
        let shape = self.0.get(&ty).filter(|_| depth < DEEPEST)?;
        match (shape.bytes, shape.count) {
            (Some(bytes), _) => Some(bytes),
            (None, Some(count)) => self.bytes(shape.of?, depth + 1)?.checked_mul(count),
            (None, None) => self.bytes(shape.of?, depth + 1),
        }
    }
}

/// The shape of a type; of an array, without its dimensions.
pub(super) fn shape(
    entries: &mut EntriesRaw<'_, Bytes<'_>>,
    shape: &Abbreviation,
    tag: DwTag,
    wide: bool,
) -> Option<Shape> {
    let mut found = Shape { count: is_array(tag).filter(|it| *it).map(|_| 1), ..Shape::default() };
    for attribute in shape.attributes() {
        let attribute = entries.read_attribute(*attribute).ok()?;
        match attribute.name() {
            constants::DW_AT_byte_size => found.bytes = attribute.udata_value(),
            constants::DW_AT_type => found.of = reference(&attribute.value()),
            _ => {}
        }
    }
    let is_pointer = matches!(
        tag,
        constants::DW_TAG_pointer_type
            | constants::DW_TAG_reference_type
            | constants::DW_TAG_rvalue_reference_type
    );
    if is_pointer {
        found = Shape { bytes: Some(if wide { 8 } else { 4 }), ..Shape::default() };
    }
    Some(found)
}

/// Whether a tag is that of a type with a length, and if so, whether it is an array.
pub(super) fn is_array(tag: DwTag) -> Option<bool> {
    match tag {
        constants::DW_TAG_array_type => Some(true),
        constants::DW_TAG_base_type
        | constants::DW_TAG_structure_type
        | constants::DW_TAG_union_type
        | constants::DW_TAG_class_type
        | constants::DW_TAG_enumeration_type
        | constants::DW_TAG_pointer_type
        | constants::DW_TAG_reference_type
        | constants::DW_TAG_rvalue_reference_type
        | constants::DW_TAG_typedef
        | constants::DW_TAG_const_type
        | constants::DW_TAG_volatile_type
        | constants::DW_TAG_atomic_type => Some(false),
        _ => None,
    }
}

/// The number of elements that a dimension of an array has.
pub(super) fn count<'a>(
    entries: &mut EntriesRaw<'_, Bytes<'a>>,
    shape: &Abbreviation,
) -> Option<Option<u64>> {
    let mut count = None;
    for attribute in shape.attributes() {
        let attribute = entries.read_attribute(*attribute).ok()?;
        match attribute.name() {
            constants::DW_AT_count => count = attribute.udata_value(),
            constants::DW_AT_upper_bound => {
                count = attribute.udata_value().and_then(|last| last.checked_add(1));
            }
            _ => {}
        }
    }
    Some(count)
}

/// The entry of the same unit that an attribute refers to.
pub(super) fn reference(value: &AttributeValue<Bytes<'_>>) -> Option<usize> {
    match value {
        AttributeValue::UnitRef(at) => Some(at.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_structures_and_arrays_have_names() {
        let number = Shape { bytes: Some(4), ..Shape::default() };
        let structure = |bytes| Shape { bytes: Some(bytes), ..Shape::default() };
        let alias = |of| Shape { of: Some(of), ..Shape::default() };
        let array = |of, count, dimensions| Shape {
            of: Some(of),
            count: Some(count),
            dimensions,
            ..Shape::default()
        };
        // 1: a number; 2: a pair; 3: a list of pairs; 4: a structure with that list; 5: its alias; 6: a matrix; 7: a wrapper.
        let shapes = [
            (1, number),
            (2, structure(8)),
            (3, array(2, 3, 1)),
            (4, structure(28)),
            (5, alias(4)),
            (6, array(1, 6, 2)),
            (7, structure(4)),
        ];
        let member = |name: &str, at, ty| Member { name: name.to_owned(), at, ty };
        let members = [
            (2, vec![member("key", 0, 1), member("count", 4, 1)]),
            (4, vec![member("used", 0, 1), member("", 4, 3)]),
            (7, vec![member("value", 0, 1)]),
        ];
        let mut types = Types {
            shapes: Shapes(shapes.into_iter().collect()),
            members: members.into_iter().collect(),
            hides_wrappers: false,
        };
        let shown = |types: &Types, ty, at| {
            types.field(ty, at, 0).map(|it| format!("{} {} {}", it.path, it.at, it.bytes))
        };
        assert_eq!(shown(&types, 5, 1).unwrap(), ".used 0 4");
        assert_eq!(shown(&types, 5, 25).unwrap(), "[2].count 24 4");
        assert_eq!(shown(&types, 3, 8).unwrap(), "[1].key 8 4");
        assert_eq!(shown(&types, 1, 3).unwrap(), " 0 4");
        assert_eq!(shown(&types, 1, 4), None);
        assert_eq!(shown(&types, 6, 4), None);
        assert_eq!(shown(&types, 5, 28), None);
        assert_eq!(shown(&types, 7, 0).unwrap(), ".value 0 4");
        types.hides_wrappers = true;
        assert_eq!(shown(&types, 7, 0).unwrap(), " 0 4");
    }
}
