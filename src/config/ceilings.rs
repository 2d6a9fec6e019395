//! What a configuration that comes with a checkout may ask for at most. The user may ask for more.

use std::fmt::Display;

use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::units::{Size, Time};
use crate::config::{Chosen, Layer, Origin};

/// Work of one export.
const BUDGET: Time = Time { milliseconds: 60_000 };
/// Linear memory of one instance.
const MEMORY: Size = Size { bytes: 4 << 30 };

/// A diagnostic for each limit that a file sets too high.
pub(crate) fn exceeded(layer: &Layer) -> Vec<Diagnostic> {
    let budget = layer.budget.as_ref().filter(|it| it.value.milliseconds > BUDGET.milliseconds);
    let memory = layer.memory.as_ref().filter(|it| it.value.bytes > MEMORY.bytes);
    let budget = budget.and_then(|it| diagnostic("budget", it, BUDGET));
    let memory = memory.and_then(|it| diagnostic("memory", it, MEMORY));
    budget.into_iter().chain(memory).collect()
}

fn diagnostic<T: Display>(key: &str, chosen: &Chosen<T>, most: T) -> Option<Diagnostic> {
    let Origin::File(span) = &chosen.origin else { return None };
    let value = &chosen.value;
    Some(Diagnostic {
        code: Code::WrongValue,
        span: span.clone(),
        message: format!(
            "`{key}` of {value} is too high: a file that is found may ask for {most} at most"
        ),
        help: format!("ask for more yourself: `--{key} {value}`, or name the file: `--config`"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::read;

    #[test]
    fn a_file_that_is_found_raises_no_limit_above_the_ceilings() {
        let exceeded = |text: &str| {
            let reading = read::file("secondcall.toml", text, &[]);
            assert_eq!(reading.diagnostics, []);
            exceeded(&reading.layer).into_iter().map(|it| it.message).collect::<Vec<_>>()
        };
        assert!(exceeded("version = 1\nbudget = \"60s\"\nmemory = \"4GiB\"\n").is_empty());
        let high = exceeded("version = 1\nbudget = \"1h\"\n".replace("1h", "60m").as_str());
        let message = "`budget` of 3600s is too high: a file that is found may ask for 60s at most";
        assert_eq!(high, [message]);
        assert_eq!(exceeded("version = 1\nmemory = \"100000GiB\"\n").len(), 1);
    }
}
