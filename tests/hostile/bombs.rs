//! Small components that stand for very much: functions, instances, slots, locals, labels. Each is read and analysed
//! within the limits of time and memory of its size, and what exceeds a budget is reported.

use std::fmt::Write as _;
use std::iter;

use secondcall::component::Component;
use secondcall::lint;
use secondcall::profile::Profile;

use super::{MEASURED, MEMORY, survive_readable};

fn encoded(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

/// The stages of the analysis that used up their budget.
fn unanalysed(bytes: &[u8]) -> Vec<String> {
    lint(bytes, &[Profile::by_id("spec").unwrap()]).unwrap().inventory.unanalysed
}

/// Parts of a text, each with its number.
fn numbered(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect()
}

#[test]
fn instances_that_share_types_are_not_expanded() {
    let levels = numbered(15, |level| {
        let next = level + 1;
        format!(
            r#"(instance $i{next} (export "a" (instance $i{level})) (export "b" (instance $i{level})))"#
        )
    });
    let bytes = encoded(&format!(
        r#"(component (import "f" (func $f)) (instance $i0 (export "f" (func $f))) {levels}
           (export "x" (instance $i15)))"#
    ));
    let component = Component::read(&bytes).unwrap();
    assert!(component.omits_functions && component.exports.len() < 3000);
    drop(component);
    assert_eq!(unanalysed(&bytes), ["reading"]);
    survive_readable("doubled instances", bytes);
}

#[test]
fn types_that_double_at_each_level_are_looked_at_once() {
    let levels = numbered(80, |level| {
        let next = level + 1;
        format!("(type $t{next} (tuple $t{level} $t{level}))")
    });
    let text = format!(
        r#"(component (type $t0 (tuple u8)) {levels}
           (import "f" (func (param "a" $t80) (result $t80))))"#
    );
    // A later version of the validator may bound the size of a type.
    if let Ok(bytes) = wat::parse_str(&text)
        && Component::read(&bytes).is_ok()
    {
        survive_readable("doubled types", bytes);
    }
}

#[test]
fn a_section_has_no_more_items_than_bytes() {
    // Sections of eight bytes at most that claim 655,359 items, in a core module and in a component.
    let claims = |section: u8| [section, 5, 0xff, 0xff, 0x27, 0, 0];
    let mut inputs = Vec::new();
    for section in 1..=13 {
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        module.extend(claims(section));
        let mut component = wasm_encoder::Component::new();
        component.section(&wasm_encoder::RawSection { id: 1, data: &module });
        inputs.push(component.finish());
        let mut component = b"\0asm\x0d\0\x01\0".to_vec();
        component.extend(claims(section));
        inputs.push(component);
    }
    for bytes in inputs {
        let taken = {
            let _alone = MEASURED.lock().unwrap();
            MEMORY.reset_peak_usage();
            let before = MEMORY.current_usage();
            assert!(Component::read(&bytes).is_err(), "{bytes:x?}");
            MEMORY.peak_usage().saturating_sub(before)
        };
        // Other tests make their inputs meanwhile.
        assert!(taken < 32 << 20, "{taken} bytes for {bytes:x?}");
    }
}

#[test]
fn names_of_modules_are_read_once() {
    let modules = numbered(900, |_| "(core module)".to_owned());
    let types = numbered(20_000, |_| "(type u8)".to_owned());
    let mut bytes = encoded(&format!("(component {modules} {types})"));
    // Subsections that name no module: `core modules`, two bytes.
    let names: Vec<u8> = iter::repeat_n([0x00, 0x02, 0x11, 0x00], 40_000).flatten().collect();
    let section = wasm_encoder::CustomSection { name: "component-name".into(), data: names.into() };
    wasm_encoder::ComponentSection::append_to_component(&section, &mut bytes);
    survive_readable("names of modules", bytes);
}

#[test]
fn instances_times_globals_are_bounded() {
    let globals = numbered(4000, |_| "(global i32 (i32.const 0))".to_owned());
    let instances = numbered(2000, |_| "(core instance (instantiate $m))".to_owned());
    let bytes = encoded(&format!("(component (core module $m {globals}) {instances})"));
    assert_eq!(unanalysed(&bytes), ["linking"]);
    survive_readable("instances times globals", bytes);
}

