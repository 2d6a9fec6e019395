//! Writes types of a part into the composition. The validator limits how deep types nest, and each is written once in each
//! scope, so that a type that uses another twice costs no more than its text.

use std::collections::BTreeMap;

use wasm_encoder::{ComponentTypeRef, ComponentValType, PrimitiveValType, TypeBounds};
use wasmparser::component_types::{
    self, AliasableResourceId, ComponentAnyTypeId, ComponentDefinedType, ComponentDefinedTypeId,
    ComponentEntityType, ComponentFuncTypeId, ComponentInstanceTypeId,
};

use super::builder::Builder;
use super::error::ComposeError;
use super::scope::{Body, Key};

impl Builder<'_, '_> {
    /// Writes an instance type with all members of these; of two with one name, the first. As the type of an import of the
    /// composition, it defines the resources that the import defines.
    pub(super) fn instance_type(
        &mut self,
        instances: &[(usize, ComponentInstanceTypeId)],
        import: Option<usize>,
    ) -> Result<u32, ComposeError> {
        let parts = self.parts;
        self.enter();
        let mut written: BTreeMap<&str, Option<u32>> = BTreeMap::new();
        for (part, id) in instances {
            for (name, item) in &parts[*part].types[*id].exports {
                let key = match item.ty {
                    ComponentEntityType::Type { created, .. } => Key::of(*part, created),
                    _ => None,
                };
                let local = match written.get(name.as_str()) {
                    Some(local) => *local,
                    None => {
                        self.spend([name.as_str()], 1)?;
                        let ty = self.member(*part, &item.ty, import)?;
                        let scope = self.scope();
                        let local = key.is_some().then(|| scope.type_count());
                        if let Body::Instance(body) = &mut scope.body {
                            body.export(name, ty);
                        }
                        written.insert(name, local);
                        local
                    }
                };
                if let (Some(key), Some(local)) = (key, local) {
                    self.scope().named.insert(key, local);
                }
            }
        }
        let ty = self.leave();
        let scope = self.scope();
        let index = scope.type_count();
        scope.ty().instance(&ty);
        Ok(index)
    }

    fn member(
        &mut self,
        part: usize,
        ty: &ComponentEntityType,
        import: Option<usize>,
    ) -> Result<ComponentTypeRef, ComposeError> {
        Ok(match *ty {
            ComponentEntityType::Func(id) => ComponentTypeRef::Func(self.func_type(part, id)?),
            ComponentEntityType::Instance(id) => {
                ComponentTypeRef::Instance(self.instance_type(&[(part, id)], import)?)
            }
            ComponentEntityType::Type { created, referenced } => {
                let is_new = |key: &Key| import.is_some_and(|it| self.is_new_in(key, it));
                ComponentTypeRef::Type(match Key::of(part, created).filter(is_new) {
                    Some(_) => TypeBounds::SubResource,
                    None => TypeBounds::Eq(self.any_type(part, referenced)?),
                })
            }
            ComponentEntityType::Module(_) => {
                return Err(ComposeError::unsupported("a core module in an interface"));
            }
            ComponentEntityType::Component(_) => {
                return Err(ComposeError::unsupported("a component in an interface"));
            }
            ComponentEntityType::Value(_) => {
                return Err(ComposeError::unsupported("a value in an interface"));
            }
        })
    }

    /// The index of a type in the current scope.
    pub(super) fn any_type(
        &mut self,
        part: usize,
        id: ComponentAnyTypeId,
    ) -> Result<u32, ComposeError> {
        match id {
            ComponentAnyTypeId::Resource(id) => self.resource(part, id),
            ComponentAnyTypeId::Defined(id) => self.defined_type(part, id),
            ComponentAnyTypeId::Func(id) => self.func_type(part, id),
            ComponentAnyTypeId::Instance(id) => self.instance_type(&[(part, id)], None),
            ComponentAnyTypeId::Component(_) => {
                Err(ComposeError::unsupported("the type of a component"))
            }
        }
    }

