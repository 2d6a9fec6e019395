//! A component that is compiled and linked, and what to call in it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use wasmtime::component::{ComponentExportIndex, InstancePre, Linker};

use super::budget::Deadline;
use super::host::{Host, Provided};
use super::shape::{Arguments, Order};
use super::way::Ways;
use crate::composition::Composition;
use crate::exec::settings::{Settings, Target};
use crate::script::ScriptedCall;

/// A component that can be instantiated, and what to call in it.
pub(super) struct Prepared {
    pub(super) pre: InstancePre<Host>,
    /// All that the component imports.
    pub(super) linker: Linker<Host>,
    pub(super) settings: Settings,
    /// What the user provides and every instance finds.
    pub(super) provided: Provided,
    /// The environment variables that every instance finds.
    pub(super) environment: RefCell<Vec<(String, String)>>,
    /// The composition that runs, if components are plugged in.
    pub(super) composition: Option<Composition>,
    pub(super) targets: Vec<Target>,
    /// For each target, the one that is called first on each of its instances, because it is needed.
    pub(super) earlier: Vec<Cell<Option<usize>>>,
    /// For each target, the engine's index of its function.
    pub(super) functions: Vec<Option<ComponentExportIndex>>,
    /// The names of the stubbed resources, by number.
    pub(super) stubbed: Vec<Arc<str>>,
    /// The resources that the component exports, by name: `ns:pkg/iface name`.
    pub(super) resources: Vec<(String, ComponentExportIndex)>,
    /// The imported functions that return handles of the host's resources, by resource.
    pub(super) makers: BTreeMap<String, Vec<String>>,
    pub(super) imports_random: bool,
    /// How its own resources are created.
    pub(super) ways: Ways,
    /// When the calls of all targets have to be over.
    pub(super) run_ends: Deadline,
    /// Whether some target is async; `None` until the first instance is created.
    pub(super) has_async: Cell<Option<bool>>,
}

impl Prepared {
    /// The arguments of a target's calls.
    pub(super) fn order(&self, target: usize) -> Order<'_> {
        let name = &self.targets[target].name;
        let scenarios = self.settings.script.scenarios.iter();
        let calls = scenarios.flat_map(|scenario| {
            let steps = scenario.calls.iter().enumerate().filter(|(_, call)| call.export == *name);
            steps.map(move |(step, call)| match scenario.calls.len() {
                1 => Arguments::Script(&call.arguments),
                _ => Arguments::Step(scenario, step),
            })
        });
        let calls: Vec<_> = calls.collect();
        let requests = self.settings.script.requests.len();
        let handles_http =
            matches!(name.interface(), Some("wasi:http/incoming-handler" | "wasi:http/handler"));
        match calls.is_empty() {
            false => Order::Script(calls),
            true if requests > 0 && handles_http => Order::Requests(requests),
            true => Order::Generated,
        }
    }

    /// Whether an import has several answers, which two concurrent calls would share.
    pub(super) fn answers_vary(&self) -> bool {
        self.settings.script.answers.iter().any(|answer| answer.values.len() > 1)
    }

    /// The target of one of the user's calls.
    pub(super) fn target(&self, call: &ScriptedCall) -> Option<usize> {
        self.targets.iter().position(|target| target.name == call.export)
    }

    /// The environment variables that the user did not provide: `PWD=/`.
    pub(super) fn added_variables(&self) -> Vec<String> {
        if !self.settings.script.guest.environment.is_empty() {
            return Vec::new();
        }
        self.environment.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    /// Whether the user provides a call that prepares an instance.
    pub(super) fn has_init(&self) -> bool {
        self.settings.script.lifecycle.init.is_some()
    }
}
