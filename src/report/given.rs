//! What the author gave for the calls of a component, as a report tells it: counts and names, no values.

use serde::{Deserialize, Serialize};

/// What was given for one component.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Given {
    /// The calls, as scenarios.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<Scenario>,
    /// The export that makes an instance ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub init: Option<String>,
    /// The export that cleans it up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cleanup: Option<String>,
    /// The HTTP requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<Requests>,
    /// What the guest finds.
    #[serde(skip_serializing_if = "Guest::is_empty")]
    pub guest: Guest,
    /// What imports answer.
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

/// What the guest finds.
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
    /// The folder of which it gets a copy.
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

/// What an import answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The imported function.
    pub import: String,
    /// How many values, for one call after the other.
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