    fn resource(&mut self, part: usize, id: AliasableResourceId) -> Result<u32, ComposeError> {
        let known = self.lookup(Key::Resource(part, id))?;
        known.ok_or_else(|| ComposeError::unsupported("a resource without a name"))
    }

    pub(super) fn func_type(
        &mut self,
        part: usize,
        id: ComponentFuncTypeId,
    ) -> Result<u32, ComposeError> {
        let ty = &self.parts[part].types[id];
        self.spend(ty.params.iter().map(|(name, _)| name.as_str()), ty.params.len())?;
        let mut params = Vec::new();
        for (name, param) in &ty.params {
            params.push((name.as_str(), self.value_type(part, *param)?));
        }
        let result = self.optional(part, ty.result)?;
        let scope = self.scope();
        let index = scope.type_count();
        scope.ty().function().async_(ty.async_).params(params).result(result);
        Ok(index)
    }

    fn value_type(
        &mut self,
        part: usize,
        ty: component_types::ComponentValType,
    ) -> Result<ComponentValType, ComposeError> {
        Ok(match ty {
            component_types::ComponentValType::Primitive(ty) => {
                ComponentValType::Primitive(primitive(ty))
            }
            component_types::ComponentValType::Type(id) => {
                ComponentValType::Type(self.defined_type(part, id)?)
            }
        })
    }

    fn optional(
        &mut self,
        part: usize,
        ty: Option<component_types::ComponentValType>,
    ) -> Result<Option<ComponentValType>, ComposeError> {
        ty.map(|ty| self.value_type(part, ty)).transpose()
    }

    fn defined_type(
        &mut self,
        part: usize,
        id: ComponentDefinedTypeId,
    ) -> Result<u32, ComposeError> {
        if let Some(index) = self.lookup(Key::Defined(part, id))? {
            return Ok(index);
        }
        if let Some(index) = self.scope().anonymous.get(&(part, id)) {
            return Ok(*index);
        }
        let index = self.new_type(part, id)?;
        self.scope().anonymous.insert((part, id), index);
        Ok(index)
    }

    fn new_type(&mut self, part: usize, id: ComponentDefinedTypeId) -> Result<u32, ComposeError> {
        let ty = &self.parts[part].types[id];
        self.spend(names(ty), operands(ty).len())?;
        // The types it consists of are written before it.
        let mut inner = Vec::new();
        for ty in operands(ty) {
            inner.push(self.optional(part, ty)?);
        }
        let handle = match ty {
            ComponentDefinedType::Own(id) | ComponentDefinedType::Borrow(id) => {
                self.resource(part, *id)?
            }
            _ => 0,
        };
        let scope = self.scope();
        let index = scope.type_count();
        let to = scope.ty().defined_type();
        match ty {
            ComponentDefinedType::Primitive(ty) => to.primitive(primitive(*ty)),
            ComponentDefinedType::Record(ty) => {
                let fields = ty.fields.keys().map(|it| it.as_str()).zip(inner);
                to.record(fields.filter_map(|(name, ty)| Some((name, ty?))).collect::<Vec<_>>());
            }
            ComponentDefinedType::Variant(ty) => {
                to.variant(ty.cases.keys().map(|it| it.as_str()).zip(inner));
            }
            ComponentDefinedType::Tuple(_) => {
                to.tuple(inner.into_iter().flatten().collect::<Vec<_>>());
            }
            ComponentDefinedType::Flags(names) => {
                to.flags(names.iter().map(|it| it.as_str()).collect::<Vec<_>>());
            }
            ComponentDefinedType::Enum(names) => {
                to.enum_type(names.iter().map(|it| it.as_str()).collect::<Vec<_>>());
            }
            ComponentDefinedType::Own(_) => to.own(handle),
            ComponentDefinedType::Borrow(_) => to.borrow(handle),
            ComponentDefinedType::Result { .. } => to.result(inner[0], inner[1]),
            ComponentDefinedType::Future { .. } => to.future(inner[0]),
            ComponentDefinedType::Stream { .. } => to.stream(inner[0]),
            ComponentDefinedType::List { .. }
            | ComponentDefinedType::FixedLengthList { .. }
            | ComponentDefinedType::Option { .. }
            | ComponentDefinedType::Map { .. } => match (ty, inner.as_slice()) {
                (ComponentDefinedType::List { .. }, [Some(of)]) => to.list(*of),
                (ComponentDefinedType::FixedLengthList { length, .. }, [Some(of)]) => {
                    to.fixed_length_list(*of, *length);
                }
                (ComponentDefinedType::Option { .. }, [Some(of)]) => to.option(*of),
                (_, [Some(key), Some(value)]) => to.map(*key, *value),
                _ => unreachable!("each of these consists of other types"),
            },
        }
        Ok(index)
    }
}

