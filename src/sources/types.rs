//! The lengths of types, as debug information describes them.

use gimli::{Abbreviation, AttributeValue, DwTag, EntriesRaw, constants};
use rustc_hash::FxHashMap;

use super::sections::Bytes;

/// Types that are followed from one type to what it is made of.
const DEEPEST: u32 = 16;

/// A type, as far as its length goes.
#[derive(Default, Clone, Copy)]
pub(super) struct Shape {
    pub(super) bytes: Option<u64>,
    /// The type that it is an alias of, or an array of.
    pub(super) of: Option<usize>,
    /// Number of elements, for an array.
    pub(super) count: Option<u64>,
}

/// The types of one unit, by where they stand in it.
#[derive(Default)]
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
