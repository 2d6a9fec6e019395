//! Facts inferred from a component. Judges nothing.

pub mod body;
pub mod arithmetic;
pub mod instantiation;
pub mod effects;
pub mod execution;
pub mod entry_points;
pub mod trials;
pub mod guards;
pub mod exits;
pub mod answers;
pub mod constructors;
pub mod commands;
pub mod provenance;
pub mod roles;
pub mod stateless;
pub mod survival;
pub mod overlap;
pub mod admission;
pub mod reuse;

use rayon::prelude::*;

use crate::component::Component;
use crate::component::index_space::{CoreModuleId, FuncIdx};
use crate::location::{Location, Span, Step};
use crate::panics;
use answers::Difference;
use body::Bodies;
use commands::Complaints;
use constructors::Wrapped;
use effects::Effects;
use entry_points::EntryPoint;
use execution::Site;
use exits::Exit;
use guards::RunOnceGuard;
use instantiation::{CoreFunc, CoreInstanceId, Instantiation};
use provenance::Provenance;
use trials::Trials;

/// Everything inferred from a component.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The component.
    pub component: &'a Component<'a>,
    /// The instances.
    pub world: Instantiation<'a>,
    /// The functions the host can call.
    pub entry_points: Vec<EntryPoint<'a>>,
    /// The outcome of two calls of each entry point, in their order.
    pub outcomes: Vec<Outcome>,
    /// Exports that run static constructors on each call.
    pub wrapped: Vec<Wrapped>,
    /// Its adapters and toolchains.
    pub provenance: Provenance,
    bodies: Bodies<'a>,
}

/// The outcome of two calls of an entry point on one instance.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The guard that makes the second call trap.
    pub guard: Option<RunOnceGuard>,
    /// The call of `wasi:cli/exit` that ends the instance in the first call.
    pub exit: Option<Exit>,
    /// Two answers that are known and differ.
    pub difference: Option<Difference>,
    /// Whether it is proven that no earlier call can influence it.
    pub stateless: bool,
    /// The `_start` function behind it.
    pub command: Option<(CoreInstanceId, FuncIdx)>,
    /// The module of the Go or TinyGo command whose `main` has to be running.
    pub needs_running_main: Option<CoreModuleId>,
}

impl<'a> Facts<'a> {
    /// Infers all facts.
    pub fn of(component: &'a Component<'a>) -> Self {
        let world = Instantiation::of(component);
        let bodies = Bodies::of(component);
        let entry_points = entry_points::of(&world);
        let effects = Effects::new(&world, &bodies);
        let trials = Trials::new(&effects, &bodies);
        let complaints = Complaints::new(&world);
        let outcome = |entry_point: &EntryPoint<'a>| {
            let Some(call) = &entry_point.call else { return Outcome::default() };
            let trial = trials.call_twice(call);
            Outcome {
                guard: guards::of(&trial),
                exit: exits::of(&trial),
                difference: answers::of(&trial, entry_point),
                command: commands::start_behind(&effects, entry_point),
                stateless: false,
                needs_running_main: commands::needs_running_main(&world, &complaints, entry_point),
            }
        };
        let outcomes = || entry_points.par_iter().map(outcome).collect();
        let (mut outcomes, provenance): (Vec<Outcome>, _) =
            rayon::join(outcomes, || Provenance::of(component));
        let proofs = stateless::of(&effects, &bodies, &entry_points);
        for (outcome, proof) in outcomes.iter_mut().zip(proofs) {
            outcome.stateless = proof;
        }
        let wrapped = constructors::of(&effects, &bodies, &entry_points);
        Facts { component, world, entry_points, outcomes, wrapped, provenance, bodies }
    }

    /// The function bodies.
    pub fn bodies(&self) -> &Bodies<'a> {
        &self.bodies
    }

    /// The entry points, each with its outcome.
    pub fn calls(&self) -> impl Iterator<Item = (&EntryPoint<'a>, &Outcome)> {
        self.entry_points.iter().zip(&self.outcomes)
    }

    /// The location of an instruction.
    pub fn location(&self, site: Site) -> Location {
        let module = self.world.core_instances[site.instance].module;
        let body = self.bodies.get(module, site.func);
        let span = body.map_or(Span::default(), |body| body.span(site.op as usize));
        Location { path: self.path(site.instance, site.func), span }
    }

    /// The location of a function; `None` if it has no body.
    pub fn function(&self, func: CoreFunc) -> Option<Location> {
        let CoreFunc::Defined(instance, func) = func else { return None };
        let body = self.world.module(instance).functions.get(func)?.body.clone()?;
        let span = Span::new(body.start as u64, body.end as u64);
        Some(Location { path: self.path(instance, func), span })
    }

    fn path(&self, instance: CoreInstanceId, func: FuncIdx) -> Vec<Step> {
        self.world.module(instance).path_of(func)
    }

    /// Whether the function of `site` is a stub of wit-component's shim: it passes its arguments to a table's slot.
    pub fn is_stub(&self, site: Site) -> bool {
        let module = self.world.core_instances[site.instance].module;
        let body = self.bodies.get(module, site.func);
        body.is_some_and(|body| match body.code.as_slice() {
            [arguments @ .., body::Op::Const(_), body::Op::CallIndirect(..), body::Op::End] => {
                arguments.iter().all(|op| matches!(op, body::Op::LocalGet(_)))
            }
            _ => false,
        })
    }

    /// The call path to a trap, outermost first, and the trap's site, without the language's own functions below a
    /// panic.
    pub fn above_panic<'s>(&self, stack: &'s [Site], end: Site) -> (&'s [Site], Site) {
        let sites = || std::iter::once(&end).chain(stack.iter().rev());
        let locations: Vec<_> = sites().map(|site| self.location(*site)).collect();
        let below = panics::below_panic(&locations);
        let shown = sites().nth(below).copied().unwrap_or(end);
        (&stack[..stack.len().saturating_sub(below)], shown)
    }

    /// The names of the functions on a call path, outermost first.
    pub fn call_path(&self, stack: &[Site], end: Site) -> Vec<String> {
        let mut path: Vec<String> = Vec::new();
        for site in stack.iter().chain([&end]) {
            let steps = self.path(site.instance, site.func);
            let text = steps.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            if path.last() != Some(&text) {
                path.push(text);
            }
        }
        path
    }

    /// The name of a function, or a digest of its opcodes if it has none. Survives a rebuild.
    pub fn discriminator(&self, site: Site) -> String {
        let module = self.world.module(site.instance);
        if let Some(name) = module.func_name(site.func) {
            return name.to_owned();
        }
        self.bodies.opcode_digest(module.id, site.func).unwrap_or_default()
    }
}
