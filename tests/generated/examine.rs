//! Compares what the analysis says of a component with what calls of its module do.

use std::ops::Range;

use secondcall::component::Component;
use secondcall::component::core_module::{CoreModule, Extern};
use secondcall::facts::Facts;
use secondcall::facts::entry_points::HostCall;
use secondcall::facts::execution::reads::Assumption;
use secondcall::facts::instantiation::CoreFunc;
use secondcall::finding::Evidence;
use secondcall::lint;
use secondcall::profile::Profile;
use secondcall::report::Report;
use secondcall::verdict::Verdict;
use wasmtime::Engine;

use crate::concrete::{Live, Machine, Outcome};
use crate::random::Random;
use crate::states::with_states;

/// The strictest host: it calls any export, and keeps the instance for ever.
const HOST: &str = "jco-transpiled";
/// Pairs of calls of each export.
const PAIRS: usize = 8;
/// Arguments that programs compare with, besides random ones.
const ARGUMENTS: [u64; 8] = [0, 1, 2, 3, 4, 16, 1040, u64::MAX];

/// What an examination counts and complains of.
#[derive(Debug, Default)]
pub(crate) struct Examined {
    /// Certain findings and proofs.
    pub(crate) claims: usize,
    /// Those of them whose assumption is false: they claim nothing.
    pub(crate) void: usize,
    /// Calls made.
    pub(crate) calls: usize,
    /// Values compared with abstract ones that are not just any value.
    pub(crate) values: usize,
    /// What the calls refute.
    pub(crate) wrong: Vec<String>,
}

/// What is claimed of an export.
#[derive(Debug, Default)]
struct Claims {
    single_shot: bool,
    exits: bool,
    answers: Option<(String, String)>,
    stateless: bool,
}

/// A component of one module.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) bytes: Vec<u8>,
    /// Where its objects are, if its code keeps to them. A claim whose assumption is false of them claims nothing.
    pub(crate) objects: Vec<Range<u64>>,
}

impl Made {
    /// A component without known objects.
    pub(crate) fn of(bytes: Vec<u8>) -> Self {
        Made { bytes, objects: Vec::new() }
    }
}

/// Examines a component; `None` if analysis or engine do not take it.
pub(crate) fn examine(engine: &Engine, made: &Made, random: &mut Random) -> Option<Examined> {
    let Made { bytes, objects } = made;
    let component = Component::read(bytes).ok()?;
    let (_, module) = component.core_modules.iter().next()?;
    let machine = Machine::of(engine, module.bytes)?;
    machine.instantiate()?;
    let facts = Facts::of(&component);
    let report = lint(bytes, &[Profile::by_id(HOST)?]).ok()?;
    let names: Vec<Option<&str>> = facts
        .entry_points
        .iter()
        .map(|entry| entry.call.as_ref().and_then(|call| core_name(module, call)))
        .collect();
    let mut examined = Examined::default();
    for (index, name) in names.iter().enumerate() {
        let Some(name) = name else { continue };
        let claims = Claims::of(&facts, &report, index);
        examined.claims += claims.count();
        examined.void += claims.count();
        let claims = claims.if_true_of(&facts, index, objects);
        examined.void -= claims.count();
        let mut trial = Trial { machine: &machine, random, examined: &mut examined, name };
        trial.pairs(&claims);
        if claims.stateless {
            trial.after_others(&names);
        }
        let call = facts.entry_points[index].call.as_ref()?;
        trial.states(&component, module, call);
    }
    Some(examined)
}

/// The export of the core function that is lifted.
fn core_name<'a>(module: &CoreModule<'a>, call: &HostCall) -> Option<&'a str> {
    let CoreFunc::Defined(_, func) = call.lifted.core else { return None };
    let export = module.exports.iter().find(|export| export.item == Extern::Func(func));
    export.map(|export| export.name)
}

impl Claims {
    fn of(facts: &Facts<'_>, report: &Report, index: usize) -> Self {
        let export = &report.exports[index];
        let certain = |rule: &str| {
            report.findings.iter().any(|it| {
                let finding = &it.finding;
                finding.evidence == Evidence::Certain
                    && finding.rule.id == rule
                    && finding.export.as_ref() == Some(&export.name)
            })
        };
        let difference = facts.outcomes[index].difference.as_ref();
        Claims {
            single_shot: export.verdict == Verdict::SingleShot
                && export.evidence == Some(Evidence::Certain),
            exits: certain("exits_after_success"),
            answers: difference
                .filter(|_| certain("known_answers_differ"))
                .map(|difference| (difference.first.clone(), difference.second.clone())),
            stateless: export.verdict == Verdict::StatelessProven,
        }
    }

    /// Those whose assumptions hold.
    fn if_true_of(mut self, facts: &Facts<'_>, index: usize, objects: &[Range<u64>]) -> Self {
        let outcome = &facts.outcomes[index];
        let holds = |assumptions: &[Assumption]| assumptions.iter().all(|it| holds(*it, objects));
        self.single_shot &= outcome.guard.as_ref().is_none_or(|it| holds(&it.assumptions));
        self.exits &= outcome.exit.as_ref().is_none_or(|it| holds(&it.assumptions));
        self.answers = self
            .answers
            .filter(|_| outcome.difference.as_ref().is_none_or(|it| holds(&it.assumptions)));
        self
    }

