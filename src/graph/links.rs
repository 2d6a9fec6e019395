//! Links from core instances to others and to the host: imports, and the contents of tables.

use crate::component::core_module::Extern;
use crate::component::index_space::{FuncIdx, Idx};
use crate::demangle::demangled;
use crate::facts::Facts;
use crate::facts::instantiation::{ComponentFunc, CoreFunc, CoreInstanceId, Instantiation};
use crate::facts::roles::{Role, Roles};
use crate::report::graph::{EdgeKind, shortened};

/// Longest name of a function beside a line, in characters.
const NAME_LIMIT: usize = 26;
/// Times that one function is lifted and lowered again.
const FARTHEST: usize = 64;
/// Slots of a table that are looked at.
const MOST_SLOTS: usize = 1024;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    Instance(CoreInstanceId),
    /// The host's import of this name; `None` for functions of the root.
    Host(Option<String>),
}

/// Something of a core instance that leads elsewhere.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) to: Target,
    pub(super) kind: EdgeKind,
    pub(super) name: String,
}

/// The function behind others that were lifted and lowered.
enum Found<'w> {
    Core(CoreInstanceId, FuncIdx),
    Host(&'w Option<String>, &'w str),
}

/// Knows who made what.
#[derive(Debug)]
pub(super) struct Links<'f, 'a> {
    world: &'f Instantiation<'a>,
    roles: &'f Roles,
}

impl<'f, 'a> Links<'f, 'a> {
    pub(super) fn of(facts: &'f Facts<'a>, roles: &'f Roles) -> Self {
        Links { world: &facts.world, roles }
    }

    /// Calls `each` with every link from an instance.
    pub(super) fn from(&self, from: CoreInstanceId, mut each: impl FnMut(Link)) {
        let module = self.world.module(from);
        let role = self.roles.get(module.id);
        let is_fixups = role == Some(Role::Fixups);
        for import in &module.imports {
            let (to, name) = match import.item {
                // What fixups import, they only put into the shim's table, which is drawn.
                Extern::Func(func) if is_fixups && module.start != Some(func) => continue,
                Extern::Func(func) => match self.followed(self.world.func(from, func)) {
                    Some(Found::Host(host, name)) => {
                        (Some(Target::Host(host.clone())), name.to_owned())
                    }
                    Some(Found::Core(made, _)) => {
                        (Some(Target::Instance(made)), import.field.to_owned())
                    }
                    None => continue,
                },
                Extern::Memory(index) => {
                    let made = self.world.memory(from, index);
                    let made = made.map(|id| self.world.memories[id].owner.0);
                    (made.map(Target::Instance), import.field.to_owned())
                }
                Extern::Table(index) => {
                    let made = self.world.table(from, index);
                    let made = made.map(|id| self.world.tables[id].owner.0);
                    let name = if is_fixups { "fills its table" } else { import.field };
                    (made.map(Target::Instance), name.to_owned())
                }
                Extern::Global(index) => {
                    let made = self.world.global(from, index);
                    let made = made.map(|id| self.world.globals[id].owner.0);
                    (made.map(Target::Instance), import.field.to_owned())
                }
                Extern::Tag(_) => continue,
            };
            if let Some(to) = to {
                each(Link { to, kind: EdgeKind::Import, name: shown(&name) });
            }
        }
        if role == Some(Role::Shim) {
            self.held(from, each);
        }
    }

    fn held(&self, from: CoreInstanceId, mut each: impl FnMut(Link)) {
        let tables = self.world.core_instances[from].tables.iter().filter_map(|(_, table)| *table);
        let slots = tables.flat_map(|table| &self.world.tables[table].slots);
        for func in slots.take(MOST_SLOTS).flatten() {
            let (to, name) = match self.followed(*func) {
                Some(Found::Core(made, func)) => (Target::Instance(made), self.name(made, func)),
                Some(Found::Host(host, name)) => (Target::Host(host.clone()), shown(name)),
                None => continue,
            };
            each(Link { to, kind: EdgeKind::Table, name });
        }
    }

    /// The target of a function; `None` for canonical built-ins and unknown functions.
    pub(super) fn target(&self, func: CoreFunc) -> Option<Target> {
        Some(match self.followed(func)? {
            Found::Core(instance, _) => Target::Instance(instance),
            Found::Host(import, _) => Target::Host(import.clone()),
        })
    }

    /// The number of a function, and its name where that is not `known` already.
    pub(super) fn numbered(&self, func: CoreFunc, known: &str) -> String {
        match self.followed(func) {
            Some(Found::Core(instance, func)) => {
                let own = self.world.module(instance).func_name(func).filter(|own| *own != known);
                let own = own.map(|own| format!(" {}", shown(own))).unwrap_or_default();
                format!("func {}{own}", func.raw())
            }
            Some(Found::Host(_, name)) => shown(name),
            None => String::new(),
        }
    }

    fn followed(&self, func: CoreFunc) -> Option<Found<'_>> {
        let mut at = func;
        for _ in 0..FARTHEST {
            match at {
                CoreFunc::Defined(instance, func) => return Some(Found::Core(instance, func)),
                CoreFunc::Lowered(id) => match &self.world.lowered[id].target {
                    ComponentFunc::Lifted(id) => at = self.world.lifted[*id].core,
                    ComponentFunc::Imported { instance, name } => {
                        return Some(Found::Host(instance, name));
                    }
                    ComponentFunc::Unknown => return None,
                },
                CoreFunc::Builtin(_) | CoreFunc::Unknown => return None,
            }
        }
        None
    }

    /// The name of a function, or its number.
    pub(super) fn name(&self, instance: CoreInstanceId, func: FuncIdx) -> String {
        match self.world.module(instance).func_name(func) {
            Some(name) => shown(name),
            None => format!("func {}", func.raw()),
        }
    }
}

/// A function's name without what its kind puts before it.
fn shown(name: &str) -> String {
    let own = ["[method]", "[static]"].iter().find_map(|kind| name.strip_prefix(kind));
    shortened(&demangled(own.unwrap_or(name)), NAME_LIMIT)
}
