//! What a valid component is: the proposals it may use, and the validation of function bodies on all cores.

use std::mem;

use rayon::prelude::*;
use wasmparser::{
    FuncToValidate, FuncValidatorAllocations, FunctionBody, Parser, ValidPayload, Validator,
    ValidatorResources, WasmFeatures,
};

use super::{ReadError, claims};

/// Function bodies, each with what its validation needs to know of its module.
pub(super) type Bodies<'a> = Vec<(FuncToValidate<ValidatorResources>, FunctionBody<'a>)>;

/// The proposals that a component may use: those of WebAssembly 3.0 and others that wasmtime 48 implements, and exceptions
/// as they were before 3.0, which toolchains still emit and JavaScript engines run.
pub(crate) const FEATURES: WasmFeatures = WasmFeatures::WASM3
    .union(WasmFeatures::THREADS)
    .union(WasmFeatures::LEGACY_EXCEPTIONS)
    .union(WasmFeatures::SHARED_EVERYTHING_THREADS)
    .union(WasmFeatures::CUSTOM_PAGE_SIZES)
    .union(WasmFeatures::STACK_SWITCHING)
    .union(WasmFeatures::WIDE_ARITHMETIC)
    .union(WasmFeatures::COMPACT_IMPORTS)
    .union(WasmFeatures::COMPONENT_MODEL)
    .union(WasmFeatures::CM_ASYNC)
    .union(WasmFeatures::CM_ASYNC_STACKFUL)
    .union(WasmFeatures::CM_MORE_ASYNC_BUILTINS)
    .union(WasmFeatures::CM_THREADING)
    .union(WasmFeatures::CM_ERROR_CONTEXT)
    .union(WasmFeatures::CM_FIXED_LENGTH_LISTS)
    .union(WasmFeatures::CM_GC)
    .union(WasmFeatures::CM_IMPLEMENTS)
    .union(WasmFeatures::CM_MAP)
    .union(WasmFeatures::CM64);

/// Creates a validator of one file.
pub(crate) fn validator() -> Validator {
    Validator::new_with_features(FEATURES)
}

/// Validates function bodies on all threads of the current pool.
///
/// # Errors
/// The first error in the order of the file.
pub(super) fn check(bodies: Bodies<'_>) -> wasmparser::Result<()> {
    let results = bodies.into_par_iter().map_init(
        FuncValidatorAllocations::default,
        |allocations, (function, body)| {
            let mut validator = function.into_validator(mem::take(allocations));
            let result = validator.validate(&body);
            *allocations = validator.into_allocations();
            result
        },
    );
    results.filter_map(Result::err).min_by_key(wasmparser::Error::offset).map_or(Ok(()), Err)
}

/// Validates a core module.
///
/// # Errors
/// If it is not valid.
pub(super) fn core_module(file: &[u8]) -> Result<(), ReadError> {
    let mut validator = validator();
    let mut bodies = Bodies::new();
    let mut read = || {
        for payload in Parser::new(0).parse_all(file) {
            let payload = payload?;
            claims::check(&payload)?;
            if let ValidPayload::Func(function, body) = validator.payload(&payload)? {
                bodies.push((function, body));
            }
        }
        check(mem::take(&mut bodies))
    };
    read().map_err(|error| explained(file, &error))
}

/// The error of a file, which names the missing proposal if that is all that is wrong.
pub(super) fn explained(file: &[u8], error: &wasmparser::Error) -> ReadError {
    let is_valid =
        |more| Validator::new_with_features(FEATURES.union(more)).validate_all(file).is_ok();
    let others = WasmFeatures::all().difference(FEATURES);
    let mut message = error.message().to_owned();
    if claims::are_plausible(file) && is_valid(others) {
        let mut names = others.iter_names();
        let name = names.find(|(_, proposal)| is_valid(*proposal)).map(|(name, _)| name);
        let proposal = match name.map(|name| name.to_lowercase().replace('_', "-")) {
            Some(name) => format!("the proposal `{name}`"),
            None => "newer proposals".to_owned(),
        };
        message += &format!("; it is valid with {proposal}, which wasmtime 48 does not support");
    }
    ReadError::Malformed { offset: error.offset(), message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::Component;

    /// The error of a component whose core module exports `f` with this body.
    fn error(body: &str) -> ReadError {
        let text = format!(
            "(component (core module (memory 1) (func (result i32) i32.const 1) (func (export \"f\") {body})))"
        );
        Component::read(&wat::parse_str(text).unwrap()).unwrap_err()
    }

    #[test]
    fn function_bodies_are_validated() {
        let error = error("i32.const 1");
        assert!(error.to_string().contains("values remaining on stack"), "{error}");
        assert_eq!(error.offset(), 0x39);
    }

    #[test]
    fn a_missing_proposal_is_named() {
        let error = error("i32.const 0 i32.const 0 memory.discard").to_string();
        assert!(
            error.ends_with("proposal `memory-control`, which wasmtime 48 does not support"),
            "{error}"
        );
        let both = "i32.const 0 i32.const 0 memory.discard i32.const 0 i32.atomic.load acqrel drop";
        let error = self::error(both).to_string();
        assert!(error.ends_with("newer proposals, which wasmtime 48 does not support"), "{error}");
    }
}
