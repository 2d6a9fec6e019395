//! A digest of a function's opcodes, as the binary encodes them: no name or type of this program goes into it, because
//! files of users hold it.

use sha2::{Digest, Sha256};
use wasmparser::BinaryReader;

use super::Bodies;
use crate::component::index_space::{CoreModuleId, FuncIdx};
use crate::digest::hexadecimal;

/// First bytes that a second part of the opcode follows, an unsigned LEB128 number (core specification, "Binary Format",
/// "Instructions").
const PREFIXES: std::ops::RangeInclusive<u8> = 0xfb..=0xfe;

impl Bodies<'_> {
    /// The first four bytes, in hexadecimal, of the SHA-256 of a function's opcodes; `None` if it has no body. Immediates
    /// and locals do not count. The second part of an opcode counts as four bytes, the least significant first, however
    /// it is encoded. A damaged body has no opcodes.
    pub fn opcode_digest(&self, module: CoreModuleId, func: FuncIdx) -> Option<String> {
        let body = self.get(module, func)?;
        let mut digest = Sha256::new();
        for at in &body.offsets[..body.code.len()] {
            let rest = self.component.file.get(*at as usize..).unwrap_or_default();
            let [opcode, rest @ ..] = rest else { continue };
            digest.update([*opcode]);
            if PREFIXES.contains(opcode) {
                let second = BinaryReader::new(rest, 0).read_var_u32().unwrap_or_default();
                digest.update(second.to_le_bytes());
            }
        }
        Some(hexadecimal(&digest.finalize()[..4]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::Component;

    /// A change of these changes ids that users have written down.
    #[test]
    fn digests_of_opcodes_are_pinned() {
        let component = Component::of_text(
            r#"(component (core module $m
                (memory 1)
                (global $g (mut i32) (i32.const 0))
                (type $t (func (param i32) (result i32)))
                (table 1 funcref)
                (func (if (i32.load (i32.const 1040)) (then unreachable))
                  (i32.store (i32.const 1040) (i32.const 1)))
                (func (local i64 f32) (if (i32.load offset=8 (i32.const 5000)) (then unreachable))
                  (i32.store (i32.const 5008) (i32.const -1)))
                (func (if (i64.eqz (i64.load (i32.const 1040))) (then unreachable))
                  (i32.store (i32.const 1040) (i32.const 1)))
                (func (memory.fill (i32.const 1024) (i32.const 0) (i32.const 16))
                  (drop (i32x4.extract_lane 3 (v128.const i32x4 1 2 3 4)))
                  (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1))))
                (func (memory.copy (i32.const 1024) (i32.const 0) (i32.const 16))
                  (drop (i32x4.extract_lane 3 (v128.const i32x4 1 2 3 4)))
                  (drop (i32.atomic.rmw.add (i32.const 64) (i32.const 1))))
                (func (param i32) (result i32)
                  (block $b (br_table $b $b (local.get 0)))
                  (call_indirect (type $t) (global.get $g) (i32.const 0)))
                (func)))"#,
        );
        let bodies = Bodies::of(component);
        let (module, of) = component.core_modules.iter().next().expect("a module");
        let digests =
            of.functions.iter().filter_map(|(func, _)| bodies.opcode_digest(module, func));
        let expected =
            ["b72d6e83", "b72d6e83", "0087998e", "babf4879", "69e66faf", "796f9689", "e7cf46a0"];
        assert_eq!(digests.collect::<Vec<_>>(), expected);
    }
}
