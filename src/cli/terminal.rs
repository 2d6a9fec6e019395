//! Colors and characters of the terminal.

use std::io::IsTerminal;

use clap::ValueEnum;

use crate::report::style::Style;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// If standard output is a terminal; NO_COLOR and FORCE_COLOR override
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl ColorChoice {
    /// The style for standard output.
    pub(crate) fn style(self) -> Style {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let colour = match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if set("NO_COLOR") => false,
            ColorChoice::Auto if set("FORCE_COLOR") => true,
            ColorChoice::Auto => std::io::stdout().is_terminal(),
        };
        let term = std::env::var("TERM").unwrap_or_default();
        Style { colour, unicode: !matches!(term.as_str(), "dumb" | "linux") }
    }
}
