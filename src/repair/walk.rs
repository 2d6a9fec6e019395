//! Code that visits the handles in the parameters and results of functions, by the canonical ABI.
//!
//! Source: component-model, `design/mvp/CanonicalABI.md`, "Loading" and "Flattening".

use rustc_hash::FxHashMap;
use wasm_encoder::{BlockType, Instruction, MemArg, MemArgTarget, ValType};
use wasmparser::component_types::{
    ComponentDefinedType as D, ComponentDefinedTypeId, ComponentFuncTypeId, ComponentValType,
    ResourceId,
};
use wasmparser::types::TypesRef;

use crate::component::layout::{Layouts, MOST_FLAT_PARAMS, MOST_FLAT_RESULTS, aligned};

/// Types nest no deeper, by wasmparser's limit.
const DEEPEST: u32 = 100;
/// The most places of handles in one signature for which code is written.
pub(super) const MOST_PLACES: u64 = 1000;

/// Where a function has its parameters or its result.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// In locals, from this one on.
    Locals(u32),
    /// In memory, at the address in a local, plus an offset.
    Memory(u32, u64),
}

/// Writes code that calls a function with each handle of some resources, and the number of its resource.
pub(super) struct Walk<'t> {
    types: TypesRef<'t>,
    layouts: Layouts,
    resources: &'t [ResourceId],
    places: FxHashMap<ComponentDefinedTypeId, u64>,
    code: Vec<Instruction<'static>>,
    /// The function that is called.
    function: u32,
    /// The types of the function's parameters; other locals are `i32`.
    params: Vec<ValType>,
    /// The number of locals, parameters among them.
    pub(super) locals: u32,
}

impl<'t> Walk<'t> {
    /// For handles of these resources, in a function with these parameters and so many more locals.
    pub(super) fn new(
        types: TypesRef<'t>,
        resources: &'t [ResourceId],
        params: &[ValType],
        locals: u32,
    ) -> Self {
        Walk {
            types,
            layouts: Layouts::default(),
            resources,
            places: FxHashMap::default(),
            code: Vec::new(),
            function: 0,
            params: params.to_vec(),
            locals: params.len() as u32 + locals,
        }
    }

