//! Why a function cannot be shown.

use thiserror::Error;

/// Why a function could not be shown.
#[derive(Debug, Error)]
pub enum ListingError {
    /// The location names no function.
    #[error("the location names no function")]
    NotAFunction,
    /// The file has no such core module.
    #[error("there is no core module {0}")]
    NoModule(u32),
    /// No function matches.
    #[error("there is no function {0}")]
    NoFunction(String),
    /// More than one function matches.
    #[error(
        "more than one function is called `{name}`: {places}; say which with --module or by number"
    )]
    Ambiguous {
        /// The name asked for.
        name: String,
        /// The functions that bear it.
        places: String,
    },
    /// The function is imported, so its code is in another module.
    #[error(
        "core module {core_module} imports function {function}; its code is not in this module"
    )]
    Imported {
        /// The core module.
        core_module: u32,
        /// The function.
        function: u32,
    },
    /// The bytes are not a well-formed binary.
    #[error("{message} (at offset {offset:#x})")]
    Malformed {
        /// Where, in bytes of the file; 0 if unknown.
        offset: u64,
        /// What was expected there.
        message: String,
    },
}

impl From<wasmparser::Error> for ListingError {
    fn from(error: wasmparser::Error) -> Self {
        ListingError::Malformed { offset: error.offset(), message: error.message().to_owned() }
    }
}
