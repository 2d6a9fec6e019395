//! A binary as its sections: core modules and components are trees, all else is bytes. Sizes are written anew, so that a
//! tree that was changed is cut into the same parts again.

use super::random::Random;

/// A part of a module or component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Section { id: u8, data: Vec<u8> },
    Module(Vec<Part>),
    Component(Vec<Part>),
}

const MODULE: &[u8; 8] = b"\0asm\x01\0\0\0";
const COMPONENT: &[u8; 8] = b"\0asm\x0d\0\x01\0";
/// Ids of sections of a component that hold others.
const CORE_MODULE: u8 = 1;
const NESTED: u8 = 4;
/// The id of the code section of a core module.
const CODE: u8 = 10;
/// No deeper: the mutators recurse.
const DEEPEST: usize = 30;

impl Part {
    /// Takes a binary apart; `None` if its sections do not fit together.
    pub(crate) fn of(bytes: &[u8]) -> Option<Part> {
        Part::at(bytes, 0)
    }

    fn at(bytes: &[u8], depth: usize) -> Option<Part> {
        if let Some(rest) = bytes.strip_prefix(MODULE) {
            return Some(Part::Module(sections(rest, |id, data| Part::Section {
                id,
                data: data.to_vec(),
            })?));
        }
        let parts = sections(bytes.strip_prefix(COMPONENT)?, |id, data| {
            let nested = matches!(id, CORE_MODULE | NESTED) && depth < DEEPEST;
            let nested = if nested { Part::at(data, depth + 1) } else { None };
            nested.unwrap_or_else(|| Part::Section { id, data: data.to_vec() })
        });
        Some(Part::Component(parts?))
    }

    /// The binary.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let (preamble, parts) = match self {
            Part::Section { data, .. } => return data.clone(),
            Part::Module(parts) => (MODULE, parts),
            Part::Component(parts) => (COMPONENT, parts),
        };
        let mut bytes = preamble.to_vec();
        for part in parts {
            let data = part.encode();
            bytes.push(part.id());
            number(data.len(), &mut bytes);
            bytes.extend(data);
        }
        bytes
    }

    pub(crate) fn id(&self) -> u8 {
        match self {
            Part::Section { id, .. } => *id,
            Part::Module(_) => CORE_MODULE,
            Part::Component(_) => NESTED,
        }
    }

    /// The parts of a module or component.
    pub(crate) fn parts(&mut self) -> Option<&mut Vec<Part>> {
        match self {
            Part::Section { .. } => None,
            Part::Module(parts) | Part::Component(parts) => Some(parts),
        }
    }

    /// Changes one place of it; `donor` gives parts.
    pub(crate) fn mutate(&mut self, random: &mut Random, donor: &Part) {
        let (Part::Module(parts) | Part::Component(parts)) = self else { return };
        let deeper: Vec<_> =
            (0..parts.len()).filter(|at| !matches!(parts[*at], Part::Section { .. })).collect();
        if !deeper.is_empty() && random.percent(70) {
            let at = deeper[random.below(deeper.len() as u64) as usize];
            return parts[at].mutate(random, donor);
        }
        if parts.is_empty() {
            return;
        }
        let mut any = |parts: &[Part]| random.below(parts.len() as u64) as usize;
        let (at, other) = (any(parts), any(parts));
        match random.below(12) {
            0 => drop(parts.remove(at)),
            1 => parts.insert(other, parts[at].clone()),
            2 => parts.swap(at, other),
            3 => parts[at..].rotate_left(1),
            4 | 5 => {
                if let Some(given) = donor.any(random) {
                    match random.percent(50) {
                        true => parts.insert(at, given),
                        false => parts[at] = given,
                    }
                }
            }
            _ => {
                if let Part::Section { id, data } = &mut parts[at] {
                    match *id == CODE && random.percent(70) {
                        true => change_body(data, random),
                        false => change(data, random),
                    }
                }
            }
        }
    }

    /// A part of it, or of one of its parts.
    fn any(&self, random: &mut Random) -> Option<Part> {
        let (Part::Module(parts) | Part::Component(parts)) = self else { return None };
        let part = parts.get(random.below(parts.len().max(1) as u64) as usize)?;
        match random.percent(50) {
            true => part.any(random).or_else(|| Some(part.clone())),
            false => Some(part.clone()),
        }
    }
}

/// The sections that follow a preamble.
fn sections(mut rest: &[u8], mut part: impl FnMut(u8, &[u8]) -> Part) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    while let Some((id, after)) = rest.split_first() {
        let (size, after) = read_number(after)?;
        let data = after.get(..size)?;
        parts.push(part(*id, data));
        rest = &after[size..];
    }
    Some(parts)
}

/// Changes bytes at one place.
pub(crate) fn change(data: &mut Vec<u8>, random: &mut Random) {
    const STRIKING: [&u8; 8] = [&0x00, &0x01, &0x7f, &0x80, &0xff, &0x40, &0x60, &0x0b];
    if data.is_empty() {
        return data.push(random.next() as u8);
    }
    let at = random.below(data.len() as u64) as usize;
    match random.below(8) {
        0 => data[at] = random.next() as u8,
        1 => data[at] ^= 1 << random.below(8),
        2 => data[at] = data[at].wrapping_add(1),
        3 => data[at] = data[at].wrapping_sub(1),
        4 => data[at] = *random.pick(&STRIKING),
        5 => drop(data.remove(at)),
        6 => data.insert(at, random.next() as u8),
        _ => {
            let end = (at + 1 + random.below(16) as usize).min(data.len());
            let piece = data[at..end].to_vec();
            let to = random.below(data.len() as u64) as usize;
            data.splice(to..to, piece);
        }
    }
}

/// Changes one body of a code section, and keeps the others.
fn change_body(data: &mut Vec<u8>, random: &mut Random) {
    match bodies(data).filter(|it| !it.is_empty()) {
        Some(mut bodies) => {
            let at = random.below(bodies.len() as u64) as usize;
            change(&mut bodies[at], random);
            *data = code(&bodies);
        }
        None => change(data, random),
    }
}

/// The bodies of a code section; `None` if it is damaged.
pub(crate) fn bodies(section: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (count, mut rest) = read_number(section)?;
    let mut bodies = Vec::new();
    while !rest.is_empty() {
        let (size, after) = read_number(rest)?;
        bodies.push(after.get(..size)?.to_vec());
        rest = &after[size..];
    }
    (bodies.len() == count).then_some(bodies)
}

/// A code section with these bodies.
pub(crate) fn code(bodies: &[Vec<u8>]) -> Vec<u8> {
    let mut section = Vec::new();
    number(bodies.len(), &mut section);
    for body in bodies {
        number(body.len(), &mut section);
        section.extend(body);
    }
    section
}

/// A number in LEB128, and what follows it.
fn read_number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0;
    for (at, byte) in bytes.iter().enumerate().take(5) {
        number |= usize::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[at + 1..]));
        }
    }
    None
}

/// Writes a number in LEB128.
fn number(mut number: usize, to: &mut Vec<u8>) {
    while number > 0x7f {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}
