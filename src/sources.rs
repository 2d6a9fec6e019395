//! Which line of a text an instruction was made from: by the debug sections that a toolchain left in
//! the core modules, or by the text itself where the component was given as one.

use std::collections::BTreeMap;
use std::path::Path;

use addr2line::Context;
use addr2line::gimli;
use addr2line::gimli::Dwarf;
use addr2line::gimli::EndianSlice;
use addr2line::gimli::LittleEndian;
use wat::GenerateDwarf;

use crate::component::Component;
use crate::component::core_module::CoreModule;
use crate::component::index_space::CoreModuleId;
use crate::component::index_space::Idx;
use crate::location::ItemKind;
use crate::location::Location;
use crate::location::SourceLine;
use crate::location::Span;

type Bytes<'a> = EndianSlice<'a, LittleEndian>;

/// The source lines of those `locations` that have one, by what the component's own debug sections say:
/// DWARF in custom sections, with addresses that count from the code section's contents
/// (WebAssembly/tool-conventions, `Debugging.md`). Damaged debug sections give no lines.
pub fn recorded<'l>(
    component: &Component<'_>,
    locations: impl IntoIterator<Item = &'l Location>,
) -> BTreeMap<Location, SourceLine> {
    let mut debug = Debug { component, zero: |module| module.code, modules: BTreeMap::new() };
    lines(component, &mut debug, locations)
}

/// The same for a component that `text` encodes to; its lines are told as those of `path`. `component` was
/// read from the encoding without debug sections, which holds the same code at other offsets.
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
    let Ok(twin) = Component::read(&encoded) else { return BTreeMap::new() };
    let mut debug = Debug { component: &twin, zero: first_function, modules: BTreeMap::new() };
    let mut lines = lines(component, &mut debug, locations);
    for line in lines.values_mut() {
        path.clone_into(&mut line.path);
    }
    lines
}

fn lines<'l>(
    component: &Component<'_>,
    debug: &mut Debug<'_, '_>,
    locations: impl IntoIterator<Item = &'l Location>,
) -> BTreeMap<Location, SourceLine> {
    let mut found = BTreeMap::new();
    for location in locations {
        if !found.contains_key(location)
            && let Some(line) = debug.line(component, location)
        {
            found.insert(location.clone(), line);
        }
    }
    found
}

/// The debug sections of a component; a module's are parsed when they are first asked for.
struct Debug<'a, 'b> {
    component: &'b Component<'a>,
    /// The byte of the file at which a module's addresses begin.
    zero: fn(&CoreModule<'_>) -> Option<u64>,
    modules: BTreeMap<u32, Option<Context<Bytes<'a>>>>,
}

impl Debug<'_, '_> {
    /// The line of a place in `told`, whose code is that of this component.
    fn line(&mut self, told: &Component<'_>, location: &Location) -> Option<SourceLine> {
        let id = location.step(ItemKind::CoreModule)?.index;
        let start = (self.zero)(told.core_modules.get(CoreModuleId::new(id))?)?;
        let span = location.span;
        let in_code = Span::new(span.start.checked_sub(start)?, span.end.checked_sub(start)?);
        let component = self.component;
        let context = self
            .modules
            .entry(id)
            .or_insert_with(|| component.core_modules.get(CoreModuleId::new(id)).and_then(context));
        line(context.as_ref()?, in_code)
    }
}

/// Where the first function of the code section begins. The `wast` crate (263.0.0, `core/binary/dwarf.rs`)
/// counts its addresses from here, without the number of functions that stands before.
fn first_function(module: &CoreModule<'_>) -> Option<u64> {
    let functions = module.functions.len() - module.imported_funcs();
    let bits = usize::BITS - functions.leading_zeros();
    Some(module.code? + u64::from(bits.div_ceil(7).max(1)))
}

fn context<'a>(module: &CoreModule<'a>) -> Option<Context<Bytes<'a>>> {
    let section = |id: gimli::SectionId| {
        let named = module.custom_sections.iter().find(|it| it.name == id.name());
        Ok(EndianSlice::new(named.map_or(&[][..], |it| it.data), LittleEndian))
    };
    let dwarf = Dwarf::load(section).map_err(|never: gimli::Error| never).ok()?;
    Context::from_dwarf(dwarf).ok()
}

/// The line of the first of these bytes that has one, in bytes of the code section's contents.
fn line(context: &Context<Bytes<'_>>, span: Span) -> Option<SourceLine> {
    let at = context.find_location(span.start).ok().flatten();
    let known = |at: &addr2line::Location<'_>| at.line.is_some_and(|line| line > 0);
    let at = at.filter(known).or_else(|| {
        let mut rows = context.find_location_range(span.start, span.end).ok()?;
        rows.find_map(|(_, _, at)| Some(at).filter(known))
    })?;
    Some(SourceLine {
        path: at.file?.replace('\\', "/"),
        line: at.line?,
        column: at.column.filter(|column| *column > 0),
    })
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