    /// Code for the handles in the parameters.
    pub(super) fn params(
        &mut self,
        func: ComponentFuncTypeId,
        function: u32,
    ) -> Vec<Instruction<'static>> {
        self.function = function;
        let params: Vec<_> = self.types[func].params.iter().map(|(_, ty)| *ty).collect();
        let is_flat = self.flat(&params) <= MOST_FLAT_PARAMS;
        self.sequence(&params, if is_flat { Place::Locals(0) } else { Place::Memory(0, 0) });
        std::mem::take(&mut self.code)
    }

    /// Code for the handles in the result. `local` holds the result if that is one core value, or else its address.
    pub(super) fn result(
        &mut self,
        func: ComponentFuncTypeId,
        function: u32,
        local: u32,
    ) -> Vec<Instruction<'static>> {
        self.function = function;
        if let Some(ty) = self.types[func].result {
            let place = match self.is_in_memory(func) {
                true => Place::Memory(local, 0),
                false => Place::Locals(local),
            };
            self.value(ty, place);
        }
        std::mem::take(&mut self.code)
    }

    /// Whether the result of a function is written to memory.
    pub(super) fn is_in_memory(&mut self, func: ComponentFuncTypeId) -> bool {
        self.types[func].result.is_some_and(|ty| self.flat(&[ty]) > MOST_FLAT_RESULTS)
    }

    /// How many places the parameters of a function have for such handles, and how many its result has.
    pub(super) fn places(&mut self, func: ComponentFuncTypeId) -> (u64, u64) {
        let types = self.types;
        let mut params = 0_u64;
        for (_, ty) in types[func].params.iter() {
            params = params.saturating_add(self.places_in(*ty, 0));
        }
        (params, types[func].result.map_or(0, |ty| self.places_in(ty, 0)))
    }

    fn flat(&mut self, types: &[ComponentValType]) -> u64 {
        let all = types.iter().map(|ty| self.layouts.of(self.types, *ty).flat);
        all.fold(0, u64::saturating_add)
    }

    fn places_in(&mut self, ty: ComponentValType, depth: u32) -> u64 {
        let ComponentValType::Type(id) = ty else { return 0 };
        if depth > DEEPEST {
            return 0;
        }
        if let Some(places) = self.places.get(&id) {
            return *places;
        }
        let types = self.types;
        let (parts, times): (Vec<ComponentValType>, u64) = match &types[id] {
            D::Own(id) => return u64::from(self.resources.contains(&id.resource())),
            D::Record(record) => (record.fields.values().copied().collect(), 1),
            D::Tuple(tuple) => (tuple.types.to_vec(), 1),
            D::List { element, .. } => (vec![*element], 1),
            D::FixedLengthList { element, length, .. } => (vec![*element], u64::from(*length)),
            D::Map { key, value, .. } => (vec![*key, *value], 1),
            ty => (cases(ty).into_iter().flatten().collect(), 1),
        };
        let mut places = 0_u64;
        for part in parts {
            places = places.saturating_add(self.places_in(part, depth + 1));
        }
        let places = places.saturating_mul(times);
        self.places.insert(id, places);
        places
    }

    fn emit(&mut self, code: impl IntoIterator<Item = Instruction<'static>>) {
        self.code.extend(code);
    }

    /// A word of a value: a core value of its own, or in memory.
    fn word(&mut self, place: Place, offset: u64) {
        match place {
            Place::Locals(local) => {
                let local = local + offset as u32;
                self.emit([Instruction::LocalGet(local)]);
                // Cases of a variant share core values, which are then as wide as the widest.
                if self.params.get(local as usize) == Some(&ValType::I64) {
                    self.emit([Instruction::I32WrapI64]);
                }
            }
            Place::Memory(address, at) => {
                let load = Instruction::I32Load(memory(at + offset, 2));
                self.emit([Instruction::LocalGet(address), load]);
            }
        }
    }

    fn value(&mut self, ty: ComponentValType, place: Place) {
        if self.places_in(ty, 0) == 0 {
            return;
        }
        let ComponentValType::Type(id) = ty else { return };
        let types = self.types;
        match &types[id] {
            D::Own(own) => {
                let Some(kind) = self.resources.iter().position(|it| *it == own.resource()) else {
                    return;
                };
                self.word(place, 0);
                let call = Instruction::Call(self.function);
                self.emit([Instruction::I32Const(kind as i32), call]);
            }
            D::Record(record) => {
                let fields: Vec<_> = record.fields.values().copied().collect();
                self.sequence(&fields, place);
            }
            D::Tuple(tuple) => self.sequence(&tuple.types, place),
            D::List { element, .. } => self.list(&[*element], place),
            D::Map { key, value, .. } => self.list(&[*key, *value], place),
            D::FixedLengthList { element, length, .. } => {
                self.sequence(&vec![*element; *length as usize], place);
            }
            ty => self.variant(&cases(ty), place),
        }
    }

    fn sequence(&mut self, parts: &[ComponentValType], place: Place) {
        let (mut local, mut offset) = (0, 0);
        for part in parts {
            let layout = self.layouts.of(self.types, *part);
            offset = aligned(offset, layout.align);
            let at = match place {
                Place::Locals(first) => Place::Locals(first + local),
                Place::Memory(address, at) => Place::Memory(address, at + offset),
            };
            self.value(*part, at);
            local += layout.flat as u32;
            offset += layout.size;
        }
    }

    fn variant(&mut self, cases: &[Option<ComponentValType>], place: Place) {
        let discriminant = crate::component::layout::discriminant(cases.len());
        let align = cases.iter().flatten().map(|ty| self.layouts.of(self.types, *ty).align).max();
        let payload = aligned(discriminant, align.unwrap_or(1));
        for (number, case) in cases.iter().enumerate() {
            let Some(ty) = case else { continue };
            if self.places_in(*ty, 0) == 0 {
                continue;
            }
            let at = match place {
                Place::Locals(first) => {
                    self.emit([Instruction::LocalGet(first)]);
                    Place::Locals(first + 1)
                }
                Place::Memory(address, at) => {
                    self.emit([Instruction::LocalGet(address)]);
                    self.emit([match discriminant {
                        1 => Instruction::I32Load8U(memory(at, 0)),
                        2 => Instruction::I32Load16U(memory(at, 1)),
                        _ => Instruction::I32Load(memory(at, 2)),
                    }]);
                    Place::Memory(address, at + payload)
                }
            };
            self.emit([Instruction::I32Const(number as i32), Instruction::I32Eq]);
            self.emit([Instruction::If(BlockType::Empty)]);
            self.value(*ty, at);
            self.emit([Instruction::End]);
        }
    }

    /// A list whose elements have these parts.
    fn list(&mut self, element: &[ComponentValType], place: Place) {
        let (mut size, mut align) = (0, 1);
        for part in element {
            let layout = self.layouts.of(self.types, *part);
            size = aligned(size, layout.align) + layout.size;
            align = align.max(layout.align);
        }
        let (address, left) = (self.locals, self.locals + 1);
        self.locals += 2;
        let step = if matches!(place, Place::Locals(_)) { 1 } else { 4 };
        self.word(place, 0);
        self.emit([Instruction::LocalSet(address)]);
        self.word(place, step);
        self.emit([
            Instruction::LocalSet(left),
            Instruction::Block(BlockType::Empty),
            Instruction::Loop(BlockType::Empty),
            Instruction::LocalGet(left),
            Instruction::I32Eqz,
            Instruction::BrIf(1),
        ]);
        self.sequence(element, Place::Memory(address, 0));
        self.emit([
            Instruction::LocalGet(address),
            Instruction::I32Const(aligned(size, align) as i32),
            Instruction::I32Add,
            Instruction::LocalSet(address),
            Instruction::LocalGet(left),
            Instruction::I32Const(1),
            Instruction::I32Sub,
            Instruction::LocalSet(left),
            Instruction::Br(0),
            Instruction::End,
            Instruction::End,
        ]);
    }
}

/// The payloads of the cases of a type; none if it has no cases.
fn cases(ty: &D) -> Vec<Option<ComponentValType>> {
    match ty {
        D::Variant(variant) => variant.cases.values().map(|case| case.ty).collect(),
        D::Option { ty, .. } => vec![None, Some(*ty)],
        D::Result { ok, err, .. } => vec![*ok, *err],
        _ => Vec::new(),
    }
}

fn memory(offset: u64, align: u32) -> MemArg {
    MemArg { offset, align, target: MemArgTarget::Memory(0), ordering: None }
}
