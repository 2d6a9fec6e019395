//! What is added to a part while it is written: the ledger, the control module, and functions that stand for others.

use std::collections::BTreeMap;

use wasm_encoder::reencode::Error;
use wasm_encoder::{CanonicalFunctionSection, CanonicalOption, Component, ExportKind, ValType};

use super::added_module::Signature;
use super::control::{self, Control, Does, StandIn};
use super::core_module::{GROW, SIZE};
use super::exit;
use super::handles::Release;
use super::labels::Labels;
use super::ledger::{self, LEDGER, Remembered};
use super::part::{Part, Resized};
use super::sections::{Result, alias, alias_type, bundle, instantiate, module, unknown};
use super::spaces::Spaces;
use super::wiring::CoreFunction;
use crate::component::canonical::CanonicalFunction;
use crate::component::index_space::Idx;

/// A part that is written, so far.
pub(super) struct Assembly<'p, 'c> {
    part: &'p Part<'c>,
    labels: &'p Labels,
    /// Whether there are other parts, and whether a part has to know when a call ended.
    is_composed: bool,
    is_shared: bool,
    /// The component function that tells the parts before this one what the host calls.
    pub(super) turn: Option<u32>,
    /// For each core function, the new index of what stands for it.
    pub(super) functions: Vec<u32>,
    ledger: Option<u32>,
    exit: Option<u32>,
    /// The modules of stand-ins, and an instance for each memory that they use.
    modules: BTreeMap<Vec<u8>, u32>,
    memories: BTreeMap<u32, u32>,
    /// The functions of the control module, and the index of the first of them.
    stand_ins: Option<(Vec<StandIn>, u32)>,
    /// The function of the control module that receives what the host calls.
    pub(super) told: Option<u32>,
}

impl<'p, 'c> Assembly<'p, 'c> {
    pub(super) fn new(
        part: &'p Part<'c>,
        labels: &'p Labels,
        is_composed: bool,
        is_shared: bool,
    ) -> Self {
        Assembly {
            part,
            labels,
            is_composed,
            is_shared,
            turn: None,
            functions: Vec::new(),
            ledger: None,
            exit: None,
            modules: BTreeMap::new(),
            memories: BTreeMap::new(),
            stand_ins: None,
            told: None,
        }
    }

    fn signature(&self, function: u32) -> Result<Signature> {
        let types = self.part.types.as_ref();
        let ty = types[types.core_function_at(function)].unwrap_func();
        let convert = |types: &[wasmparser::ValType]| {
            let types = types.iter().map(|ty| ValType::try_from(*ty));
            types.collect::<std::result::Result<Vec<_>, _>>()
        };
        let both = convert(ty.params()).and_then(|params| Ok((params, convert(ty.results())?)));
        let (params, results) = both.map_err(|error| Error::UserError(error.to_string()))?;
        Ok(Signature { params, results })
    }

    /// The ledger's instance, made when it is first needed.
    fn ledger(&mut self, to: &mut Component, spaces: &mut Spaces) -> u32 {
        let part = self.part;
        *self.ledger.get_or_insert_with(|| {
            let module =
                module(to, spaces, &ledger::ledger(part.tracked.gives, part.has_resources()));
            instantiate(to, spaces, module, &[])
        })
    }

    /// The instance with the tag of exits, made when it is first needed.
    fn exit(&mut self, to: &mut Component, spaces: &mut Spaces) -> u32 {
        *self.exit.get_or_insert_with(|| {
            let module = module(to, spaces, &exit::module());
            instantiate(to, spaces, module, &[])
        })
    }

    /// Adds an instance whose function `f` stands for a function, and gives it that function and other instances. Equal
    /// modules are one: a component has at most 1,000.
    fn stand_in(
        &mut self,
        to: &mut Component,
        spaces: &mut Spaces,
        bytes: Vec<u8>,
        own: Option<u32>,
        mut others: Vec<(String, u32)>,
    ) -> u32 {
        let known = self.modules.entry(bytes);
        let module = *known.or_insert_with_key(|bytes| module(to, spaces, bytes));
        if let Some(own) = own {
            let own = bundle(to, spaces, vec![("f".to_owned(), ExportKind::Func, own)]);
            others.push(("f".to_owned(), own));
        }
        let instance = instantiate(to, spaces, module, &others);
        alias(to, spaces, instance, "f")
    }

