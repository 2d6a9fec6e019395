//! The functions that an indirect call may reach.

use std::collections::BTreeSet;

use wasmparser::{FuncType, ValType};

use super::by_type::ByType;
use super::{CoreFunc, CoreInstanceId, Fit, Instantiation, Table, TableId};
use crate::component::index_space::{Idx, TypeIdx};

impl Instantiation<'_> {
    /// Whether a call by a type of an instance's module reaches a function.
    pub fn fit(&self, instance: CoreInstanceId, ty: TypeIdx, func: CoreFunc) -> Fit {
        let CoreFunc::Defined(owner, func) = func else { return Fit::Always };
        let (module, of) = (self.module(instance), self.module(owner));
        let Some(actual) = of.functions.get(func).map(|it| it.ty) else { return Fit::Never };
        let (Some(Some(wanted)), Some(Some(given))) = (module.types.get(ty), of.types.get(actual))
        else {
            return Fit::Never;
        };
        let plain = module.declarations.get(ty).is_none_or(|it| it.plain);
        let given_plain = of.declarations.get(actual).is_none_or(|it| it.plain);
        match (plain, given_plain) {
            (true, true) if wanted == given => Fit::Always,
            (false, false) if module.id == of.id && self.descends(owner, actual, ty) => Fit::Always,
            (false, false) if may_match(wanted, given) => Fit::Maybe,
            _ => Fit::Never,
        }
    }

    /// Whether a type is another one of its module, or is declared as its subtype.
    fn descends(&self, instance: CoreInstanceId, ty: TypeIdx, ancestor: TypeIdx) -> bool {
        let declarations = &self.module(instance).declarations;
        let mut ty = ty;
        while ty != ancestor {
            // A supertype stands before its subtypes.
            let supertype = declarations.get(ty).and_then(|it| it.supertype);
            match supertype.filter(|it| it.raw() < ty.raw()) {
                Some(supertype) => ty = supertype,
                None => return false,
            }
        }
        true
    }

    /// The functions that an indirect call may reach, by its type, each once.
    pub fn callees(
        &self,
        instance: CoreInstanceId,
        ty: TypeIdx,
        table: TableId,
    ) -> impl Iterator<Item = CoreFunc> {
        let table = &self.tables[table];
        let ByType { typed, others } = table.callees.get_or_init(|| by_type(self, table));
        // All functions of a type fit alike.
        let fits = move |funcs: &&BTreeSet<CoreFunc>| {
            funcs.first().is_some_and(|func| self.fit(instance, ty, *func) != Fit::Never)
        };
        typed.values().filter(fits).flatten().chain(others).copied()
    }

    /// The same; `None` if there are more than `most`.
    pub fn few_callees(
        &self,
        instance: CoreInstanceId,
        ty: TypeIdx,
        table: TableId,
        most: usize,
    ) -> Option<Vec<CoreFunc>> {
        let few: Vec<_> = self.callees(instance, ty, table).take(most.saturating_add(1)).collect();
        (few.len() <= most).then_some(few)
    }
}

/// The functions of a table by their types.
fn by_type(world: &Instantiation<'_>, table: &Table) -> ByType<CoreFunc> {
    let mut all = ByType::default();
    let replaced = table.replaced.iter().map(|(_, func)| func);
    for func in table.slots.iter().chain(replaced).flatten().copied() {
        let CoreFunc::Defined(instance, index) = func else {
            all.others.insert(func);
            continue;
        };
        let module = world.module(instance);
        if let Some(function) = module.functions.get(index) {
            all.typed.entry((module.id, function.ty)).or_default().insert(func);
        }
    }
    all
}

impl Table {
    /// What a slot may hold: once all segments are placed, or with `early` while start functions run. `None` is null, or
    /// no slot.
    pub fn slot(&self, index: u64, early: bool) -> impl Iterator<Item = Option<CoreFunc>> {
        let index = usize::try_from(index).ok();
        let last = index.and_then(|index| self.slots.get(index)).copied().flatten();
        let at = index.filter(|_| early).unwrap_or(usize::MAX);
        let replaced = self.replaced.range((at, None)..);
        std::iter::once(last)
            .chain(replaced.take_while(move |(slot, _)| *slot == at).map(|(_, func)| *func))
    }
}

/// Whether a type with these parameters and results may be the same as another, or its subtype. References are not
/// compared.
fn may_match(wanted: &FuncType, given: &FuncType) -> bool {
    let alike = |wanted: &[ValType], given: &[ValType]| {
        wanted.len() == given.len()
            && wanted.iter().zip(given).all(|(one, other)| {
                one == other || matches!((one, other), (ValType::Ref(_), ValType::Ref(_)))
            })
    };
    alike(wanted.params(), given.params()) && alike(wanted.results(), given.results())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::Component;
    use crate::component::index_space::FuncIdx;

    #[test]
    fn a_call_reaches_its_type_and_declared_subtypes() {
        let module = "(type $plain (func))
            (type $open (sub (func (result anyref))))
            (type $narrow (sub final $open (func (result i31ref))))
            (type $other (sub (func (result i31ref))))
            (type $same (func))
            (rec (type $first (func)) (type $second (func)))
            (func (type $plain))
            (func (type $open) (ref.null any))
            (func (type $narrow) (ref.null i31))
            (func (type $other) (ref.null i31))
            (func (type $same))
            (func (type $first))
            (func (type $second))";
        let component = Component::of_text(&format!(
            "(component (core module $a {module}) (core module $b {module} (memory 1))
              (core instance (instantiate $a)) (core instance (instantiate $b)))"
        ));
        let world = Instantiation::of(component);
        let instances: Vec<_> = world.core_instances.iter().map(|(id, _)| id).collect();
        // The types and functions have the same numbers.
        let reached = |called: u32, of: CoreInstanceId| -> String {
            let fits = (0..7).map(|func| {
                let func = CoreFunc::Defined(of, FuncIdx::new(func));
                match world.fit(instances[0], TypeIdx::new(called), func) {
                    Fit::Never => '-',
                    Fit::Maybe => '?',
                    Fit::Always => '!',
                }
            });
            fits.collect()
        };
        let cases = [
            ("plain", "!---!--", "!---!--"),
            ("open", "-!!?---", "-???---"),
            ("narrow", "-?!?---", "-???---"),
            ("other", "-??!---", "-???---"),
            ("same", "!---!--", "!---!--"),
            ("first", "-----!?", "-----??"),
            ("second", "-----?!", "-----??"),
        ];
        for (number, (name, own, of_other)) in (0..).zip(cases) {
            assert_eq!(reached(number, instances[0]), own, "{name}");
            assert_eq!(reached(number, instances[1]), of_other, "{name} of another module");
        }
    }
}