#[test]
fn instances_times_builtins_are_bounded() {
    let builtins = numbered(2000, |_| "(core func (canon resource.drop $r))".to_owned());
    let instances = numbered(3000, |_| "(instance (instantiate $c))".to_owned());
    let bytes = encoded(&format!(
        "(component (component $c (type $r (resource (rep i32))) {builtins}) {instances})"
    ));
    assert_eq!(unanalysed(&bytes), ["linking"]);
    survive_readable("instances times builtins", bytes);
}

#[test]
fn slots_that_nothing_fills_take_no_memory() {
    let tables = numbered(100, |_| "(table 1048576 funcref)".to_owned());
    let instances = numbered(10, |_| "(core instance (instantiate $m))".to_owned());
    let bytes = encoded(&format!("(component (core module $m {tables}) {instances})"));
    assert!(unanalysed(&bytes).is_empty());
    survive_readable("empty tables", bytes);
}

#[test]
fn tables_that_are_filled_at_their_end_are_bounded() {
    let tables = numbered(100, |table| {
        format!(
            "(table $t{table} 1048576 funcref) (elem (table $t{table}) (i32.const 1048575) func $f)"
        )
    });
    let bytes = encoded(&format!(
        "(component (core module $m (func $f) {tables}) (core instance (instantiate $m)))"
    ));
    assert_eq!(unanalysed(&bytes), ["linking"]);
    survive_readable("filled tables", bytes);
}

/// A component that exports a core function with this body, after other items of its module.
fn exporting(items: &str, body: &str) -> Vec<u8> {
    encoded(&format!(
        r#"(component
             (core module $m {items} (func (export "f") {body}))
             (core instance $i (instantiate $m))
             (func (export "f") (canon lift (core func $i "f"))))"#
    ))
}

#[test]
fn copies_of_many_locals_are_charged_before_they_are_made() {
    let locals = "(local i64)".repeat(40_000);
    let global = "(global $g (mut i32) (i32.const 0))";
    let loops = format!("{locals} {} {}", "(loop ".repeat(900), ")".repeat(900));
    survive_readable("nested loops", exporting(global, &loops));
    let labels: String = (0..900).fold(String::new(), |mut text, label| {
        let _ = write!(text, "{label} ");
        text
    });
    let table = format!(
        "{locals} {} (br_table {labels} (global.get $g)) {}",
        "(block ".repeat(900),
        ")".repeat(900)
    );
    survive_readable("a table of labels", exporting(global, &table));
    let conditions = format!("{locals} {}", "(if (global.get $g) (then (nop)))".repeat(2000));
    survive_readable("conditions", exporting(global, &conditions));
    let callee = format!("(func $callee {locals})");
    survive_readable("calls", exporting(&callee, &"(call $callee)".repeat(4000)));
}

#[test]
fn an_indirect_call_does_not_search_its_table() {
    let items = "(type $t (func)) (table 1000000 funcref) (elem (i32.const 299999) func $f)
                 (func $f) (global $g (mut i32) (i32.const 0))";
    let calls = "(call_indirect (type $t) (global.get $g))".repeat(20_000);
    survive_readable("indirect calls", exporting(items, &calls));
}

#[test]
fn exports_share_the_work_of_the_analysis() {
    let count = 2000;
    let chain = numbered(4000, |func| format!("(func $c{func} (call $c{}))", func + 1));
    let exports = numbered(count, |export| format!(r#"(func (export "{export}") (call $c0))"#));
    let lifted = numbered(count, |export| {
        format!(r#"(func (export "f{export}") (canon lift (core func $i "{export}")))"#)
    });
    let bytes = encoded(&format!(
        r#"(component
             (core module $m {chain} (func $c4000 (global.set $g (i32.const 1)))
               (global $g (mut i32) (i32.const 0)) {exports})
             (core instance $i (instantiate $m)) {lifted})"#
    ));
    survive_readable("exports", bytes);
}

#[test]
fn data_are_searched_once_for_all_exports() {
    let exports = numbered(1000, |export| format!(r#"(func (export "{export}"))"#));
    let lifted = numbered(1000, |export| {
        format!(r#"(func (export "f{export}") (canon lift (core func $i "{export}")))"#)
    });
    let data = "wasmexport function called before ".repeat(6000);
    let bytes = encoded(&format!(
        r#"(component
             (core module $m (memory 8) (data (i32.const 0) "{data}") (func (export "_start")) {exports})
             (core instance $i (instantiate $m)) {lifted})"#
    ));
    survive_readable("searched data", bytes);
}
