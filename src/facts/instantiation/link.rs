//! Instantiates a component: walks its definitions in order.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::environment::{Closure, CoreItem, Environment, Instance, Item};
use super::{
    Builtin, ComponentFunc, ComponentInstanceId, CoreFunc, Instantiation, Lifted, Lowered, Options,
    Start,
};
use crate::component::Component;
use crate::component::canonical::{CanonicalFunction, CanonicalOptions};
use crate::component::core_module::Extern;
use crate::component::definition::{self, Alias, OuterIdx, Sort, SortIdx};
use crate::component::index_space::{ComponentId, CoreFuncIdx, CoreModuleId, IndexSpace};

/// Most instances of either level. Nested instantiation can double at each level, so a small file can ask for more than
/// any machine holds.
pub(super) const MOST_INSTANCES: usize = 4096;
/// Most components nested in each other.
const DEEPEST: usize = 100;

/// The exports of a core module by name; modules with thousands of them are common.
type ExportMap<'a> = FxHashMap<&'a str, Extern>;

pub(super) struct Linker<'a> {
    pub(super) world: Instantiation<'a>,
    pub(super) environments: IndexSpace<ComponentInstanceId, Environment<'a>>,
    pub(super) export_maps: FxHashMap<CoreModuleId, Rc<ExportMap<'a>>>,
}

impl<'a> Instantiation<'a> {
    /// Instantiates a component, with nothing but the host behind its imports.
    pub fn of(component: &'a Component<'a>) -> Self {
        let world = Instantiation {
            component,
            component_instances: IndexSpace::default(),
            core_instances: IndexSpace::default(),
            memories: IndexSpace::default(),
            tables: IndexSpace::default(),
            globals: IndexSpace::default(),
            lowered: IndexSpace::default(),
            lifted: IndexSpace::default(),
            builtins: IndexSpace::default(),
            destructors: Vec::new(),
            starts: Vec::new(),
            exports: Vec::new(),
            truncated: false,
        };
        let (environments, export_maps) = (IndexSpace::default(), FxHashMap::default());
        let mut linker = Linker { world, environments, export_maps };
        let root = linker.instantiate(component.root().id, None, &FxHashMap::default(), 0);
        let exports = component.exports.iter().map(|export| follow(&root, &export.path)).collect();
        Instantiation { exports, ..linker.world }
    }
}

impl<'a> Linker<'a> {
    /// Walks a definition. The host fills the imports that `arguments` do not.
    fn instantiate(
        &mut self,
        id: ComponentId,
        parent: Option<ComponentInstanceId>,
        arguments: &FxHashMap<&'a str, Item>,
        depth: usize,
    ) -> Rc<Instance> {
        let instances = self.environments.len() + self.world.core_instances.len();
        if depth > DEEPEST || instances > MOST_INSTANCES {
            self.world.truncated = true;
            return Rc::default();
        }
        // A component instance and its environment have the same number.
        let here = self.environments.push(Environment { parent, ..Environment::default() });
        self.world.component_instances.push(id);
        let mut exports = FxHashMap::default();
        let component = self.world.component;
        for item in &component.definitions[id].items {
            let item = match item {
                definition::Item::CoreModule(module) => Item::CoreModule(Some(*module)),
                definition::Item::CoreInstance(instance) => {
                    let instance = self.core_instance(here, instance);
                    self.environments[here].core_instances.push(instance);
                    continue;
                }
                definition::Item::CoreType => continue,
                definition::Item::Component(nested) => {
                    Item::Component(Some(Closure { definition: *nested, environment: here }))
                }
                definition::Item::Instance(instance) => {
                    Item::Instance(self.instance(here, instance, depth))
                }
                definition::Item::Alias(Alias::CoreInstanceExport { sort, instance, name }) => {
                    let instance = self.environments[here].core_instances.get(*instance).cloned();
                    let item = instance.and_then(|instance| self.core_export(&instance, name));
                    let item = item.unwrap_or_else(|| CoreItem::unknown(*sort));
                    self.environments[here].add_core(item);
                    continue;
                }
                definition::Item::Alias(Alias::InstanceExport { sort, instance, name }) => {
                    match self.environments[here].instances.get(*instance) {
                        Some(instance) => instance.export(name, *sort),
                        None => Item::unknown(*sort),
                    }
                }
                definition::Item::Alias(Alias::Outer { count, item }) => {
                    match self.outer(here, *count, *item) {
                        Some(item) => item,
                        None => continue,
                    }
                }
                definition::Item::Type(definition::Type::Resource { destructor }) => {
                    let destructor = destructor.map(|func| self.environments[here].core_func(func));
                    self.world.destructors.extend(destructor);
                    Item::Type(destructor)
                }
                definition::Item::Type(definition::Type::Other) => Item::Type(None),
                definition::Item::Canonical(function) => {
                    self.canonical(here, function);
                    continue;
                }
                definition::Item::Start { func, .. } => {
                    if let Item::Func(func) = self.environments[here].item(SortIdx::Func(*func)) {
                        self.world.starts.push(Start::Component(func));
                    }
                    continue;
                }
                definition::Item::Import { name, sort } => {
                    let given = arguments.get(name.as_str()).cloned();
                    given.unwrap_or_else(|| Item::of_host(None, name, *sort))
                }
                definition::Item::Export { name, item } => {
                    let item = self.environments[here].item(*item);
                    exports.insert(name.clone(), item.clone());
                    item
                }
            };
            self.environments[here].add(item);
        }
        Rc::new(Instance::Exports(exports))
    }

