//! The index spaces of a component that is written anew: which index each item of the original has in the result.

use wasmparser::{ComponentAlias, ComponentExternalKind, ComponentOuterAliasKind, ExternalKind};

/// One index space.
#[derive(Debug, Default)]
pub(super) struct Space {
    /// The new index of each original item.
    new: Vec<u32>,
    /// The index of the next item.
    next: u32,
}

impl Space {
    /// The next original item; its new index.
    pub(super) fn keep(&mut self) -> u32 {
        let index = self.add();
        self.new.push(index);
        index
    }

    /// An added item; its index.
    pub(super) fn add(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }

    /// How many original items there are so far.
    pub(super) fn kept(&self) -> u32 {
        self.new.len() as u32
    }

    /// The new index of an original item; `None` if it is not defined yet.
    pub(super) fn get(&self, old: u32) -> Option<u32> {
        self.new.get(old as usize).copied()
    }

    /// The same, where a validator refuses a wrong index afterwards.
    pub(super) fn of(&self, old: u32) -> u32 {
        self.get(old).unwrap_or(u32::MAX)
    }
}

/// The index spaces of a component to which a repair adds items.
#[derive(Debug, Default)]
pub(super) struct Spaces {
    pub(super) types: Space,
    pub(super) functions: Space,
    pub(super) instances: Space,
    pub(super) components: Space,
    pub(super) core_modules: Space,
    pub(super) core_instances: Space,
    pub(super) core_functions: Space,
}

impl Spaces {
    /// An import or export of this kind adds an original item.
    pub(super) fn item(&mut self, kind: ComponentExternalKind) {
        match kind {
            ComponentExternalKind::Func => self.functions.keep(),
            ComponentExternalKind::Type => self.types.keep(),
            ComponentExternalKind::Instance => self.instances.keep(),
            ComponentExternalKind::Component => self.components.keep(),
            ComponentExternalKind::Module => self.core_modules.keep(),
            // No values are added.
            ComponentExternalKind::Value => 0,
        };
    }

    /// An alias adds an original item; the new index if that is a core function.
    pub(super) fn alias(&mut self, alias: &ComponentAlias<'_>) -> Option<u32> {
        match alias {
            ComponentAlias::CoreInstanceExport {
                kind: ExternalKind::Func | ExternalKind::FuncExact,
                ..
            } => return Some(self.core_functions.keep()),
            ComponentAlias::CoreInstanceExport { .. } => {}
            ComponentAlias::InstanceExport { kind, .. } => self.item(*kind),
            ComponentAlias::Outer { kind, .. } => match kind {
                ComponentOuterAliasKind::CoreModule => self.item(ComponentExternalKind::Module),
                ComponentOuterAliasKind::CoreType => {}
                ComponentOuterAliasKind::Type => self.item(ComponentExternalKind::Type),
                ComponentOuterAliasKind::Component => self.item(ComponentExternalKind::Component),
            },
        }
        None
    }
}
