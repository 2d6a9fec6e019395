//! Bounds what a compiler has to do for a component. Its memory and time follow the local variables of functions, and a
//! declaration of six bytes makes 50,000 of them.

use wasmparser::{Parser, Payload};

use crate::budget::Budget;
use crate::observation::Inconclusive;

/// Local variables for each byte of a component, and in the smallest one. A large function has a thousand.
const LOCALS: u64 = 2;
const LEAST_LOCALS: u64 = 400_000;

/// Checks that the functions of a component have no more local variables than its size pays for. What cannot be parsed
/// is left to the compiler.
///
/// # Errors
/// If they have more.
pub(super) fn check(component: &[u8]) -> Result<(), Inconclusive> {
    let mut budget = Budget::new(LEAST_LOCALS, LOCALS, component.len());
    let payloads = Parser::new(0).parse_all(component).map_while(Result::ok);
    for payload in payloads {
        let Payload::CodeSectionEntry(body) = payload else { continue };
        let Ok(locals) = body.get_locals_reader() else { continue };
        for (count, _) in locals.into_iter().map_while(Result::ok) {
            if !budget.charge(u64::from(count)) {
                let detail =
                    "not compiled: its functions have more local variables than its size pays for";
                return Err(Inconclusive::new("budget", detail));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A component with functions of so many local variables.
    fn component(functions: usize, locals: usize) -> Vec<u8> {
        let locals = "(local i64) ".repeat(locals);
        let functions = format!("(func {locals})").repeat(functions);
        wat::parse_str(format!("(component (core module {functions}))")).unwrap()
    }

    #[test]
    fn local_variables_are_paid_for() {
        assert_eq!(check(&component(100, 1000)), Ok(()));
        let why = check(&component(9, 49_000)).unwrap_err();
        assert_eq!(why.reason, "budget");
        assert_eq!(check(b"\0asm"), Ok(()));
    }
}
