//! The host function that ends an instance.

use super::ComponentFunc;

impl ComponentFunc {
    /// Whether it is a host function that ends the instance: `wasi:cli/exit` (WASI 0.2 and 0.3, `cli.wit`).
    pub fn is_exit(&self) -> bool {
        let ComponentFunc::Imported { instance: Some(instance), name } = self else { return false };
        let interface = instance.split_once('@').map_or(instance.as_str(), |(name, _)| name);
        interface == "wasi:cli/exit" && matches!(name.as_str(), "exit" | "exit-with-code")
    }
}
