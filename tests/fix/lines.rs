//! Source lines of instructions, in an original and in its repair.

use secondcall::component::Component;
use secondcall::location::{Location, SourceLine, Span};
use secondcall::sources::recorded;

/// Every so many instructions are compared.
const STRIDE: usize = 5;

/// The lines of instructions, by module and function, without what a repair adds. `functions` limits the number of functions
/// of each module, if it is that of an original.
pub(crate) fn of(component: &Component<'_>, functions: &[usize]) -> Vec<Vec<Option<SourceLine>>> {
    let own = component.core_modules.iter().map(|(_, module)| module);
    let own = own.filter(|it| !it.name.is_some_and(|name| name.starts_with("secondcall:")));
    let modules = own.enumerate().map(|(number, module)| {
        let bodies = module.functions.iter().filter_map(|(id, it)| Some((id, it.body.clone()?)));
        let bodies = bodies.take(functions.get(number).copied().unwrap_or(usize::MAX));
        let mut locations = Vec::new();
        for (id, body) in bodies {
            let bytes = &component.file[body.clone()];
            let reader = wasmparser::BinaryReader::new(bytes, body.start as u64);
            let body = wasmparser::FunctionBody::new(reader);
            let mut operators = body.get_operators_reader().unwrap();
            while !operators.eof() {
                let at = operators.original_position();
                operators.read().unwrap();
                locations.push(Location { path: module.path_of(id), span: Span::new(at, at + 1) });
            }
        }
        let locations: Vec<_> = locations.into_iter().step_by(STRIDE).collect();
        let lines = recorded(component, &locations);
        locations.iter().map(|it| lines.get(it).cloned()).collect()
    });
    modules.collect()
}

/// How many functions each module has.
pub(crate) fn functions(component: &Component<'_>) -> Vec<usize> {
    let modules = component.core_modules.iter().map(|(_, module)| module);
    modules.map(|it| it.functions.iter().filter(|(_, it)| it.body.is_some()).count()).collect()
}
