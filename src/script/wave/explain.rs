//! Finds the part of a value that has the wrong type; the parser only reports that one does.

use wasm_wave::ast::{Node, NodeType};
use wasm_wave::value::{Type, Value};
use wasm_wave::wasm::{WasmType, WasmTypeKind as Kind};

use crate::script::mismatch::{Mismatch, What, names};

/// The first part of a value with the wrong type; `None` if the parser's own message is good enough.
pub(super) fn mismatch(node: &Node, ty: &Type, text: &str) -> Option<Mismatch> {
    let range = || Some(node.span());
    let wrong = || Some(Mismatch::of_type(range(), ty, got(node, text)));
    let other = |what: String| Some(Mismatch::other(range(), what));
    match ty.kind() {
        Kind::List => {
            let Ok(elements) = node.as_list() else { return wrong() };
            let element = ty.list_element_type()?;
            elements.zip(1u64..).find_map(|(node, number)| {
                mismatch(node, &element, text).map(|it| it.within(&format!("element {number}")))
            })
        }
        Kind::Tuple => {
            let Ok(elements) = node.as_tuple() else { return wrong() };
            let types: Vec<_> = ty.tuple_element_types().collect();
            if elements.len() != types.len() {
                return other(format!(
                    "has {} elements where {} are wanted",
                    elements.len(),
                    types.len()
                ));
            }
            elements.zip(&types).zip(1u64..).find_map(|((node, ty), number)| {
                mismatch(node, ty, text).map(|it| it.within(&format!("element {number}")))
            })
        }
        Kind::Record => record(node, ty, text),
        Kind::Variant => {
            let Ok((case, payload)) = node.as_variant(text) else { return wrong() };
            let wanted = ty.variant_cases().find_map(|(name, ty)| (name == case).then_some(ty));
            match (wanted, payload) {
                (None, _) => other(format!("has no case `{case}`; there are {}", names(ty))),
                (Some(wanted), payload) => held(case, payload, wanted.as_ref(), text, node),
            }
        }
        Kind::Enum => match node.as_enum(text) {
            Ok(case) => other(format!("has no case `{case}`; there are {}", names(ty))),
            Err(_) => wrong(),
        },
        Kind::Option => {
            let some = ty.option_some_type()?;
            match node.ty() {
                NodeType::OptionSome => {
                    mismatch(node.as_option().ok()??, &some, text).map(|it| it.within("`some`"))
                }
                _ if matches!(some.kind(), Kind::Option | Kind::Result) => wrong(),
                _ => mismatch(node, &some, text).map(|it| of_whole(it, ty, node)),
            }
        }
        Kind::Result => {
            let (ok, err) = ty.result_types()?;
            match (node.as_result(), ok) {
                (Ok(Ok(payload)), ok) => held("ok", payload, ok.as_ref(), text, node),
                (Ok(Err(payload)), _) => held("err", payload, err.as_ref(), text, node),
                (Err(_), Some(ok)) if !matches!(ok.kind(), Kind::Option | Kind::Result) => {
                    mismatch(node, &ok, text).map(|it| of_whole(it, ty, node))
                }
                (Err(_), _) => wrong(),
            }
        }
        Kind::Flags => {
            let Ok(mut flags) = node.as_flags(text) else { return wrong() };
            let known: Vec<_> = ty.flags_names().collect();
            let unknown = flags.find(|flag| !known.iter().any(|it| it == flag));
            unknown.and_then(|flag| other(format!("has no flag `{flag}`; there are {}", names(ty))))
        }
        // The parser names mistakes in strings and maps well enough.
        Kind::Char if node.ty() == NodeType::Char => None,
        Kind::String if matches!(node.ty(), NodeType::String | NodeType::MultilineString) => None,
        Kind::Map if matches!(node.ty(), NodeType::TupleSet | NodeType::EmptySet) => None,
        _ => node.to_wasm_value::<Value>(ty, text).err().and_then(|_| wrong()),
    }
}

/// Names an option or result, rather than the type in it, as the expected type of a value without `some` or `ok`,
/// except of a number, which may be out of range.
fn of_whole(mismatch: Mismatch, ty: &Type, node: &Node) -> Mismatch {
    match mismatch.what {
        What::Type { got, .. } if mismatch.within.is_empty() && node.ty() != NodeType::Number => {
            Mismatch::of_type(mismatch.range, ty, got)
        }
        _ => mismatch,
    }
}

fn record(node: &Node, ty: &Type, text: &str) -> Option<Mismatch> {
    if node.ty() != NodeType::TupleSet {
        return Some(Mismatch::of_type(Some(node.span()), ty, got(node, text)));
    }
    let given: Vec<_> = node.as_record(text).ok()?.collect();
    let types: Vec<_> = ty.record_fields().collect();
    for (name, value) in &given {
        match types.iter().find(|(known, _)| known == name) {
            None => {
                let what = format!("has no field `{name}`; there are {}", names(ty));
                return Some(Mismatch::other(Some(node.span()), what));
            }
            Some((_, ty)) => {
                if let Some(mismatch) = mismatch(value, ty, text) {
                    return Some(mismatch.within(&format!("`{name}`")));
                }
            }
        }
    }
    let missing = types.iter().find(|(name, ty)| {
        ty.kind() != Kind::Option && !given.iter().any(|(given, _)| given == name)
    });
    missing.map(|(name, _)| Mismatch::other(Some(node.span()), format!("lacks the field `{name}`")))
}

/// The mismatch of a case's payload.
fn held(
    case: &str,
    payload: Option<&Node>,
    wanted: Option<&Type>,
    text: &str,
    node: &Node,
) -> Option<Mismatch> {
    let other = |what: String| Some(Mismatch::other(Some(node.span()), what));
    match (payload, wanted) {
        (Some(payload), Some(ty)) => {
            mismatch(payload, ty, text).map(|it| it.within(&format!("`{case}`")))
        }
        (None, None) => None,
        (None, Some(_)) => other(format!("lacks what the case `{case}` holds")),
        (Some(_), None) => other(format!("has a case `{case}` that holds nothing")),
    }
}

fn got(node: &Node, text: &str) -> String {
    let written = text.get(node.span()).unwrap_or_default();
    match node.ty() {
        NodeType::String | NodeType::MultilineString => "a string".to_owned(),
        NodeType::Char => "a char".to_owned(),
        NodeType::Tuple => "a tuple".to_owned(),
        NodeType::List => "a list".to_owned(),
        NodeType::TupleSet => "a record".to_owned(),
        NodeType::VariantWithPayload => "a variant".to_owned(),
        NodeType::OptionSome | NodeType::OptionNone => "an option".to_owned(),
        NodeType::ResultOk | NodeType::ResultErr => "a result".to_owned(),
        NodeType::Flags => "flags".to_owned(),
        NodeType::Label | NodeType::EmptySet => format!("`{written}`"),
        NodeType::BoolTrue | NodeType::BoolFalse | NodeType::Number => written.to_owned(),
    }
}
