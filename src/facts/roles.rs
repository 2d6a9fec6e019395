//! The role of each core module, by its structure. Names are no evidence: wit-component's may be stripped, and anyone
//! may use them.

use std::fmt;

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::component::Component;
use crate::component::core_module::{CoreModule, Extern, Placement};
use crate::component::index_space::{CoreModuleId, FuncIdx, TableIdx};
use crate::facts::body::{Bodies, Op};
use crate::facts::instantiation::{CoreFunc, CoreInstanceId, Instantiation};
use crate::facts::provenance::Provenance;

/// The role of a core module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The only module of its component without another role.
    Main,
    /// A preview1 adapter.
    Adapter,
    /// Stubs that call through a table, for imports that are filled later.
    Shim,
    /// Fills the shim's table.
    Fixups,
    /// Has no code and runs an imported function as its start function.
    Starter,
    /// A dynamic library.
    Library,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Role::Main => "main",
            Role::Adapter => "adapter",
            Role::Shim => "shim",
            Role::Fixups => "fixups",
            Role::Starter => "starter",
            Role::Library => "library",
        })
    }
}

/// The roles of a component's core modules.
#[derive(Debug)]
pub struct Roles {
    roles: FxHashMap<CoreModuleId, Role>,
    stubs: FxHashMap<(CoreModuleId, FuncIdx), (TableIdx, u64)>,
}

impl Roles {
    /// Decodes the bodies of modules that have a shim's shape, and no others.
    pub fn of<'a>(component: &'a Component<'a>, provenance: &Provenance) -> Self {
        let bodies = Bodies::of(component);
        let mut found = Roles { roles: FxHashMap::default(), stubs: FxHashMap::default() };
        for (id, module) in component.core_modules.iter() {
            let role = if provenance.adapters.iter().any(|adapter| adapter.module == id) {
                Some(Role::Adapter)
            } else if let Some(stubs) = stubs(module, &bodies) {
                found.stubs.extend(stubs.into_iter().map(|(func, slot)| ((id, func), slot)));
                Some(Role::Shim)
            } else {
                by_declarations(module)
            };
            found.roles.extend(role.map(|role| (id, role)));
        }
        found.find_main(component);
        found
    }

    /// The role of a module.
    pub fn get(&self, module: CoreModuleId) -> Option<Role> {
        self.roles.get(&module).copied()
    }

    /// The table and slot that a stub of a shim calls through.
    pub fn stub(&self, module: CoreModuleId, func: FuncIdx) -> Option<(TableIdx, u64)> {
        self.stubs.get(&(module, func)).copied()
    }

    /// What a stub of a shim calls; `None` if it is none, or the table's slot is unknown.
    pub fn behind(
        &self,
        world: &Instantiation<'_>,
        instance: CoreInstanceId,
        func: FuncIdx,
    ) -> Option<CoreFunc> {
        let (table, slot) = self.stub(world.core_instances[instance].module, func)?;
        let table = &world.tables[world.table(instance, table)?];
        table.slots.get(usize::try_from(slot).ok()?).copied().flatten()
    }

    fn find_main(&mut self, component: &Component<'_>) {
        let mut left: FxHashMap<_, Vec<CoreModuleId>> = FxHashMap::default();
        for (id, module) in component.core_modules.iter() {
            if !self.roles.contains_key(&id) {
                left.entry(module.home).or_default().push(id);
            }
        }
        for modules in left.values() {
            if let [main] = modules[..]
                && defined_funcs(&component.core_modules[main]) > 0
            {
                self.roles.insert(main, Role::Main);
            }
        }
    }
}

fn defined_funcs(module: &CoreModule<'_>) -> usize {
    module.functions.len() - module.imported_funcs()
}

// A shim exports a table and stubs, and has nothing else.
fn stubs(module: &CoreModule<'_>, bodies: &Bodies<'_>) -> Option<Vec<(FuncIdx, (TableIdx, u64))>> {
    let exports_table = module.exports.iter().any(|it| matches!(it.item, Extern::Table(_)));
    let has_shape = exports_table
        && module.imports.is_empty()
        && module.memories.is_empty()
        && module.data.is_empty()
        && module.elements.is_empty()
        && module.exports.len() == module.functions.len() + module.tables.len();
    if !has_shape || module.functions.is_empty() {
        return None;
    }
    let functions = module.functions.iter();
    functions.map(|(func, _)| Some((func, stub(module, func, bodies)?))).collect()
}

fn stub(module: &CoreModule<'_>, func: FuncIdx, bodies: &Bodies<'_>) -> Option<(TableIdx, u64)> {
    let code = bodies.get(module.id, func)?.code.as_slice();
    let ([arguments @ .., Op::Const(slot), Op::CallIndirect(_, table), Op::End]
    | [arguments @ .., Op::Const(slot), Op::ReturnCallIndirect(_, table), Op::End]) = code
    else {
        return None;
    };
    let passes_on = arguments.iter().all(|op| matches!(op, Op::LocalGet(_)));
    passes_on.then_some((*table, *slot))
}

fn by_declarations(module: &CoreModule<'_>) -> Option<Role> {
    if module.custom_sections.iter().any(|section| section.name == "dylink.0") {
        return Some(Role::Library);
    }
    let is_imported =
        |table: TableIdx| module.tables.get(table).is_some_and(|table: &_| table.imported);
    let fills = module.elements.iter().any(|(_, element)| match &element.placement {
        Placement::Active { target, .. } => is_imported(*target),
        _ => false,
    });
    if defined_funcs(module) > 0 || !module.memories.is_empty() {
        None
    } else if fills {
        Some(Role::Fixups)
    } else {
        module.start.map(|_| Role::Starter)
    }
}
