//! Rewrites a component so that each call of an export begins with the state that instantiation left. Executes nothing:
//! what calls of the result did is compared by `verification`.

pub mod adapter;
mod added_module;
mod assembly;
mod chain;
mod component;
mod composition;
mod control;
mod core_module;
mod debug;
mod exit;
mod handles;
mod labels;
mod ledger;
mod names;
mod part;
mod plan;
mod producers;
mod reference;
mod refusal;
mod reset;
mod reset_memory;
mod reset_table;
mod scan;
mod sections;
mod spaces;
mod stack;
pub mod verification;
mod walk;
mod wiring;

use crate::component::Component;
use crate::facts::instantiation::Instantiation;
use crate::location::ExportName;
pub use plan::Choice;
use plan::Plan;
use refusal::Refusals;
pub use refusal::{Refusal, RepairError, Rule};

/// A repaired component.
#[derive(Debug, Clone)]
pub struct Repaired {
    /// The component.
    pub bytes: Vec<u8>,
    /// What was added to each core module with state.
    pub modules: Vec<ResetModule>,
    /// How many kinds of handles are remembered and dropped.
    pub kinds: usize,
    /// Whether an instance goes on with its state while a resource of the component is alive.
    pub resources: bool,
    /// The exports that return instead of exiting: `wasi:cli/run`, and others that are the same function.
    pub exiting: Vec<ExportName>,
    /// The exports that go on with the state of the call before.
    pub keeping: Vec<ExportName>,
    /// Whether names of the original are left out because they cannot be read.
    pub lost_names: bool,
}

/// A core module whose state is reset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResetModule {
    /// Its number in the file.
    pub index: u32,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// How many globals are reset.
    pub globals: usize,
    /// The initial size of each memory, in pages of 64 KiB.
    pub pages: Vec<u32>,
    /// How many tables are reset.
    pub tables: usize,
    /// The size of the stack, in bytes, if only the used part of it is zeroed.
    pub stack: Option<u32>,
}

/// What a repair of a component would do, planned and not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// Whether `wasi:cli/run` can return instead of exiting.
    pub exits: bool,
    /// Whether each handle that the component gets from the host is remembered, and dropped at the next call.
    pub handles: bool,
}

/// Plans the repair of a component with these instances.
///
/// # Errors
/// If the component breaks a rule.
pub fn planned<'c>(
    component: &'c Component<'c>,
    instantiation: &Instantiation<'c>,
) -> Result<Planned, RepairError> {
    let choice = Choice { keeps: &|_| false, exits: false, verified: true };
    let mut plan = Plan::of(component, instantiation, &choice)?;
    // Exits may be what cannot be changed.
    let mut refusals = Refusals::default();
    plan.return_from_exits(&mut refusals);
    let exits = refusals.check().is_ok() && !plan.exiting.is_empty();
    let handles = plan.parts.values().all(|part| part.tracked.is_complete);
    Ok(Planned { exits, handles })
}

/// Repairs a component.
///
/// # Errors
/// If the component breaks a rule, or the result is not valid.
pub fn repair<'c>(
    component: &'c Component<'c>,
    choice: &Choice<'_>,
) -> Result<Repaired, RepairError> {
    let plan = Plan::of(component, &Instantiation::of(component), choice)?;
    let written = component::rewritten(&plan, choice.verified).map_err(RepairError::Failed)?;
    let component::Written { bytes, lost_names } = written;
    let again = Component::read(&bytes).map_err(|error| RepairError::Failed(error.to_string()))?;
    if again.exports != component.exports || again.imports != component.imports {
        return Err(RepairError::Failed("its imports or exports differ".to_owned()));
    }
    let modules =
        plan.scans.iter().filter(|(_, scan)| scan.is_stateful()).map(|(id, scan)| ResetModule {
            index: crate::component::index_space::Idx::raw(*id),
            name: component.core_modules[*id].name.map(str::to_owned),
            globals: scan.globals.len(),
            pages: scan.memories.iter().map(|memory| memory.pages).collect(),
            tables: scan.tables.iter().filter(|table| table.is_reset).count(),
            stack: scan.stack.map(|(_, end)| end),
        });
    Ok(Repaired {
        modules: modules.collect(),
        kinds: plan.parts.values().map(|part| part.tracked.resources.len()).sum(),
        resources: plan.parts.values().any(part::Part::has_resources),
        exiting: plan.exiting,
        keeping: plan.keeping,
        lost_names,
        bytes,
    })
}

impl ResetModule {
    /// How many bytes each call writes to reset its memories, without the part of the stack that was used.
    pub fn bytes(&self) -> u64 {
        let all: u64 = self.pages.iter().map(|pages| u64::from(*pages) << 16).sum();
        all.saturating_sub(self.stack.map_or(0, u64::from))
    }
}
