//! Settings from environment variables.

use crate::config::{Chosen, Config, FAIL_ON, Layer, Origin, units};

/// The variables, in the order of the keys.
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

/// Reads the variables; `value` returns the value of one. An empty variable has no effect.
///
/// # Errors
/// If a value is malformed or out of range: a sentence that names the variable.
pub(crate) fn read(value: impl Fn(&str) -> Option<String>) -> Result<Layer, String> {
    let mut layer = Layer::default();
    for name in VARIABLES {
        let text = value(name).unwrap_or_default();
        if !text.trim().is_empty() {
            set(&mut layer, name, text.trim()).map_err(|what| format!("{name}: {what}"))?;
        }
    }
    Ok(layer)
}

fn set(layer: &mut Layer, name: &'static str, text: &str) -> Result<(), String> {
    fn put<T>(
        slot: &mut Option<Chosen<T>>,
        name: &'static str,
        value: Result<T, String>,
    ) -> Result<(), String> {
        *slot = Some(Chosen { value: value?, origin: Origin::Environment(name) });
        Ok(())
    }
    match name {
        "SECONDCALL_HOSTS" => put(&mut layer.hosts, name, hosts(text)),
        "SECONDCALL_FAIL_ON" => put(&mut layer.fail_on, name, named(text, &FAIL_ON)),
        "SECONDCALL_CALLS" => put(&mut layer.calls, name, calls(text)),
        "SECONDCALL_BUDGET" => put(&mut layer.budget, name, text.parse()),
        "SECONDCALL_MEMORY" => put(&mut layer.memory, name, text.parse()),
        "SECONDCALL_SEED" => put(&mut layer.seed, name, units::number(text)),
        "SECONDCALL_STATIC_ONLY" => put(&mut layer.static_only, name, flag(text)),
        "SECONDCALL_STRICT" => put(&mut layer.strict, name, flag(text)),
        _ => put(&mut layer.exclude_exports, name, Ok(list(text))),
    }
}

fn hosts(text: &str) -> Result<Vec<String>, String> {
    // With no host to judge for, every finding would be harmless.
    let hosts = Some(list(text)).filter(|hosts| !hosts.is_empty());
    hosts.ok_or_else(|| "name at least one host, such as spec".to_owned())
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
}

fn named<T: Copy>(text: &str, values: &[(&str, T)]) -> Result<T, String> {
    let found = values.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    let names = values.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| format!("write one of {names}"))
}

fn calls(text: &str) -> Result<u32, String> {
    let calls = text.parse().ok().filter(|it| Config::CALLS.contains(it));
    calls.ok_or_else(|| "write a number from 2 to 1000".to_owned())
}

/// Parses the value of a variable that is a switch.
///
/// # Errors
/// If it is neither `1` or `true` nor `0` or `false`.
pub(crate) fn flag(text: &str) -> Result<bool, String> {
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
    fn variables_set_values() {
        let layer = of("SECONDCALL_HOSTS", "spin-p3, wasmtime-run").unwrap();
        assert_eq!(layer.hosts.unwrap().value, ["spin-p3", "wasmtime-run"]);
        let layer = of("SECONDCALL_SEED", "0x5eed").unwrap();
        let origin = Origin::Environment("SECONDCALL_SEED");
        assert_eq!(layer.seed, Some(Chosen { value: 0x5eed, origin }));
        for blank in ["", " "] {
            assert_eq!(of("SECONDCALL_STRICT", blank).unwrap(), Layer::default());
            assert_eq!(of("SECONDCALL_HOSTS", blank).unwrap(), Layer::default());
        }
        assert!(of("SECONDCALL_HOSTS", ",").is_err());
        assert!(of("SECONDCALL_CALLS", "1").unwrap_err().starts_with("SECONDCALL_CALLS: "));
        for name in &VARIABLES[1..8] {
            assert!(of(name, "no such value").is_err(), "{name}");
        }
    }
}
