//! Adds core modules, core instances and aliases to a component, and counts what it has.

use wasm_encoder::{
    Alias, Component, ComponentAliasSection, ComponentSectionId, ExportKind, InstanceSection,
    ModuleArg, RawSection,
};

/// How many core items the component has.
#[derive(Debug, Default)]
pub(super) struct Added {
    pub(super) modules: u32,
    pub(super) instances: u32,
    pub(super) functions: u32,
}

impl Added {
    pub(super) fn module(&mut self, component: &mut Component, bytes: &[u8]) -> u32 {
        component.section(&RawSection { id: ComponentSectionId::CoreModule.into(), data: bytes });
        self.modules += 1;
        self.modules - 1
    }

    pub(super) fn instantiate(
        &mut self,
        component: &mut Component,
        module: u32,
        arguments: &[(String, u32)],
    ) -> u32 {
        let arguments = arguments.iter();
        let arguments = arguments.map(|(name, it)| (name.as_str(), ModuleArg::Instance(*it)));
        let mut section = InstanceSection::new();
        section.instantiate(module, arguments.collect::<Vec<_>>());
        component.section(&section);
        self.instances += 1;
        self.instances - 1
    }

    /// An instance that exports existing items.
    pub(super) fn bundle(
        &mut self,
        component: &mut Component,
        items: Vec<(String, ExportKind, u32)>,
    ) -> u32 {
        let mut section = InstanceSection::new();
        section.export_items(items);
        component.section(&section);
        self.instances += 1;
        self.instances - 1
    }

    pub(super) fn alias(&mut self, component: &mut Component, instance: u32, name: &str) -> u32 {
        let mut section = ComponentAliasSection::new();
        section.alias(Alias::CoreInstanceExport { instance, kind: ExportKind::Func, name });
        component.section(&section);
        self.functions += 1;
        self.functions - 1
    }
}
