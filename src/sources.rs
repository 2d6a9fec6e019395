//! Source lines of instructions: by the debug sections of the core modules, or by the `.wat` that a component was
//! encoded from.

mod budget;
#[cfg(test)]
mod hostile;
mod inlined;
mod line_tables;
mod places;
mod ranges;
mod sections;
mod types;
mod units;
pub mod variables;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use wat::GenerateDwarf;

use crate::component::Component;
use crate::component::core_module::CoreModule;
use crate::component::index_space::{CoreModuleId, Idx};
use crate::component::wrap::{is_core_module, wrapped};
use crate::location::{ItemKind, Location, SourceLine, Span, is_library};
use budget::Budget;
use line_tables::Row;
use sections::Sections;

/// The source lines of those `locations` that have one, by what the component's own debug sections say:
/// DWARF in custom sections, with addresses that count from the code section's contents
/// (WebAssembly/tool-conventions, `Debugging.md`). Damaged debug sections give no lines.
pub fn recorded<'l>(
    component: &Component<'_>,
    locations: impl IntoIterator<Item = &'l Location>,
) -> BTreeMap<Location, SourceLine> {
    lines(component, component, |module| module.code, locations)
}

/// The lines of `text`, with the path `path`, for a component that was encoded from it. `component` has no debug sections;
/// the encoding that has them holds the same code at other offsets.
pub fn written<'l>(
    component: &Component<'_>,
    text: &str,
    path: &str,
    locations: impl IntoIterator<Item = &'l Location>,
) -> BTreeMap<Location, SourceLine> {
    let mut parser = wat::Parser::new();
    parser.generate_dwarf(GenerateDwarf::Lines);
    let Ok(encoded) = parser.parse_str(Some(Path::new(path)), text) else {
        return BTreeMap::new();
    };
    let encoded = match is_core_module(&encoded) {
        true => wrapped(&encoded).map(|(component, _)| component).unwrap_or_default(),
        false => encoded,
    };
    let Ok(twin) = Component::declared(&encoded) else { return BTreeMap::new() };
    let mut lines = lines(component, &twin, first_function, locations);
    for line in lines.values_mut() {
        path.clone_into(&mut line.path);
    }
    lines
}

/// The line and column of the byte at `offset` of `binary`, a component whose function bodies may be invalid and that was
/// encoded from `text`. `None` if no function is there.
pub fn written_at(binary: &[u8], text: &str, offset: u64) -> Option<SourceLine> {
    let component = Component::declared(binary).ok()?;
    let modules = component.core_modules.iter().map(|(_, module)| module);
    let mut functions = modules.flat_map(|it| it.functions.iter().map(move |one| (it, one)));
    let path = functions.find_map(|(module, (func, function))| {
        let body = function.body.as_ref()?;
        body.contains(&(offset as usize)).then(|| module.path_of(func))
    })?;
    let location = Location { path, span: Span::new(offset, offset + 1) };
    written(&component, text, "", [&location]).into_values().next()
}

/// The lines of places in `component`, by the debug sections of `debug`, whose code is the same. Addresses count from
/// `zero` of a module of `component`.
fn lines<'l>(
    component: &Component<'_>,
    debug: &Component<'_>,
    zero: fn(&CoreModule<'_>) -> Option<u64>,
    locations: impl IntoIterator<Item = &'l Location>,
) -> BTreeMap<Location, SourceLine> {
    let mut of_modules: BTreeMap<u32, BTreeMap<&Location, Span>> = BTreeMap::new();
    for location in locations {
        let Some(id) = location.step(ItemKind::CoreModule).map(|step| step.index) else { continue };
        let module = component.core_modules.get(CoreModuleId::new(id));
        if let Some(span) = module.and_then(zero).and_then(|zero| counted(location.span, zero)) {
            of_modules.entry(id).or_default().insert(location, span);
        }
    }
    let mut budget = Budget::default();
    let mut found = BTreeMap::new();
    for (id, places) in of_modules {
        let Some(module) = debug.core_modules.get(CoreModuleId::new(id)) else { continue };
        let (locations, spans): (Vec<_>, Vec<_>) = places.into_iter().unzip();
        let lines = in_module(&Sections::of(module), &spans, &mut budget);
        let lines = locations.into_iter().zip(lines);
        found.extend(lines.filter_map(|(location, line)| Some((location.clone(), line?))));
    }
    found
}

/// A part of the file, counted from `zero`.
fn counted(span: Span, zero: u64) -> Option<Span> {
    Some(Span::new(span.start.checked_sub(zero)?, span.end.checked_sub(zero)?))
}

/// Where the first function of the code section begins. The `wast` crate (263.0.0, `core/binary/dwarf.rs`)
/// counts its addresses from here, after the number of functions.
fn first_function(module: &CoreModule<'_>) -> Option<u64> {
    let functions = module.functions.len() - module.imported_funcs();
    let bits = usize::BITS - functions.leading_zeros();
    Some(module.code? + u64::from(bits.div_ceil(7).max(1)))
}

