//! Components of one module, as text: flags and counters in memories, globals and objects, and all that may write them
//! behind the analysis's back.

use crate::places::{MOST, POINTERS};
use crate::random::Random;
use crate::statement::{FIRST, LOADED, Style, Writer};

/// What every module declares. The exit is the host's, where a program has it.
const TYPES: &str = "
  (type $plain (func))
  (type $taking (func (param i32)))
  (type $mapping (func (param i32) (result i32)))
  (type $both (func (param i32 i32)))
  (type $box (struct (field (mut i32))))
  (type $list (array (mut i32)))
  (tag $bare) (tag $loaded (param i32))";

/// Functions by type: name, type and head.
pub(crate) const FUNCTIONS: [(&str, &str, &str); 9] = [
    ("$h0", "$plain", "(local $p i32)"),
    ("$h1", "$plain", "(local $p i32)"),
    ("$h2", "$taking", "(param $p i32)"),
    ("$h3", "$taking", "(param $p i32)"),
    ("$h4", "$mapping", "(param $p i32) (result i32)"),
    ("$h5", "$mapping", "(param $p i32) (result i32)"),
    ("$h6", "$both", "(param $p i32) (param $q i32)"),
    ("$deep", "$both", "(param $p i32) (param $q i32)"),
    ("$deeper", "$taking", "(param $p i32)"),
];

/// The text of a component. `keeps`: each access keeps to an object, and there is a stack, as in what LLVM makes of C.
pub(crate) fn component(seed: u64, keeps: bool) -> String {
    let mut random = Random::new(seed);
    let style = Style { exits: random.percent(15), keeps, kinds: random.below(16) };
    let mut text = String::from("(component\n");
    if style.exits {
        text += "(import \"wasi:cli/exit@0.2.0\" (instance $host (export \"exit\" (func (param \"status\" (result))))))
(core func $exit (canon lower (func $host \"exit\")))\n";
    }
    text += "(core module $m";
    text += TYPES;
    if style.exits {
        text += "\n  (import \"host\" \"exit\" (func $exit (param i32)))";
    }
    text += &declarations(&mut random, style);
    for (index, (name, ty, head)) in FUNCTIONS.iter().enumerate() {
        let mut writer = Writer::new(&mut random, style, index, ty.contains("mapping"));
        let body = match *name {
            "$deep" => writer
                .recursion("(call $deep (i32.sub (local.get $p) (i32.const 1)) (local.get $q))"),
            "$deeper" => writer.recursion("(call $deeper (i32.sub (local.get $p) (i32.const 1)))"),
            _ => writer.body(3),
        };
        text += &format!("\n  (func {name} {head} {body})");
    }
    let mut exports = Vec::new();
    for number in 0..2 {
        let has_argument = random.percent(60);
        let has_result = random.percent(70);
        let head = format!(
            "{} {}",
            if has_argument { "(param $p i32)" } else { "" },
            if has_result { "(result i32)" } else { "" }
        );
        let mut writer = Writer::new(&mut random, style, usize::MAX, has_result);
        let body = writer.export();
        let own = if has_argument { "" } else { "(local $p i32)" };
        text += &format!("\n  (func $f{number} (export \"f{number}\") {head} {own} {body})");
        exports.push((has_argument, has_result));
    }
    if random.percent(20) {
        let mut writer =
            Writer::new(&mut random, Style { exits: false, ..style }, usize::MAX, false);
        let body = writer.body(2);
        text += &format!("\n  (func $first (local $p i32) {body})\n  (start $first)");
    }
    text += "\n)\n";
    text += match style.exits {
        true => {
            "(core instance $i (instantiate $m (with \"host\" (instance (export \"exit\" (func $exit))))))\n"
        }
        false => "(core instance $i (instantiate $m))\n",
    };
    for (number, (has_argument, has_result)) in exports.iter().enumerate() {
        text += &format!(
            "(func (export \"f{number}\") {} {} (canon lift (core func $i \"f{number}\")))\n",
            if *has_argument { "(param \"p\" u32)" } else { "" },
            if *has_result { "(result u32)" } else { "" }
        );
    }
    text + ")\n"
}

/// A memory with data, globals and a table.
fn declarations(random: &mut Random, style: Style) -> String {
    let word = |value: u64| {
        let bytes = (value as u32).to_le_bytes();
        bytes.iter().map(|byte| format!("\\{byte:02x}")).collect::<String>()
    };
    let numbers: String = (0..8).map(|_| word(random.below(3))).collect();
    let (pointers, second) = match style.keeps {
        true => {
            let mut writer = Writer::new(random, style, usize::MAX, false);
            let pointers: String = (0..MOST).map(|pointer| word(writer.target(pointer))).collect();
            (pointers, String::new())
        }
        false => {
            let pointers = (0..6).map(|_| word(FIRST + 4 * random.below(16))).collect();
            let at = FIRST + 4 * random.below(16);
            (pointers, format!("(data (i32.const {at}) \"{numbers}\")"))
        }
    };
    let elements = ["$h0", "$h1", "$h2", "$h3", "$h4", "$h5", "$h6", "$deep"];
    let slots: String = (0..8).map(|_| format!(" {}", random.pick(&elements))).collect();
    let number = if style.keeps { random.below(4) } else { FIRST + 4 * random.below(16) };
    let at = if style.keeps { POINTERS } else { LOADED };
    format!(
        "
  (memory $m (export \"m\") 2 4)
  (data (i32.const {at}) \"{pointers}\") {second}
  (data $passive \"{numbers}\")
  (global $sp (mut i32) (i32.const 66560))
  (global $g0 (export \"g0\") (mut i32) (i32.const 0))
  (global $g1 (export \"g1\") (mut i32) (i32.const {number}))
  (global $g2 (export \"g2\") (mut i64) (i64.const 0))
  (global $g3 i32 (i32.const 1080))
  (global $box (ref $box) (struct.new $box (i32.const 0)))
  (global $list (ref $list) (array.new $list (i32.const 0) (i32.const 4)))
  (table $t (export \"t\") 12 funcref)
  (elem (table $t) (i32.const 0) func{slots})
  (elem declare func $h0 $h1 $h2)"
    )
}
