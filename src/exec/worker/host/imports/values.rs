//! What a stubbed function returns: zero, the empty text, the first case, `ok`. Lists are empty and options `none`, unless
//! they may hold a resource that the component then owns.

use std::sync::Arc;

use wasmtime::StoreContextMut;
use wasmtime::component::{ResourceDynamic, ResourceType, Type, Val};

use crate::exec::worker::held::may_hold;
use crate::exec::worker::host::Host;
use crate::exec::worker::host::resources::{self, Kind};

/// The error of a stub whose result cannot be created: what it is.
#[derive(Debug)]
pub(crate) struct Unstubbable(pub(crate) String);

impl std::fmt::Display for Unstubbable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "an import returns a {}, which cannot be stubbed", self.0)
    }
}

impl std::error::Error for Unstubbable {}

/// Creates values for one call of a stubbed function.
pub(super) struct Values<'v, 's> {
    pub(super) store: &'v mut StoreContextMut<'s, Host>,
    /// Names of the stubbed resources, by number.
    pub(super) names: &'v [Arc<str>],
    /// Whether lists and options hold the resources that they may hold.
    pub(super) gives: bool,
    /// Whether they hold whatever they may hold.
    pub(super) generous: bool,
}

impl Values<'_, '_> {
    pub(super) fn value(&mut self, ty: &Type) -> wasmtime::Result<Val> {
        Ok(match ty {
            Type::Bool => Val::Bool(false),
            Type::S8 => Val::S8(0),
            Type::U8 => Val::U8(0),
            Type::S16 => Val::S16(0),
            Type::U16 => Val::U16(0),
            Type::S32 => Val::S32(0),
            Type::U32 => Val::U32(0),
            Type::S64 => Val::S64(0),
            Type::U64 => Val::U64(0),
            Type::Float32 => Val::Float32(0.0),
            Type::Float64 => Val::Float64(0.0),
            Type::Char => Val::Char(' '),
            Type::String => Val::String(String::new()),
            Type::List(list) => match self.gives(&list.ty()) {
                true => Val::List(vec![self.value(&list.ty())?]),
                false => Val::List(Vec::new()),
            },
            Type::Map(map) => match self.gives(&map.value()) {
                true => Val::Map(vec![(self.value(&map.key())?, self.value(&map.value())?)]),
                false => Val::Map(Vec::new()),
            },
            Type::FixedLengthList(list) => {
                let values = (0..list.len()).map(|_| self.value(&list.ty()));
                Val::FixedLengthList(values.collect::<wasmtime::Result<_>>()?)
            }
            Type::Record(record) => {
                let fields = record
                    .fields()
                    .map(|field| Ok((field.name.to_owned(), self.value(&field.ty)?)));
                Val::Record(fields.collect::<wasmtime::Result<_>>()?)
            }
            Type::Tuple(tuple) => {
                let values = tuple.types().map(|ty| self.value(&ty));
                Val::Tuple(values.collect::<wasmtime::Result<_>>()?)
            }
            Type::Variant(variant) => {
                let possible = |ty: &Option<Type>| self.is_possible(ty.as_ref());
                let case = variant.cases().find(|case| possible(&case.ty));
                let case = case.ok_or_else(|| self.unstubbable(ty))?;
                Val::Variant(case.name.to_owned(), self.payload(case.ty)?)
            }
            Type::Enum(ty) => Val::Enum(ty.names().next().unwrap_or_default().to_owned()),
            Type::Option(option) => match self.gives(&option.ty()) {
                true => Val::Option(self.payload(Some(option.ty()))?),
                false => Val::Option(None),
            },
            Type::Result(result) => {
                let fails = !self.is_possible(result.ok().as_ref())
                    && self.is_possible(result.err().as_ref());
                Val::Result(match fails {
                    true => Err(self.payload(result.err())?),
                    false => Ok(self.payload(result.ok())?),
                })
            }
            Type::Flags(_) => Val::Flags(Vec::new()),
            Type::Own(resource) => self.resource(*resource, ty)?,
            Type::Borrow(_) | Type::Future(_) | Type::Stream(_) | Type::ErrorContext => {
                return Err(self.unstubbable(ty));
            }
        })
    }

    fn payload(&mut self, ty: Option<Type>) -> wasmtime::Result<Option<Box<Val>>> {
        ty.map(|ty| self.value(&ty).map(Box::new)).transpose()
    }

    fn resource(&mut self, resource: ResourceType, ty: &Type) -> wasmtime::Result<Val> {
        if let Some(number) = self.number(resource) {
            let handle = self.store.data_mut().handles.create(&self.names[number])?;
            let handle = ResourceDynamic::new_own(handle, number as u32);
            return Ok(Val::Resource(handle.try_into_resource_any(&mut *self.store)?));
        }
        match resources::create(self.store, resource)? {
            Some((created, _)) => Ok(Val::Resource(created)),
            None => Err(self.unstubbable(ty)),
        }
    }

    /// The number of a stubbed resource.
    fn number(&self, resource: ResourceType) -> Option<usize> {
        (0..self.names.len()).find(|it| ResourceType::host_dynamic(*it as u32) == resource)
    }

    /// Whether a list or option of this type is to hold a value.
    fn gives(&self, ty: &Type) -> bool {
        (self.generous || self.gives && may_hold(ty)) && self.is_possible(Some(ty))
    }

    /// Whether a value of this type can be created.
    fn is_possible(&self, ty: Option<&Type>) -> bool {
        let Some(ty) = ty else { return true };
        match ty {
            Type::Own(resource) => {
                self.number(*resource).is_some()
                    || Kind::of(*resource).is_some_and(Kind::can_be_created)
            }
            Type::Borrow(_) | Type::Future(_) | Type::Stream(_) | Type::ErrorContext => false,
            Type::FixedLengthList(list) => self.is_possible(Some(&list.ty())),
            Type::Record(record) => record.fields().all(|it| self.is_possible(Some(&it.ty))),
            Type::Tuple(tuple) => tuple.types().all(|ty| self.is_possible(Some(&ty))),
            Type::Variant(variant) => variant.cases().any(|it| self.is_possible(it.ty.as_ref())),
            Type::Result(result) => {
                self.is_possible(result.ok().as_ref()) || self.is_possible(result.err().as_ref())
            }
            _ => true,
        }
    }

    fn unstubbable(&self, ty: &Type) -> wasmtime::Error {
        let kind = match ty {
            Type::Own(resource) => match Kind::of(*resource) {
                Some(kind) => return Unstubbable(format!("`{kind:?}`")).into(),
                None => "resource",
            },
            Type::Future(_) => "future",
            Type::Stream(_) => "stream",
            Type::ErrorContext => "error context",
            _ => "value",
        };
        Unstubbable(kind.to_owned()).into()
    }
}
