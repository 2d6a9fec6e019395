//! The walk over definitions that fills an [`Instantiation`].

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::Builtin;
use super::ComponentFunc;
use super::CoreFunc;
use super::CoreInstance;
use super::CoreInstanceId;
use super::ExportMap;
use super::Global;
use super::Instantiation;
use super::Lifted;
use super::Lowered;
use super::Memory;
use super::Start;
use super::Table;
use super::environment::Closure;
use super::environment::CoreInstanceItem;
use super::environment::CoreItem;
use super::environment::Environment;
use super::environment::Instance;
use super::environment::Item;
use super::environment::Type;
use crate::component::Component;
use crate::component::canonical::CanonicalFunction;
use crate::component::core_module::ConstExpr;
use crate::component::core_module::CoreModule;
use crate::component::core_module::Extern;
use crate::component::core_module::Placement;
use crate::component::definition;
use crate::component::definition::Alias;
use crate::component::definition::CoreSort;
use crate::component::definition::CoreSortIdx;
use crate::component::definition::OuterIdx;
use crate::component::definition::Sort;
use crate::component::definition::SortIdx;
use crate::component::index_space::ComponentId;
use crate::component::index_space::CoreFuncIdx;
use crate::component::index_space::CoreModuleId;
use crate::component::index_space::FuncIdx;
use crate::component::index_space::Idx;
use crate::component::index_space::IndexSpace;

/// Instances of either level that one file may make. Nested instantiation can double at each
/// level, so a small file can ask for more than any machine holds.
const MOST_INSTANCES: usize = 4096;
/// Components within components.
const DEEPEST: usize = 100;
/// Slots that are kept of one table.
const MOST_SLOTS: u64 = 1 << 20;

pub(super) struct Linker<'a> {
    world: Instantiation<'a>,
    environments: Vec<Environment<'a>>,
    export_maps: FxHashMap<CoreModuleId, Rc<ExportMap<'a>>>,
}

impl<'a> Linker<'a> {
    pub(super) fn new(component: &'a Component<'a>) -> Self {
        Linker {
            world: Instantiation {
                component,
                core_instances: IndexSpace::default(),
                memories: IndexSpace::default(),
                tables: IndexSpace::default(),
                globals: IndexSpace::default(),
                lowered: IndexSpace::default(),
                lifted: IndexSpace::default(),
                builtins: IndexSpace::default(),
                starts: Vec::new(),
                exports: Vec::new(),
                truncated: false,
            },
            environments: Vec::new(),
            export_maps: FxHashMap::default(),
        }
    }

