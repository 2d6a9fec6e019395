//! Statements of one function.

use crate::program::FUNCTIONS;
use crate::random::Random;

/// The first of the variables' addresses.
pub(crate) const FIRST: u64 = 1040;
/// Where pointers to variables lie.
pub(crate) const LOADED: u64 = 1104;

/// What a whole program has in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    /// Whether there is an exit.
    pub(crate) exits: bool,
    /// Whether accesses keep to objects.
    pub(crate) keeps: bool,
    /// The kinds of pointers to objects, a bit each.
    pub(crate) kinds: u64,
}

/// Writes the body of a function.
pub(crate) struct Writer<'r> {
    pub(crate) random: &'r mut Random,
    pub(crate) style: Style,
    /// Whether the local `$q` points to an object.
    pub(crate) has_pointer: bool,
    /// Whether the local `$f` points to a stack frame, which a return would keep.
    pub(crate) has_frame: bool,
    /// Functions from this one on may be called, so that most calls end.
    pub(crate) from: usize,
    has_result: bool,
    /// Loops so far; each has a local of its own.
    loops: u64,
    labels: u64,
    /// Statements that may still be written.
    left: u32,
}

const LOOPS: u64 = 6;

impl<'r> Writer<'r> {
    pub(crate) fn new(
        random: &'r mut Random,
        style: Style,
        index: usize,
        has_result: bool,
    ) -> Self {
        let from = if index == usize::MAX { 0 } else { index + 1 };
        let Style { keeps, .. } = style;
        let has_pointer = keeps && FUNCTIONS.get(index).is_some_and(|(_, ty, _)| *ty == "$both");
        let has_frame = keeps && index < FUNCTIONS.len() && (index == 0 || random.percent(40));
        let (loops, labels, left) = (0, 0, 14);
        Writer { random, style, has_pointer, has_frame, from, has_result, loops, labels, left }
    }

    fn locals() -> String {
        let loops: String = (0..LOOPS).map(|at| format!(" (local $k{at} i32)")).collect();
        format!(
            "(local $a i32) (local $b i32) (local $o i32) (local $e i32) (local $f i32) (local $x i64){loops}"
        )
    }

    /// Code between the allocation of a stack frame and its release, if there is one.
    fn framed(&self, code: &str) -> String {
        if !self.has_frame {
            return code.to_owned();
        }
        format!(
            "(global.set $sp (local.tee $f (i32.sub (global.get $sp) (i32.const 48)))) {code}
            (global.set $sp (i32.add (local.get $f) (i32.const 48)))"
        )
    }

    /// A body of so many statements.
    pub(crate) fn body(&mut self, most: u64) -> String {
        let count = 1 + self.random.below(most);
        let code: String = (0..count).map(|_| self.statement(2)).collect();
        let result = if self.has_result { self.number(2) } else { String::new() };
        format!("{} {} {result}", Self::locals(), self.framed(&code))
    }

    /// A function that calls itself, which the analysis does not follow.
    pub(crate) fn recursion(&mut self, call: &str) -> String {
        let below: String = (0..2).map(|_| self.statement(1)).collect();
        let above = self.statement(1);
        let code = format!(
            "(if (local.get $p) (then (local.set $p (i32.and (local.get $p) (i32.const 7))) {call} {above}) (else {below}))"
        );
        format!("{} {}", Self::locals(), self.framed(&code))
    }

