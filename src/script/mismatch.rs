//! Why a value is not of the type that is wanted.

use std::ops::Range;

use wasm_wave::value::Type;
use wasm_wave::wasm::{WasmType, WasmTypeKind as Kind};

/// Names that are listed, at most.
const LISTED: usize = 12;
/// Types within a type that are written out, at most so deep.
const DEEPEST: u32 = 3;

/// Why a value is not of the type that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Where, in bytes of the text, if that is known.
    pub range: Option<Range<usize>>,
    /// Which part of the value, from the inside out: `` `age` of element 2 of ``; empty for the whole.
    pub within: String,
    /// What is wrong.
    pub what: What,
}

/// What is wrong with a part of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It is of another type.
    Type {
        /// The type that is wanted.
        wanted: String,
        /// What stands there.
        got: String,
    },
    /// Something else: the end of a sentence that begins with the part.
    Other(String),
}

impl Mismatch {
    /// A part of another type.
    pub(super) fn of_type(range: Option<Range<usize>>, wanted: &Type, got: String) -> Self {
        let what = What::Type { wanted: told(wanted), got };
        Mismatch { range, within: String::new(), what }
    }

    /// Something else.
    pub(super) fn other(range: Option<Range<usize>>, what: String) -> Self {
        Mismatch { range, within: String::new(), what: What::Other(what) }
    }

    /// The same, seen from the value of which it concerns this part.
    pub(super) fn within(mut self, part: &str) -> Self {
        self.within = format!("{}{part} of ", self.within);
        self
    }

    /// A sentence: `` `increment` wants u32 as its 1st argument, not a string ``. `verb` is `wants` or `returns`,
    /// `position` what the value is to the function.
    pub fn sentence(&self, function: &str, verb: &str, position: &str) -> String {
        let within = &self.within;
        match &self.what {
            What::Type { wanted, got } => {
                format!("`{function}` {verb} {wanted} as {within}its {position}, not {got}")
            }
            What::Other(what) => format!("{within}the {position} of `{function}` {what}"),
        }
    }
}

/// A type in a few words: names of fields and cases, and not what is in them.
pub fn told(ty: &Type) -> String {
    brief(ty, 0)
}

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