    pub(super) fn run(mut self) -> Instantiation<'a> {
        let component = self.world.component;
        let root = self.instantiate(component.root().id, None, None, 0);
        let exported = component.exports.iter().map(|f| follow(&root, &f.path)).collect();
        self.world.exports = exported;
        self.world
    }

    /// Walks a definition. `arguments` fill its imports; `None` means the host does.
    fn instantiate(
        &mut self,
        id: ComponentId,
        parent: Option<usize>,
        arguments: Option<&FxHashMap<&'a str, Item>>,
        depth: usize,
    ) -> Rc<Instance> {
        let here = self.environments.len();
        let mut exports = FxHashMap::default();
        if depth > DEEPEST || here + self.world.core_instances.len() > MOST_INSTANCES {
            self.world.truncated = true;
            return Rc::new(Instance::Exports(exports));
        }
        self.environments.push(Environment { parent, ..Environment::default() });
        let component = self.world.component;
        for item in &component.definitions[id].items {
            match item {
                definition::Item::CoreModule(module) => {
                    self.environments[here].core_modules.push(Some(*module));
                }
                definition::Item::CoreInstance(instance) => {
                    let item = self.core_instance(here, instance);
                    self.environments[here].core_instances.push(item);
                }
                definition::Item::CoreType => {}
                definition::Item::Component(nested) => {
                    let closure = Closure { definition: *nested, environment: here };
                    self.environments[here].components.push(Some(closure));
                }
                definition::Item::Instance(instance) => {
                    let instance = self.instance(here, instance, depth);
                    self.environments[here].instances.push(instance);
                }
                definition::Item::Alias(alias) => self.alias(here, alias),
                definition::Item::Type(ty) => {
                    let destructor = match ty {
                        definition::Type::Resource { destructor } => {
                            destructor.map(|func| self.core_func(here, func))
                        }
                        definition::Type::Other => None,
                    };
                    self.environments[here].types.push(Type { destructor });
                }
                definition::Item::Canonical(function) => self.canonical(here, function),
                definition::Item::Start { func, .. } => {
                    let func = self.item(here, SortIdx::Func(*func));
                    if let Item::Func(func) = func {
                        self.world.starts.push(Start::Component(func));
                    }
                }
                definition::Item::Import { name, sort } => {
                    let item = match arguments {
                        None => host_item(None, name, *sort),
                        Some(given) => match given.get(name.as_str()) {
                            Some(item) => item.clone(),
                            None => host_item(None, name, *sort),
                        },
                    };
                    self.environments[here].add(item);
                }
                definition::Item::Export { name, item } => {
                    let item = self.item(here, *item);
                    exports.insert(name.clone(), item.clone());
                    self.environments[here].add(item);
                }
            }
        }
        Rc::new(Instance::Exports(exports))
    }

    fn instance(
        &mut self,
        here: usize,
        instance: &'a definition::Instance<'a>,
        depth: usize,
    ) -> Rc<Instance> {
        match instance {
            definition::Instance::Instantiate { component, arguments } => {
                let closure = self.environments[here].components.get(component.raw() as usize);
                let Some(Some(closure)) = closure.copied() else {
                    return Rc::new(Instance::Exports(FxHashMap::default()));
                };
                let arguments =
                    arguments.iter().map(|(name, item)| (*name, self.item(here, *item))).collect();
                let parent = Some(closure.environment);
                self.instantiate(closure.definition, parent, Some(&arguments), depth + 1)
            }
            definition::Instance::FromExports(exports) => {
                let exports = exports.iter();
                let exports = exports.map(|(name, item)| (name.clone(), self.item(here, *item)));
                Rc::new(Instance::Exports(exports.collect()))
            }
        }
    }

    fn item(&self, here: usize, item: SortIdx) -> Item {
        let environment = &self.environments[here];
        match item {
            SortIdx::CoreModule(index) => Item::CoreModule(
                environment.core_modules.get(index.raw() as usize).copied().flatten(),
            ),
            SortIdx::Func(index) => Item::Func(
                environment
                    .funcs
                    .get(index.raw() as usize)
                    .cloned()
                    .unwrap_or(ComponentFunc::Unknown),
            ),
            SortIdx::Value(_) => Item::Value,
            SortIdx::Type(index) => {
                let ty = environment.types.get(index.raw() as usize).copied();
                Item::Type(ty.unwrap_or_default())
            }
            SortIdx::Component(index) => {
                Item::Component(environment.components.get(index.raw() as usize).copied().flatten())
            }
            SortIdx::Instance(index) => {
                let instance = environment.instances.get(index.raw() as usize).cloned();
                Item::Instance(
                    instance.unwrap_or_else(|| Rc::new(Instance::Exports(FxHashMap::default()))),
                )
            }
        }
    }

    fn core_func(&self, here: usize, index: CoreFuncIdx) -> CoreFunc {
        let funcs = &self.environments[here].core_funcs;
        funcs.get(index.raw() as usize).copied().unwrap_or(CoreFunc::Unknown)
    }

    fn alias(&mut self, here: usize, alias: &'a Alias<'a>) {
        match alias {
            Alias::InstanceExport { sort, instance, name } => {
                let instance = &self.environments[here].instances.get(instance.raw() as usize);
                let item = match instance.map(|instance| &**instance) {
                    Some(Instance::Host(host)) => host_item(Some(host), name, *sort),
                    Some(Instance::Exports(exports)) => {
                        exports.get(*name).cloned().unwrap_or_else(|| unknown_item(*sort))
                    }
                    None => unknown_item(*sort),
                };
                self.environments[here].add(item);
            }
            Alias::CoreInstanceExport { sort, instance, name } => {
                let items = &self.environments[here].core_instances;
                let instance = items.get(instance.raw() as usize).cloned();
                let item = instance.and_then(|instance| self.core_export(&instance, name));
                self.environments[here].add_core(item.unwrap_or(match sort {
                    CoreSort::Func => CoreItem::Func(CoreFunc::Unknown),
                    CoreSort::Table => CoreItem::Table(None),
                    CoreSort::Memory => CoreItem::Memory(None),
                    CoreSort::Global => CoreItem::Global(None),
                    CoreSort::Tag => CoreItem::Tag,
                }));
            }
            Alias::Outer { count, item } => {
                let mut outer = Some(here);
                for _ in 0..*count {
                    outer = outer.and_then(|environment| self.environments[environment].parent);
                }
                let item = match item {
                    OuterIdx::CoreType(_) => return,
                    OuterIdx::CoreModule(index) => SortIdx::CoreModule(*index),
                    OuterIdx::Component(index) => SortIdx::Component(*index),
                    OuterIdx::Type(index) => SortIdx::Type(*index),
                };
                let item = match outer {
                    Some(outer) => self.item(outer, item),
                    None => unknown_item(sort_of(item)),
                };
                self.environments[here].add(item);
            }
        }
    }

    fn canonical(&mut self, here: usize, function: &CanonicalFunction) {
        match function {
            CanonicalFunction::Lift(lift) => {
                let func = |index: CoreFuncIdx| self.core_func(here, index);
                let lifted = Lifted {
                    core: func(lift.core_func),
                    realloc: lift.options.realloc.map(func),
                    post_return: lift.options.post_return.map(func),
                    callback: lift.options.callback.map(func),
                    is_async: lift.options.is_async,
                };
                let id = self.world.lifted.push(lifted);
                self.environments[here].funcs.push(ComponentFunc::Lifted(id));
            }
            CanonicalFunction::Lower(lower) => {
                let target = match self.item(here, SortIdx::Func(lower.func)) {
                    Item::Func(func) => func,
                    _ => ComponentFunc::Unknown,
                };
                let id = self.world.lowered.push(Lowered {
                    target,
                    realloc: lower.options.realloc.map(|index| self.core_func(here, index)),
                    uses_memory: lower.options.memory.is_some(),
                    is_async: lower.options.is_async,
                });
                self.environments[here].core_funcs.push(CoreFunc::Lowered(id));
            }
            CanonicalFunction::Builtin(builtin) => {
                let ty = builtin.ty.filter(|_| builtin.name == "resource.drop");
                let types = &self.environments[here].types;
                let destructor = ty.and_then(|ty| types.get(ty.raw() as usize)?.destructor);
                let id = self.world.builtins.push(Builtin { name: builtin.name, destructor });
                self.environments[here].core_funcs.push(CoreFunc::Builtin(id));
            }
        }
    }

    fn core_instance(
        &mut self,
        here: usize,
        instance: &'a definition::CoreInstance<'a>,
    ) -> CoreInstanceItem<'a> {
        match instance {
            definition::CoreInstance::FromExports(exports) => {
                let environment = &self.environments[here];
                let items = exports.iter().map(|(name, item)| {
                    let item = match item {
                        CoreSortIdx::Func(index) => CoreItem::Func(self.core_func(here, *index)),
                        CoreSortIdx::Table(index) => {
                            let tables = &environment.core_tables;
                            CoreItem::Table(tables.get(index.raw() as usize).copied().flatten())
                        }
                        CoreSortIdx::Memory(index) => {
                            let memories = &environment.core_memories;
                            CoreItem::Memory(memories.get(index.raw() as usize).copied().flatten())
                        }
                        CoreSortIdx::Global(index) => {
                            let globals = &environment.core_globals;
                            CoreItem::Global(globals.get(index.raw() as usize).copied().flatten())
                        }
                        CoreSortIdx::Tag(_) => CoreItem::Tag,
                    };
                    (*name, item)
                });
                CoreInstanceItem::Bundle(Rc::new(items.collect()))
            }
            definition::CoreInstance::Instantiate { module, arguments } => {
                let environment = &self.environments[here];
                let module = environment.core_modules.get(module.raw() as usize).copied();
                let Some(Some(module)) = module else {
                    return CoreInstanceItem::Unknown;
                };
                if self.world.core_instances.len() >= MOST_INSTANCES {
                    self.world.truncated = true;
                    return CoreInstanceItem::Unknown;
                }
                let arguments = arguments.iter().map(|(name, index)| {
                    let instance = environment.core_instances.get(index.raw() as usize).cloned();
                    (*name, instance.unwrap_or(CoreInstanceItem::Unknown))
                });
                let arguments: FxHashMap<_, _> = arguments.collect();
                CoreInstanceItem::Real(self.instantiate_module(module, &arguments))
            }
        }
    }

    fn core_export(&mut self, instance: &CoreInstanceItem<'a>, name: &str) -> Option<CoreItem> {
        match instance {
            CoreInstanceItem::Unknown => None,
            CoreInstanceItem::Bundle(items) => items.get(name).copied(),
            CoreInstanceItem::Real(id) => {
                let module = self.world.module(*id);
                let exports = self.export_maps.entry(module.id).or_insert_with(|| {
                    Rc::new(module.exports.iter().map(|e| (e.name, e.item)).collect())
                });
                Some(match *exports.get(name)? {
                    Extern::Func(func) => CoreItem::Func(self.world.func(*id, func)),
                    Extern::Table(table) => CoreItem::Table(self.world.table(*id, table)),
                    Extern::Memory(memory) => CoreItem::Memory(self.world.memory(*id, memory)),
                    Extern::Global(global) => CoreItem::Global(self.world.global(*id, global)),
                    Extern::Tag(_) => CoreItem::Tag,
                })
            }
        }
    }

    fn instantiate_module(
        &mut self,
        id: CoreModuleId,
        arguments: &FxHashMap<&'a str, CoreInstanceItem<'a>>,
    ) -> CoreInstanceId {
        let module = &self.world.component.core_modules[id];
        let mut instance = CoreInstance {
            module: id,
            imported_funcs: Vec::new(),
            memories: Vec::new(),
            tables: Vec::new(),
            globals: Vec::new(),
        };
        for import in &module.imports {
            let from = arguments.get(import.module).cloned();
            let item = from.and_then(|from| self.core_export(&from, import.field));
            match (import.item, item) {
                (Extern::Func(_), Some(CoreItem::Func(func))) => instance.imported_funcs.push(func),
                (Extern::Func(_), _) => instance.imported_funcs.push(CoreFunc::Unknown),
                (Extern::Table(_), Some(CoreItem::Table(table))) => instance.tables.push(table),
                (Extern::Table(_), _) => instance.tables.push(None),
                (Extern::Memory(_), Some(CoreItem::Memory(memory))) => {
                    instance.memories.push(memory);
                }
                (Extern::Memory(_), _) => instance.memories.push(None),
                (Extern::Global(_), Some(CoreItem::Global(global))) => {
                    instance.globals.push(global);
                }
                (Extern::Global(_), _) => instance.globals.push(None),
                (Extern::Tag(_), _) => {}
            }
        }
        for (_, memory) in module.memories.iter().filter(|(_, memory)| !memory.imported) {
            let _ = memory;
            instance.memories.push(Some(self.world.memories.push(Memory::default())));
        }
        for (_, table) in module.tables.iter().filter(|(_, table)| !table.imported) {
            let slots = vec![None; table.minimum.min(MOST_SLOTS) as usize];
            let table = Table { slots, unknown_elements: table.minimum > MOST_SLOTS };
            instance.tables.push(Some(self.world.tables.push(table)));
        }
        let id = self.world.core_instances.push(instance);
        for (_, global) in module.globals.iter() {
            let Some(init) = &global.init else { continue };
            let init = self.world.const_value(id, init);
            let global = self.world.globals.push(Global { mutable: global.mutable, init });
            if let Some(instance) = self.world.core_instances.get_mut(id) {
                instance.globals.push(Some(global));
            }
        }
        self.fill_tables(id, module);
        self.fill_memories(id, module);
        if let Some(start) = module.start {
            self.world.starts.push(Start::Core(self.world.func(id, start)));
        }
        id
    }

    fn fill_tables(&mut self, id: CoreInstanceId, module: &CoreModule<'a>) {
        for (_, element) in module.elements.iter() {
            let Placement::Active { target, offset } = &element.placement else {
                continue;
            };
            let Some(table) = self.world.table(id, *target) else {
                continue;
            };
            let offset = self.world.const_value(id, offset);
            let items = element.items.iter().map(|item| match item {
                ConstExpr::Func(func) => Some(self.world.func(id, FuncIdx::new(func.raw()))),
                ConstExpr::Null => None,
                _ => Some(CoreFunc::Unknown),
            });
            let items: Vec<_> = items.collect();
            let Some(table) = self.world.tables.get_mut(table) else {
                continue;
            };
            let first = offset.and_then(|offset| usize::try_from(offset).ok());
            let slots =
                first.and_then(|first| table.slots.get_mut(first..first.checked_add(items.len())?));
            match slots {
                Some(slots) => slots.copy_from_slice(&items),
                None => table.unknown_elements = true,
            }
        }
    }

    fn fill_memories(&mut self, id: CoreInstanceId, module: &'a CoreModule<'a>) {
        for (_, data) in module.data.iter() {
            let Placement::Active { target, offset } = &data.placement else {
                continue;
            };
            let Some(memory) = self.world.memory(id, *target) else {
                continue;
            };
            let offset = self.world.const_value(id, offset);
            let Some(memory) = self.world.memories.get_mut(memory) else {
                continue;
            };
            match offset {
                Some(offset) => {
                    let last = memory.data.last();
                    let end = last.map_or(0, |(start, bytes)| start + bytes.len() as u64);
                    memory.overlapping |= offset < end;
                    memory.data.push((offset, data.bytes));
                }
                None => memory.unknown_data = true,
            }
        }
    }
}

