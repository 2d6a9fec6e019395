//! A core module as the component that its toolchain makes of it, with the published adapter of WASI preview1.

use std::collections::BTreeSet;
use std::panic::catch_unwind;

use wasi_preview1_component_adapter_provider as published;
use wasmparser::{Parser, Payload};
use wit_component::{ComponentEncoder, metadata};

use super::{ReadError, validity};
use crate::inventory::Wrapping;

/// The release of the adapters, which is wasmtime's.
const RELEASE: &str = "50.0.1";
/// The imports that an adapter serves.
const PREVIEW1: &str = published::WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME;
/// The interfaces of the world `wasi:http/proxy`.
const PROXY: [&str; 5] = ["wasi:http/", "wasi:io/", "wasi:clocks/", "wasi:random/", "wasi:cli/std"];

/// An adapter: its kind, as in the name of its file, and its bytes.
type Adapter = (&'static str, &'static [u8]);

const COMMAND: Adapter = ("command", published::WASI_SNAPSHOT_PREVIEW1_COMMAND_ADAPTER);
const REACTOR: Adapter = ("reactor", published::WASI_SNAPSHOT_PREVIEW1_REACTOR_ADAPTER);
const HTTP: Adapter = ("proxy", published::WASI_SNAPSHOT_PREVIEW1_PROXY_ADAPTER);

/// Why no component can be made of a core module.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WrapError {
    #[error(transparent)]
    Invalid(ReadError),
    /// Only its author knows its world.
    #[error("this is a core module, and nothing in it says which WIT world it implements")]
    NoWorld {
        /// Whether it needs an adapter.
        preview1: bool,
    },
    #[error("{0}")]
    Unsuitable(String),
}

/// Whether the bytes are those of a core module.
pub(crate) fn is_core_module(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\0asm\x01\0\0\0")
}

/// Makes a component of a core module, as `wasm-tools component new` does. A module that imports preview1 gets the command
/// adapter if it exports `_start`, the proxy adapter if its world is within `wasi:http/proxy`, and else the reactor adapter.
///
/// # Errors
/// If it is invalid, of another host, or neither a program nor a module with a WIT world.
pub(crate) fn wrapped(module: &[u8]) -> Result<(Vec<u8>, Wrapping), WrapError> {
    validity::core_module(module).map_err(WrapError::Invalid)?;
    // wit-component asserts what a hostile module need not keep.
    let encoded = catch_unwind(|| encoded(module)).unwrap_or_else(|_| {
        Err(WrapError::Unsuitable(
            "wit-component fails on this core module, which is its bug".to_owned(),
        ))
    });
    let (component, adapter) = encoded?;
    let wrapping = Wrapping {
        bytes: module.len() as u64,
        adapter: adapter.map(|(kind, _)| kind.to_owned()),
        release: adapter.map(|_| RELEASE.to_owned()),
        shift: shift(module, &component),
    };
    Ok((component, wrapping))
}

fn encoded(module: &[u8]) -> Result<(Vec<u8>, Option<Adapter>), WrapError> {
    let shape = Shape::of(module);
    let preview1 = shape.imports.contains(PREVIEW1);
    let foreign = shape.imports.iter().find(|it| **it != PREVIEW1 && !it.contains(':'));
    let other_host = foreign.map(|import| {
        let message =
            format!("no component can be made of this core module: it imports `{import}`");
        WrapError::Unsuitable(message + " from another host, such as JavaScript")
    });
    let adapters = match &shape {
        Shape { library: true, .. } => {
            let why = "this core module is a shared library, which is linked at run time: make a \
                       component of the program and its libraries with `wasm-tools component link`";
            return Err(WrapError::Unsuitable(why.to_owned()));
        }
        _ if shape.imports.contains("__main_module__") => {
            let why =
                "this core module is an adapter, which is a part of components and none itself";
            return Err(WrapError::Unsuitable(why.to_owned()));
        }
        _ if shape.imports.contains("wasi_unstable") => {
            let why = "this core module is for the preview of WASI before preview1 (`wasi_unstable`): \
                       build it for wasip1 or wasip2 with newer tools";
            return Err(WrapError::Unsuitable(why.to_owned()));
        }
        Shape { world: false, start: false, .. } => {
            return Err(other_host.unwrap_or(WrapError::NoWorld { preview1 }));
        }
        Shape { start: true, world: false, .. } => vec![Some(COMMAND)],
        // A program whose world has a `run` of its own has no place for another.
        Shape { start: true, .. } => vec![Some(COMMAND), preview1.then_some(REACTOR)],
        _ if preview1 && is_proxy(module) => vec![Some(HTTP), Some(REACTOR)],
        _ => vec![preview1.then_some(REACTOR)],
    };
    let mut first_error = None;
    for adapter in adapters {
        match encode(module, adapter) {
            Ok(component) => return Ok((component, adapter)),
            Err(error) => first_error = first_error.or(Some(format!("{error:#}"))),
        }
    }
    let error = first_error.unwrap_or_default();
    let error = error.lines().next().unwrap_or_default();
    let message = format!("no component can be made of this core module: {error}");
    Err(other_host.unwrap_or(WrapError::Unsuitable(message)))
}

