//! The resources, futures and streams in a value: what somebody has to let go of.

use wasmtime::component::Val;

/// Those that `value` holds, at any depth.
pub(super) fn held_by(value: &Val) -> Vec<Val> {
    let mut held = Vec::new();
    collect(value, &mut held);
    held
}

fn collect(value: &Val, into: &mut Vec<Val>) {
    match value {
        Val::Resource(_) | Val::Future(_) | Val::Stream(_) => into.push(value.clone()),
        Val::List(values) | Val::FixedLengthList(values) | Val::Tuple(values) => {
            values.iter().for_each(|value| collect(value, into));
        }
        Val::Map(entries) => entries.iter().for_each(|(key, value)| {
            collect(key, into);
            collect(value, into);
        }),
        Val::Record(fields) => fields.iter().for_each(|(_, value)| collect(value, into)),
        Val::Variant(_, Some(value))
        | Val::Option(Some(value))
        | Val::Result(Ok(Some(value)) | Err(Some(value))) => collect(value, into),
        _ => {}
    }
}
