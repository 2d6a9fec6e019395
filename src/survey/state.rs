//! What may survive a call, with the names of variables, globals and functions.

use rustc_hash::FxHashMap;

use super::names::{Names, global_name};
use crate::component::core_module::CoreModule;
use crate::component::index_space::{CoreModuleId, Idx};
use crate::demangle::demangled;
use crate::facts::body::Bodies;
use crate::facts::effects::Effects;
use crate::facts::entry_points::EntryPoint;
use crate::facts::execution::Site;
use crate::facts::instantiation::Instantiation;
use crate::facts::overlap::{self, Shared};
use crate::facts::provenance::Provenance;
use crate::facts::survival::runtime::{self, Runtimes};
use crate::facts::survival::{self, Func, Place, Survivals};
use crate::inventory::{Grade, Overlap, Overlaps, PutBack, Survival, Survivor};
use crate::location::{ExportName, Location};

/// Most locations of one export.
const MOST: usize = 64;

/// What may survive a call of each entry point that is `wanted`.
pub fn of<'a>(
    effects: &Effects<'_, 'a>,
    bodies: &Bodies<'a>,
    entry_points: &[EntryPoint<'_>],
    provenance: &Provenance,
    wanted: impl Fn(&ExportName) -> bool,
) -> Vec<Option<Survival>> {
    if !entry_points.iter().any(|it| wanted(it.name)) {
        return entry_points.iter().map(|_| None).collect();
    }
    let world = effects.world();
    let runtimes = runtimes(world, provenance);
    let survivals = Survivals::of(effects, bodies, entry_points, &runtimes);
    let mut namer = Namer { world, bodies, modules: FxHashMap::default() };
    let exports = entry_points.iter().map(|entry_point| {
        let call = entry_point.call.as_ref().filter(|_| wanted(entry_point.name))?;
        Some(namer.survival(&survivals.survival(call)))
    });
    exports.collect()
}

/// For each entry point: what it uses on both sides of a suspension; `None` if it does not suspend.
pub fn overlaps<'a>(
    effects: &Effects<'_, 'a>,
    bodies: &Bodies<'a>,
    entry_points: &[EntryPoint<'_>],
    provenance: &Provenance,
) -> Vec<Option<Overlaps>> {
    let world = effects.world();
    let mut namer = Namer { world, bodies, modules: FxHashMap::default() };
    let names = |list: &[usize]| list.iter().map(|at| entry_points[*at].name.to_string()).collect();
    let mut overlap = |shared: Shared| {
        let (written_by, read_by) = (names(&shared.written_by), names(&shared.read_by));
        let location = survival::Survivor {
            place: shared.place,
            grade: shared.runtime.map_or(Grade::Kept, |_| Grade::Runtime),
            runtime: shared.runtime,
            writers: shared.before,
            store: None,
            readers: shared.after,
        };
        Overlap { location: namer.survivor(&location), written_by, read_by }
    };
    let runtimes = runtimes(world, provenance);
    let exports = overlap::of(effects, entry_points, &runtimes).into_iter();
    exports.map(|shared| Some(folded(shared?.into_iter().map(&mut overlap)))).collect()
}

/// The locations of the program, with those of one variable merged. The others are counted.
fn folded(all: impl Iterator<Item = Overlap>) -> Overlaps {
    let mut folded = Overlaps::default();
    for overlap in all {
        if let Some(runtime) = overlap.location.runtime {
            *folded.runtimes.entry(runtime).or_default() += 1;
            continue;
        }
        let same = |it: &&mut Overlap| is_same_variable(&it.location, &overlap.location);
        match folded.locations.iter_mut().find(same) {
            Some(known) => {
                merge(&mut known.location, overlap.location);
                extend(&mut known.written_by, overlap.written_by);
                extend(&mut known.read_by, overlap.read_by);
            }
            None => folded.locations.push(overlap),
        }
    }
    folded.more = folded.locations.len().saturating_sub(MOST) as u32;
    folded.locations.truncate(MOST);
    folded
}

fn runtimes(world: &Instantiation<'_>, provenance: &Provenance) -> Runtimes {
    let adapters = provenance.adapters.iter().map(|adapter| adapter.module);
    Runtimes::of(world.component, adapters)
}

/// Names what is in modules. Reads the debug information of each once.
struct Namer<'w, 'a> {
    world: &'w Instantiation<'a>,
    bodies: &'w Bodies<'a>,
    modules: FxHashMap<CoreModuleId, Names<'a>>,
}

