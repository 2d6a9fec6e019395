//! Colors and characters of the terminal.

use std::io::IsTerminal;

use clap::ValueEnum;
use terminal_size::Width;

use crate::report::style::Style;

/// Reports are not narrower, in columns.
const NARROWEST: usize = 40;
/// Nor wider: longer lines are hard to read.
const WIDEST: usize = 120;

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
        let unicode = !matches!(term.as_str(), "dumb" | "linux");
        Style { colour, unicode, width: width().unwrap_or(Style::PLAIN.width) }
    }
}

/// The columns of standard output: `COLUMNS`, which a user sets, or those of the terminal; `None` for a file or a pipe.
fn width() -> Option<usize> {
    let set = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let columns = set.or_else(|| {
        let (Width(columns), _) = terminal_size::terminal_size_of(std::io::stdout())?;
        Some(usize::from(columns))
    });
    columns.map(|columns| columns.clamp(NARROWEST, WIDEST))
}