/// The function that a path of export names leads to.
fn follow(root: &Rc<Instance>, path: &[String]) -> ComponentFunc {
    let mut instance = Rc::clone(root);
    for (i, name) in path.iter().enumerate() {
        let item = match &*instance {
            Instance::Exports(exports) => exports.get(name).cloned(),
            Instance::Host(host) => {
                let sort = if i + 1 == path.len() { Sort::Func } else { Sort::Instance };
                Some(host_item(Some(host), name, sort))
            }
        };
        match item {
            Some(Item::Func(func)) => return func,
            Some(Item::Instance(next)) => instance = next,
            _ => return ComponentFunc::Unknown,
        }
    }
    ComponentFunc::Unknown
}

fn host_item(instance: Option<&str>, name: &str, sort: Sort) -> Item {
    match sort {
        Sort::CoreModule => Item::CoreModule(None),
        Sort::Func => Item::Func(ComponentFunc::Imported {
            instance: instance.map(str::to_owned),
            name: name.to_owned(),
        }),
        Sort::Value => Item::Value,
        Sort::Type => Item::Type(Type::default()),
        Sort::Component => Item::Component(None),
        Sort::Instance => Item::Instance(Rc::new(Instance::Host(name.to_owned()))),
    }
}

fn unknown_item(sort: Sort) -> Item {
    match sort {
        Sort::Func => Item::Func(ComponentFunc::Unknown),
        Sort::Instance => Item::Instance(Rc::new(Instance::Exports(FxHashMap::default()))),
        sort => host_item(None, "", sort),
    }
}

fn sort_of(item: SortIdx) -> Sort {
    match item {
        SortIdx::CoreModule(_) => Sort::CoreModule,
        SortIdx::Func(_) => Sort::Func,
        SortIdx::Value(_) => Sort::Value,
        SortIdx::Type(_) => Sort::Type,
        SortIdx::Component(_) => Sort::Component,
        SortIdx::Instance(_) => Sort::Instance,
    }
}
