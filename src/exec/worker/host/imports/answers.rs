//! The user's answers of imported functions: `[[answer]]`, and `wasi:config` if values are provided.

use std::collections::BTreeMap;
use std::sync::Arc;

use wasmtime::component::types::ComponentFunc;
use wasmtime::component::{Type, Val};

use crate::script::Script;

pub(super) struct Answers {
    /// Values in WAVE, by the function's full name: `ns:pkg/iface@v#func`.
    values: BTreeMap<String, Vec<String>>,
    /// Values of `wasi:config`; empty if none are provided.
    config: Arc<[(String, String)]>,
}

/// What one function returns.
pub(super) enum Answer {
    /// One value for each call within a call of the export, in order; the last one for all further calls.
    InTurn(Vec<Val>),
    /// The value whose name is the argument.
    Configured(Arc<[(String, String)]>),
}

impl Answers {
    pub(super) fn of(script: &Script) -> Self {
        let values = script.answers.iter().map(|it| (it.import.clone(), it.values.clone()));
        Answers { values: values.collect(), config: script.guest.config.as_slice().into() }
    }

    /// Whether there is an answer of exactly this function.
    pub(super) fn contain(&self, full_name: &str) -> bool {
        self.values.contains_key(full_name)
    }

    /// The answer of a function of this type, if there is one.
    ///
    /// # Errors
    /// When a value does not have the type.
    pub(super) fn to(&self, full_name: &str, ty: &ComponentFunc) -> Result<Option<Answer>, String> {
        let Some(values) = self.values.get(full_name) else {
            return Ok(self.configured(full_name, ty));
        };
        let Some(result) = ty.results().next() else { return Ok(None) };
        let values = values.iter().map(|text| {
            Val::from_wave(&result, text)
                .map_err(|error| format!("`{full_name}` cannot return `{text}`: {error:#}"))
        });
        Ok(Some(Answer::InTurn(values.collect::<Result<_, _>>()?)))
    }

    /// The functions of `wasi:config/store`, and of `wasi:config/runtime` before it, in all versions.
    fn configured(&self, full_name: &str, ty: &ComponentFunc) -> Option<Answer> {
        let (interface, function) = full_name.strip_prefix("wasi:config/")?.split_once('#')?;
        let interface = interface.split_once('@').map_or(interface, |(name, _)| name);
        if self.config.is_empty() || !matches!(interface, "store" | "runtime") {
            return None;
        }
        let mut results = ty.results();
        let (Some(Type::Result(result)), None) = (results.next(), results.next()) else {
            return None;
        };
        let parameters: Vec<_> = ty.params().map(|(_, ty)| ty).collect();
        match (function, parameters.as_slice(), result.ok()?) {
            ("get", [Type::String], Type::Option(value)) if value.ty() == Type::String => {
                Some(Answer::Configured(Arc::clone(&self.config)))
            }
            ("get-all", [], Type::List(list)) if is_pair(&list.ty()) => {
                let pairs = self.config.iter().map(|(name, value)| {
                    Val::Tuple(vec![Val::String(name.clone()), Val::String(value.clone())])
                });
                Some(Answer::InTurn(vec![ok(Val::List(pairs.collect()))]))
            }
            _ => None,
        }
    }
}

impl Answer {
    /// What the function returns when it is called with `arguments` after `before` other calls.
    pub(super) fn value(&self, before: u32, arguments: &[Val]) -> Option<Val> {
        match self {
            Answer::InTurn(values) => values.get(before as usize).or(values.last()).cloned(),
            Answer::Configured(pairs) => {
                let Some(Val::String(wanted)) = arguments.first() else { return None };
                let found = pairs.iter().find(|(name, _)| name == wanted);
                let found = found.map(|(_, value)| Box::new(Val::String(value.clone())));
                Some(ok(Val::Option(found)))
            }
        }
    }
}

fn ok(value: Val) -> Val {
    Val::Result(Ok(Some(Box::new(value))))
}

/// Whether it is `tuple<string, string>`.
fn is_pair(ty: &Type) -> bool {
    let Type::Tuple(tuple) = ty else { return false };
    tuple.types().eq([Type::String, Type::String])
}