    fn instance(
        &mut self,
        here: ComponentInstanceId,
        instance: &'a definition::Instance<'a>,
        depth: usize,
    ) -> Rc<Instance> {
        let environment = &self.environments[here];
        match instance {
            definition::Instance::Instantiate { component, arguments } => {
                let Some(Some(closure)) = environment.components.get(*component).copied() else {
                    return Rc::default();
                };
                let arguments =
                    arguments.iter().map(|(name, item)| (*name, environment.item(*item))).collect();
                let parent = Some(closure.environment);
                self.instantiate(closure.definition, parent, &arguments, depth + 1)
            }
            definition::Instance::FromExports(exports) => {
                let exports = exports.iter();
                let exports = exports.map(|(name, item)| (name.clone(), environment.item(*item)));
                Rc::new(Instance::Exports(exports.collect()))
            }
        }
    }

    /// The item that an outer alias names; `None` for a core type.
    fn outer(&self, here: ComponentInstanceId, count: u32, item: OuterIdx) -> Option<Item> {
        let item = match item {
            OuterIdx::CoreType(_) => return None,
            OuterIdx::CoreModule(index) => SortIdx::CoreModule(index),
            OuterIdx::Component(index) => SortIdx::Component(index),
            OuterIdx::Type(index) => SortIdx::Type(index),
        };
        let mut outer = Some(here);
        for _ in 0..count {
            outer = outer.and_then(|environment| self.environments[environment].parent);
        }
        Some(match outer {
            Some(outer) => self.environments[outer].item(item),
            None => Item::unknown(item.sort()),
        })
    }

    fn canonical(&mut self, here: ComponentInstanceId, function: &CanonicalFunction) {
        let environment = &mut self.environments[here];
        match function {
            CanonicalFunction::Lift(lift) => {
                let core = environment.core_func(lift.core_func);
                let options = resolved(environment, &lift.options);
                let id = self.world.lifted.push(Lifted { core, home: here, options });
                environment.funcs.push(ComponentFunc::Lifted(id));
            }
            CanonicalFunction::Lower(lower) => {
                let func = environment.funcs.get(lower.func).cloned();
                let target = func.unwrap_or(ComponentFunc::Unknown);
                let options = resolved(environment, &lower.options);
                let id = self.world.lowered.push(Lowered {
                    target,
                    options,
                    result_bytes: lower.result_bytes,
                });
                environment.core_funcs.push(CoreFunc::Lowered(id));
            }
            CanonicalFunction::Builtin(builtin) => {
                let ty = builtin.ty.filter(|_| builtin.name == "resource.drop");
                let destructor = ty.and_then(|ty| *environment.types.get(ty)?);
                let memory = builtin.options.memory.map(|index| environment.core_memory(index));
                let realloc = builtin.options.realloc.map(|index| environment.core_func(index));
                let builtin = Builtin { name: builtin.name, memory, destructor, realloc };
                let id = self.world.builtins.push(builtin);
                environment.core_funcs.push(CoreFunc::Builtin(id));
            }
        }
    }
}

fn resolved(environment: &Environment<'_>, options: &CanonicalOptions) -> Options {
    let func = |index: CoreFuncIdx| environment.core_func(index);
    Options {
        string_encoding: options.string_encoding,
        memory: options.memory.map(|index| environment.core_memory(index)),
        realloc: options.realloc.map(func),
        post_return: options.post_return.map(func),
        callback: options.callback.map(func),
        is_async: options.is_async,
        core_type: options.core_type,
        gc: options.gc,
    }
}

/// The function that a path of export names leads to.
fn follow(root: &Rc<Instance>, path: &[String]) -> ComponentFunc {
    let Some((name, instances)) = path.split_last() else { return ComponentFunc::Unknown };
    let mut instance = Rc::clone(root);
    for name in instances {
        match instance.export(name, Sort::Instance) {
            Item::Instance(next) => instance = next,
            _ => return ComponentFunc::Unknown,
        }
    }
    match instance.export(name, Sort::Func) {
        Item::Func(func) => func,
        _ => ComponentFunc::Unknown,
    }
}
