//! The parts of a composition that a finding is about.

use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::inventory::{Cause, InnerComponent, around};
use crate::location::ItemKind;

/// Most components that a finding names.
const MOST: usize = 3;

/// A component nested in the root that has to do with a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inner {
    /// What it has to do with it.
    pub roles: Vec<InnerRole>,
    /// Its number, in file order; the root is 0.
    pub index: u32,
    /// The name that the file gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it exports first.
    pub exports: Vec<String>,
    /// The components from the root to it, in words: ``component 2 `greeter` ``. It is the last.
    pub path: Vec<String>,
    /// Its first byte in the file; 0 in documents of older versions.
    #[serde(default)]
    pub offset: u64,
    /// How many bytes it takes; 0 in documents of older versions.
    #[serde(default)]
    pub length: u64,
}

/// What a component has to do with a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InnerRole {
    /// The place of the finding is in its code.
    Place,
    /// It holds state that makes the call differ.
    Cause,
}

impl Inner {
    /// The parts of a composition with the place and with the cause of a finding.
    pub(crate) fn of(
        finding: &Finding,
        cause: Option<&Cause>,
        components: &[InnerComponent],
    ) -> Vec<Inner> {
        if components.is_empty() {
            return Vec::new();
        }
        let places = std::iter::once(&finding.location);
        let mut places = places.chain(finding.labels.iter().map(|it| &it.location));
        let place = places.find_map(|it| it.step(ItemKind::CoreModule)).map(|step| step.index);
        // Of a cause that was not narrowed down, the parts are only the first ones.
        let causes = cause.into_iter().filter(|it| !it.is_unfinished);
        let causes = causes.flat_map(|it| &it.parts).filter_map(|it| it.core_module);
        let roles = place.into_iter().map(|it| (InnerRole::Place, it));
        let mut inner: Vec<Inner> = Vec::new();
        for (role, core_module) in roles.chain(causes.map(|it| (InnerRole::Cause, it))) {
            let around = around(components, core_module);
            let Some(component) = around.first() else { continue };
            if let Some(known) = inner.iter_mut().find(|it| it.index == component.index) {
                if !known.roles.contains(&role) {
                    known.roles.push(role);
                }
                continue;
            }
            inner.push(Inner {
                roles: vec![role],
                index: component.index,
                name: component.name.clone(),
                exports: component.exports.clone(),
                path: around.iter().rev().map(|it| it.words()).collect(),
                offset: component.span.start,
                length: component.span.len(),
            });
        }
        inner.truncate(MOST);
        inner
    }

    /// What it is, where, and what it has to do with the finding.
    pub(crate) fn words(&self) -> String {
        let mut path = self.path.iter().rev();
        let mut words = path.next().cloned().unwrap_or_default();
        if !self.exports.is_empty() {
            let exports: Vec<_> = self.exports.iter().map(|it| format!("`{it}`")).collect();
            words += &format!(" (exports {})", exports.join(", "));
        }
        path.for_each(|outer| words += &format!(" in {outer}"));
        let roles = self.roles.iter().map(|role| match role {
            InnerRole::Place => "it happens there",
            InnerRole::Cause => "it holds that state",
        });
        format!("{words}: {}", roles.collect::<Vec<_>>().join(", and "))
    }
}
