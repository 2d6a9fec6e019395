//! The resources, futures and streams in a value, which have to be dropped, and the types that can hold some.

use wasmtime::component::{ResourceType, Type, Val};

/// The resources, futures and streams in `value`, at any depth.
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

/// Whether a resource may be in a value of this type, other than in an error.
pub(super) fn may_hold(ty: &Type) -> bool {
    !resources(ty).is_empty()
}

/// The types of the resources that may be in a value of this type, other than in an error.
pub(super) fn resources(ty: &Type) -> Vec<ResourceType> {
    let mut found = Vec::new();
    search(ty, &mut found);
    found
}

fn search(ty: &Type, into: &mut Vec<ResourceType>) {
    match ty {
        Type::Own(resource) | Type::Borrow(resource) => into.push(*resource),
        Type::List(list) => search(&list.ty(), into),
        Type::FixedLengthList(list) => search(&list.ty(), into),
        Type::Map(map) => {
            search(&map.key(), into);
            search(&map.value(), into);
        }
        Type::Option(option) => search(&option.ty(), into),
        Type::Result(result) => result.ok().iter().for_each(|ty| search(ty, into)),
        Type::Record(record) => record.fields().for_each(|field| search(&field.ty, into)),
        Type::Tuple(tuple) => tuple.types().for_each(|ty| search(&ty, into)),
        Type::Variant(variant) => {
            variant.cases().flat_map(|case| case.ty).for_each(|ty| search(&ty, into));
        }
        _ => {}
    }
}

/// Whether a value of this type holds more than handles: something that a call can fail for.
pub(super) fn holds_values(ty: &Type) -> bool {
    match ty {
        Type::Own(_) | Type::Borrow(_) | Type::Future(_) | Type::Stream(_) | Type::ErrorContext => {
            false
        }
        Type::Tuple(tuple) => tuple.types().any(|ty| holds_values(&ty)),
        Type::Record(record) => record.fields().any(|field| holds_values(&field.ty)),
        _ => true,
    }
}
