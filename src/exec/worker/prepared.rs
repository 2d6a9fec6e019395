//! A component that is compiled and linked, and what to call in it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use wasmtime::component::{ComponentExportIndex, InstancePre};

use super::host::{Given, Host};
use super::shape::{Arguments, Order};
use super::way::Ways;
use crate::composition::Composition;
use crate::exec::settings::{Settings, Target};
use crate::script::ScriptedCall;

/// A component that can be instantiated, and what to call in it.
pub(super) struct Prepared {
    pub(super) pre: InstancePre<Host>,
    pub(super) settings: Settings,
    /// What the author gave and every instance finds.
    pub(super) given: Given,
    /// The variables that every instance finds.
    pub(super) environment: RefCell<Vec<(String, String)>>,
    /// What is plugged in for imports, and where it lies.
    pub(super) composition: Option<Composition>,
    pub(super) targets: Vec<Target>,
    /// For each of them, what is called first on each instance, because it is needed.
    pub(super) earlier: Vec<Cell<Option<usize>>>,
    /// Where the engine keeps each of them.
    pub(super) functions: Vec<Option<ComponentExportIndex>>,
    /// The names of the resources that the host made up, by number.
    pub(super) made_up: Vec<Arc<str>>,
    /// The resources that the component exports, by name: `ns:pkg/iface name`.
    pub(super) resources: Vec<(String, ComponentExportIndex)>,
    /// The imported functions that return handles of the host's resources, by resource.
    pub(super) makers: BTreeMap<String, Vec<String>>,
    /// Whether the component can ask for random numbers.
    pub(super) imports_random: bool,
    /// How its own resources are made.
    pub(super) ways: Ways,
    /// Whether some target is `async`, once an instance was made.
    pub(super) concurrent: Cell<Option<bool>>,
}

impl Prepared {
    /// With which arguments a target is called.
    pub(super) fn order(&self, target: usize) -> Order<'_> {
        let name = &self.targets[target].name;
        let scenarios = self.settings.script.scenarios.iter();
        let calls = scenarios.flat_map(|scenario| {
            let steps = scenario.calls.iter().enumerate().filter(|(_, it)| it.export == *name);
            steps.map(move |(step, call)| match scenario.calls.len() {
                1 => Arguments::Script(&call.arguments),
                _ => Arguments::Step(scenario, step),
            })
        });
        let calls: Vec<_> = calls.collect();
        let requests = self.settings.script.requests.len();
        match (calls.is_empty(), requests) {
            (false, _) => Order::Script(calls),
            (true, 0) => Order::Made,
            (true, _) if self.handles_http(target) => Order::Requests(requests),
            (true, _) => Order::Made,
        }
    }

    /// Whether some import answers one call otherwise than the next: two calls at once would share its answers out.
    pub(super) fn answers_vary(&self) -> bool {
        self.settings.script.answers.iter().any(|it| it.values.len() > 1)
    }

    /// The target that a call of the author's means.
    pub(super) fn target(&self, call: &ScriptedCall) -> Option<usize> {
        self.targets.iter().position(|it| it.name == call.export)
    }

    /// The variables of the environment that the author did not give: `PWD=/`.
    pub(super) fn made_up_variables(&self) -> Vec<String> {
        if !self.settings.script.guest.environment.is_empty() {
            return Vec::new();
        }
        self.environment.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    /// Whether the author says how an instance is made ready.
    pub(super) fn has_init(&self) -> bool {
        self.settings.script.lifecycle.init.is_some()
    }

    /// Whether a target answers HTTP requests.
    fn handles_http(&self, target: usize) -> bool {
        let name = self.targets[target].name.interface();
        matches!(name, Some("wasi:http/incoming-handler" | "wasi:http/handler"))
    }
}
