//! Where the accesses of a program go: anywhere, or, as in C, never beyond an object.

use std::ops::Range;

use crate::statement::Writer;

/// Objects of 32 bytes, which pointers point into.
const OBJECTS: [u64; 3] = [1044, 1080, 1112];
/// Length of these.
const LENGTH: u64 = 32;
/// Variables of four bytes.
const SCALARS: [u64; 4] = [1040, 1076, 1144, 1148];
/// Pointers: two to the beginning of an object, two to its middle, two to its end, two to a scalar or a word of an object.
pub(crate) const POINTERS: u64 = 1200;
/// Number of pointers.
pub(crate) const MOST: u64 = 8;

/// The objects of programs that keep to them.
pub(crate) fn objects() -> Vec<Range<u64>> {
    let long = OBJECTS.iter().map(|at| *at..*at + LENGTH);
    let pointers = (0..MOST).map(|at| POINTERS + 4 * at..POINTERS + 4 * at + 4);
    long.chain(SCALARS.iter().map(|at| *at..*at + 4)).chain(pointers).collect()
}

/// A masked index for accesses of `width` bytes in an object.
fn mask(width: u64) -> u64 {
    (LENGTH - 1) & !(width - 1)
}

impl Writer<'_> {
    /// What the pointer with this number may point to; 0 if the program has no such pointers.
    pub(crate) fn target(&mut self, pointer: u64) -> u64 {
        match self.has(pointer) {
            true => self.place_of(pointer),
            false => 0,
        }
    }

    /// Whether the program has pointers of the kind of this one.
    fn has(&self, pointer: u64) -> bool {
        self.style.kinds >> (pointer / 2) & 1 == 1
    }

    fn place_of(&mut self, pointer: u64) -> u64 {
        let object = OBJECTS[self.random.below(OBJECTS.len() as u64) as usize];
        match pointer {
            0 | 1 => object,
            2 | 3 => object + LENGTH / 2,
            4 | 5 => object + LENGTH,
            _ if self.random.percent(50) => object + 4 * self.random.below(LENGTH / 4),
            _ => SCALARS[self.random.below(SCALARS.len() as u64) as usize],
        }
    }

    /// A flag: a scalar, or a word of an object.
    pub(crate) fn word(&mut self) -> u64 {
        self.place_of(MOST - 1)
    }

    fn loaded(&mut self, first: u64) -> String {
        format!("(i32.load (i32.const {}))", POINTERS + 4 * (first + self.random.below(2)))
    }

    /// A pointer to the beginning of an object.
    pub(crate) fn pointer(&mut self) -> String {
        match self.random.below(5) {
            0 | 1 if self.has_pointer => "(local.get $q)".to_owned(),
            2 if self.has_frame => "(local.get $f)".to_owned(),
            3 if self.has(0) => self.loaded(0),
            _ => format!("(i32.const {})", self.place_of(0)),
        }
    }

    /// The place of an access of `width` bytes inside an object: an offset and an address.
    pub(crate) fn inside(&mut self, width: u64, depth: u32) -> String {
        let index = |writer: &mut Self| {
            let index = writer.number(depth.saturating_sub(1));
            format!("(i32.and {index} (i32.const {}))", mask(width))
        };
        let room = LENGTH - width;
        let fixed = (self.random.below(room + 1)) & !3;
        match self.random.below(11) {
            0 | 1 if width <= 4 => format!("(i32.const {})", self.word()),
            2 if depth > 0 => {
                let (index, object) = (index(self), self.place_of(0));
                match self.random.percent(50) {
                    true => format!("(i32.add (i32.const {object}) {index})"),
                    false => format!("offset={object} {index}"),
                }
            }
            3 => format!("offset={fixed} {}", self.pointer()),
            4 if depth > 0 => {
                let (pointer, index) = (self.pointer(), index(self));
                format!("(i32.add {pointer} {index})")
            }
            // From the middle, either way.
            5 if self.has(2) => match fixed >= LENGTH / 2 {
                true => format!("offset={} {}", fixed - LENGTH / 2, self.loaded(2)),
                false => {
                    let (middle, back) = (self.loaded(2), LENGTH / 2 - fixed);
                    match self.random.percent(50) {
                        true => format!("(i32.sub {middle} (i32.const {back}))"),
                        false => format!("(i32.add {middle} (i32.const -{back}))"),
                    }
                }
            },
            // From the end.
            6 if self.has(4) => {
                format!("(i32.sub {} (i32.const {}))", self.loaded(4), LENGTH - fixed)
            }
            7 if depth > 0 && self.has(4) => {
                let (end, index) = (self.loaded(4), index(self));
                format!("(i32.add {end} (i32.sub {index} (i32.const {LENGTH})))")
            }
            8 if depth > 0 && self.has(4) => {
                let (end, index) = (self.place_of(4), index(self));
                format!("(i32.add (i32.const {end}) (i32.sub {index} (i32.const {LENGTH})))")
            }
            9 if width <= 4 && self.has(6) => self.loaded(6),
            10 if self.has_frame => format!("offset={fixed} (local.get $f)"),
            _ => {
                let object = self.place_of(0);
                match self.random.percent(50) {
                    true => format!("(i32.const {})", object + fixed),
                    false => format!("offset={fixed} (i32.const {object})"),
                }
            }
        }
    }

    /// A store to a pointer.
    pub(crate) fn point(&mut self) -> String {
        let pointer = self.random.below(MOST);
        if !self.has(pointer) {
            return self.point_nowhere();
        }
        let (slot, target) = (POINTERS + 4 * pointer, self.target(pointer));
        format!("(i32.store (i32.const {slot}) (i32.const {target}))")
    }

    /// A store to a word that code names.
    fn point_nowhere(&mut self) -> String {
        format!("(i32.store (i32.const {}) {})", self.word(), self.number(1))
    }

    /// A bulk write of an object or of a part.
    pub(crate) fn bulk_inside(&mut self) -> String {
        let (from, length) = (4 * self.random.below(4), 4 + 4 * self.random.below(4));
        let to = format!("(i32.add {} (i32.const {from}))", self.pointer());
        let length = match self.random.percent(50) {
            true => format!("(i32.const {length})"),
            false => format!("(i32.and {} (i32.const {length}))", self.number(1)),
        };
        match self.random.below(3) {
            0 => format!("(memory.copy {to} {} {length})", self.pointer()),
            1 => format!("(memory.init $passive {to} (i32.const 0) {length})"),
            _ => format!("(memory.fill {to} (i32.const {}) {length})", self.random.below(2)),
        }
    }

    /// A loop over an object, in either direction; `counter` is its local.
    pub(crate) fn walk(&mut self, counter: &str, label: &str, inner: &str) -> String {
        let (get, value) = (format!("(local.get {counter})"), self.number(1));
        let start = self.pointer();
        let end = match self.random.percent(50) && self.has(4) {
            true => self.loaded(4),
            false => format!("(i32.const {})", self.place_of(4)),
        };
        let step = 4 * (1 + self.random.below(2));
        match self.random.below(4) {
            // An index that goes up.
            0 => format!(
                "(local.set {counter} (i32.const 0)) (loop {label} (i32.store (i32.add {start} {get}) {value}) {inner}
                (br_if {label} (i32.lt_u (local.tee {counter} (i32.add {get} (i32.const {step}))) (i32.const {LENGTH}))))"
            ),
            // A pointer that goes up to the end.
            1 => format!(
                "(local.set $o {start}) (local.set $e (i32.add (local.get $o) (i32.const {LENGTH}))) (loop {label}
                (i32.store (local.get $o) {value}) {inner}
                (br_if {label} (i32.ne (local.tee $o (i32.add (local.get $o) (i32.const {step}))) (local.get $e))))"
            ),
            // A pointer that goes down from the end.
            2 => format!(
                "(local.set $o {end}) (local.set {counter} (i32.const {})) (loop {label}
                (i32.store (local.tee $o (i32.sub (local.get $o) (i32.const {step}))) {value}) {inner}
                (br_if {label} (local.tee {counter} (i32.sub {get} (i32.const 1)))))",
                LENGTH / step
            ),
            // A negative index from the end.
            _ => format!(
                "(local.set $o {end}) (local.set {counter} (i32.const -{LENGTH})) (loop {label} (i32.store (i32.add {get} (local.get $o)) {value}) {inner}
                (br_if {label} (local.tee {counter} (i32.add {get} (i32.const {step})))))"
            ),
        }
    }
}
