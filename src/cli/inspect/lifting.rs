//! The `canon lift` behind an exported function, as the bytes declare it: followed from the root's
//! export through instances, aliases and imports to the definition that holds it.

use std::cell::Cell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::anatomy::LiftMemory;
use crate::component::Component;
use crate::component::canonical::{CanonicalFunction, Lift, StringEncoding};
use crate::component::definition::{
    Alias, CoreInstance, CoreSort, CoreSortIdx, Definition, Instance, Item, OuterIdx, Sort, SortIdx,
};
use crate::component::index_space::{
    ComponentId, CoreInstanceIdx, CoreMemoryIdx, CoreModuleId, Idx,
};

/// Items looked at to find one lift. A way may lead in circles only in a damaged file, but may be
/// as long as the file.
const MOST_STEPS: u32 = 10_000;
/// Questions within questions.
const DEEPEST: u32 = 200;

/// Finds declared lifts.
#[derive(Debug)]
pub(super) struct Lifting<'a> {
    component: &'a Component<'a>,
    spaces: Vec<Spaces<'a>>,
    steps: Cell<u32>,
}

/// What the bytes say of a lift.
#[derive(Debug)]
pub(super) struct DeclaredLift {
    pub(super) component: u32,
    pub(super) string_encoding: &'static str,
    pub(super) memory: Option<LiftMemory>,
}

// The items of a definition by the index spaces that they add to, and its exports by name.
#[derive(Debug, Default)]
struct Spaces<'a> {
    funcs: Vec<&'a Item<'a>>,
    instances: Vec<&'a Item<'a>>,
    components: Vec<&'a Item<'a>>,
    core_modules: Vec<&'a Item<'a>>,
    core_instances: Vec<&'a CoreInstance<'a>>,
    core_memories: Vec<(CoreInstanceIdx, &'a str)>,
    exports: FxHashMap<&'a str, SortIdx>,
}

// A component instance: what its imports and outer aliases mean.
#[derive(Debug)]
struct Frame<'a> {
    definition: ComponentId,
    outer: Option<Rc<Frame<'a>>>,
    arguments: Option<Arguments<'a>>,
}

// The instance that gives them, and what it gives by name.
type Arguments<'a> = (Rc<Frame<'a>>, &'a [(&'a str, SortIdx)]);

type Place<'a> = (Rc<Frame<'a>>, SortIdx);

