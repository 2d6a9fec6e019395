//! A component with accessors to the state of its core instances: exports that read and write its memories and mutable
//! globals. Only appends: core modules get exports, and components get accessor modules, their instances and exports. No
//! instruction of the component changes. Refuses shared and 64-bit memories and globals that are not numbers.

mod accessors;
mod component;
mod module;
mod probe;

use wasmparser::{Encoding, Parser, Payload, ValidPayload};

use crate::component::validity::validator;
use component::ComponentFrame;
use module::ModuleFrame;
pub(super) use probe::{Cell, Memory, Probe, SMALL_PAGE, Value};

/// How many cells get accessors, at most: state beyond them stays unread. Each takes two core instances, and a component
/// may have 1000 of them (wasmparser 0.254: `MAX_WASM_INSTANCES`).
const MOST: usize = 384;

/// A component with accessors.
pub(super) struct Probed {
    pub(super) bytes: Vec<u8>,
    pub(super) probes: Vec<Probe>,
    /// Whether there is state that no accessor reads: a shared memory, or more than [`MOST`] cells.
    pub(super) partial: bool,
}

enum Frame {
    Module(ModuleFrame),
    Component(ComponentFrame),
}

/// Adds accessors to a valid component. `None` if it cannot be written again.
pub(super) fn probe(bytes: &[u8]) -> Option<Probed> {
    let mut validator = validator();
    let mut frames: Vec<Frame> = Vec::new();
    let mut left = MOST;
    let mut partial = false;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.ok()?;
        let types = match validator.payload(&payload).ok()? {
            ValidPayload::End(types) => Some(types),
            _ => None,
        };
        if let Payload::Version { encoding, range, .. } = &payload {
            frames.push(match encoding {
                Encoding::Module => Frame::Module(ModuleFrame::new(range.start)),
                Encoding::Component => {
                    let outer = frames.iter().filter_map(|frame| match frame {
                        Frame::Component(outer) => Some(outer.modules()),
                        Frame::Module(_) => None,
                    });
                    Frame::Component(ComponentFrame::new(outer.collect()))
                }
            });
            continue;
        }
        let Some(types) = types else {
            match frames.last_mut()? {
                Frame::Module(module) => module.section(&payload, bytes)?,
                Frame::Component(component) => component.section(&payload, bytes)?,
            }
            continue;
        };
        let (finished, parent) = (frames.pop()?, frames.last_mut());
        match (finished, parent) {
            (Frame::Module(module), Some(Frame::Component(parent))) => {
                let module = module.finish(&mut left)?;
                partial |= module.partial;
                parent.module(module);
            }
            (Frame::Component(component), Some(Frame::Component(parent))) => {
                parent.component(component.finish(&types, &mut left)?);
            }
            (Frame::Component(component), None) => {
                let (bytes, mut probes) = component.finish(&types, &mut left)?;
                number(&mut probes);
                let partial = partial || left == 0;
                return Some(Probed { bytes, probes, partial });
            }
            _ => return None,
        }
    }
    None
}

/// Numbers the instances of the same module.
fn number(probes: &mut [Probe]) {
    for at in 0..probes.len() {
        let (before, rest) = probes.split_at_mut(at);
        let same = |it: &&Probe| it.module == rest[0].module && it.cell == rest[0].cell;
        rest[0].instance = before.iter().filter(same).count() as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NESTED: &str = r#"(component
        (core module $m
            (memory 1) (global (mut i32) (i32.const 7)) (global i32 (i32.const 1))
            (global (mut f64) (f64.const 1))
            (func (export "f") (result i32) (i32.load (i32.const 16))))
        (component $inner
            (alias outer 1 0 (core module $outer))
            (core instance $a (instantiate $outer))
            (func (export "g") (result u32) (canon lift (core func $a "f"))))
        (core instance $a (instantiate $m))
        (core instance $b (instantiate $m))
        (instance $one (instantiate $inner))
        (func (export "f") (result u32) (canon lift (core func $a "f")))
        (func (export "g") (result u32) (canon lift (core func $b "f"))))"#;

    #[test]
    fn every_instance_gets_accessors_and_the_result_is_valid() {
        let bytes = wat::parse_str(NESTED).unwrap();
        let probed = probe(&bytes).unwrap();
        validator().validate_all(&probed.bytes).unwrap();
        let cells: Vec<_> = probed.probes.iter().map(|it| (it.instance, it.cell)).collect();
        let (memory, globals) = (Cell::Memory(0), [Cell::Global(0), Cell::Global(2)]);
        let of = |instance| globals.map(|cell| (instance, cell)).to_vec();
        let expected =
            [vec![(0, memory), (1, memory)], of(0), of(1), vec![(2, memory)], of(2)].concat();
        assert_eq!(cells, expected);
        assert!(probed.probes.iter().all(|it| bytes[it.module as usize..].starts_with(b"\0asm")));
    }

    #[test]
    fn state_that_cannot_be_read_is_told() {
        let shared =
            "(component (core module $m (memory 1 1 shared) (global (mut i32) (i32.const 1)))
                      (core instance (instantiate $m)))";
        let probed = probe(&wat::parse_str(shared).unwrap()).unwrap();
        assert!(probed.partial);
        assert_eq!(probed.probes.len(), 1);
        let empty = probe(&wat::parse_str("(component)").unwrap()).unwrap();
        assert!(empty.probes.is_empty() && !empty.partial);
        assert!(probe(b"no component").is_none());
    }
}
