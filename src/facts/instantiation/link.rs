//! Instantiates a component: walks its definitions in order.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::cost;
use super::environment::{Closure, CoreItem, Environment, Instance, Item};
use super::{
    Builtin, ComponentFunc, ComponentInstanceId, CoreFunc, Instantiation, Lifted, Lowered, Options,
    Start,
};
use crate::budget::Budget;
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

/// Bytes that instances may take for each byte of the file, and in the smallest file.
const BUDGET: u64 = 16;
const LEAST_BUDGET: u64 = 8 << 20;

/// The exports of a core module by name; modules with thousands of them are common.
type ExportMap<'a> = FxHashMap<&'a str, Extern>;

pub(super) struct Linker<'a> {
    pub(super) world: Instantiation<'a>,
    pub(super) environments: IndexSpace<ComponentInstanceId, Environment<'a>>,
    pub(super) export_maps: FxHashMap<CoreModuleId, Rc<ExportMap<'a>>>,
    /// Bytes that instances may still take. Every instance has all items of its definition.
    budget: Budget,
}

impl<'a> Instantiation<'a> {
    /// Instantiates a component, with nothing but the host behind its imports.
    pub fn of(component: &'a Component<'a>) -> Self {
        let world = Instantiation {
            component,
            component_instances: IndexSpace::default(),
            instantiated_by: IndexSpace::default(),
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
        let budget = Budget::new(LEAST_BUDGET, BUDGET, component.file.len());
        let mut linker = Linker { world, environments, export_maps, budget };
        let root = (component.root().id, None);
        let root = linker.instantiate(root, None, &FxHashMap::default(), 0);
        let exports = component.exports.iter().map(|export| {
            let func = follow(&root, &export.path);
            if linker.charge(cost::of_func(&func)) { func } else { ComponentFunc::Unknown }
        });
        let exports = exports.collect();
        Instantiation { exports, ..linker.world }
    }
}

impl<'a> Linker<'a> {
    /// Charges what an item takes, before it is made. If it returns false, the item must not be made, and is unknown.
    pub(super) fn charge(&mut self, cost: u64) -> bool {
        let is_enough = self.budget.charge(cost);
        self.world.truncated |= !is_enough;
        is_enough
    }

    /// Walks a definition inside `parent`, as far as the budget goes, for the component instance `by`. The host fills the
    /// imports that `arguments` do not.
    fn instantiate(
        &mut self,
        (id, parent): (ComponentId, Option<ComponentInstanceId>),
        by: Option<ComponentInstanceId>,
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
        self.world.instantiated_by.push(by);
        let mut exports = FxHashMap::default();
        let component = self.world.component;
        for item in &component.definitions[id].items {
            // An item that is not made is unknown to those that name it.
            if !self.charge(cost::of_item(item)) {
                break;
            }
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
                        Some(instance) => {
                            let instance = Rc::clone(instance);
                            match self.charge(instance.cost()) {
                                true => instance.export(name, *sort),
                                false => break,
                            }
                        }
                        None => Item::unknown(*sort),
                    }
                }
                definition::Item::Alias(Alias::Outer { count, item }) => {
                    match self.outer(here, *count, *item) {
                        Some(item) => item,
                        None => continue,
                    }
                }
                definition::Item::Resource { destructor, .. } => {
                    let destructor = destructor.map(|func| self.environments[here].core_func(func));
                    self.world.destructors.extend(destructor);
                    Item::Type(destructor)
                }
                definition::Item::OtherTypes(count) => {
                    (0..*count).for_each(|_| self.environments[here].add(Item::Type(None)));
                    continue;
                }
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
                    if !self.charge(2 * item.cost()) {
                        break;
                    }
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
                let items = || arguments.iter().map(|(name, it)| (*name, environment.item(*it)));
                let cost = items().map(|(_, item)| item.cost()).sum();
                if !self.charge(cost) {
                    return Rc::default();
                }
                let environment = &self.environments[here];
                let items = arguments.iter().map(|(name, it)| (*name, environment.item(*it)));
                let arguments = items.collect();
                let parent = Some(closure.environment);
                self.instantiate((closure.definition, parent), Some(here), &arguments, depth + 1)
            }
            definition::Instance::FromExports(exports) => {
                let cost = exports.iter().map(|(_, item)| environment.item(*item).cost()).sum();
                if !self.charge(cost) {
                    return Rc::default();
                }
                let environment = &self.environments[here];
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
        if let CanonicalFunction::Lower(lower) = function {
            let func = self.environments[here].funcs.get(lower.func);
            let cost = func.map_or(0, cost::of_func);
            if !self.charge(cost) {
                return;
            }
        }
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
                    home: here,
                    options,
                    result: lower.result,
                    waits: lower.waits,
                    unreleased: lower.unreleased,
                });
                environment.core_funcs.push(CoreFunc::Lowered(id));
            }
            CanonicalFunction::Builtin(builtin) => {
                let ty = builtin.ty.filter(|_| builtin.name == "resource.drop");
                let destructor = ty.and_then(|ty| *environment.types.get(ty)?);
                let memory = builtin.options.memory.map(|index| environment.core_memory(index));
                let realloc = builtin.options.realloc.map(|index| environment.core_func(index));
                let (name, slot) = (builtin.name, builtin.slot);
                let builtin = Builtin { name, memory, destructor, realloc, slot };
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
