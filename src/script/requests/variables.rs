//! `@name = value` and `{{name}}` in an `.http` file.

use std::collections::BTreeMap;

use super::parts::LARGEST;
use crate::script::fault::Fault;

/// The variables set so far.
#[derive(Debug)]
pub(super) struct Variables {
    values: BTreeMap<String, String>,
    /// The bytes that may still be expanded: values can contain others, again and again.
    left: usize,
}

impl Variables {
    pub(super) fn new() -> Self {
        Variables { values: BTreeMap::new(), left: LARGEST }
    }

    /// Sets a variable. The value is at `start` in the file.
    pub(super) fn set(&mut self, name: &str, value: &str, start: usize) -> Result<(), Fault> {
        let value = self.expand(value, start)?;
        self.values.insert(name.to_owned(), value);
        Ok(())
    }

    /// Replaces names by values in a text, which is at `start` in the file.
    pub(super) fn expand(&mut self, text: &str, start: usize) -> Result<String, Fault> {
        let mut expanded = String::new();
        let mut at = 0;
        while let Some(open) = text[at..].find("{{").map(|it| at + it) {
            let Some(close) = text[open..].find("}}").map(|it| open + it) else { break };
            expanded.push_str(&text[at..open]);
            let name = text[open + 2..close].trim();
            let fault = |message: String, help: &str| {
                Fault::new(start + open..start + close + 2, message, help)
            };
            let value = self.values.get(name).map(String::as_str).or_else(|| constant(name));
            let Some(value) = value else {
                let message = format!("there is no variable `{name}` in this file");
                return Err(fault(message, "write a line such as @name = value above it"));
            };
            expanded.push_str(value);
            at = close + 2;
            if expanded.len() > self.left {
                return Err(fault("variables grow to more than 16 MiB".to_owned(), ""));
            }
        }
        expanded.push_str(&text[at..]);
        let range = start..start + text.len();
        self.left = self
            .left
            .checked_sub(expanded.len())
            .ok_or_else(|| Fault::new(range, "variables grow to more than 16 MiB", ""))?;
        Ok(expanded)
    }
}

/// A fixed value for what editors generate. The date is the one of the guest's clock.
fn constant(name: &str) -> Option<&'static str> {
    Some(match name.split_whitespace().next()? {
        "$guid" | "$uuid" | "$random.uuid" => "5eed5eed-5eed-45ee-8d5e-ed5eed5eed5e",
        "$timestamp" => "1767225600",
        "$isoTimestamp" => "2026-01-01T00:00:00Z",
        "$randomInt" | "$random.integer" => "1",
        _ => return None,
    })
}