    /// Adds what stands for a canonical function, the last core function: `own` is its index.
    pub(super) fn canonical(
        &mut self,
        to: &mut Component,
        spaces: &mut Spaces,
        own: u32,
        canonical: &wasmparser::CanonicalFunction,
        is_exit: bool,
    ) -> Result {
        use wasmparser::CanonicalFunction as Raw;
        let index = match canonical {
            Raw::Lower { .. } => self.lowered(to, spaces, own, is_exit)?,
            Raw::ResourceNew { .. } => self.begun(to, spaces, own)?,
            Raw::ResourceDrop { .. } => self.dropped(to, spaces, own),
            _ => own,
        };
        self.functions.push(index);
        Ok(())
    }

    fn lowered(
        &mut self,
        to: &mut Component,
        spaces: &mut Spaces,
        own: u32,
        is_exit: bool,
    ) -> Result<u32> {
        let old = self.functions.len() as u32;
        if is_exit {
            let exit = self.exit(to, spaces);
            let others = vec![(control::EXIT.to_owned(), exit)];
            let module = exit::stand_in(control::EXIT);
            return Ok(self.stand_in(to, spaces, module, Some(own), others));
        }
        let Some(id) = self.part.tracked.lowered.get(&old) else { return Ok(own) };
        let memory = match self.part.wiring.functions.get(old as usize) {
            Some(CoreFunction::Canonical(CanonicalFunction::Lower(lower))) => {
                lower.options.memory.map(Idx::raw)
            }
            _ => None,
        };
        let signature = self.signature(old)?;
        self.remember(
            to,
            spaces,
            own,
            &Remembered {
                types: self.part.types.as_ref(),
                resources: &self.part.tracked.resources,
                id: *id,
                signature: &signature,
                is_lifted: false,
                memory,
            },
        )
    }

    fn remember(
        &mut self,
        to: &mut Component,
        spaces: &mut Spaces,
        own: u32,
        function: &Remembered<'_>,
    ) -> Result<u32> {
        let mut others = vec![(LEDGER.to_owned(), self.ledger(to, spaces))];
        if let Some(memory) = function.memory {
            let known = self.memories.entry(memory);
            let memory = *known.or_insert_with(|| {
                bundle(to, spaces, vec![("m".to_owned(), ExportKind::Memory, memory)])
            });
            others.push(("m".to_owned(), memory));
        }
        Ok(self.stand_in(to, spaces, ledger::remember(function), Some(own), others))
    }

    /// What stands for `resource.drop`.
    fn dropped(&mut self, to: &mut Component, spaces: &mut Spaces, own: u32) -> u32 {
        let old = self.functions.len() as u32;
        let Some(kind) = self.part.tracked.drops.get(&old) else { return own };
        let others = vec![(LEDGER.to_owned(), self.ledger(to, spaces))];
        self.stand_in(to, spaces, ledger::drop(*kind), Some(own), others)
    }

    /// What stands for `resource.new`.
    fn begun(&mut self, to: &mut Component, spaces: &mut Spaces, own: u32) -> Result<u32> {
        let signature = self.signature(self.functions.len() as u32)?;
        let others = vec![(LEDGER.to_owned(), self.ledger(to, spaces))];
        let module = ledger::count(ledger::BEGIN, &signature, true);
        Ok(self.stand_in(to, spaces, module, Some(own), others))
    }

    /// The function that stands for a destructor.
    pub(super) fn destructor(
        &mut self,
        to: &mut Component,
        spaces: &mut Spaces,
        own: Option<u32>,
    ) -> u32 {
        let others = vec![(LEDGER.to_owned(), self.ledger(to, spaces))];
        let signature = Signature::new(&[ValType::I32], &[]);
        let module = ledger::count(ledger::END, &signature, own.is_some());
        self.stand_in(to, spaces, module, own, others)
    }

