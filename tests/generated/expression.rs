//! Numbers and addresses that a function computes.

use crate::statement::{FIRST, LOADED, Writer};

impl Writer<'_> {
    pub(crate) fn slot(&mut self) -> u64 {
        let slot = FIRST + 4 * self.random.below(16);
        match self.random.below(12) {
            0 => slot + self.random.below(4),
            1 => 512 + 4 * self.random.below(4),
            2 => 2000 + 4 * self.random.below(4),
            _ => slot,
        }
    }

    /// An address: constant, computed, loaded, passed, or any.
    pub(crate) fn address(&mut self, depth: u32) -> String {
        if self.style.keeps {
            return self.pointer();
        }
        let slot = self.slot();
        match self.random.below(14) {
            0 if depth > 0 => {
                let index = self.number(depth - 1);
                format!("(i32.add (i32.const {slot}) (i32.and {index} (i32.const 60)))")
            }
            1 if depth > 0 => {
                let index = self.number(depth - 1);
                let shift = self.random.below(4);
                format!(
                    "(i32.add (i32.shl (i32.and {index} (i32.const 7)) (i32.const {shift})) (i32.const {slot}))"
                )
            }
            2 => format!("(i32.load (i32.const {}))", LOADED + 4 * self.random.below(6)),
            3 => format!(
                "(i32.sub (i32.load (i32.const {})) (i32.const {}))",
                LOADED + 4 * self.random.below(6),
                4 * self.random.below(4)
            ),
            4 => "(i32.and (local.get $p) (i32.const 0x4ff))".to_owned(),
            5 => "(i32.and (local.get $a) (i32.const 0xfff))".to_owned(),
            6 => "(global.get $g3)".to_owned(),
            7 => "(i32.and (global.get $g1) (i32.const 0xfff))".to_owned(),
            8 if depth > 0 => format!("(i32.and {} (i32.const 0x7ff))", self.number(depth - 1)),
            9 if depth > 0 => {
                let other = self.slot();
                format!(
                    "(select (i32.const {slot}) (i32.const {other}) {})",
                    self.number(depth - 1)
                )
            }
            10 if depth > 0 => format!(
                "(i32.sub (i32.const {}) (i32.and {} (i32.const 28)))",
                FIRST + 64,
                self.number(depth - 1)
            ),
            _ => format!("(i32.const {slot})"),
        }
    }

    /// The offset and the address of an access.
    pub(crate) fn place(&mut self, width: u64, depth: u32) -> String {
        if self.style.keeps {
            return self.inside(width, depth);
        }
        let offset = self.offset();
        format!("{offset} {}", self.address(depth))
    }

    pub(crate) fn offset(&mut self) -> String {
        match self.random.below(6) {
            0 => format!("offset={}", self.random.below(12)),
            1 => format!("offset={}", 4 * self.random.below(4)),
            _ => String::new(),
        }
    }

    fn constant(&mut self) -> u64 {
        match self.random.below(10) {
            0..=3 => self.random.below(3),
            4 => u64::from(u32::MAX),
            5 => 256,
            6 if !self.style.keeps => self.slot(),
            7 => 0x8000_0000,
            _ => self.random.below(64),
        }
    }

    /// An `i32`.
    pub(crate) fn number(&mut self, depth: u32) -> String {
        let leaf = depth == 0;
        match self.random.below(if leaf { 7 } else { 30 }) {
            0 | 1 => format!("(i32.const {})", self.constant()),
            2 => format!("(local.get {})", self.random.pick(&["$p", "$a", "$b"])),
            3 => format!("(global.get {})", self.random.pick(&["$g0", "$g1", "$g3"])),
            4 | 5 => self.load(0),
            6 => "(i32.wrap_i64 (local.get $x))".to_owned(),
            7..=9 => self.load(depth - 1),
            10..=14 => {
                const BINARY: [&str; 15] = [
                    "add", "sub", "mul", "and", "or", "xor", "shl", "shr_u", "shr_s", "rotl",
                    "rotr", "div_u", "rem_u", "div_s", "rem_s",
                ];
                let op = self.random.pick(&BINARY);
                let other = match op.starts_with("div") || op.starts_with("rem") {
                    true => format!("(i32.const {})", 1 + self.random.below(9)),
                    false => self.number(depth - 1),
                };
                format!("(i32.{op} {} {other})", self.number(depth - 1))
            }
            15..=17 => {
                const COMPARISONS: [&str; 10] =
                    ["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"];
                let op = self.random.pick(&COMPARISONS);
                format!("(i32.{op} {} {})", self.number(depth - 1), self.number(depth - 1))
            }
            18 => {
                let op =
                    self.random.pick(&["eqz", "clz", "ctz", "popcnt", "extend8_s", "extend16_s"]);
                format!("(i32.{op} {})", self.number(depth - 1))
            }
            19 => format!(
                "(select {} {} {})",
                self.number(depth - 1),
                self.number(depth - 1),
                self.number(depth - 1)
            ),
            20 => format!("(i32.wrap_i64 {})", self.wide(depth - 1)),
            21 => format!("(i64.eqz {})", self.wide(depth - 1)),
            22 if self.from <= 4 => format!("(call $h4 {})", self.number(depth - 1)),
            23 => self
                .random
                .pick(&[
                    "(memory.size $m)",
                    "(table.size $t)",
                    "(ref.is_null (table.get $t (i32.const 9)))",
                ])
                .to_owned(),
            24 => "(struct.get $box 0 (global.get $box))".to_owned(),
            25 => "(array.get $list (global.get $list) (i32.const 1))".to_owned(),
            26 => {
                let op = self.random.pick(&["add", "sub", "and", "or", "xor", "xchg"]);
                format!(
                    "(i32.atomic.rmw.{op} (i32.const {}) {})",
                    FIRST + 4 * self.random.below(16),
                    self.number(depth - 1)
                )
            }
            27 => format!(
                "(i32.atomic.rmw.cmpxchg (i32.const {}) {} {})",
                FIRST + 4 * self.random.below(16),
                self.number(depth - 1),
                self.number(depth - 1)
            ),
            28 => format!("(i32x4.extract_lane 1 (v128.load (i32.const {})))", self.slot()),
            _ => {
                let (a, b) = (self.label(), self.number(depth - 1));
                format!(
                    "(block {a} (result i32) (br_if {a} {b} {}) (drop) {})",
                    self.number(depth - 1),
                    self.number(depth - 1)
                )
            }
        }
    }

    fn load(&mut self, depth: u32) -> String {
        let op = self
            .random
            .pick(&["load", "load", "load", "load8_u", "load8_s", "load16_u", "load16_s"]);
        format!("(i32.{op} {})", self.place(4, depth))
    }

    /// An `i64`.
    pub(crate) fn wide(&mut self, depth: u32) -> String {
        if depth == 0 {
            return match self.random.below(4) {
                0 => format!("(i64.const {})", self.constant()),
                1 => "(local.get $x)".to_owned(),
                2 => "(global.get $g2)".to_owned(),
                _ => format!("(i64.load (i32.const {}))", self.slot()),
            };
        }
        match self.random.below(5) {
            0 => format!("(i64.extend_i32_u {})", self.number(depth - 1)),
            1 => format!("(i64.extend_i32_s {})", self.number(depth - 1)),
            2 => format!("(i64.load32_s {})", self.address(depth - 1)),
            3 => {
                let op = self
                    .random
                    .pick(&["add", "sub", "mul", "and", "or", "xor", "shl", "shr_u", "rotl"]);
                format!("(i64.{op} {} {})", self.wide(depth - 1), self.wide(depth - 1))
            }
            _ => self.wide(0),
        }
    }
}