fn encode(module: &[u8], adapter: Option<Adapter>) -> Result<Vec<u8>, impl std::fmt::Display> {
    let mut encoder = ComponentEncoder::default();
    encoder.module(module)?;
    if let Some((_, bytes)) = adapter {
        encoder.adapter(PREVIEW1, bytes)?;
    }
    encoder.encode()
}

/// What decides how a core module is wrapped.
#[derive(Default)]
struct Shape<'a> {
    imports: BTreeSet<&'a str>,
    /// Whether it is a program.
    start: bool,
    /// Whether it names its WIT world.
    world: bool,
    library: bool,
}

impl<'a> Shape<'a> {
    /// Ignores malformed sections: the module was validated.
    fn of(module: &'a [u8]) -> Self {
        let mut shape = Shape::default();
        for payload in Parser::new(0).parse_all(module).map_while(Result::ok) {
            match payload {
                Payload::ImportSection(section) => {
                    let imports = section.into_imports().map_while(Result::ok);
                    shape.imports.extend(imports.map(|import| import.module));
                }
                Payload::ExportSection(section) => {
                    shape.start |= section.into_iter().flatten().any(|it| it.name == "_start");
                }
                Payload::CustomSection(section) => {
                    shape.world |= section.name().starts_with("component-type");
                    shape.library |= section.name() == "dylink.0";
                }
                _ => {}
            }
        }
        shape
    }
}

/// Whether the world of a module exports a handler of HTTP requests and nothing else, and imports only what a proxy has.
fn is_proxy(module: &[u8]) -> bool {
    let Ok((_, bindings)) = metadata::decode(module) else { return false };
    let resolve = &bindings.resolve;
    let world = &resolve.worlds[bindings.world];
    let mut exports = world.exports.keys().map(|key| resolve.name_world_key(key));
    let mut imports = world.imports.keys().map(|key| resolve.name_world_key(key));
    !world.exports.is_empty()
        && exports.all(|name| name.starts_with("wasi:http/incoming-handler"))
        && imports.all(|name| PROXY.iter().any(|prefix| name.starts_with(prefix)))
}

/// How much greater an offset in the module's code is in the component; `None` if the module has no code.
fn shift(module: &[u8], component: &[u8]) -> Option<u64> {
    let code = |bytes: &[u8]| {
        let mut payloads = Parser::new(0).parse_all(bytes).map_while(Result::ok);
        let range = payloads.find_map(|payload| match payload {
            Payload::CodeSectionStart { unchecked_range, .. } => Some(unchecked_range),
            _ => None,
        })?;
        let contents = bytes.get(range.start as usize..range.end as usize)?.to_vec();
        Some((range.start, contents))
    };
    let ((from, own), (to, wrapped)) = (code(module)?, code(component)?);
    (own == wrapped).then(|| to.wrapping_sub(from))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrap(text: &str) -> Result<(Vec<u8>, Wrapping), WrapError> {
        wrapped(&wat::parse_str(text).unwrap())
    }

    #[test]
    fn the_release_is_that_of_the_package() {
        let manifest = include_str!("../../Cargo.toml");
        assert!(
            manifest
                .contains(&format!("wasi-preview1-component-adapter-provider = \"={RELEASE}\""))
        );
    }

    #[test]
    fn a_program_gets_the_command_adapter() {
        for import in ["", "(import \"wasi_snapshot_preview1\" \"proc_exit\" (func (param i32)))"] {
            let text = format!(
                "(module {import} (memory (export \"memory\") 1) (func (export \"_start\")))"
            );
            let (component, wrapping) = wrap(&text).unwrap();
            assert_eq!(wrapping.adapter.as_deref(), Some("command"));
            let component = crate::component::Component::read(&component).unwrap();
            let exports: Vec<_> =
                component.exports.iter().map(|it| it.name.unversioned()).collect();
            assert_eq!(exports, ["wasi:cli/run#run"], "{import}");
            let module = &component.core_modules.iter().next().unwrap().1;
            assert!(wrapping.shift.is_some_and(|shift| shift > 0 && shift < module.span.end));
        }
    }

    #[test]
    fn a_module_that_no_component_can_be_made_of() {
        let preview1 = "(import \"wasi_snapshot_preview1\" \"proc_exit\" (func (param i32)))";
        assert_eq!(wrap("(module)").unwrap_err(), WrapError::NoWorld { preview1: false });
        let text = format!("(module {preview1})");
        assert_eq!(wrap(&text).unwrap_err(), WrapError::NoWorld { preview1: true });
        for (text, part) in [
            ("(module (import \"wbg\" \"x\" (func)))", "it imports `wbg`"),
            (
                "(module (import \"env\" \"x\" (func)) (func (export \"_start\")))",
                "it imports `env`",
            ),
            ("(module (func (export \"_start\")))", "main module cannot import memory"),
            ("(module (import \"wasi_unstable\" \"x\" (func)))", "before preview1"),
            ("(module (import \"__main_module__\" \"x\" (func)))", "an adapter"),
            ("(module (func (result i32)))", "type mismatch"),
        ] {
            let error = wrap(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
