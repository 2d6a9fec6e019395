//! Type mismatches of values.

use std::ops::Range;

use wasm_wave::value::Type;
use wasm_wave::wasm::{WasmType, WasmTypeKind as Kind};

/// The most names in a list.
const LISTED: usize = 12;
/// The deepest nesting of types that is written out.
const DEEPEST: u32 = 3;

/// Why a value does not have the expected type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// In bytes of the text; `None` for a value in JSON.
    pub(crate) range: Option<Range<usize>>,
    /// The part of the value, innermost first: `` `age` of element 2 of ``; empty for the whole value.
    pub(crate) within: String,
    pub(super) what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// The part has another type.
    Type { wanted: String, got: String },
    /// Another mistake: the predicate of a sentence about the part.
    Other(String),
}

impl Mismatch {
    pub(super) fn of_type(range: Option<Range<usize>>, wanted: &Type, got: String) -> Self {
        let what = What::Type { wanted: brief(wanted, 0), got };
        Mismatch { range, within: String::new(), what }
    }

    pub(super) fn other(range: Option<Range<usize>>, what: String) -> Self {
        Mismatch { range, within: String::new(), what: What::Other(what) }
    }

    /// The same mismatch, in a value that has this one as `part`.
    pub(super) fn within(mut self, part: &str) -> Self {
        self.within = format!("{}{part} of ", self.within);
        self
    }

    /// A sentence: `` `increment` wants u32 as its 1st argument, not a string ``. `verb` is `wants` or `returns`.
    pub(crate) fn sentence(&self, function: &str, verb: &str, position: &str) -> String {
        let within = &self.within;
        match &self.what {
            What::Type { wanted, got } => {
                format!("`{function}` {verb} {wanted} as {within}its {position}, not {got}")
            }
            What::Other(what) => format!("{within}the {position} of `{function}` {what}"),
        }
    }
}

/// A type in a few words: the names of fields and cases, but not their types.
fn brief(ty: &Type, depth: u32) -> String {
    if depth > DEEPEST {
        return "…".to_owned();
    }
    let below = |ty: Option<Type>| ty.map_or("_".to_owned(), |ty| brief(&ty, depth + 1));
    match ty.kind() {
        Kind::List => format!("list<{}>", below(ty.list_element_type())),
        Kind::Option => format!("option<{}>", below(ty.option_some_type())),
        Kind::Result => match ty.result_types() {
            None | Some((None, None)) => "result".to_owned(),
            Some((ok, None)) => format!("result<{}>", below(ok)),
            Some((ok, err)) => format!("result<{}, {}>", below(ok), below(err)),
        },
        Kind::Tuple => {
            let types = ty.tuple_element_types().map(|it| brief(&it, depth + 1));
            format!("tuple<{}>", listed(types))
        }
        Kind::Map => {
            let (key, value) = ty.map_key_value_types().unzip();
            format!("map<{}, {}>", below(key), below(value))
        }
        Kind::Record => format!("record {{{}}}", names(ty)),
        Kind::Variant => format!("variant {{{}}}", names(ty)),
        Kind::Enum => format!("enum {{{}}}", names(ty)),
        Kind::Flags => format!("flags {{{}}}", names(ty)),
        simple => simple.to_string(),
    }
}

/// The names of a type's fields, cases or flags.
pub(super) fn names(ty: &Type) -> String {
    match ty.kind() {
        Kind::Record => listed(ty.record_fields().map(|(name, _)| name.into_owned())),
        Kind::Variant => listed(ty.variant_cases().map(|(name, _)| name.into_owned())),
        Kind::Enum => listed(ty.enum_cases().map(|name| name.into_owned())),
        _ => listed(ty.flags_names().map(|name| name.into_owned())),
    }
}

fn listed(all: impl Iterator<Item = String>) -> String {
    let mut all = all.take(LISTED + 1).collect::<Vec<_>>();
    if all.len() > LISTED {
        all[LISTED] = "…".to_owned();
    }
    all.join(", ")
}
