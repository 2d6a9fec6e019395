//! The functions a component imports and exports, with their types in WIT.

use std::cell::RefCell;
use std::fmt::Write as _;

use rustc_hash::FxHashMap;
use wasmparser::component_types::{
    AliasableResourceId, ComponentAnyTypeId, ComponentDefinedType, ComponentDefinedTypeId,
    ComponentEntityType, ComponentFuncTypeId, ComponentValType,
};
use wasmparser::types::TypesRef;

use crate::budget::Budget;
use crate::component::layout::Layouts;
use crate::component::value_types::{Parameter, ValueType, WaveTypes};
use crate::location::ExportName;

/// An imported or exported function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorldFunction {
    /// Its full name.
    pub name: ExportName,
    /// The names that lead to it from the root; the last one is the function's.
    pub path: Vec<String>,
    /// Its type in WIT: `func(name: string) -> result`.
    pub signature: String,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// The type of its result.
    pub result: Option<ValueType>,
    /// Whether arguments are allocated in the guest: one of them contains a string or list.
    pub allocates_arguments: bool,
    /// Whether every list of arguments has something to allocate.
    pub always_allocates: bool,
    /// Whether its result contains a string or list.
    pub returns_list: bool,
}

impl WorldFunction {
    /// Whether it is the entry point of a pre-initialization, which only a tool calls, while building: that of
    /// componentize-py 0.25 (its `wit/init.wit`), which fails on purpose when it is called again, or that of wizer
    /// (wasmtime since 39, `crates/wizer/src/lib.rs`), which removes it unless it is asked not to.
    pub fn is_internal(&self) -> bool {
        let path: Vec<_> = self.path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["exports", "init"] => self.signature.contains("app-name: string"),
            ["wizer-initialize"] => self.signature == "func()",
            _ => false,
        }
    }
}

/// The functions of the root component, in the order of its imports and exports.
pub(super) struct Functions {
    pub(super) imports: Vec<WorldFunction>,
    pub(super) exports: Vec<WorldFunction>,
    /// Whether some are left out.
    pub(super) omits_functions: bool,
}

/// Every function that the root component imports, and every function that it exports, as far as the budget for a file
/// of `size` bytes goes.
pub(super) fn functions(
    types: TypesRef<'_>,
    imports: &[String],
    exports: &[String],
    size: usize,
) -> Functions {
    let (names, wave) = (Names::default(), WaveTypes::default());
    let (layouts, allocating, holding) = Default::default();
    let budget = Budget::new(LEAST_BUDGET, 1, size);
    let functions = Vec::new();
    let mut world = World { types, names, wave, layouts, allocating, holding, budget, functions };
    let entity = |name: &String, found: Option<&wasmparser::component_types::ComponentItem>| {
        found.map(|item| (name.clone(), item.ty))
    };
    let imported: Vec<_> =
        imports.iter().filter_map(|n| entity(n, types.component_item_for_import(n))).collect();
    let exported: Vec<_> =
        exports.iter().filter_map(|n| entity(n, types.component_item_for_export(n))).collect();
    for (name, ty) in imported.iter().chain(&exported) {
        world.learn_names(name, *ty, 0);
    }
    for (name, ty) in imported {
        world.collect(&mut vec![name], ty);
    }
    let imported = std::mem::take(&mut world.functions);
    for (name, ty) in exported {
        world.collect(&mut vec![name], ty);
    }
    let omits_functions = world.budget.is_exceeded();
    Functions { imports: imported, exports: world.functions, omits_functions }
}

/// Bytes that the functions of the smallest file may take.
const LEAST_BUDGET: u64 = 256 << 10;
/// What a function, or a visit of a name, takes besides its texts.
const FUNCTION: u64 = 128;
const VISIT: u64 = 16;

#[derive(Default)]
struct Names {
    types: FxHashMap<ComponentDefinedTypeId, String>,
    resources: FxHashMap<AliasableResourceId, String>,
}

struct World<'t> {
    types: TypesRef<'t>,
    names: Names,
    wave: WaveTypes,
    layouts: RefCell<Layouts>,
    /// Answers for types that were looked at: otherwise types that double at each level take exponential time.
    allocating: RefCell<FxHashMap<ComponentDefinedTypeId, bool>>,
    holding: RefCell<FxHashMap<ComponentDefinedTypeId, bool>>,
    /// Bytes that functions may still take. An instance type may be exported under many names, and holds others.
    budget: Budget,
    functions: Vec<WorldFunction>,
}

// Types nest as deep as the file says; wasmparser allows 100 levels.
const DEEPEST: u32 = 100;
/// Longest text of a type, in bytes; the rest is omitted. A type may use a name of 100 kB a million times.
const LONGEST: usize = 1 << 13;

