//! The walk over definitions that fills an [`Instantiation`].

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::environment::{Closure, CoreItem, Environment, Instance, Item, Type};
use super::{Builtin, ComponentFunc, CoreFunc, ExportMap, Instantiation, Lifted, Lowered, Start};
use crate::component::Component;
use crate::component::canonical::CanonicalFunction;
use crate::component::definition::{self, Alias, CoreSort, OuterIdx, Sort, SortIdx};
use crate::component::index_space::{ComponentId, CoreFuncIdx, CoreModuleId, Idx, IndexSpace};

/// Instances of either level that one file may make. Nested instantiation can double at each
/// level, so a small file can ask for more than any machine holds.
pub(super) const MOST_INSTANCES: usize = 4096;
/// Components within components.
const DEEPEST: usize = 100;

pub(super) struct Linker<'a> {
    pub(super) world: Instantiation<'a>,
    pub(super) environments: Vec<Environment<'a>>,
    pub(super) export_maps: FxHashMap<CoreModuleId, Rc<ExportMap<'a>>>,
}

impl<'a> Linker<'a> {
    pub(super) fn new(component: &'a Component<'a>) -> Self {
        Linker {
            world: Instantiation {
                component,
                component_instances: IndexSpace::default(),
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
        self.world.component_instances.push(id);
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

    pub(super) fn core_func(&self, here: usize, index: CoreFuncIdx) -> CoreFunc {
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
                    None => unknown_item(item.sort()),
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