    fn count(&self) -> usize {
        let of = |claimed| usize::from(claimed);
        of(self.single_shot) + of(self.exits) + of(self.answers.is_some()) + of(self.stateless)
    }
}

/// Whether an assumption is true of a program with these objects.
fn holds(assumption: Assumption, objects: &[Range<u64>]) -> bool {
    match assumption {
        Assumption::PointersStayInObjects => true,
        Assumption::ObjectsAreApart { after, cell, before } => !objects.iter().any(|it| {
            let has = |at: u64| it.start <= at && at <= it.end;
            it.contains(&cell) && (after.is_some_and(has) || before.is_some_and(has))
        }),
    }
}

/// The calls of one export.
struct Trial<'t> {
    machine: &'t Machine,
    random: &'t mut Random,
    examined: &'t mut Examined,
    name: &'t str,
}

impl Trial<'_> {
    fn arguments(&mut self, live: &mut Live, name: &str) -> Vec<u64> {
        let argument = |random: &mut Random| match random.below(ARGUMENTS.len() as u64 + 1) {
            known @ 0..8 => ARGUMENTS[known as usize],
            _ => random.next(),
        };
        (0..live.params(name)).map(|_| argument(self.random)).collect()
    }

    fn call(&mut self, live: &mut Live, arguments: &[u64]) -> Outcome {
        self.examined.calls += 1;
        live.call(self.name, arguments)
    }

    fn complain(&mut self, what: String) {
        self.examined.wrong.push(format!("`{}` {what}", self.name));
    }

    /// Calls the export twice in sequence, on one instance.
    fn pairs(&mut self, claims: &Claims) {
        for _ in 0..PAIRS {
            let Some(mut live) = self.machine.instantiate() else { return };
            let (a, b) =
                (self.arguments(&mut live, self.name), self.arguments(&mut live, self.name));
            let first = self.call(&mut live, &a);
            let Outcome::Returned(results) = &first else { continue };
            if claims.exits {
                self.complain(format!("is said to exit, but returns for {a:?}"));
                return;
            }
            if !self.answers(claims.answers.as_ref().map(|(first, _)| first), results, &a) {
                return;
            }
            let second = self.call(&mut live, &b);
            let Outcome::Returned(results) = &second else { continue };
            if claims.single_shot {
                self.complain(format!("is said to work once, but returns for {a:?}, then {b:?}"));
                return;
            }
            if !self.answers(claims.answers.as_ref().map(|(_, second)| second), results, &b) {
                return;
            }
        }
    }

    /// Whether an answer is the one that is claimed, if one is.
    fn answers(
        &mut self,
        claimed: Option<&String>,
        results: &[Option<u64>],
        arguments: &[u64],
    ) -> bool {
        if let (Some(claimed), [Some(result)]) = (claimed, results)
            && *claimed != result.to_string()
        {
            self.complain(format!(
                "is said to answer {claimed}, but answers {result} for {arguments:?}"
            ));
            return false;
        }
        true
    }

    /// Calls other exports first; a proof that no state is kept says that the answer is that of a fresh instance.
    fn after_others(&mut self, names: &[Option<&str>]) {
        for _ in 0..PAIRS {
            let (Some(mut used), Some(mut fresh)) =
                (self.machine.instantiate(), self.machine.instantiate())
            else {
                return;
            };
            let arguments = self.arguments(&mut fresh, self.name);
            let returned = (0..1 + self.random.below(3)).all(|_| {
                let others: Vec<&str> = names.iter().flatten().copied().collect();
                let other = self.random.pick(&others);
                let given = self.arguments(&mut used, other);
                self.examined.calls += 1;
                matches!(used.call(other, &given), Outcome::Returned(_))
            });
            if !returned {
                continue;
            }
            let (used, fresh) =
                (self.call(&mut used, &arguments), self.call(&mut fresh, &arguments));
            if used != fresh && used != Outcome::Exhausted {
                self.complain(format!(
                    "is said to keep no state, but ends with {used:?} instead of {fresh:?} for {arguments:?}"
                ));
            }
        }
    }

    /// Compares the state after one call, and after two, with the abstract one.
    fn states<'a>(
        &mut self,
        component: &'a Component<'a>,
        module: &CoreModule<'_>,
        call: &HostCall,
    ) {
        with_states(component, call, |states| {
            for _ in 0..3 {
                let Some(mut live) = self.machine.instantiate() else { return };
                for number in 1..=2 {
                    let arguments = self.arguments(&mut live, self.name);
                    let outcome = self.call(&mut live, &arguments);
                    let Outcome::Returned(results) = outcome else { break };
                    for what in states.outside(number, module, &mut live, &results) {
                        self.complain(format!("{what} after call {number}, of {arguments:?}"));
                    }
                }
            }
            self.examined.values += states.compared;
        });
    }
}
