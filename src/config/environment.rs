//! Choices from variables of the environment, which are handed in.

use crate::config::{Chosen, Config, FAIL_ON, Layer, Origin, units};

/// The variables that hold a choice, in the order of the keys.
pub const VARIABLES: [&str; 9] = [
    "SECONDCALL_HOSTS",
    "SECONDCALL_FAIL_ON",
    "SECONDCALL_CALLS",
    "SECONDCALL_BUDGET",
    "SECONDCALL_MEMORY",
    "SECONDCALL_SEED",
    "SECONDCALL_STATIC_ONLY",
    "SECONDCALL_STRICT",
    "SECONDCALL_EXCLUDE_EXPORTS",
];

/// What the variables choose. `value` says what one holds; an empty one chooses nothing.
///
/// # Errors
/// When one holds what cannot be meant: a sentence that names it.
pub fn read(value: impl Fn(&str) -> Option<String>) -> Result<Layer, String> {
    let mut layer = Layer::default();
    for name in VARIABLES {
        let text = value(name).unwrap_or_default();
        if text.trim().is_empty() {
            continue;
        }
        take(&mut layer, name, text.trim()).map_err(|what| format!("{name}: {what}"))?;
    }
    Ok(layer)
}

fn take(layer: &mut Layer, name: &'static str, text: &str) -> Result<(), String> {
    match name {
        "SECONDCALL_HOSTS" => layer.hosts = chosen(name, hosts(text)?),
        "SECONDCALL_FAIL_ON" => layer.fail_on = chosen(name, word(text, &FAIL_ON)?),
        "SECONDCALL_CALLS" => layer.calls = chosen(name, calls(text)?),
        "SECONDCALL_BUDGET" => layer.budget = chosen(name, text.parse()?),
        "SECONDCALL_MEMORY" => layer.memory = chosen(name, text.parse()?),
        "SECONDCALL_SEED" => layer.seed = chosen(name, units::number(text)?),
        "SECONDCALL_STATIC_ONLY" => layer.static_only = chosen(name, flag(text)?),
        "SECONDCALL_STRICT" => layer.strict = chosen(name, flag(text)?),
        _ => layer.exclude_exports = chosen(name, list(text)),
    }
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "it fills a slot of a layer")]
fn chosen<T>(name: &'static str, value: T) -> Option<Chosen<T>> {
    Some(Chosen { value, origin: Origin::Environment(name) })
}

fn hosts(text: &str) -> Result<Vec<String>, String> {
    let hosts = list(text);
    if hosts.is_empty() {
        Err("name one host at least, such as spec".to_owned())
    } else {
        Ok(hosts)
    }
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
}

fn word<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, String> {
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    let known = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| format!("write one of {known}"))
}

fn calls(text: &str) -> Result<u32, String> {
    let calls = text.parse().ok().filter(|it| Config::CALLS.contains(it));
    calls.ok_or_else(|| "write a number from 2 to 1000".to_owned())
}

/// Whether a variable that is a switch is on.
///
/// # Errors
/// When it says neither.
pub fn flag(text: &str) -> Result<bool, String> {
    match text {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err("write true or false".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variable: &str, text: &str) -> Result<Layer, String> {
        read(|name| (name == variable).then(|| text.to_owned()))
    }

    #[test]
    fn variables_choose() {
        let layer = of("SECONDCALL_HOSTS", "spin-p3, wasmtime-run").unwrap();
        assert_eq!(layer.hosts.unwrap().value, ["spin-p3", "wasmtime-run"]);
        let layer = of("SECONDCALL_SEED", "0x5eed").unwrap();
        let origin = Origin::Environment("SECONDCALL_SEED");
        assert_eq!(layer.seed, Some(Chosen { value: 0x5eed, origin }));
        for blank in ["", " "] {
            assert_eq!(of("SECONDCALL_STRICT", blank).unwrap(), Layer::default());
            assert_eq!(of("SECONDCALL_HOSTS", blank).unwrap(), Layer::default());
        }
        // Judged for no host, everything would be harmless.
        assert!(of("SECONDCALL_HOSTS", ",").is_err());
        assert!(of("SECONDCALL_CALLS", "1").unwrap_err().starts_with("SECONDCALL_CALLS: "));
        for name in &VARIABLES[1..8] {
            assert!(of(name, "no such thing").is_err(), "{name}");
        }
    }
}
