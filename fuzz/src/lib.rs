//! The targets of `tests/fuzz/targets.rs`, for cargo-fuzz.

#[path = "../../tests/fuzz/targets.rs"]
mod targets;

/// Executes the target with this name.
pub fn execute(name: &str, input: &[u8]) {
    let target = targets::TARGETS.iter().find(|it| it.name == name).expect("the target exists");
    (target.body)(input);
}