enum Found<'a> {
    Lift(Rc<Frame<'a>>, &'a Lift),
    Component(Rc<Frame<'a>>, ComponentId),
    CoreModule(CoreModuleId),
    Instance(Rc<Frame<'a>>),
    Bundle(Rc<Frame<'a>>, &'a [(String, SortIdx)]),
}

impl<'a> Lifting<'a> {
    pub(super) fn of(component: &'a Component<'a>) -> Self {
        let spaces = component.definitions.iter().map(|(_, definition)| Spaces::of(definition));
        Lifting { component, spaces: spaces.collect(), steps: Cell::new(0) }
    }

    /// The lift behind the export that `path` leads to; `None` where the way cannot be followed.
    pub(super) fn behind(&self, path: &[String]) -> Option<DeclaredLift> {
        self.steps.set(0);
        let root = self.component.root().id;
        let mut at =
            Found::Instance(Rc::new(Frame { definition: root, outer: None, arguments: None }));
        for name in path {
            at = self.resolve(self.export(&at, name)?, 0)?;
        }
        let Found::Lift(frame, lift) = at else { return None };
        let memory = lift.options.memory.and_then(|memory| self.memory(&frame, memory));
        Some(DeclaredLift {
            component: frame.definition.raw(),
            string_encoding: match lift.options.string_encoding {
                StringEncoding::Utf8 => "utf8",
                StringEncoding::Utf16 => "utf16",
                StringEncoding::CompactUtf16 => "latin1+utf16",
            },
            memory,
        })
    }

    fn export(&self, instance: &Found<'a>, name: &str) -> Option<Place<'a>> {
        match instance {
            Found::Instance(frame) => {
                let item = self.spaces(frame)?.exports.get(name)?;
                Some((Rc::clone(frame), *item))
            }
            Found::Bundle(frame, exports) => {
                let (_, item) = exports.iter().find(|(it, _)| it == name)?;
                Some((Rc::clone(frame), *item))
            }
            _ => None,
        }
    }

    fn resolve(&self, place: Place<'a>, depth: u32) -> Option<Found<'a>> {
        if depth > DEEPEST {
            return None;
        }
        let (mut frame, mut item) = place;
        loop {
            self.steps.set(self.steps.get() + 1);
            if self.steps.get() > MOST_STEPS {
                return None;
            }
            (frame, item) = match self.spaces(&frame)?.item(item)? {
                Item::Canonical(CanonicalFunction::Lift(lift)) => {
                    return Some(Found::Lift(frame, lift));
                }
                Item::Component(id) => return Some(Found::Component(frame, *id)),
                Item::CoreModule(id) => return Some(Found::CoreModule(*id)),
                Item::Instance(Instance::FromExports(exports)) => {
                    return Some(Found::Bundle(frame, exports));
                }
                Item::Instance(Instance::Instantiate { component, arguments }) => {
                    let component = (Rc::clone(&frame), SortIdx::Component(*component));
                    let Found::Component(outer, definition) = self.resolve(component, depth + 1)?
                    else {
                        return None;
                    };
                    let arguments = Some((frame, arguments.as_slice()));
                    let made = Frame { definition, outer: Some(outer), arguments };
                    return Some(Found::Instance(Rc::new(made)));
                }
                Item::Export { item, .. } => (frame, *item),
                Item::Import { name, .. } => {
                    let (outer, given) = frame.arguments.as_ref()?;
                    let (_, item) = given.iter().find(|(it, _)| it == name)?;
                    (Rc::clone(outer), *item)
                }
                Item::Alias(Alias::InstanceExport { instance, name, .. }) => {
                    let instance =
                        self.resolve((frame, SortIdx::Instance(*instance)), depth + 1)?;
                    self.export(&instance, name)?
                }
                Item::Alias(Alias::Outer { count, item }) => {
                    for _ in 0..*count {
                        let outer = Rc::clone(frame.outer.as_ref()?);
                        frame = outer;
                    }
                    let item = match item {
                        OuterIdx::CoreModule(index) => SortIdx::CoreModule(*index),
                        OuterIdx::Component(index) => SortIdx::Component(*index),
                        OuterIdx::CoreType(_) | OuterIdx::Type(_) => return None,
                    };
                    (frame, item)
                }
                _ => return None,
            };
        }
    }

    fn memory(&self, frame: &Rc<Frame<'a>>, memory: CoreMemoryIdx) -> Option<LiftMemory> {
        let spaces = self.spaces(frame)?;
        let (mut instance, mut name) = *spaces.core_memories.get(memory.raw() as usize)?;
        for _ in 0..DEEPEST {
            match spaces.core_instances.get(instance.raw() as usize)? {
                CoreInstance::Instantiate { module, .. } => {
                    let place = (Rc::clone(frame), SortIdx::CoreModule(*module));
                    let Found::CoreModule(module) = self.resolve(place, 0)? else { return None };
                    return Some(LiftMemory { core_module: module.raw(), name: name.to_owned() });
                }
                CoreInstance::FromExports(exports) => {
                    let (_, item) = exports.iter().find(|(it, _)| *it == name)?;
                    let CoreSortIdx::Memory(index) = item else { return None };
                    (instance, name) = *spaces.core_memories.get(index.raw() as usize)?;
                }
            }
        }
        None
    }

    fn spaces(&self, frame: &Frame<'a>) -> Option<&Spaces<'a>> {
        self.spaces.get(frame.definition.raw() as usize)
    }
}

impl<'a> Spaces<'a> {
    fn of(definition: &'a Definition<'a>) -> Self {
        let mut spaces = Spaces::default();
        for item in &definition.items {
            let sort = match item {
                Item::CoreModule(_) => Sort::CoreModule,
                Item::Component(_) => Sort::Component,
                Item::Instance(_) => Sort::Instance,
                Item::Canonical(CanonicalFunction::Lift(_)) => Sort::Func,
                Item::Import { sort, .. } => *sort,
                Item::Alias(Alias::InstanceExport { sort, .. }) => *sort,
                Item::Alias(Alias::Outer { item: OuterIdx::CoreModule(_), .. }) => Sort::CoreModule,
                Item::Alias(Alias::Outer { item: OuterIdx::Component(_), .. }) => Sort::Component,
                Item::Alias(Alias::CoreInstanceExport {
                    sort: CoreSort::Memory,
                    instance,
                    name,
                }) => {
                    spaces.core_memories.push((*instance, name));
                    continue;
                }
                Item::CoreInstance(instance) => {
                    spaces.core_instances.push(instance);
                    continue;
                }
                Item::Export { name, item } => {
                    spaces.exports.insert(name, *item);
                    item.sort()
                }
                _ => continue,
            };
            match sort {
                Sort::Func => spaces.funcs.push(item),
                Sort::Instance => spaces.instances.push(item),
                Sort::Component => spaces.components.push(item),
                Sort::CoreModule => spaces.core_modules.push(item),
                Sort::Value | Sort::Type => {}
            }
        }
        spaces
    }

    fn item(&self, index: SortIdx) -> Option<&'a Item<'a>> {
        let (items, index) = match index {
            SortIdx::Func(index) => (&self.funcs, index.raw()),
            SortIdx::Instance(index) => (&self.instances, index.raw()),
            SortIdx::Component(index) => (&self.components, index.raw()),
            SortIdx::CoreModule(index) => (&self.core_modules, index.raw()),
            SortIdx::Value(_) | SortIdx::Type(_) => return None,
        };
        items.get(index as usize).copied()
    }
}
