//! The inputs that the author gave for the calls of a component: counts and names, no values.

use serde::{Deserialize, Serialize};

/// The author's inputs for one component.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Given {
    /// The calls, as scenarios.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<Scenario>,
    /// The export that is called first on each instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub init: Option<String>,
    /// The export that is called last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleanup: Option<String>,
    /// The HTTP requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<Requests>,
    /// The guest's environment.
    #[serde(skip_serializing_if = "Guest::is_empty")]
    pub guest: Guest,
    /// Answers of imports.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Components that are plugged in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub providers: Vec<Provider>,
}

/// Calls that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// Where it was given: `secondcall.toml:12`, `--call`.
    pub from: String,
    /// The exports that are called, in their order.
    pub calls: Vec<String>,
}

/// HTTP requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requests {
    /// Where they come from: a file, or the place in a configuration.
    pub from: String,
    /// How many there are.
    pub count: u64,
}

/// The guest's environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Guest {
    /// How many arguments, without the program's name.
    #[serde(skip_serializing_if = "is_zero")]
    pub arguments: u64,
    /// The names of variables; values may be secrets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub environment: Vec<String>,
    /// Bytes of standard input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stdin: Option<u64>,
    /// The names of values of `wasi:config/store`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub config: Vec<String>,
    /// The folder that is copied for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<Folder>,
}

/// A folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// Its path.
    pub path: String,
    /// How many files it holds.
    pub files: u64,
    /// Bytes of them together.
    pub bytes: u64,
}

/// The answers of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The imported function.
    pub import: String,
    /// Number of values, one for each call.
    pub values: u64,
}

/// A component that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// The import.
    pub import: String,
    /// The component's file.
    pub path: String,
    /// SHA-256 of the component.
    pub sha256: String,
}

impl Guest {
    fn is_empty(&self) -> bool {
        *self == Guest::default()
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}