impl World<'_> {
    fn learn_names(&mut self, name: &str, ty: ComponentEntityType, depth: u32) {
        if !self.budget.charge(VISIT + name.len() as u64) {
            return;
        }
        match ty {
            ComponentEntityType::Type { created: ComponentAnyTypeId::Resource(id), .. } => {
                self.names.resources.insert(id, name.to_owned());
            }
            ComponentEntityType::Type { created: ComponentAnyTypeId::Defined(id), .. } => {
                self.names.types.insert(id, name.to_owned());
            }
            ComponentEntityType::Instance(id) if depth < DEEPEST => {
                let types = self.types;
                for (name, item) in &types[id].exports {
                    self.learn_names(name, item.ty, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn collect(&mut self, path: &mut Vec<String>, ty: ComponentEntityType) {
        if !self.budget.charge(VISIT) {
            return;
        }
        match ty {
            ComponentEntityType::Func(id) => {
                let (function, instances) = path.split_last().expect("the path holds a name");
                let instance = (!instances.is_empty()).then(|| instances.join("#"));
                let name = ExportName::new(instance.as_deref(), function);
                let types = self.types;
                let ty = &types[id];
                let parameters = ty.params.iter().map(|(name, ty)| Parameter {
                    name: name.to_string(),
                    ty: self.value_type(*ty),
                });
                let parameters: Vec<_> = parameters.collect();
                let result = ty.result.map(|ty| self.value_type(ty));
                let returns_list = ty.result.is_some_and(|ty| self.allocates(ty, 0));
                let signature = self.signature(id);
                let of_types = parameters.iter().map(|it| it.name.len() + it.ty.text.len());
                let names: usize = path.iter().map(String::len).sum();
                let texts = 2 * names + of_types.sum::<usize>() + signature.len();
                if !self.budget.charge(FUNCTION + texts as u64) {
                    return;
                }
                self.functions.push(WorldFunction {
                    name,
                    path: path.clone(),
                    signature,
                    parameters,
                    result,
                    allocates_arguments: self.allocates_arguments(id),
                    always_allocates: self.always_allocates(id),
                    returns_list,
                });
            }
            ComponentEntityType::Instance(id) if path.len() < DEEPEST as usize => {
                let types = self.types;
                for (name, item) in &types[id].exports {
                    path.push(name.clone());
                    self.collect(path, item.ty);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    fn value_type(&mut self, ty: ComponentValType) -> ValueType {
        let mut text = String::new();
        self.value(&mut text, ty, 0);
        ValueType { text, wave: self.wave.of(self.types, ty) }
    }

    fn signature(&self, id: ComponentFuncTypeId) -> String {
        let ty = &self.types[id];
        let mut text = String::from(if ty.async_ { "async func(" } else { "func(" });
        for (i, (name, ty)) in ty.params.iter().enumerate() {
            let _ = write!(text, "{}{name}: ", if i > 0 { ", " } else { "" });
            self.value(&mut text, *ty, 0);
        }
        text.push(')');
        if let Some(result) = ty.result {
            text.push_str(" -> ");
            self.value(&mut text, result, 0);
        }
        text
    }

    fn allocates_arguments(&self, id: ComponentFuncTypeId) -> bool {
        let ty = &self.types[id];
        self.spills(id) || ty.params.iter().any(|(_, ty)| self.allocates(*ty, 0))
    }

    /// Whether the parameters pass through memory.
    fn spills(&self, id: ComponentFuncTypeId) -> bool {
        self.layouts.borrow_mut().spills(self.types, id)
    }

    fn always_allocates(&self, id: ComponentFuncTypeId) -> bool {
        let ty = &self.types[id];
        self.spills(id) || ty.params.iter().any(|(_, ty)| self.holds_list(*ty, 0))
    }

    /// Whether every value of a type holds a string or list.
    fn holds_list(&self, ty: ComponentValType, depth: u32) -> bool {
        use ComponentDefinedType as D;
        let any = |ty: &ComponentValType| self.holds_list(*ty, depth + 1);
        match &ty {
            ComponentValType::Primitive(ty) => *ty == wasmparser::PrimitiveValType::String,
            ComponentValType::Type(_) if depth >= DEEPEST => false,
            ComponentValType::Type(id) => {
                remembered(&self.holding, *id, || match &self.types[*id] {
                    D::Primitive(ty) => *ty == wasmparser::PrimitiveValType::String,
                    D::Record(record) => record.fields.values().any(any),
                    D::List { .. } | D::Map { .. } => true,
                    D::Tuple(tuple) => tuple.types.iter().any(any),
                    _ => false,
                })
            }
        }
    }

    fn allocates(&self, ty: ComponentValType, depth: u32) -> bool {
        use ComponentDefinedType as D;
        let any = |ty: Option<ComponentValType>| ty.is_some_and(|ty| self.allocates(ty, depth + 1));
        match ty {
            ComponentValType::Primitive(ty) => ty == wasmparser::PrimitiveValType::String,
            ComponentValType::Type(_) if depth >= DEEPEST => true,
            ComponentValType::Type(id) => {
                remembered(&self.allocating, id, || match &self.types[id] {
                    D::Primitive(ty) => *ty == wasmparser::PrimitiveValType::String,
                    D::Record(record) => record.fields.values().any(|ty| any(Some(*ty))),
                    D::Variant(variant) => variant.cases.values().any(|case| any(case.ty)),
                    D::List { .. } | D::Map { .. } => true,
                    D::FixedLengthList { element, .. } => any(Some(*element)),
                    D::Tuple(tuple) => tuple.types.iter().any(|ty| any(Some(*ty))),
                    D::Option { ty, .. } => any(Some(*ty)),
                    D::Result { ok, err, .. } => any(*ok) || any(*err),
                    _ => false,
                })
            }
        }
    }

    fn value(&self, text: &mut String, ty: ComponentValType, depth: u32) {
        if text.len() > LONGEST {
            if !text.ends_with('…') {
                text.push('…');
            }
            return;
        }
        match ty {
            ComponentValType::Primitive(ty) => {
                let _ = write!(text, "{ty}");
            }
            ComponentValType::Type(_) if depth > DEEPEST => text.push('…'),
            ComponentValType::Type(id) => match self.names.types.get(&id) {
                Some(name) => text.push_str(name),
                None => self.defined(text, id, depth + 1),
            },
        }
    }

    fn defined(&self, text: &mut String, id: ComponentDefinedTypeId, depth: u32) {
        use ComponentDefinedType as D;
        match &self.types[id] {
            D::Primitive(ty) => {
                let _ = write!(text, "{ty}");
            }
            D::Record(_) => text.push_str("record"),
            D::Variant(_) => text.push_str("variant"),
            D::Flags(_) => text.push_str("flags"),
            D::Enum(_) => text.push_str("enum"),
            D::List { element, .. } => self.wrapped(text, "list", &[Some(*element)], depth),
            D::Map { key, value, .. } => {
                self.wrapped(text, "map", &[Some(*key), Some(*value)], depth);
            }
            D::FixedLengthList { element, length, .. } => {
                text.push_str("list<");
                self.value(text, *element, depth);
                let _ = write!(text, ", {length}>");
            }
            D::Tuple(tuple) => {
                let types: Vec<_> = tuple.types.iter().map(|ty| Some(*ty)).collect();
                self.wrapped(text, "tuple", &types, depth);
            }
            D::Option { ty, .. } => self.wrapped(text, "option", &[Some(*ty)], depth),
            D::Result { ok: None, err: None, .. } => text.push_str("result"),
            D::Result { ok, err: None, .. } => self.wrapped(text, "result", &[*ok], depth),
            D::Result { ok, err, .. } => self.wrapped(text, "result", &[*ok, *err], depth),
            D::Own(id) => text.push_str(self.resource(*id)),
            D::Borrow(id) => {
                let _ = write!(text, "borrow<{}>", self.resource(*id));
            }
            D::Future { ty: None, .. } => text.push_str("future"),
            D::Future { ty, .. } => self.wrapped(text, "future", &[*ty], depth),
            D::Stream { ty: None, .. } => text.push_str("stream"),
            D::Stream { ty, .. } => self.wrapped(text, "stream", &[*ty], depth),
        }
    }

    fn wrapped(&self, text: &mut String, name: &str, of: &[Option<ComponentValType>], depth: u32) {
        text.push_str(name);
        text.push('<');
        for (i, ty) in of.iter().enumerate() {
            if text.len() > LONGEST {
                text.push('…');
                break;
            }
            text.push_str(if i > 0 { ", " } else { "" });
            match ty {
                Some(ty) => self.value(text, *ty, depth),
                None => text.push('_'),
            }
        }
        text.push('>');
    }

    fn resource(&self, id: AliasableResourceId) -> &str {
        self.names.resources.get(&id).map_or("resource", String::as_str)
    }
}

/// The answer for a type, found once.
fn remembered(
    known: &RefCell<FxHashMap<ComponentDefinedTypeId, bool>>,
    id: ComponentDefinedTypeId,
    find: impl FnOnce() -> bool,
) -> bool {
    if let Some(answer) = known.borrow().get(&id) {
        return *answer;
    }
    let answer = find();
    known.borrow_mut().insert(id, answer);
    answer
}
