//! Why a component is not repaired: the rule that it breaks, and where.

use std::fmt;

use crate::location::Location;

/// A rule that a component has to keep. `docs/fix.md` gives the reason of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// It was repaired before.
    Repaired,
    /// It exports no function.
    NoExport,
    /// It has no state.
    Stateless,
    /// Lifted functions both in a component and in one nested in it.
    Composed,
    /// A component that is imported or given as an argument, or an instance with code that is exported as a whole.
    ComponentItem,
    /// A function that both the host and a nested component call, while a start function may call it, too.
    SharedExport,
    /// A core module or an instance of one that comes from outside.
    ImportedModule,
    /// Async lifts and lowers, tasks, threads, streams and futures.
    Async,
    /// A lifted function that is no export of a core instance.
    LiftedFunction,
    /// Core instances or builtins behind the first lift.
    LateInstance,
    /// A shared or 64-bit memory, or one with pages of another size.
    MemoryType,
    /// An imported memory that no core instance of the component defines.
    UnknownMemory,
    /// A global that refers to data that can change, or a shared one.
    ReferenceGlobal,
    /// A table whose elements refer to data that can change.
    ReferenceTable,
    /// A shared or 64-bit table, one that another module grows, or one without null that is written.
    TableType,
    /// An instruction that catches every exception, and so an exit.
    CatchAll,
}

impl Rule {
    /// All rules, in the order of `docs/fix.md`.
    pub const ALL: [Rule; 16] = [
        Rule::Repaired,
        Rule::NoExport,
        Rule::Stateless,
        Rule::Composed,
        Rule::ComponentItem,
        Rule::SharedExport,
        Rule::ImportedModule,
        Rule::Async,
        Rule::LiftedFunction,
        Rule::LateInstance,
        Rule::MemoryType,
        Rule::UnknownMemory,
        Rule::ReferenceGlobal,
        Rule::ReferenceTable,
        Rule::TableType,
        Rule::CatchAll,
    ];

    /// Its name in messages and in `docs/fix.md`.
    pub fn id(self) -> &'static str {
        match self {
            Rule::Repaired => "repaired",
            Rule::NoExport => "no_export",
            Rule::Stateless => "stateless",
            Rule::Composed => "composed",
            Rule::ComponentItem => "component_item",
            Rule::SharedExport => "shared_export",
            Rule::ImportedModule => "imported_module",
            Rule::Async => "async",
            Rule::LiftedFunction => "lifted_function",
            Rule::LateInstance => "late_instance",
            Rule::MemoryType => "memory_type",
            Rule::UnknownMemory => "unknown_memory",
            Rule::ReferenceGlobal => "reference_global",
            Rule::ReferenceTable => "reference_table",
            Rule::TableType => "table_type",
            Rule::CatchAll => "catch_all",
        }
    }

    /// What is wrong, as a sentence without its full stop.
    pub fn sentence(self) -> &'static str {
        match self {
            Rule::Repaired => "this component was repaired before",
            Rule::NoExport => "this component exports no function",
            Rule::Stateless => {
                "no core module has a memory or a mutable global: each call begins afresh already"
            }
            Rule::Composed => {
                "code of a component and of one nested in it cannot be reset together"
            }
            Rule::ComponentItem => "a component or instance with code is passed on as a whole",
            Rule::SharedExport => {
                "the host and a nested component call the same function, and so may a start function"
            }
            Rule::ImportedModule => "an imported core module is unknown, and so is its state",
            Rule::Async => "an async function may be running while another call begins",
            Rule::LiftedFunction => "this lifted function is not an export of a core instance",
            Rule::LateInstance => "a core instance or canonical function is defined after a lift",
            Rule::MemoryType => {
                "a memory that is shared, 64-bit or not of 64 KiB pages is not reset"
            }
            Rule::UnknownMemory => "this imported memory is not the memory of a core instance",
            Rule::ReferenceGlobal => "a global refers to data that can change, or is shared",
            Rule::ReferenceTable => "a table refers to data that can change",
            Rule::TableType => {
                "a table that is shared, 64-bit, without null or grown by another module is not reset"
            }
            Rule::CatchAll => {
                "this instruction catches every exception, and --exit makes one of an exit"
            }
        }
    }
}

/// A rule that a component breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The rule.
    pub rule: Rule,
    /// Where it is broken first.
    pub place: Location,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Refusal { rule, place } = self;
        write!(f, "{} [{}]", rule.sentence(), rule.id())?;
        match place.path.is_empty() {
            // The whole component is no place.
            true => Ok(()),
            false => write!(f, " at {:#x} in {place}", place.span.start),
        }
    }
}

/// The rules that are broken, each at the first place.
#[derive(Debug, Default)]
pub(super) struct Refusals(Vec<Refusal>);

impl Refusals {
    pub(super) fn add(&mut self, rule: Rule, place: Location) {
        if self.0.iter().all(|it| it.rule != rule) {
            self.0.push(Refusal { rule, place });
        }
    }

    pub(super) fn extend(&mut self, refusals: Vec<Refusal>) {
        refusals.into_iter().for_each(|Refusal { rule, place }| self.add(rule, place));
    }

    /// # Errors
    /// If a rule is broken.
    pub(super) fn check(self) -> Result<(), RepairError> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(RepairError::Refused(self.0)),
        }
    }
}

/// Why nothing is repaired.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RepairError {
    /// The component breaks rules; each is named once.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<Refusal>),
    /// The rewritten component is not what it should be, which is a bug.
    #[error("the rewritten component is not usable: {0}")]
    Failed(String),
}