    /// The instances that a core instance needs to resize memories of others: names and indices.
    pub(super) fn resizing(
        &self,
        to: &mut Component,
        spaces: &mut Spaces,
        instance: u32,
    ) -> Result<Vec<(String, u32)>> {
        let mut arguments = Vec::new();
        for Resized { import, home, memory } in
            self.part.resizers.get(&instance).into_iter().flatten().copied()
        {
            let home = spaces.core_instances.get(home).ok_or_else(unknown)?;
            let grow = alias(to, spaces, home, &self.labels.grow(memory));
            let size = alias(to, spaces, home, &self.labels.size(memory));
            let items = vec![
                (GROW.to_owned(), ExportKind::Func, grow),
                (SIZE.to_owned(), ExportKind::Func, size),
            ];
            arguments.push((self.labels.imports(import), bundle(to, spaces, items)));
        }
        Ok(arguments)
    }

    /// Makes the control module's instance, before the first lift.
    pub(super) fn control(&mut self, to: &mut Component, spaces: &mut Spaces) -> Result {
        if self.stand_ins.is_some() {
            return Ok(());
        }
        let stand_ins = self.needed()?;
        let part = self.part;
        let kinds = part.tracked.resources.len();
        let control = Control {
            states: part.stateful.len(),
            kinds,
            has_resources: part.has_resources(),
            is_composed: self.is_composed,
            is_shared: self.is_shared,
            functions: &stand_ins,
            labels: self.labels,
        };
        let module = module(to, spaces, &control.module());
        let mut arguments = Vec::new();
        for (number, instance) in part.stateful.iter().enumerate() {
            let instance = spaces.core_instances.get(*instance).ok_or_else(unknown)?;
            arguments.push((control::state(number), instance));
        }
        if part.has_ledger() {
            arguments.push((LEDGER.to_owned(), self.ledger(to, spaces)));
        }
        if kinds > 0 {
            let drops = self.drops(to, spaces)?;
            arguments.push((control::DROPS.to_owned(), bundle(to, spaces, drops)));
        }
        if let Some(exit) = self.exit {
            arguments.push((control::EXIT.to_owned(), exit));
        }
        if let Some(turn) = self.turn {
            let mut lower = CanonicalFunctionSection::new();
            lower.lower(turn, [] as [CanonicalOption; 0]);
            to.section(&lower);
            let lowered = spaces.core_functions.add();
            let item = vec![(control::TURN.to_owned(), ExportKind::Func, lowered)];
            arguments.push((control::TURN.to_owned(), bundle(to, spaces, item)));
        }
        let mut functions = Vec::new();
        for (number, stand_in) in stand_ins.iter().enumerate() {
            let function = self.original(to, spaces, stand_in)?;
            functions.push((control::function(number), ExportKind::Func, function));
        }
        arguments.push((control::FUNCTIONS.to_owned(), bundle(to, spaces, functions)));
        let instance = instantiate(to, spaces, module, &arguments);
        let aliases = (0..stand_ins.len()).map(|number| {
            let name = control::function(number);
            alias(to, spaces, instance, &name)
        });
        let aliases: Vec<_> = aliases.collect();
        let first = aliases.first().copied().ok_or_else(unknown)?;
        self.stand_ins = Some((stand_ins, first));
        self.told = self.is_composed.then(|| alias(to, spaces, instance, control::TURN));
        Ok(())
    }

    /// The functions that the control module has to stand in for.
    fn needed(&self) -> Result<Vec<StandIn>> {
        let mut needed: Vec<StandIn> = Vec::new();
        for number in 0..self.part.lifts.len() {
            for does in [Does::Runs { catches: false }, Does::Allocates] {
                let Some(stand_in) = self.of(number, does)? else { continue };
                if !needed.contains(&stand_in) {
                    needed.push(stand_in);
                }
            }
        }
        Ok(needed)
    }