impl<'a> Namer<'_, 'a> {
    fn survival(&mut self, survival: &survival::Survival) -> Survival {
        let mut locations: Vec<Survivor> = Vec::new();
        for survivor in &survival.locations {
            let named = self.survivor(survivor);
            match locations.iter_mut().find(|it| is_same_variable(it, &named)) {
                Some(known) => merge(known, named),
                None => locations.push(named),
            }
        }
        locations.sort_by_key(|it| std::cmp::Reverse(it.grade));
        let own = locations.iter().filter(|it| it.grade != Grade::Runtime).count();
        let more = own.saturating_sub(MOST) as u32;
        let reset = PutBack {
            tables: survival.writes_tables,
            grown: survival.grows_memory,
            at_least: survival.through_pointers || survival.unknown_code,
            ..PutBack::of(&locations)
        };
        let grade = locations.iter().map(|it| it.grade).max();
        locations.truncate(MOST);
        Survival {
            grade,
            locations,
            more,
            grows_memory: survival.grows_memory,
            writes_tables: survival.writes_tables,
            creates: survival.creates.iter().map(|name| (*name).to_owned()).collect(),
            through_pointers: survival.through_pointers,
            unknown_code: survival.unknown_code,
            reset,
        }
    }

    fn survivor(&mut self, survivor: &survival::Survivor) -> Survivor {
        let world = self.world;
        let mut named = Survivor {
            name: None,
            core_module: 0,
            owner: 0,
            address: None,
            bytes: None,
            global: None,
            source: None,
            grade: survivor.grade,
            runtime: survivor.runtime,
            writers: survivor.writers.iter().map(|func| self.function(*func)).collect(),
            readers: survivor.readers.iter().map(|func| self.function(*func)).collect(),
            store: survivor.store.and_then(|site| self.location(site)),
        };
        match survivor.place {
            Place::Global(id) => {
                let (instance, index) = world.globals[id].owner;
                let module = world.module(instance);
                (named.core_module, named.owner) = (module.id.raw(), module.id.raw());
                named.global = Some(index.raw());
                named.name = global_name(module, index);
            }
            Place::Memory { memory, start, bytes } => {
                let owner = world.memories[memory].owner.0;
                let writer = survivor.writers.first().map_or(owner, |(instance, _)| *instance);
                let module = world.module(writer);
                (named.core_module, named.owner) = (module.id.raw(), world.module(owner).id.raw());
                (named.address, named.bytes) = (Some(start), bytes);
                self.variable(module, start, &mut named);
            }
        }
        if let Some(name) = &named.name
            && named.runtime.is_none()
            && let Some(runtime) =
                runtime::of_variable(name, named.source.as_ref().map(|it| it.path.as_str()))
        {
            (named.runtime, named.grade) = (Some(runtime), Grade::Runtime);
        }
        named
    }

    /// Names the variable at an address.
    fn variable(&mut self, module: &'a CoreModule<'a>, at: u64, named: &mut Survivor) {
        let names = self.modules.entry(module.id).or_insert_with(|| Names::of(module));
        if let Some((start, variable)) = names.variables.at(at) {
            (named.address, named.bytes) = (Some(start), variable.bytes.or(named.bytes));
            named.name = Some(demangled(&variable.name).into_owned());
            named.source.clone_from(&variable.source);
        } else if let Some((start, (len, name))) = names.data.range(..=at).next_back()
            && at - start < *len
        {
            (named.address, named.bytes) = (Some(*start), Some(*len));
            named.name = Some((*name).to_owned());
        }
    }

    fn function(&self, (instance, func): Func) -> String {
        let module = self.world.module(instance);
        match module.func_name(func) {
            Some(name) => demangled(name).into_owned(),
            None => format!("func {}", func.raw()),
        }
    }

    fn location(&self, site: Site) -> Option<Location> {
        let module = self.world.module(site.instance);
        let body = self.bodies.get(module.id, site.func)?;
        Some(Location { path: module.path_of(site.func), span: body.span(site.op as usize) })
    }
}

/// Whether two locations are parts of one variable that has a name.
fn is_same_variable(one: &Survivor, other: &Survivor) -> bool {
    one.name.is_some()
        && (&one.name, one.core_module, one.address, one.global)
            == (&other.name, other.core_module, other.address, other.global)
}

/// Merges accesses to parts of one variable.
fn merge(known: &mut Survivor, other: Survivor) {
    known.grade = known.grade.max(other.grade);
    known.runtime = known.runtime.filter(|runtime| other.runtime == Some(*runtime));
    known.store = known.store.take().or(other.store);
    extend(&mut known.writers, other.writers);
    extend(&mut known.readers, other.readers);
}

fn extend(known: &mut Vec<String>, other: Vec<String>) {
    known.extend(other);
    known.sort();
    known.dedup();
}