/// The line of each place: that of its first byte that has one. If that is an inlined function of a library, the line of
/// the innermost call around it in the user's code.
fn in_module(
    sections: &Sections<'_>,
    spans: &[Span],
    budget: &mut Budget,
) -> Vec<Option<SourceLine>> {
    let rows = line_tables::rows(sections, spans, budget);
    let known = rows.iter().flatten();
    let mut files = BTreeMap::new();
    for row in known.clone() {
        files.entry(row.key()).or_insert_with(|| line_tables::file(sections, row));
    }
    let homeless =
        known.filter(|row| files[&row.key()].as_ref().is_some_and(|it| it.base.is_none()));
    let tables: BTreeSet<_> = homeless.map(|row| row.table).collect();
    let folders = units::folders(sections, tables, budget);
    let calls = inlined::calls(sections, &rows, budget);
    for row in calls.iter().flatten() {
        files.entry(row.key()).or_insert_with(|| line_tables::file(sections, row));
    }
    let line = |row: &Row| {
        let file = files[&row.key()].as_ref()?;
        let base = file.base.as_ref().or_else(|| folders.get(&row.table));
        let steps = base.into_iter().chain(&file.folder).chain([&file.name]);
        let path = steps.fold(String::new(), |path, step| joined(path, step));
        Some(SourceLine { path: path.replace('\\', "/"), line: row.line, column: row.column })
    };
    let of_user = |line: &SourceLine| !is_library(&line.path);
    rows.iter()
        .zip(&calls)
        .map(|(row, calls)| {
            let own = line(row.as_ref()?)?;
            let around = || calls.iter().filter_map(line).find(of_user);
            Some(if of_user(&own) { own } else { around().unwrap_or(own) })
        })
        .collect()
}

/// A path and what follows in it, unless that is absolute. Toolchains on Windows leave paths of theirs.
fn joined(path: String, step: &str) -> String {
    let drive = step.get(1..3);
    if path.is_empty() || step.starts_with(['/', '\\']) || matches!(drive, Some(":/" | ":\\")) {
        step.to_owned()
    } else {
        format!("{}/{step}", path.trim_end_matches(['/', '\\']))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "(component\n  (core module $first (func))\n  (core module $m\n    (func \
                        $f (export \"f\")\n      nop\n      unreachable))\n  (core instance \
                        (instantiate $m)))";

    fn place(component: &Component<'_>, module: u32, offset: u64) -> Location {
        let module = &component.core_modules[CoreModuleId::new(module)];
        let (func, function) = module.functions.iter().next().unwrap();
        let body = function.body.clone().unwrap();
        let start = body.start as u64 + offset;
        Location { path: module.path_of(func), span: Span::new(start, start + 1) }
    }

    #[test]
    fn a_text_knows_the_line_and_column_of_each_instruction() {
        let binary = wat::parse_str(TEXT).unwrap();
        let component = Component::read(&binary).unwrap();
        let (nop, unreachable) = (place(&component, 1, 1), place(&component, 1, 2));
        let lines = written(&component, TEXT, "dir/a.wat", [&nop, &unreachable]);
        let line = |line| SourceLine { path: "dir/a.wat".to_owned(), line, column: Some(7) };
        assert_eq!(lines.get(&nop), Some(&line(5)));
        assert_eq!(lines.get(&unreachable), Some(&line(6)));
    }

    #[test]
    fn without_debug_sections_there_are_no_lines() {
        let binary = wat::parse_str(TEXT).unwrap();
        let component = Component::read(&binary).unwrap();
        let nop = place(&component, 1, 1);
        let root = Location::default();
        assert!(recorded(&component, [&nop, &root]).is_empty());
        assert!(written(&component, TEXT, "a.wat", [&root]).is_empty());
    }

    #[test]
    fn any_bytes_may_stand_in_debug_sections() {
        let binary =
            wat::Parser::new().generate_dwarf(GenerateDwarf::Lines).parse_str(None, TEXT).unwrap();
        let component = Component::read(&binary).unwrap();
        assert_eq!(recorded(&component, [&place(&component, 1, 1)]).len(), 1);
        let section = |name: &str| {
            let module = &component.core_modules[CoreModuleId::new(1)];
            let found = module.custom_sections.iter().find(|it| it.name == name).unwrap();
            found.range.clone()
        };
        for name in [".debug_line", ".debug_info", ".debug_abbrev"] {
            let range = section(name);
            let data = range.start + 1 + name.len()..range.end;
            for (at, value) in data.flat_map(|at| [0, 1, 0x7f, 0x80, 0xff].map(|it| (at, it))) {
                let mut damaged = binary.clone();
                damaged[at] = value;
                let component = Component::read(&damaged).unwrap();
                let nop = place(&component, 1, 1);
                recorded(&component, [&nop]);
            }
        }
    }
}