    /// What stands for a function of a lift.
    fn of(&self, number: usize, does: Does) -> Result<Option<StandIn>> {
        let lift = self.part.lifts.get(number).ok_or_else(unknown)?;
        let (function, does) = match does {
            Does::Allocates => (lift.realloc, does),
            Does::Runs { .. } => {
                let catches = lift.catches && self.exit.is_some();
                (Some(lift.function), Does::Runs { catches })
            }
        };
        let Some(function) = function else { return Ok(None) };
        let has_handles = self.part.tracked.lifted.contains_key(&number);
        Ok(Some(StandIn {
            function,
            lift: (has_handles && does != Does::Allocates).then_some(number),
            signature: self.signature(function)?,
            does,
            keeps: lift.keeps,
            host: lift.callers.host,
            parts: lift.callers.parts,
        }))
    }

    /// The core function for which the control module stands in.
    fn original(
        &mut self,
        to: &mut Component,
        spaces: &mut Spaces,
        stand_in: &StandIn,
    ) -> Result<u32> {
        let definition = self.part.wiring.functions.get(stand_in.function as usize);
        let Some(CoreFunction::Alias { instance, name }) = definition else {
            return Err(unknown());
        };
        // The component's own alias may come later.
        let instance = spaces.core_instances.get(*instance).ok_or_else(unknown)?;
        let own = alias(to, spaces, instance, name);
        let Some(number) = stand_in.lift else { return Ok(own) };
        let id = self.part.tracked.lifted.get(&number).ok_or_else(unknown)?;
        self.remember(
            to,
            spaces,
            own,
            &Remembered {
                types: self.part.types.as_ref(),
                resources: &self.part.tracked.resources,
                id: *id,
                signature: &stand_in.signature,
                is_lifted: true,
                memory: self.part.lifts.get(number).and_then(|lift| lift.memory),
            },
        )
    }

    /// The functions that drop handles, by the number of the resource.
    fn drops(
        &mut self,
        to: &mut Component,
        spaces: &mut Spaces,
    ) -> Result<Vec<(String, ExportKind, u32)>> {
        let mut drops = Vec::new();
        for (kind, release) in self.part.tracked.releases.iter().enumerate() {
            let ty = match release {
                Release::Function(function) => {
                    let own = spaces.core_functions.get(*function).ok_or_else(unknown)?;
                    drops.push((control::function(kind), ExportKind::Func, own));
                    continue;
                }
                Release::Type(ty) => spaces.types.get(*ty).ok_or_else(unknown)?,
                Release::Export(instance, name) => {
                    let instance = spaces.instances.get(*instance).ok_or_else(unknown)?;
                    alias_type(to, spaces, instance, name)
                }
            };
            let mut section = CanonicalFunctionSection::new();
            section.resource_drop(ty);
            to.section(&section);
            let function = spaces.core_functions.add();
            drops.push((control::function(kind), ExportKind::Func, function));
        }
        Ok(drops)
    }

    /// Lifts what stands for the function of a lift, with a type.
    pub(super) fn lift(
        &self,
        canonicals: &mut CanonicalFunctionSection,
        number: usize,
        ty: u32,
        options: &[wasmparser::CanonicalOption],
    ) -> Result {
        let core = self.of_lift(number, Does::Runs { catches: false })?;
        let options = options.iter().map(|option| match option {
            wasmparser::CanonicalOption::Realloc(_) => {
                Ok(CanonicalOption::Realloc(self.of_lift(number, Does::Allocates)?))
            }
            wasmparser::CanonicalOption::PostReturn(function) => {
                let function = self.functions.get(*function as usize).copied();
                Ok(CanonicalOption::PostReturn(function.ok_or_else(unknown)?))
            }
            option => Ok(CanonicalOption::from(*option)),
        });
        canonicals.lift(core, ty, options.collect::<Result<Vec<_>>>()?);
        Ok(())
    }

    /// The index of what stands for a function of a lift.
    fn of_lift(&self, number: usize, does: Does) -> Result<u32> {
        let stand_in = self.of(number, does)?.ok_or_else(unknown)?;
        let (stand_ins, first) = self.stand_ins.as_ref().ok_or_else(unknown)?;
        let at = stand_ins.iter().position(|it| *it == stand_in).ok_or_else(unknown)?;
        Ok(first + at as u32)
    }
}