    /// An exported function: often a check of a flag, statements, and a change of the flag, in any order.
    pub(crate) fn export(&mut self) -> String {
        let flag = if self.style.keeps { self.word() } else { FIRST + 4 * self.random.below(16) };
        let (check, set, get) = match self.random.below(8) {
            0 => (
                "(global.get $g0)".to_owned(),
                "(global.set $g0 (i32.const 1))".to_owned(),
                "(global.get $g0)",
            ),
            1 => (
                "(struct.get $box 0 (global.get $box))".to_owned(),
                "(struct.set $box 0 (global.get $box) (i32.const 1))".to_owned(),
                "(struct.get $box 0 (global.get $box))",
            ),
            2 => (
                format!("(i32.load8_u (i32.const {flag}))"),
                format!("(i32.store8 (i32.const {flag}) (i32.const 1))"),
                "",
            ),
            3 => (
                format!(
                    "(i32.ne (i32.atomic.rmw.add (i32.const {flag}) (i32.const 1)) (i32.const 0))"
                ),
                String::new(),
                "",
            ),
            4 => (
                format!("(i32.ge_u (i32.load (i32.const {flag})) (i32.const 1))"),
                format!(
                    "(i32.store (i32.const {flag}) (i32.add (i32.load (i32.const {flag})) (i32.const 1)))"
                ),
                "",
            ),
            _ => (
                format!("(i32.load (i32.const {flag}))"),
                format!("(i32.store (i32.const {flag}) (i32.const 1))"),
                "",
            ),
        };
        let get =
            if get.is_empty() { format!("(i32.load (i32.const {flag}))") } else { get.to_owned() };
        let guard = match self.random.below(4) {
            0 => format!("(if {check} (then (unreachable)))"),
            1 => format!("(block $ok (br_if $ok (i32.eqz {check})) (unreachable))"),
            2 => format!(
                "(if {check} (then (call $deep (i32.const 1) (i32.const 1080)) (unreachable)))"
            ),
            _ => String::new(),
        };
        let count = self.random.below(4);
        let (early, late) = match self.random.below(3) {
            0 => (set, String::new()),
            1 => (String::new(), set),
            _ => (String::new(), format!("(if {} (then {set}))", self.number(1))),
        };
        let mut between: String = (0..count).map(|_| self.statement(2)).collect();
        if self.random.percent(40) {
            let (depth, pointer) = (self.random.below(6), self.address(0));
            between += &format!("(call $deep (i32.const {depth}) {pointer})");
        }
        let after = if self.random.percent(40) { self.statement(2) } else { String::new() };
        let leave = if self.style.exits && self.random.percent(50) {
            format!("(call $exit {})", self.number(1))
        } else {
            String::new()
        };
        let result = match self.has_result {
            true if self.random.percent(70) => get,
            true => self.number(2),
            false => String::new(),
        };
        format!("{} {guard} {early} {between} {late} {after} {leave} {result}", Self::locals())
    }

    pub(crate) fn label(&mut self) -> String {
        self.labels += 1;
        format!("$l{}", self.labels)
    }

    /// A store.
    fn store(&mut self, depth: u32) -> String {
        let narrow = |writer: &mut Self| writer.place(4, depth);
        match self.random.below(16) {
            0..=5 => format!("(i32.store {} {})", narrow(self), self.number(depth)),
            6 => format!("(i32.store8 {} {})", narrow(self), self.number(depth)),
            7 => format!("(i32.store16 {} {})", narrow(self), self.number(depth)),
            8 => format!("(i64.store {} {})", self.place(8, depth), self.wide(depth)),
            9 => format!("(i64.store32 {} {})", narrow(self), self.wide(depth)),
            10 => format!("(f32.store {} (f32.const 0))", narrow(self)),
            11 => format!("(f64.store {} (f64.const 1))", self.place(8, depth)),
            12 => format!("(v128.store {} (v128.const i32x4 0 0 0 0))", self.place(16, depth)),
            13 => {
                let lane = self.random.pick(&["8_lane", "16_lane", "32_lane", "64_lane"]);
                let place = self.place(8, depth);
                let (offset, address) = match place.strip_prefix("offset=") {
                    Some(_) => place.split_once(' ').unwrap_or(("", &place)),
                    None => ("", place.as_str()),
                };
                format!("(v128.store{lane} {offset} 1 {address} (v128.const i32x4 0 0 0 0))")
            }
            14 if !self.style.keeps => format!(
                "(i32.atomic.store (i32.and {} (i32.const -4)) {})",
                self.address(depth),
                self.number(depth)
            ),
            _ => format!("(i32.store {} (i32.const 0))", narrow(self)),
        }
    }

    /// A bulk write.
    fn bulk(&mut self) -> String {
        if self.style.keeps {
            return self.bulk_inside();
        }
        let to = self.address(1);
        let length = match self.random.below(3) {
            0 => format!("(i32.and {} (i32.const 31))", self.number(1)),
            _ => format!("(i32.const {})", self.random.below(80)),
        };
        match self.random.below(4) {
            0 | 1 => format!("(memory.fill {to} (i32.const {}) {length})", self.random.below(2)),
            2 => format!("(memory.copy {to} {} {length})", self.address(1)),
            _ => format!(
                "(memory.init $passive {to} (i32.const {}) (i32.const {}))",
                self.random.below(8),
                self.random.below(20)
            ),
        }
    }

