//! The types of parameters and results, in WIT and in WAVE.

use rustc_hash::FxHashMap;
use wasm_wave::value::Type;
use wasmparser::PrimitiveValType;
use wasmparser::component_types::{ComponentDefinedType, ComponentDefinedTypeId, ComponentValType};
use wasmparser::types::TypesRef;

/// The type of a parameter or of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueType {
    /// The type in WIT: `option<string>`.
    pub text: String,
    /// The type in WAVE; `None` if part of it has no text form: a handle, stream or future.
    pub wave: Option<Type>,
}

/// A parameter of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: ValueType,
}

/// Converts the types of a component to WAVE, each once: otherwise types that double at each level take exponential
/// time.
#[derive(Debug, Default)]
pub(super) struct WaveTypes {
    cache: FxHashMap<ComponentDefinedTypeId, Option<Type>>,
}

/// Deepest nesting of a type with a text form; the parser of values goes no deeper.
const DEEPEST: u32 = 90;

impl WaveTypes {
    /// A type in WAVE; `None` if it has no text form.
    pub(super) fn of(&mut self, types: TypesRef<'_>, ty: ComponentValType) -> Option<Type> {
        self.value(types, ty, 0)
    }

    fn value(&mut self, types: TypesRef<'_>, ty: ComponentValType, depth: u32) -> Option<Type> {
        match ty {
            ComponentValType::Primitive(ty) => primitive(ty),
            ComponentValType::Type(_) if depth > DEEPEST => None,
            ComponentValType::Type(id) => {
                if let Some(ty) = self.cache.get(&id) {
                    return ty.clone();
                }
                let ty = self.defined(types, id, depth + 1);
                self.cache.insert(id, ty.clone());
                ty
            }
        }
    }

    fn defined(
        &mut self,
        types: TypesRef<'_>,
        id: ComponentDefinedTypeId,
        depth: u32,
    ) -> Option<Type> {
        use ComponentDefinedType as D;
        match &types[id] {
            D::Primitive(ty) => primitive(*ty),
            D::Record(record) => {
                let fields = record.fields.iter();
                let fields = fields
                    .map(|(name, ty)| Some((name.to_string(), self.value(types, *ty, depth)?)));
                Type::record(fields.collect::<Option<Vec<_>>>()?)
            }
            D::Variant(variant) => {
                let cases = variant.cases.iter().map(|(name, case)| {
                    Some((name.to_string(), self.optional(types, case.ty, depth)?))
                });
                Type::variant(cases.collect::<Option<Vec<_>>>()?)
            }
            D::Flags(names) => Type::flags(names.iter().map(ToString::to_string)),
            D::Enum(names) => Type::enum_ty(names.iter().map(ToString::to_string)),
            D::List { element, .. } => Some(Type::list(self.value(types, *element, depth)?)),
            D::Map { key, value, .. } => {
                let key = self.value(types, *key, depth)?;
                Type::map(key, self.value(types, *value, depth)?)
            }
            D::Tuple(tuple) => {
                let elements = tuple.types.iter().map(|ty| self.value(types, *ty, depth));
                Type::tuple(elements.collect::<Option<Vec<_>>>()?)
            }
            D::Option { ty, .. } => Some(Type::option(self.value(types, *ty, depth)?)),
            D::Result { ok, err, .. } => {
                let ok = self.optional(types, *ok, depth)?;
                Some(Type::result(ok, self.optional(types, *err, depth)?))
            }
            // WAVE has no values of a list of fixed length yet.
            D::FixedLengthList { .. } => None,
            D::Own(_) | D::Borrow(_) | D::Future { .. } | D::Stream { .. } => None,
        }
    }

    /// A type that may be absent; `None` if it is present and has no text form.
    fn optional(
        &mut self,
        types: TypesRef<'_>,
        ty: Option<ComponentValType>,
        depth: u32,
    ) -> Option<Option<Type>> {
        match ty {
            Some(ty) => Some(Some(self.value(types, ty, depth)?)),
            None => Some(None),
        }
    }
}

fn primitive(ty: PrimitiveValType) -> Option<Type> {
    use PrimitiveValType as P;
    Some(match ty {
        P::Bool => Type::BOOL,
        P::S8 => Type::S8,
        P::S16 => Type::S16,
        P::S32 => Type::S32,
        P::S64 => Type::S64,
        P::U8 => Type::U8,
        P::U16 => Type::U16,
        P::U32 => Type::U32,
        P::U64 => Type::U64,
        P::F32 => Type::F32,
        P::F64 => Type::F64,
        P::Char => Type::CHAR,
        P::String => Type::STRING,
        P::ErrorContext => return None,
    })
}
