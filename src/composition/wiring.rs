//! Who fills which import: a plugged-in component, or whoever runs the composition.

use super::part::Part;
use super::{ComposeError, Misfit, Plug, versions};

/// What fills an import of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The import of the composition with this number.
    Import(usize),
    /// An export of another part.
    Part { part: usize, export: usize },
}

/// All of them.
pub(super) struct Wiring {
    /// The source of each import of each part.
    pub(super) sources: Vec<Vec<Source>>,
    /// What the composition imports.
    pub(super) imports: Vec<Import>,
    /// The plugged-in parts, each after those that it needs.
    pub(super) order: Vec<usize>,
}

/// An import of the composition.
pub(super) struct Import {
    /// Its name: that of the newest of several compatible versions.
    pub(super) name: String,
    /// The imports of parts that it fills, as a part and the number of its import.
    pub(super) fills: Vec<(usize, usize)>,
}

/// Decides what fills each import. Part 0 is the component, and `parts_of` has the part of each plug.
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
    wiring.order = order(&wiring.sources).ok_or_else(|| ComposeError {
        misfit: Misfit::Uncomposable,
        import: None,
        message: "and another plugged-in component need each other".to_owned(),
        help: "plug in one component that provides what both do".to_owned(),
    })?;
    Ok(wiring)
}

/// The plug's export that fills this import of a part, if one does.
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
    // What provides an interface may have it provided in turn.
    let Some(plug) = plug.filter(|plug| parts_of[*plug] != part) else { return Ok(None) };
    let exports = &parts[parts_of[plug]].exports;
    match versions::best(name, exports.iter().map(|(name, _)| name.as_str())) {
        Some(export) => Ok(Some(Source::Part { part: parts_of[plug], export })),
        None if part != 0 => Ok(None),
        None => Err(ComposeError {
            misfit: Misfit::NotExported,
            import: Some(plugs[plug].import.to_owned()),
            message: format!("does not export `{name}`"),
            help: exported(exports.iter().map(|(name, _)| name.as_str())),
        }),
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
    /// The number of the composition's import that fills this one; imports in compatible versions are one.
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

/// The parts but the component, each after those that it needs; `None` if they need each other.
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
