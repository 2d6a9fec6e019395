//! The command that cures a finding.

use serde::{Deserialize, Serialize};

/// How `secondcall fix` cures a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// Whether it needs `--exit`.
    pub exits: bool,
}

impl Fix {
    /// What to type for a component with this path; `None` if it was read from standard input, or cannot be typed.
    pub(crate) fn command(self, path: &str) -> Option<String> {
        if path == "-" || path.chars().any(char::is_control) {
            return None;
        }
        let exits = if self.exits { " --exit" } else { "" };
        Some(format!("secondcall fix {} -o {}{exits}", quoted(path), quoted(&beside(path))))
    }
}

/// The path of a repaired component beside the original's: `app.fresh.wasm`.
pub(crate) fn beside(path: &str) -> String {
    let stem = path.strip_suffix(".wasm").or_else(|| path.strip_suffix(".wat")).unwrap_or(path);
    format!("{stem}.fresh.wasm")
}

/// A word of a POSIX shell.
fn quoted(path: &str) -> String {
    let is_plain = |it: char| it.is_alphanumeric() || "/._-+@:,%=".contains(it);
    // Not an option.
    let path = match path.starts_with('-') {
        true => format!("./{path}"),
        false => path.to_owned(),
    };
    match path.chars().all(is_plain) {
        true => path,
        false => format!("'{}'", path.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_can_be_typed() {
        let fix = |path| Fix { exits: false }.command(path);
        let expected = |it: &str| Some(it.to_owned());
        assert_eq!(fix("a/b.wat"), expected("secondcall fix a/b.wat -o a/b.fresh.wasm"));
        assert_eq!(fix("-x"), expected("secondcall fix ./-x -o ./-x.fresh.wasm"));
        let words = "secondcall fix 'it'\\''s a.wasm' -o 'it'\\''s a.fresh.wasm'";
        assert_eq!(fix("it's a.wasm"), expected(words));
        assert_eq!(fix("-"), None);
        let exits = Fix { exits: true }.command("a.wasm");
        assert_eq!(exits, expected("secondcall fix a.wasm -o a.fresh.wasm --exit"));
    }
}