/// The names in a type.
fn names(ty: &ComponentDefinedType) -> Vec<&str> {
    match ty {
        ComponentDefinedType::Record(ty) => ty.fields.keys().map(|it| it.as_str()).collect(),
        ComponentDefinedType::Variant(ty) => ty.cases.keys().map(|it| it.as_str()).collect(),
        ComponentDefinedType::Flags(names) | ComponentDefinedType::Enum(names) => {
            names.iter().map(|it| it.as_str()).collect()
        }
        _ => Vec::new(),
    }
}

/// The types that a type consists of, in order.
fn operands(ty: &ComponentDefinedType) -> Vec<Option<component_types::ComponentValType>> {
    match ty {
        ComponentDefinedType::Record(ty) => ty.fields.values().map(|it| Some(*it)).collect(),
        ComponentDefinedType::Variant(ty) => ty.cases.values().map(|it| it.ty).collect(),
        ComponentDefinedType::Tuple(ty) => ty.types.iter().map(|it| Some(*it)).collect(),
        ComponentDefinedType::List { element, .. }
        | ComponentDefinedType::FixedLengthList { element, .. } => vec![Some(*element)],
        ComponentDefinedType::Map { key, value, .. } => vec![Some(*key), Some(*value)],
        ComponentDefinedType::Option { ty, .. } => vec![Some(*ty)],
        ComponentDefinedType::Result { ok, err, .. } => vec![*ok, *err],
        ComponentDefinedType::Future { ty, .. } | ComponentDefinedType::Stream { ty, .. } => {
            vec![*ty]
        }
        ComponentDefinedType::Primitive(_)
        | ComponentDefinedType::Flags(_)
        | ComponentDefinedType::Enum(_)
        | ComponentDefinedType::Own(_)
        | ComponentDefinedType::Borrow(_) => Vec::new(),
    }
}

fn primitive(ty: wasmparser::PrimitiveValType) -> PrimitiveValType {
    match ty {
        wasmparser::PrimitiveValType::Bool => PrimitiveValType::Bool,
        wasmparser::PrimitiveValType::S8 => PrimitiveValType::S8,
        wasmparser::PrimitiveValType::U8 => PrimitiveValType::U8,
        wasmparser::PrimitiveValType::S16 => PrimitiveValType::S16,
        wasmparser::PrimitiveValType::U16 => PrimitiveValType::U16,
        wasmparser::PrimitiveValType::S32 => PrimitiveValType::S32,
        wasmparser::PrimitiveValType::U32 => PrimitiveValType::U32,
        wasmparser::PrimitiveValType::S64 => PrimitiveValType::S64,
        wasmparser::PrimitiveValType::U64 => PrimitiveValType::U64,
        wasmparser::PrimitiveValType::F32 => PrimitiveValType::F32,
        wasmparser::PrimitiveValType::F64 => PrimitiveValType::F64,
        wasmparser::PrimitiveValType::Char => PrimitiveValType::Char,
        wasmparser::PrimitiveValType::String => PrimitiveValType::String,
        wasmparser::PrimitiveValType::ErrorContext => PrimitiveValType::ErrorContext,
    }
}
