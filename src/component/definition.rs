//! A component definition: an ordered list of items, each of which adds to one index space.

use super::canonical::CanonicalFunction;
use super::index_space::{
    ComponentFuncIdx, ComponentId, ComponentIdx, ComponentTypeIdx, ComponentValueIdx, CoreFuncIdx,
    CoreGlobalIdx, CoreInstanceIdx, CoreMemoryIdx, CoreModuleId, CoreModuleIdx, CoreTableIdx,
    CoreTagIdx, CoreTypeIdx, InstanceIdx,
};
use crate::location::{ExportName, Span};

/// A component definition: the root, or one nested in it.
#[derive(Debug)]
pub struct Definition<'a> {
    /// Its number, in file order.
    pub id: ComponentId,
    /// Its bytes in the file.
    pub span: Span,
    /// The name its name section gives it.
    pub name: Option<&'a str>,
    /// Its items, in order.
    pub items: Vec<Item<'a>>,
    /// Producers: field, name, version.
    pub producers: Vec<(&'a str, &'a str, &'a str)>,
    /// Names of its custom sections.
    pub custom_sections: Vec<&'a str>,
}

/// One definition of a component.
#[derive(Debug)]
pub enum Item<'a> {
    /// A core module.
    CoreModule(CoreModuleId),
    /// A core instance.
    CoreInstance(CoreInstance<'a>),
    /// A core type.
    CoreType,
    /// A nested component.
    Component(ComponentId),
    /// An instance.
    Instance(Instance<'a>),
    /// An alias.
    Alias(Alias<'a>),
    /// A resource type that this component defines.
    Resource {
        /// The destructor.
        destructor: Option<CoreFuncIdx>,
        /// The name under which this component exports it.
        exported: Option<ExportName>,
    },
    /// So many types that are no resources. Signatures are in [`super::world`].
    OtherTypes(u32),
    /// A canonical function.
    Canonical(CanonicalFunction),
    /// The start function.
    Start {
        /// The function.
        func: ComponentFuncIdx,
        /// Its arguments.
        arguments: Vec<ComponentValueIdx>,
        /// How many values it adds to the value index space.
        results: u32,
    },
    /// An import.
    Import {
        /// Its full name.
        name: String,
        /// The sort of the item.
        sort: Sort,
    },
    /// An export. It adds to the index space of its sort, too.
    Export {
        /// Its full name.
        name: String,
        /// The item.
        item: SortIdx,
    },
}

/// A core instance.
#[derive(Debug)]
pub enum CoreInstance<'a> {
    /// From a core module.
    Instantiate {
        /// The module.
        module: CoreModuleIdx,
        /// The instances that fill its imports, by module name.
        arguments: Vec<(&'a str, CoreInstanceIdx)>,
    },
    /// From existing items.
    FromExports(Vec<(&'a str, CoreSortIdx)>),
}

/// An instance.
#[derive(Debug)]
pub enum Instance<'a> {
    /// From a component.
    Instantiate {
        /// The component.
        component: ComponentIdx,
        /// The items that fill its imports, by name.
        arguments: Vec<(&'a str, SortIdx)>,
    },
    /// From existing items.
    FromExports(Vec<(String, SortIdx)>),
}

/// An alias.
#[derive(Debug)]
pub enum Alias<'a> {
    /// An instance's export.
    InstanceExport {
        /// The sort of the export.
        sort: Sort,
        /// The instance.
        instance: InstanceIdx,
        /// The export's name.
        name: &'a str,
    },
    /// A core instance's export.
    CoreInstanceExport {
        /// The sort of the export.
        sort: CoreSort,
        /// The core instance.
        instance: CoreInstanceIdx,
        /// The export's name.
        name: &'a str,
    },
    /// An item of an enclosing component.
    Outer {
        /// How many components outward; 0 is this one.
        count: u32,
        /// The item.
        item: OuterIdx,
    },
}

/// The target of an outer alias.
#[derive(Debug, Clone, Copy)]
pub enum OuterIdx {
    /// A core module.
    CoreModule(CoreModuleIdx),
    /// A core type.
    CoreType(CoreTypeIdx),
    /// A component.
    Component(ComponentIdx),
    /// A type.
    Type(ComponentTypeIdx),
}

/// The sorts of the component level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A core module.
    CoreModule,
    /// A function.
    Func,
    /// A value.
    Value,
    /// A type.
    Type,
    /// A component.
    Component,
    /// An instance.
    Instance,
}

/// An item of the component level.
#[derive(Debug, Clone, Copy)]
pub enum SortIdx {
    /// A core module.
    CoreModule(CoreModuleIdx),
    /// A function.
    Func(ComponentFuncIdx),
    /// A value.
    Value(ComponentValueIdx),
    /// A type.
    Type(ComponentTypeIdx),
    /// A component.
    Component(ComponentIdx),
    /// An instance.
    Instance(InstanceIdx),
}

impl SortIdx {
    /// The sort of the item.
    pub fn sort(self) -> Sort {
        match self {
            SortIdx::CoreModule(_) => Sort::CoreModule,
            SortIdx::Func(_) => Sort::Func,
            SortIdx::Value(_) => Sort::Value,
            SortIdx::Type(_) => Sort::Type,
            SortIdx::Component(_) => Sort::Component,
            SortIdx::Instance(_) => Sort::Instance,
        }
    }
}

/// The sorts of the core level that an alias can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoreSort {
    /// A function.
    Func,
    /// A table.
    Table,
    /// A memory.
    Memory,
    /// A global.
    Global,
    /// A tag.
    Tag,
}

/// An item of the core level.
#[derive(Debug, Clone, Copy)]
pub enum CoreSortIdx {
    /// A function.
    Func(CoreFuncIdx),
    /// A table.
    Table(CoreTableIdx),
    /// A memory.
    Memory(CoreMemoryIdx),
    /// A global.
    Global(CoreGlobalIdx),
    /// A tag.
    Tag(CoreTagIdx),
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A component of a few bytes an item has a million items.
    #[test]
    fn an_item_is_small() {
        assert!(size_of::<Item<'_>>() <= 72, "{} bytes", size_of::<Item<'_>>());
    }
}
