//! Mutations of a repaired component: one instruction of what a repair adds does nothing, a size is half of what it is, or a
//! byte of a data segment is another.

use wasmparser::{KnownCustom, Name, Operator, Parser, Payload, TypeRef};

/// A mutation: the bytes at an offset, and what they become.
struct Mutation {
    what: String,
    at: usize,
    bytes: Vec<u8>,
}

/// Mutated components, each with what was changed.
pub(crate) fn all(component: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mutated = mutations(component).into_iter().map(|it| {
        let mut bytes = component.to_vec();
        bytes[it.at..it.at + it.bytes.len()].copy_from_slice(&it.bytes);
        (it.what, bytes)
    });
    mutated.collect()
}

/// The name of an added module or function, for what is said about mutations.
const OURS: &str = "secondcall:";

fn mutations(component: &[u8]) -> Vec<Mutation> {
    let mut found = Vec::new();
    let mut module = Module::default();
    for payload in Parser::new(0).parse_all(component) {
        match payload.unwrap() {
            Payload::Version { encoding: wasmparser::Encoding::Module, .. } => {
                module = Module::default();
            }
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    let ty = ty.unwrap();
                    module.void.push(ty.params().is_empty() && ty.results().is_empty());
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    if let TypeRef::Func(ty) = import.unwrap().ty {
                        module.functions.push(ty);
                    }
                }
                module.imported = module.functions.len();
            }
            Payload::FunctionSection(section) => {
                module.functions.extend(section.into_iter().map(Result::unwrap));
            }
            Payload::DataSection(section) => {
                for data in section.into_iter().map(Result::unwrap) {
                    let begin = data.range.end as usize - data.data.len();
                    // Words of four bytes are read.
                    found.extend((begin..begin + 4).map(|at| Mutation {
                        what: format!("data at {at:#x}"),
                        at,
                        bytes: vec![component[at] ^ 1],
                    }));
                }
            }
            Payload::CodeSectionEntry(body) => module.bodies.push(body.range()),
            Payload::CustomSection(section) => {
                let KnownCustom::Name(names) = section.as_known() else { continue };
                for name in names {
                    match name.unwrap() {
                        Name::Module { name, .. } => module.name = name.to_owned(),
                        Name::Function(map) => {
                            let named = map.into_iter().map(Result::unwrap);
                            module.names =
                                named.map(|it| (it.index as usize, it.name.to_owned())).collect();
                        }
                        _ => {}
                    }
                }
                module.mutations(component, &mut found);
            }
            _ => {}
        }
    }
    found
}

#[derive(Default)]
struct Module {
    /// Types that have neither parameters nor results, and the type of each function.
    void: Vec<bool>,
    functions: Vec<u32>,
    name: String,
    names: Vec<(usize, String)>,
    imported: usize,
    bodies: Vec<std::ops::Range<u64>>,
}

impl Module {
    fn is_void(&self, function: usize) -> bool {
        self.functions.get(function).is_some_and(|ty| self.void[*ty as usize])
    }

    fn mutations(&self, component: &[u8], found: &mut Vec<Mutation>) {
        for (number, range) in self.bodies.iter().enumerate() {
            let index = number + self.imported;
            let own = self.names.iter().find(|(it, name)| *it == index && name.starts_with(OURS));
            let name = match (own, self.name.starts_with(OURS)) {
                (Some((_, name)), _) => name.clone(),
                (None, true) => format!("{} {index}", self.name),
                (None, false) => continue,
            };
            let range = range.start as usize..range.end as usize;
            let reader =
                wasmparser::BinaryReader::new(&component[range.clone()], range.start as u64);
            let body = wasmparser::FunctionBody::new(reader);
            let mut operators = body.get_operators_reader().unwrap();
            while !operators.eof() {
                let at = operators.original_position() as usize;
                let operator = operators.read().unwrap();
                let length = operators.original_position() as usize - at;
                if let Some(bytes) =
                    mutated(&name, &operator, length, |callee| self.is_void(callee as usize))
                {
                    found.push(Mutation {
                        what: format!("{name}: {operator:?} at {at:#x}"),
                        at,
                        bytes,
                    });
                }
            }
        }
    }
}

const I32_CONST: u8 = 0x41;
/// The shift that makes bytes of pages.
const PAGE: i32 = 16;
const NOP: u8 = 0x01;
const DROP: u8 = 0x1a;

/// As many bytes that do something else.
fn mutated(
    name: &str,
    operator: &Operator<'_>,
    length: usize,
    is_void: impl Fn(u32) -> bool,
) -> Option<Vec<u8>> {
    let dropping = |values: usize| {
        let mut bytes = vec![DROP; values];
        bytes.resize(length, NOP);
        Some(bytes)
    };
    match operator {
        Operator::GlobalSet { .. } => dropping(1),
        Operator::MemoryFill { .. } | Operator::MemoryCopy { .. } => dropping(3),
        Operator::I32Store { .. } => dropping(2),
        // Half of the pages are left out.
        Operator::I32Const { value: PAGE } if name != "secondcall:save" => {
            Some(vec![I32_CONST, PAGE as u8 - 1])
        }
        Operator::Call { function_index } if is_void(*function_index) => dropping(0),
        _ => None,
    }
}
