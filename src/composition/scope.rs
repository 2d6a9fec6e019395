//! Lists of types that are being written, and the indices of the parts' types in them.

use rustc_hash::FxHashMap;
use wasm_encoder::{ComponentBuilder, ComponentTypeEncoder, InstanceType};
use wasmparser::component_types::{
    AliasableResourceId, ComponentAnyTypeId, ComponentDefinedTypeId,
};

/// A named type of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Resource(usize, AliasableResourceId),
    Defined(usize, ComponentDefinedTypeId),
}

impl Key {
    /// The key of a type that an import or export creates; `None` for the type of a function, for example.
    pub(super) fn of(part: usize, created: ComponentAnyTypeId) -> Option<Key> {
        match created {
            ComponentAnyTypeId::Resource(id) => Some(Key::Resource(part, id)),
            ComponentAnyTypeId::Defined(id) => Some(Key::Defined(part, id)),
            _ => None,
        }
    }

    pub(super) fn is_resource(&self) -> bool {
        matches!(self, Key::Resource(..))
    }
}

/// A list of types: the root's, or that of an instance type.
pub(super) struct Scope {
    pub(super) body: Body,
    /// The indices of named types.
    pub(super) named: FxHashMap<Key, u32>,
    /// The indices of types without a name.
    pub(super) anonymous: FxHashMap<(usize, ComponentDefinedTypeId), u32>,
}

pub(super) enum Body {
    Root(Box<ComponentBuilder>),
    Instance(InstanceType),
}

impl Scope {
    pub(super) fn of(body: Body) -> Self {
        Scope { body, named: FxHashMap::default(), anonymous: FxHashMap::default() }
    }

    pub(super) fn type_count(&self) -> u32 {
        match &self.body {
            Body::Root(root) => root.type_count(),
            Body::Instance(ty) => ty.type_count(),
        }
    }

    pub(super) fn ty(&mut self) -> ComponentTypeEncoder<'_> {
        match &mut self.body {
            Body::Root(root) => root.ty(None).1,
            Body::Instance(ty) => ty.ty(),
        }
    }
}
