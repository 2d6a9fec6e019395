//! The components of a composition.

use serde::{Deserialize, Serialize};

use crate::location::Span;

/// A component nested in the root that holds core modules, itself or in one nested in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InnerComponent {
    /// Its number, in file order; the root is 0.
    pub index: u32,
    /// The name that the file gives it.
    pub name: Option<String>,
    /// What it exports first: at most [`InnerComponent::MOST_EXPORTS`] names.
    pub exports: Vec<String>,
    /// Its bytes in the file.
    pub span: Span,
    /// The number of the component around it.
    pub parent: u32,
    /// Its own core modules, numbered across the file.
    pub core_modules: Vec<u32>,
}

impl InnerComponent {
    /// Exports that are kept.
    pub const MOST_EXPORTS: usize = 2;

    /// What it is: ``component 2 `greeter` ``.
    pub(crate) fn words(&self) -> String {
        match &self.name {
            Some(name) => format!("component {} `{name}`", self.index),
            None => format!("component {}", self.index),
        }
    }
}

/// The components around a core module, innermost first; empty if it is the root's.
pub(crate) fn around(components: &[InnerComponent], core_module: u32) -> Vec<&InnerComponent> {
    let mut next = components.iter().find(|it| it.core_modules.contains(&core_module));
    let mut around = Vec::new();
    while let Some(component) = next {
        around.push(component);
        // A component comes after the one around it, so this ends.
        next =
            components.iter().find(|it| it.index == component.parent && it.index < component.index);
    }
    around
}
