//! What the author says of how a component is called: calls, a lifecycle, HTTP requests, what the guest is given.
//! Plain values: read from the configuration and the command line, played by the execution check.

pub mod base64;
pub mod fault;
pub mod json;
pub mod mismatch;
pub mod requests;
pub mod wave;

use serde::{Deserialize, Serialize};

use crate::location::ExportName;

/// All that was given for one component. Empty: arguments and imports are made up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// Calls to make. A scenario of one call gives that export its arguments; one of several is played as a whole.
    pub scenarios: Vec<Scenario>,
    /// How an instance is made ready and cleaned up.
    pub lifecycle: Lifecycle,
    /// What HTTP handlers are asked, in place of made-up requests.
    pub requests: Vec<HttpRequest>,
    /// What the guest finds in its environment.
    pub guest: Guest,
    /// What imports answer.
    pub answers: Vec<Answer>,
    /// Components that are plugged in for imports.
    pub providers: Vec<Provider>,
}

/// Calls that belong together, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// Where it was given, for messages: `secondcall.toml:12` or `--call`.
    pub name: String,
    /// The calls; at least one.
    pub calls: Vec<ScriptedCall>,
}

/// One call of an export with arguments of the author's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptedCall {
    /// The export's full name, as the component has it.
    pub export: ExportName,
    /// One argument for each parameter.
    pub arguments: Vec<Argument>,
}

/// An argument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Argument {
    /// A value in WAVE, checked against the parameter's type.
    Wave(String),
    /// `_`: made up from the type, as a handle always is.
    MadeUp,
}

/// Exports that make an instance ready and clean it up. Before the first call of an instance stands `init`; between
/// two calls stand `cleanup` and `init`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifecycle {
    /// Called on a new instance, and after each cleanup.
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
    /// Names in lower case, values as sent, in their order.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    #[serde(with = "base64")]
    pub body: Vec<u8>,
}

/// What the guest finds in its environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// `argv`, the program's name included.
    pub arguments: Vec<String>,
    /// Variables of the environment.
    pub environment: Vec<(String, String)>,
    /// Standard input, if it was given.
    pub stdin: Option<Stdin>,
    /// Values of `wasi:config/store`.
    pub config: Vec<(String, String)>,
    /// A copy of the preopened folder's files, if one was given.
    pub files: Option<Vec<GuestFile>>,
}

/// The bytes that the guest reads from standard input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stdin(#[serde(with = "base64")] pub Vec<u8>);

/// A file of the preopened folder, or a folder in it that holds nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuestFile {
    /// Its path from the folder, with `/`; that of an empty folder ends with one.
    pub path: String,
    /// Its bytes.
    #[serde(with = "base64")]
    pub bytes: Vec<u8>,
}

/// What an imported function answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The function, as the component imports it: `ns:pkg/iface@1.0.0#func`.
    pub import: String,
    /// Its results in WAVE, checked against its type: call n gets the n-th, later calls the last. The count begins
    /// anew with each call of an export, so that a call on a reused instance gets what it gets on a fresh one.
    pub values: Vec<String>,
}

/// A component that is plugged in for an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// The import, as the component names it: `ns:pkg/iface@1.0.0`.
    pub import: String,
    /// The component's bytes.
    #[serde(with = "base64")]
    pub bytes: Vec<u8>,
}

impl Script {
    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        *self == Script::default()
    }
}
