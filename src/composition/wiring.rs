//! What provides each import: a plugged-in component, or the host of the composition.

use super::error::{ComposeError, Misfit};
use super::part::Part;
use super::versions;

/// A component that is plugged in for an import.
#[derive(Debug, Clone, Copy)]
pub struct Plug<'a> {
    /// The import, as the component names it.
    pub import: &'a str,
    /// The plugged-in component.
    pub bytes: &'a [u8],
}

/// What provides an import of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The import of the composition with this number.
    Import(usize),
    /// An export of another part.
    Part { part: usize, export: usize },
}

pub(super) struct Wiring {
    /// The source of each import of each part.
    pub(super) sources: Vec<Vec<Source>>,
    /// The composition's imports.
    pub(super) imports: Vec<Import>,
    /// The plugged-in parts, each after those it needs.
    pub(super) order: Vec<usize>,
}

/// An import of the composition.
pub(super) struct Import {
    /// Its name, in the newest of several compatible versions.
    pub(super) name: String,
    /// The imports that it provides: a part, and the number of its import.
    pub(super) fills: Vec<(usize, usize)>,
}

/// Decides what provides each import. Part 0 is the component, and `parts_of` has the part of each plug.
///
/// # Errors
/// When a plug does not export what it is plugged in for, or two plugs need each other.
pub(super) fn wire(
    parts: &[Part<'_>],
    plugs: &[Plug<'_>],
    parts_of: &[usize],
) -> Result<Wiring, ComposeError> {
    let mut wiring = Wiring { sources: Vec::new(), imports: Vec::new(), order: Vec::new() };
    for (part, it) in parts.iter().enumerate() {
        let mut sources = Vec::new();
        for (number, (name, _)) in it.imports.iter().enumerate() {
            let source = match plugged(parts, plugs, parts_of, part, name)? {
                Some(source) => source,
                None => Source::Import(wiring.import(name, (part, number))),
            };
            sources.push(source);
        }
        wiring.sources.push(sources);
    }
    wiring.order = order(&wiring.sources).ok_or_else(|| {
        let message = "and another plugged-in component need each other";
        ComposeError::new(Misfit::Uncomposable, None, message)
            .with_help("plug in one component that provides what both do")
    })?;
    Ok(wiring)
}

/// The plug's export that provides this import of a part, if one does.
fn plugged(
    parts: &[Part<'_>],
    plugs: &[Plug<'_>],
    parts_of: &[usize],
    part: usize,
    name: &str,
) -> Result<Option<Source>, ComposeError> {
    let names = plugs.iter().map(|plug| plug.import);
    let plug = match part {
        0 => names.clone().position(|import| import == name),
        _ => versions::best(name, names),
    };
    // A provider of an interface may import the same interface.
    let Some(plug) = plug.filter(|plug| parts_of[*plug] != part) else { return Ok(None) };
    let exports = &parts[parts_of[plug]].exports;
    match versions::best(name, exports.iter().map(|(name, _)| name.as_str())) {
        Some(export) => Ok(Some(Source::Part { part: parts_of[plug], export })),
        None if part != 0 => Ok(None),
        None => {
            let message = format!("does not export `{name}`");
            let error = ComposeError::new(Misfit::NotExported, Some(plugs[plug].import), message);
            Err(error.with_help(exported(exports.iter().map(|(name, _)| name.as_str()))))
        }
    }
}

/// `it exports a, b`.
fn exported<'n>(names: impl Iterator<Item = &'n str>) -> String {
    const LISTED: usize = 8;
    let mut names: Vec<_> = names.take(LISTED + 1).collect();
    if names.len() > LISTED {
        names[LISTED] = "…";
    }
    match names.is_empty() {
        true => "it exports nothing".to_owned(),
        false => format!("it exports {}", names.join(", ")),
    }
}

impl Wiring {
    /// The number of the composition's import that provides this one. Imports in compatible versions share one.
    fn import(&mut self, name: &str, filled: (usize, usize)) -> usize {
        let known = self.imports.iter().position(|it| versions::compatible(&it.name, name));
        match known {
            Some(number) => {
                let import = &mut self.imports[number];
                import.name = versions::newer(&import.name, name).to_owned();
                import.fills.push(filled);
                number
            }
            None => {
                self.imports.push(Import { name: name.to_owned(), fills: vec![filled] });
                self.imports.len() - 1
            }
        }
    }
}

/// The parts without the component, each after those it needs; `None` if they need each other.
fn order(sources: &[Vec<Source>]) -> Option<Vec<usize>> {
    let mut order: Vec<usize> = Vec::new();
    while order.len() + 1 < sources.len() {
        let is_ready = |part: &usize| {
            !order.contains(part)
                && sources[*part].iter().all(|source| match source {
                    Source::Part { part, .. } => order.contains(part),
                    Source::Import(_) => true,
                })
        };
        order.push((1..sources.len()).find(is_ready)?);
    }
    Some(order)
}
