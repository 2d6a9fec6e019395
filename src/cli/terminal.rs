//! Colors and characters of the terminal.

use std::env;
use std::io::IsTerminal;
use std::sync::LazyLock;

use clap::ValueEnum;
use terminal_size::Width;

use crate::report::style::Style;

/// Reports are not narrower, in columns.
const NARROWEST: usize = 40;
/// Nor wider: longer lines are hard to read.
const WIDEST: usize = 120;

/// When to use colors or links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Choice {
    /// If standard output is a terminal that shows them; NO_COLOR, FORCE_COLOR and TERM=dumb override
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The address of a rule's page: `SECONDCALL_RULE_URL`, or the repository that this program was built from.
static PAGES: LazyLock<Option<String>> = LazyLock::new(|| {
    let set = env::var("SECONDCALL_RULE_URL").ok().filter(|url| url.contains("{rule}"));
    let repository = env!("CARGO_PKG_REPOSITORY");
    let version = env!("CARGO_PKG_VERSION");
    let own = format!("{repository}/blob/v{version}/rules/{{rule}}/rule.md");
    let address = set.or_else(|| (!repository.is_empty()).then_some(own));
    address.filter(|it| it.bytes().all(|byte| byte.is_ascii_graphic()))
});

/// The style for standard output.
pub(crate) fn style(colors: Choice, links: Choice) -> Style {
    let term = env::var("TERM").unwrap_or_default();
    let is_terminal = std::io::stdout().is_terminal() && term != "dumb";
    let colour = match colors {
        Choice::Always => true,
        Choice::Never => false,
        Choice::Auto if is_set("NO_COLOR") => false,
        Choice::Auto => is_set("FORCE_COLOR") || is_terminal,
    };
    let is_ascii = matches!(term.as_str(), "dumb" | "linux") || is_terminal && is_ascii_locale();
    let unicode = !is_ascii;
    let shows_links = match links {
        Choice::Always => true,
        Choice::Never => false,
        Choice::Auto => is_terminal && colour && knows_links(&term),
    };
    let links = PAGES.as_deref().filter(|_| shows_links);
    let width = width();
    let is_screen = width.is_some();
    Style { colour, unicode, width: width.unwrap_or(Style::PLAIN.width), is_screen, links }
}

fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Whether the locale is one without any character beyond ASCII.
fn is_ascii_locale() -> bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"];
    let locale = names.iter().find_map(|name| env::var(name).ok().filter(|it| !it.is_empty()));
    locale.is_some_and(|it| matches!(it.as_str(), "C" | "POSIX"))
}

/// Whether the terminal is one of those known to show links. Others may print their addresses.
fn knows_links(term: &str) -> bool {
    const PROGRAMS: [&str; 8] =
        ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "WarpTerminal"];
    const TERMS: [&str; 5] = ["xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm"];
    let program = env::var("TERM_PROGRAM").unwrap_or_default();
    let vte = env::var("VTE_VERSION").ok().and_then(|version| version.parse::<u32>().ok());
    PROGRAMS.contains(&program.as_str())
        || TERMS.contains(&term)
        || vte.is_some_and(|version| version >= 5000)
        || ["WT_SESSION", "KONSOLE_VERSION", "DOMTERM"].into_iter().any(is_set)
}

/// The columns of standard output: `COLUMNS`, which a user sets, or those of the terminal; `None` for a file or a pipe.
fn width() -> Option<usize> {
    let set = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let columns = set.or_else(|| {
        #[cfg(any(unix, windows))]
        let size = terminal_size::terminal_size_of(std::io::stdout());
        #[cfg(not(any(unix, windows)))]
        let size: Option<(Width, terminal_size::Height)> = None;
        let (Width(columns), _) = size?;
        Some(usize::from(columns))
    });
    columns.map(|columns| columns.clamp(NARROWEST, WIDEST))
}
