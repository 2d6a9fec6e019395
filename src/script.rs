//! How a component is called: scripted calls, a lifecycle, HTTP requests and the guest's environment.
//! Plain values, from the configuration and the command line, for the execution check.

mod base64;
pub(crate) mod fault;
pub(crate) mod json;
pub(crate) mod mismatch;
pub(crate) mod requests;
pub(crate) mod wave;

use serde::{Deserialize, Serialize};

use crate::location::ExportName;

/// The script for one component. If empty, arguments are generated and imports stubbed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// Calls. A scenario of one call sets the arguments of its export; one of several runs as a sequence.
    pub scenarios: Vec<Scenario>,
    /// Calls that initialize instances and clean them up.
    pub lifecycle: Lifecycle,
    /// Requests for HTTP handlers, in place of generated ones.
    pub requests: Vec<HttpRequest>,
    /// The guest's environment.
    pub guest: Guest,
    /// Results of imported functions.
    pub answers: Vec<Answer>,
    /// Components that implement imports.
    pub providers: Vec<Provider>,
}

/// Calls on one instance, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// Its place in the configuration: `secondcall.toml:12` or `--call`.
    pub name: String,
    /// The calls; at least one.
    pub calls: Vec<ScriptedCall>,
}

/// A call with arguments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptedCall {
    /// The export's full name, as in the component.
    pub export: ExportName,
    /// An argument for each parameter.
    pub arguments: Vec<Argument>,
}

/// An argument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Argument {
    /// A value in WAVE, of the parameter's type.
    Wave(String),
    /// `_`: generated from the type, as handles always are.
    MadeUp,
}

/// Calls that initialize an instance and clean it up: `init` before its first call, `cleanup` and `init` between
/// two calls.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifecycle {
    /// Called on a new instance and after each `cleanup`.
    pub init: Option<ScriptedCall>,
    /// Called before the next `init`.
    pub cleanup: Option<ScriptedCall>,
}

/// A request for an HTTP handler.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpRequest {
    /// `GET`.
    pub method: String,
    /// Absolute: `http://localhost/items?page=1`.
    pub uri: String,
    /// Names in lower case and values, in the order sent.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    #[serde(with = "base64")]
    pub body: Vec<u8>,
}

/// The guest's environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// `argv`, including the program's name.
    pub arguments: Vec<String>,
    /// Environment variables.
    pub environment: Vec<(String, String)>,
    /// Standard input; `None` if not given.
    pub stdin: Option<Stdin>,
    /// Values of `wasi:config/store`.
    pub config: Vec<(String, String)>,
    /// The files of the preopened folder; `None` if not given.
    pub files: Option<Vec<GuestFile>>,
}

/// The bytes of standard input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stdin(#[serde(with = "base64")] pub Vec<u8>);

/// A file of the preopened folder, or an empty folder in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestFile {
    /// Its path from the folder, with `/`. An empty folder's path ends with `/`.
    pub path: String,
    /// Its bytes.
    #[serde(with = "base64")]
    pub bytes: Vec<u8>,
}

/// The results of an imported function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The function's full name, as in the component: `ns:pkg/iface@1.0.0#func`.
    pub import: String,
    /// Results in WAVE, of the function's type: call n gets the n-th, later calls the last. The count restarts with
    /// each call of an export, so that reused and fresh instances get the same results.
    pub values: Vec<String>,
}

/// A component that implements an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// The import's full name, as in the component: `ns:pkg/iface@1.0.0`.
    pub import: String,
    /// The component's bytes.
    #[serde(with = "base64")]
    pub bytes: Vec<u8>,
}

impl Script {
    /// Whether nothing is scripted.
    pub fn is_empty(&self) -> bool {
        *self == Script::default()
    }
}
