//! Why components cannot be composed.

/// What is wrong with a plugged-in component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// It cannot be read.
    Unreadable,
    /// It does not export what it is plugged in for.
    NotExported,
    /// It exports it with another type.
    OtherType,
    /// It needs or contains something that a composition does not support.
    Uncomposable,
}

/// Why components cannot be composed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("what is plugged in {}{message}", .import.as_ref().map(|it| format!("for `{it}` ")).unwrap_or_default())]
pub struct ComposeError {
    /// What is wrong.
    pub misfit: Misfit,
    /// The import whose plugged-in component is wrong; `None` if it is not one alone.
    pub import: Option<String>,
    /// What is wrong with that component, to follow its name: `does not export …`.
    pub message: String,
    /// What there is instead, or what to do; may be empty.
    pub help: String,
}

impl ComposeError {
    pub(super) fn new(misfit: Misfit, import: Option<&str>, message: impl Into<String>) -> Self {
        let import = import.map(str::to_owned);
        ComposeError { misfit, import, message: message.into(), help: String::new() }
    }

    pub(super) fn with_help(self, help: impl Into<String>) -> Self {
        ComposeError { help: help.into(), ..self }
    }

    pub(super) fn unsupported(what: &str) -> Self {
        let message = format!("cannot be composed with the component: {what} is not supported");
        ComposeError::new(Misfit::Uncomposable, None, message)
    }
}
