//! The core items of a component definition, with what each alias stands for.

use crate::component::Component;
use crate::component::canonical::CanonicalFunction;
use crate::component::core_module::{CoreModule, Extern};
use crate::component::definition::{
    Alias, CoreInstance, CoreSort, CoreSortIdx, Definition, Item, OuterIdx, Sort, SortIdx,
};
use crate::component::index_space::{CoreInstanceIdx, CoreModuleId, Idx, MemoryIdx};

/// A core function of a definition.
#[derive(Debug, Clone, Copy)]
pub(super) enum CoreFunction<'c> {
    /// An export of a core instance.
    Alias {
        /// The core instance.
        instance: u32,
        /// The export's name.
        name: &'c str,
    },
    /// A lowered function or a builtin.
    Canonical(&'c CanonicalFunction),
}

/// The core items of a definition, each in its index space.
#[derive(Debug)]
pub(super) struct Wiring<'c> {
    pub(super) component: &'c Component<'c>,
    /// The core module at each index.
    pub(super) modules: Vec<CoreModuleId>,
    pub(super) instances: Vec<&'c CoreInstance<'c>>,
    pub(super) functions: Vec<CoreFunction<'c>>,
    /// The core instance that exports each memory, and the export's name.
    memories: Vec<(u32, &'c str)>,
    /// The types that are resources of the definition itself.
    pub(super) resources: Vec<u32>,
    /// How many types and component instances there are before the first lift.
    pub(super) early_types: u32,
    pub(super) early_instances: u32,
}

impl<'c> Wiring<'c> {
    /// Ignores what comes from outside the definition: the plan refuses it.
    pub(super) fn of(component: &'c Component<'c>, definition: &'c Definition<'c>) -> Self {
        let mut wiring = Wiring {
            component,
            modules: Vec::new(),
            instances: Vec::new(),
            functions: Vec::new(),
            memories: Vec::new(),
            resources: Vec::new(),
            early_types: 0,
            early_instances: 0,
        };
        let (mut types, mut instances, mut lifted) = (0, 0, false);
        for item in &definition.items {
            match item {
                Item::CoreModule(id) => wiring.modules.push(*id),
                Item::CoreInstance(instance) => wiring.instances.push(instance),
                Item::Alias(Alias::CoreInstanceExport { sort, instance, name }) => {
                    let instance = instance.raw();
                    match sort {
                        CoreSort::Func => {
                            wiring.functions.push(CoreFunction::Alias { instance, name });
                        }
                        CoreSort::Memory => wiring.memories.push((instance, name)),
                        _ => {}
                    }
                }
                Item::Canonical(
                    canonical @ (CanonicalFunction::Lower(_) | CanonicalFunction::Builtin(_)),
                ) => wiring.functions.push(CoreFunction::Canonical(canonical)),
                Item::Canonical(CanonicalFunction::Lift(_)) => lifted = true,
                Item::Resource { .. } => {
                    wiring.resources.push(types);
                    types += 1;
                }
                Item::OtherTypes(count) => types += count,
                Item::Import { sort: Sort::Type, .. }
                | Item::Export { item: SortIdx::Type(_), .. }
                | Item::Alias(
                    Alias::InstanceExport { sort: Sort::Type, .. }
                    | Alias::Outer { item: OuterIdx::Type(_), .. },
                ) => types += 1,
                Item::Instance(_)
                | Item::Import { sort: Sort::Instance, .. }
                | Item::Export { item: SortIdx::Instance(_), .. }
                | Item::Alias(Alias::InstanceExport { sort: Sort::Instance, .. }) => instances += 1,
                _ => {}
            }
            if !lifted {
                (wiring.early_types, wiring.early_instances) = (types, instances);
            }
        }
        wiring
    }

    /// The module of a core instance, and what it is instantiated with.
    pub(super) fn instantiated(
        &self,
        instance: u32,
    ) -> Option<(&'c CoreModule<'c>, &'c [(&'c str, CoreInstanceIdx)])> {
        match self.instances.get(instance as usize)? {
            CoreInstance::Instantiate { module, arguments } => {
                let id = self.modules.get(module.raw() as usize)?;
                Some((&self.component.core_modules[*id], arguments))
            }
            CoreInstance::FromExports(_) => None,
        }
    }

    /// The core instance that defines a memory which another one imports, and the index there.
    pub(super) fn memory_of(&self, instance: u32, memory: u32) -> Option<(u32, u32)> {
        let (module, arguments) = self.instantiated(instance)?;
        let item = Extern::Memory(MemoryIdx::new(memory));
        let import = module.imports.iter().find(|it| it.item == item)?;
        let (_, argument) = arguments.iter().find(|(name, _)| *name == import.module)?;
        self.definer(argument.raw(), import.field)
    }

    /// The core instance that defines the memory which `instance` exports as `name`, and the index there. An instance has only earlier ones
    /// as arguments.
    fn definer(&self, mut instance: u32, name: &str) -> Option<(u32, u32)> {
        let mut name = name.to_owned();
        for _ in 0..=self.instances.len() {
            match self.instances.get(instance as usize)? {
                CoreInstance::FromExports(items) => {
                    let (_, item) = items.iter().find(|(it, _)| *it == name)?;
                    let CoreSortIdx::Memory(memory) = item else { return None };
                    let (from, export) = self.memories.get(memory.raw() as usize)?;
                    (instance, name) = (*from, (*export).to_owned());
                }
                CoreInstance::Instantiate { .. } => {
                    let (module, arguments) = self.instantiated(instance)?;
                    let export = module.exports.iter().find(|it| it.name == name)?;
                    let Extern::Memory(memory) = export.item else { return None };
                    if !module.memories.get(memory)?.imported {
                        return Some((instance, memory.raw()));
                    }
                    let import = module.imports.iter().find(|it| it.item == export.item)?;
                    let (_, argument) = arguments.iter().find(|(it, _)| *it == import.module)?;
                    (instance, name) = (argument.raw(), import.field.to_owned());
                }
            }
        }
        None
    }
}