    /// A loop that goes up, down, or in strides, and stores.
    fn repeat(&mut self, depth: u32) -> String {
        if self.loops == LOOPS {
            return self.store(1);
        }
        let counter = format!("$k{}", self.loops);
        self.loops += 1;
        let label = self.label();
        let (slot, count) = (self.slot(), 1 + self.random.below(12));
        let stride = 1 + self.random.below(9);
        let inner = if depth > 0 && self.random.percent(40) {
            self.statement(depth - 1)
        } else {
            String::new()
        };
        if self.style.keeps {
            return self.walk(&counter, &label, &inner);
        }
        let value = self.number(1);
        let op = self.random.pick(&["i32.store", "i32.store8", "i32.store16"]);
        let (get, offset) = (format!("(local.get {counter})"), self.offset());
        let least = slot - stride * count.min(slot / stride - 1);
        match self.random.below(6) {
            // An index that is scaled.
            0 => format!(
                "(local.set {counter} (i32.const 0)) (loop {label} ({op} {offset} (i32.add (i32.const {slot}) (i32.mul {get} (i32.const {stride}))) {value}) {inner}
                (br_if {label} (i32.lt_u (local.tee {counter} (i32.add {get} (i32.const 1))) (i32.const {count}))))"
            ),
            // A pointer that goes up.
            1 => format!(
                "(local.set {counter} (i32.const {slot})) (loop {label} ({op} {offset} {get} {value}) {inner}
                (br_if {label} (i32.ne (local.tee {counter} (i32.add {get} (i32.const {stride}))) (i32.const {}))))",
                slot + stride * count
            ),
            // A pointer that goes down.
            2 => format!(
                "(local.set {counter} (i32.const {slot})) (loop {label} ({op} (local.tee {counter} (i32.sub {get} (i32.const {stride}))) {value}) {inner}
                (br_if {label} (i32.gt_u {get} (i32.const {least}))))"
            ),
            // A negative index from the end.
            3 => format!(
                "(local.set {counter} (i32.const -{})) (loop {label} ({op} (i32.add {get} (i32.const {slot})) {value}) {inner}
                (br_if {label} (local.tee {counter} (i32.add {get} (i32.const 4)))))",
                4 * count
            ),
            // A pointer that was loaded or passed.
            4 => format!(
                "(local.set $a {}) (local.set {counter} (i32.const {count})) (loop {label} ({op} (i32.and (local.get $a) (i32.const 0xfff)) {value}) {inner}
                (local.set $a (i32.add (local.get $a) (i32.const {})))
                (br_if {label} (local.tee {counter} (i32.sub {get} (i32.const 1)))))",
                self.address(0),
                self.random.pick(&["1", "4", "-4", "-1", "8", "5"])
            ),
            // With the check first.
            _ => format!(
                "(local.set {counter} (i32.const 0)) (block {label}b (loop {label} (br_if {label}b (i32.ge_s {get} (i32.and {} (i32.const 15))))
                ({op} (i32.add (i32.shl {get} (i32.const 2)) (i32.const {slot})) {value}) {inner}
                (local.set {counter} (i32.add {get} (i32.const 1))) (br {label})))",
                self.number(1)
            ),
        }
    }

    fn call(&mut self) -> String {
        let at = self.from as u64
            + self.random.below((FUNCTIONS.len() as u64).saturating_sub(self.from as u64).max(1));
        let Some((name, ty, _)) = FUNCTIONS.get(at as usize) else {
            return "(nop)".to_owned();
        };
        let is_pointer = ty.contains("both") && self.style.keeps || self.random.percent(60);
        let argument = if is_pointer { self.address(1) } else { self.number(1) };
        let few = self.random.below(7);
        match (*name, *ty) {
            ("$deep", _) => format!("(call $deep (i32.const {few}) {argument})"),
            ("$deeper", _) => format!("(call $deeper (i32.const {few}))"),
            (name, "$plain") => format!("(call {name})"),
            (name, "$taking") => format!("(call {name} {argument})"),
            (name, "$mapping") => format!("(local.set $a (call {name} {argument}))"),
            (name, _) => format!("(call {name} {} {argument})", self.number(1)),
        }
    }

    /// A call of what a table or a reference holds.
    fn indirect(&mut self) -> String {
        if self.from > 6 {
            return self.store(1);
        }
        let index = match self.random.below(3) {
            0 => format!("(i32.and {} (i32.const 7))", self.number(1)),
            _ => format!("(i32.const {})", self.random.below(8)),
        };
        let argument = self.address(0);
        match self.random.below(6) {
            0 if self.style.keeps => {
                format!("(call_indirect $t (type $both) {} {argument} {index})", self.number(0))
            }
            0 => format!("(call_indirect $t (type $plain) {index})"),
            1 | 2 => format!("(call_indirect $t (type $taking) {argument} {index})"),
            3 => format!("(local.set $b (call_indirect $t (type $mapping) {argument} {index}))"),
            4 => format!("(call_ref $taking {argument} (ref.func $h2))"),
            _ => "(call_ref $plain (ref.func $h1))".to_owned(),
        }
    }

    /// One statement.
    pub(crate) fn statement(&mut self, depth: u32) -> String {
        if self.left == 0 {
            return String::new();
        }
        self.left -= 1;
        let inner = depth.saturating_sub(1);
        match self.random.below(if depth == 0 { 12 } else { 34 }) {
            0..=3 => self.store(2),
            4 => format!("(global.set $g0 {})", self.number(2)),
            5 => format!("(global.set $g1 {})", self.number(1)),
            6 => format!("(global.set $g2 {})", self.wide(2)),
            7 => {
                format!("(local.set {} {})", self.random.pick(&["$a", "$b", "$p"]), self.number(2))
            }
            8 => format!("(local.set $x {})", self.wide(2)),
            9 => format!("(local.set $a {})", self.address(1)),
            10 => self.bulk(),
            11 if self.style.keeps => self.point(),
            11 => {
                let slot = LOADED + 4 * self.random.below(6);
                format!("(i32.store (i32.const {slot}) {})", self.address(1))
            }
            12 | 13 => self.bulk(),
            14..=16 => self.repeat(inner),
            17..=19 => self.call(),
            20 => self.indirect(),
            21 | 22 => {
                let (condition, a, b) =
                    (self.number(2), self.statement(inner), self.statement(inner));
                format!("(if {condition} (then {a}) (else {b}))")
            }
            23 => {
                let (label, condition, inside) =
                    (self.label(), self.number(1), self.statement(inner));
                format!("(block {label} (br_if {label} {condition}) {inside})")
            }
            24 => {
                let (a, b) = (self.label(), self.label());
                let (index, first, second) =
                    (self.number(1), self.statement(inner), self.statement(inner));
                format!("(block {a} (block {b} (br_table {b} {a} {b} {index})) {first} {second})")
            }
            25 => {
                let (label, inside) = (self.label(), self.statement(inner));
                format!(
                    "(block {label} (try_table (catch_all {label}) {inside} (if {} (then (throw $bare)))))",
                    self.number(1)
                )
            }
            26 => {
                let (label, inside) = (self.label(), self.statement(inner));
                format!(
                    "(local.set $a (block {label} (result i32) (try_table (catch $loaded {label}) {inside} (throw $loaded {})) (unreachable)))",
                    self.number(1)
                )
            }
            27 => format!(
                "(table.set $t (i32.const {}) (ref.func {}))",
                self.random.below(9),
                self.random.pick(&["$h0", "$h1", "$h2"])
            ),
            28 => self
                .random
                .pick(&[
                    "(table.copy $t $t (i32.const 0) (i32.const 1) (i32.const 3))",
                    "(table.fill $t (i32.const 2) (ref.func $h2) (i32.const 2))",
                    "(drop (memory.grow (i32.const 1)))",
                    "(data.drop $passive)",
                    "(drop (table.grow $t (ref.func $h1) (i32.const 1)))",
                ])
                .to_owned(),
            29 => format!("(struct.set $box 0 (global.get $box) {})", self.number(1)),
            30 => format!("(array.set $list (global.get $list) (i32.const 1) {})", self.number(1)),
            31..=33 if self.has_frame => self.store(1),
            31 if !self.has_result => format!("(if {} (then (return)))", self.number(1)),
            32 if self.has_result && self.from <= 5 => {
                format!("(if {} (then (return_call $h5 {})))", self.number(1), self.number(1))
            }
            31 if self.has_result => {
                format!("(if {} (then (return {})))", self.number(1), self.number(1))
            }
            32 if self.from <= 1 => format!("(if {} (then (return_call $h1)))", self.number(1)),
            33 => format!(
                "(if {} (then (return_call_indirect $t (type {}) {} (i32.const {}))))",
                self.number(0),
                if self.has_result { "$mapping" } else { "$taking" },
                self.number(0),
                self.random.below(8)
            ),
            _ => self.store(1),
        }
    }
}
