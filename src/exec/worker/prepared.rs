//! A component that is compiled and linked, and what to call in it.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use wasmtime::component::ComponentExportIndex;
use wasmtime::component::InstancePre;

use super::host::Host;
use super::instance::Ways;
use super::shape::Order;
use crate::composition::Composition;
use crate::exec::settings::Settings;
use crate::exec::settings::Target;
use crate::script::HttpRequest;
use crate::script::ScriptedCall;

/// A component that can be instantiated, and what to call in it.
pub(super) struct Prepared {
    pub(super) pre: InstancePre<Host>,
    pub(super) settings: Settings,
    /// What is plugged in for imports, and where it lies.
    pub(super) composition: Option<Composition>,
    /// What the author gave HTTP handlers to answer.
    pub(super) requests: Arc<Vec<HttpRequest>>,
    pub(super) targets: Vec<Target>,
    /// Where the engine keeps each of them.
    pub(super) functions: Vec<Option<ComponentExportIndex>>,
    /// The names of the resources that the host made up, by number.
    pub(super) made_up: Vec<Arc<str>>,
    /// The resources that the component exports, by name: `ns:pkg/iface name`.
    pub(super) resources: Vec<(String, ComponentExportIndex)>,
    /// The imported functions that return handles of the host's resources, by resource.
    pub(super) makers: BTreeMap<String, Vec<String>>,
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
        let calls = scenarios.filter_map(|it| match it.calls.as_slice() {
            [call] if call.export == *name => Some(call.arguments.as_slice()),
            _ => None,
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

    /// The target that a call of the author's means.
    pub(super) fn target(&self, call: &ScriptedCall) -> Option<usize> {
        self.targets.iter().position(|it| it.name == call.export)
    }

    /// Whether a target answers HTTP requests.
    fn handles_http(&self, target: usize) -> bool {
        let name = self.targets[target].name.interface();
        matches!(name, Some("wasi:http/incoming-handler" | "wasi:http/handler"))
    }
}
