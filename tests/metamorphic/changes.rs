//! Changes that keep what a component does. `None` if a change does not apply.

use wasm_encoder::reencode::{ReencodeComponent, RoundtripReencoder};
use wasm_encoder::{Encode, NameMap, NameSection};
use wasmparser::{
    BinaryReader, FunctionBody, KnownCustom, Name, NameSectionReader, Operator, Parser, Payload,
};

use super::tree::{self, Part};

/// Ids of sections of a component.
const CUSTOM: u8 = 0;
const CORE_MODULE: u8 = 1;
const ALIAS: u8 = 6;
const IMPORT: u8 = 10;
/// The id of the code section of a core module.
const CODE: u8 = 10;

/// Without custom sections: no names, no producers, no line tables.
pub(crate) fn stripped(bytes: &[u8]) -> Option<Vec<u8>> {
    fn strip(part: &mut Part) {
        let Some(parts) = part.parts() else { return };
        parts.retain(|it| it.id() != CUSTOM);
        parts.iter_mut().for_each(strip);
    }
    let mut whole = Part::of(bytes)?;
    strip(&mut whole);
    Some(whole.encode())
}

/// Every number in its shortest form, every section as wasm-encoder writes it.
pub(crate) fn encoded(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut component = wasm_encoder::Component::new();
    RoundtripReencoder.parse_component(&mut component, Parser::new(0), bytes).ok()?;
    Some(component.finish())
}

/// Indices of calls and globals and constants in five bytes each, as linkers write those that they relocate.
pub(crate) fn padded(bytes: &[u8]) -> Option<Vec<u8>> {
    fn pad(part: &mut Part) {
        match part {
            Part::Section { .. } => {}
            Part::Module(parts) => {
                for part in parts {
                    if let Part::Section { id: CODE, data } = part
                        && let Some(bodies) = tree::bodies(data)
                        && let Some(padded) =
                            bodies.iter().map(|it| body(it)).collect::<Option<Vec<_>>>()
                    {
                        *data = tree::code(&padded);
                    }
                }
            }
            Part::Component(parts) => parts.iter_mut().for_each(pad),
        }
    }
    let mut whole = Part::of(bytes)?;
    pad(&mut whole);
    Some(whole.encode())
}

/// A function's body with padded numbers.
fn body(bytes: &[u8]) -> Option<Vec<u8>> {
    let reader = FunctionBody::new(BinaryReader::new(bytes, 0)).get_operators_reader().ok()?;
    let mut padded = Vec::new();
    let mut from = 0;
    for operator in reader.into_iter_with_offsets() {
        let (operator, at) = operator.ok()?;
        let at = at as usize;
        // The operators without an opcode of more than one byte have their number behind one byte.
        let number = match operator {
            Operator::Call { function_index } => i64::from(function_index),
            Operator::GlobalGet { global_index } | Operator::GlobalSet { global_index } => {
                i64::from(global_index)
            }
            Operator::I32Const { value } => i64::from(value),
            _ => continue,
        };
        padded.extend(&bytes[from..=at]);
        padded.extend(
            (0..5).map(|group| {
                (number >> (7 * group)) as u8 & 0x7f | if group < 4 { 0x80 } else { 0 }
            }),
        );
        from = at + 1 + bytes[at + 1..].iter().take_while(|byte| *byte & 0x80 != 0).count() + 1;
    }
    padded.extend(&bytes[from..]);
    Some(padded)
}

/// Each named function gets the name of another one of its module.
pub(crate) fn renamed(bytes: &[u8]) -> Option<Vec<u8>> {
    fn rename(part: &mut Part) {
        match part {
            Part::Module(parts) => {
                for part in parts {
                    if let Part::Section { id: CUSTOM, data } = part
                        && let Some(names) = exchanged(data)
                    {
                        *data = names;
                    }
                }
            }
            part => part.parts().into_iter().flatten().for_each(rename),
        }
    }
    let mut whole = Part::of(bytes)?;
    rename(&mut whole);
    Some(whole.encode())
}

/// The content of a name section in which the functions have exchanged their names; `None` for any other section.
fn exchanged(data: &[u8]) -> Option<Vec<u8>> {
    let mut reader = BinaryReader::new(data, 0);
    if reader.read_string().ok()? != "name" {
        return None;
    }
    let position = reader.current_position();
    let mut functions = Vec::new();
    for name in NameSectionReader::new(BinaryReader::new(&data[position..], 0)) {
        if let Name::Function(map) = name.ok()? {
            for naming in map {
                let naming = naming.ok()?;
                functions.push((naming.index, naming.name));
            }
        }
    }
    let mut map = NameMap::new();
    for (at, (index, _)) in functions.iter().enumerate() {
        map.append(*index, functions[(at + 1) % functions.len()].1);
    }
    let mut names = NameSection::new();
    names.functions(&map);
    let mut section = Vec::new();
    names.encode(&mut section);
    // The section begins with its size.
    let module = [b"\0asm\x01\0\0\0\0".as_slice(), &section].concat();
    let payloads: Vec<_> = Parser::new(0).parse_all(&module).flatten().collect();
    payloads.into_iter().find_map(|payload| match payload {
        Payload::CustomSection(section) if matches!(section.as_known(), KnownCustom::Name(_)) => {
            let range = section.range();
            Some(module[range.start as usize..range.end as usize].to_vec())
        }
        _ => None,
    })
}

/// With a core module and a component at the end that nobody instantiates.
pub(crate) fn appended(bytes: &[u8]) -> Option<Vec<u8>> {
    let unused = "(component (core module (memory 1) (global (mut i32) (i32.const 7))
        (func (export \"_start\") (if (i32.load (i32.const 8)) (then unreachable))
          (i32.store (i32.const 8) (i32.const 1)))))";
    let unused = Part::of(&wat::parse_str(unused).expect("the text parses"))?;
    let mut whole = Part::of(bytes)?;
    let mut module = unused.clone();
    let module = module.parts()?.remove(0);
    whole.parts()?.extend([module, unused]);
    Some(whole.encode())
}

/// Each core module stands before what neither defines nor names one.
pub(crate) fn reordered(bytes: &[u8]) -> Option<Vec<u8>> {
    fn reorder(part: &mut Part) {
        let Part::Component(parts) = part else { return };
        for at in 1..parts.len() {
            let mut at = at;
            let stays = |part: &Part| matches!(part.id(), CORE_MODULE | ALIAS | IMPORT);
            while at > 0 && parts[at].id() == CORE_MODULE && !stays(&parts[at - 1]) {
                parts.swap(at - 1, at);
                at -= 1;
            }
        }
        parts.iter_mut().for_each(reorder);
    }
    let mut whole = Part::of(bytes)?;
    reorder(&mut whole);
    Some(whole.encode())
}

/// As text, and that parsed.
pub(crate) fn printed(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = wasmprinter::print_bytes(bytes).ok()?;
    wat::parse_str(&text).ok()
}
