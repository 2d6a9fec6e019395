//! From what a person types to the place of a function.

use std::collections::BTreeSet;
use std::ops::Range;
use std::str::FromStr;

use super::error::ListingError;
use super::sections::{Sections, module_ranges};
use crate::demangle::demangled;
use crate::location::{ItemKind, Location, Span, Step};

/// How many places an error names when a name fits more than one function.
const PLACES_TOLD: usize = 5;

/// A function, as a person names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// By its number in its module's function index space.
    Number(u32),
    /// By a name: from the name section, an export, or an import as `module::field`; as it stands there,
    /// or decoded.
    Name(String),
    /// By a byte of its body: an offset in the file.
    Offset(u64),
}

impl FromStr for Target {
    type Err = std::num::ParseIntError;

    /// Reads `12`, `_start`, `@0x853` or `@2131`. Only what follows an `@` can be refused.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(offset) = text.strip_prefix('@') {
            return Ok(Target::Offset(match offset.strip_prefix("0x") {
                Some(digits) => u64::from_str_radix(digits, 16)?,
                None => offset.parse()?,
            }));
        }
        Ok(text.parse().map_or_else(|_| Target::Name(text.to_owned()), Target::Number))
    }
}

/// Finds the one function with a body that `target` names in `file`; where `core_module` is given,
/// in that module alone. A number without a module is looked for in every module.
///
/// # Errors
/// If no function or more than one matches, the only match is imported, or the file is malformed.
pub fn locate(
    file: &[u8],
    target: &Target,
    core_module: Option<u32>,
) -> Result<Location, ListingError> {
    let mut matches = Vec::new();
    let mut imported = None;
    for (number, range) in chosen(file, core_module)? {
        let sections = Sections::read(file, range)?;
        for function in functions_of(&sections, target)? {
            match sections.body(number, function) {
                Ok(body) => {
                    let name = sections.function_names(|it| it == function).remove(&function);
                    matches.push(place(name, number, function, &body));
                }
                Err(error @ ListingError::Imported { .. }) => imported = Some(error),
                Err(error) => return Err(error),
            }
        }
    }
    match (matches.len(), target) {
        (0, _) => Err(imported.unwrap_or_else(|| ListingError::NoFunction(described(target)))),
        // A bare number means the first module that has a body of that number.
        (1, _) | (_, Target::Number(_)) => Ok(matches.swap_remove(0)),
        _ => {
            let places = matches.iter().take(PLACES_TOLD).map(Location::to_string);
            let places = places.collect::<Vec<_>>().join(", ");
            Err(ListingError::Ambiguous { name: described(target), places })
        }
    }
}

/// All functions with a body, in file order; where `core_module` is given, of that module alone.
///
/// # Errors
/// If there is no such module or the file is malformed.
pub fn functions(file: &[u8], core_module: Option<u32>) -> Result<Vec<Location>, ListingError> {
    let mut found = Vec::new();
    for (number, range) in chosen(file, core_module)? {
        let sections = Sections::read(file, range)?;
        let mut names = sections.function_names(|_| true);
        for body in sections.bodies() {
            let (function, body) = body?;
            found.push(place(names.remove(&function), number, function, &body));
        }
    }
    Ok(found)
}

/// The modules to look in, each with its number.
fn chosen(file: &[u8], core_module: Option<u32>) -> Result<Vec<(u32, Range<usize>)>, ListingError> {
    let mut modules: Vec<_> = (0..).zip(module_ranges(file)?).collect();
    if let Some(wanted) = core_module {
        modules.retain(|(number, _)| *number == wanted);
        if modules.is_empty() {
            return Err(ListingError::NoModule(wanted));
        }
    }
    Ok(modules)
}

fn functions_of(sections: &Sections<'_>, target: &Target) -> Result<BTreeSet<u32>, ListingError> {
    let mut found = BTreeSet::new();
    match target {
        Target::Number(number) if *number < sections.function_count() => {
            found.insert(*number);
        }
        Target::Number(_) => {}
        Target::Name(wanted) => sections.each_name(|function, name| {
            if name == wanted || demangled(name) == *wanted {
                found.insert(function);
            }
        }),
        Target::Offset(offset) if sections.code_holds(*offset) => {
            for body in sections.bodies() {
                let (function, body) = body?;
                if body.range().contains(offset) {
                    found.insert(function);
                    break;
                }
            }
        }
        Target::Offset(_) => {}
    }
    Ok(found)
}

fn place(
    name: Option<String>,
    core_module: u32,
    function: u32,
    body: &wasmparser::FunctionBody<'_>,
) -> Location {
    let range = body.range();
    Location {
        path: vec![
            Step { kind: ItemKind::CoreModule, index: core_module, name: None },
            Step { kind: ItemKind::Func, index: function, name },
        ],
        span: Span::new(range.start, range.end),
    }
}

fn described(target: &Target) -> String {
    match target {
        Target::Number(number) => number.to_string(),
        Target::Name(name) => format!("`{name}`"),
        Target::Offset(offset) => format!("with a byte at {offset:#x}"),
    }
}
