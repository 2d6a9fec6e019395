//! Composes a component with those that are plugged in for its imports, into one component with the exports of the first.
//! What nobody provides stays imported. Works on bytes and types, and executes nothing.

mod builder;
mod definitions;
mod error;
mod items;
mod part;
mod scope;
mod types;
mod versions;
mod wiring;

use std::ops::Range;

use wasmparser::{Chunk, Parser, Payload};

use builder::{Builder, Built};
pub use error::{ComposeError, Misfit};
use part::Part;
pub use wiring::Plug;
use wiring::{Source, Wiring};

/// A composition, and the positions of its parts.
#[derive(Debug)]
pub struct Composition {
    /// The composed component.
    pub bytes: Vec<u8>,
    /// Interfaces of plugged-in components that are exported so that other exports can name their types: the name of the
    /// export, and the import for which the component is plugged in.
    pub named: Vec<(String, String)>,
    /// The component's position in `bytes`.
    component: Range<u64>,
    /// For each plugged-in component, the first import that it is for, and its position in `bytes`.
    plugged: Vec<(String, Range<u64>)>,
}

/// The origin of a byte of a composition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin<'c> {
    /// The component, at this offset in its file.
    Component(u64),
    /// The component that is plugged in for this import.
    Plugged(&'c str),
    /// Neither.
    Elsewhere,
}

/// Composes a component with what is plugged in for its imports. Components with equal bytes become one instance.
///
/// # Errors
/// When a plugged-in component cannot be read or does not fit its import.
pub fn compose(component: &[u8], plugs: &[Plug<'_>]) -> Result<Composition, ComposeError> {
    let mut parts = vec![Part::read(component).map_err(|why| {
        let message = format!("has no component to be plugged in to: {why}");
        ComposeError::new(Misfit::Unreadable, None, message)
    })?];
    let mut first: Vec<&str> = Vec::new();
    let mut parts_of = Vec::new();
    for plug in plugs {
        let known = parts.iter().skip(1).position(|part| part.bytes == plug.bytes);
        if known.is_none() {
            parts.push(Part::read(plug.bytes).map_err(|why| {
                let message = format!("is no component that can be read: {why}");
                ComposeError::new(Misfit::Unreadable, Some(plug.import), message)
            })?);
            first.push(plug.import);
        }
        parts_of.push(known.map_or(parts.len() - 1, |at| at + 1));
    }
    let wiring = wiring::wire(&parts, plugs, &parts_of)?;
    let Built { bytes, named } = Builder::new(&parts, &wiring).build()?;
    if let Err(why) = Part::read(&bytes) {
        return Err(unfit(&parts, &wiring, &first, &why));
    }
    let mut positions = positions(&bytes).into_iter();
    let component = positions.next().unwrap_or_default();
    let plugged = first.iter().map(|import| (*import).to_owned()).zip(positions).collect();
    let named = named.into_iter();
    let named = named.map(|(label, part)| (label, first[part - 1].to_owned())).collect();
    Ok(Composition { bytes, named, component, plugged })
}

impl Composition {
    /// The origin of the byte at this offset.
    pub fn origin(&self, offset: u64) -> Origin<'_> {
        if self.component.contains(&offset) {
            return Origin::Component(offset - self.component.start);
        }
        match self.plugged.iter().find(|(_, position)| position.contains(&offset)) {
            Some((import, _)) => Origin::Plugged(import),
            None => Origin::Elsewhere,
        }
    }
}

/// The validator's complaint about a composition, as an error of the plugged-in component that causes it.
fn unfit(parts: &[Part<'_>], wiring: &Wiring, first: &[&str], why: &str) -> ComposeError {
    let (head, rest) = why.split_once('\n').unwrap_or((why, ""));
    let imports = parts
        .iter()
        .zip(&wiring.sources)
        .flat_map(|(part, sources)| part.imports.iter().map(|(name, _)| name).zip(sources));
    let mut found = imports.filter_map(|(name, source)| match source {
        Source::Part { part, export } => Some((name, *part, *export)),
        Source::Import(_) => None,
    });
    let named = found.find(|(name, ..)| head.ends_with(&format!("import `{name}`")));
    let lines = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join(": ");
    let Some((_, part, export)) = named else {
        let message = "cannot be composed with the component";
        return ComposeError::new(Misfit::Uncomposable, None, message).with_help(lines(why));
    };
    let name = &parts[part].exports[export].0;
    let message = format!("exports `{name}` with another type than the component imports");
    ComposeError::new(Misfit::OtherType, Some(first[part - 1]), message).with_help(lines(rest))
}

/// The positions of the components at the root, in order.
fn positions(composition: &[u8]) -> Vec<Range<u64>> {
    let mut positions = Vec::new();
    let mut parser = Parser::new(0);
    let mut at = 0;
    while let Some(rest) = composition.get(at..)
        && let Ok(Chunk::Parsed { consumed, payload }) = parser.parse(rest, true)
    {
        at += consumed;
        match payload {
            Payload::ComponentSection { unchecked_range, .. } => {
                at = at.max(usize::try_from(unchecked_range.end).unwrap_or(usize::MAX));
                positions.push(unchecked_range);
            }
            Payload::End(_) => break,
            _ => {}
        }
    }
    positions
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A component that imports an interface and exports a function with a record of its own.
    const COMPONENT: &str = r#"(component
        (import "a:b/stock@1.0.0" (instance
            (export "left" (func (param "id" u32) (result u32)))))
        (import "a:b/types" (instance
            (export "fields" (type $fields (sub resource)))
            (export "headers" (type $headers (eq $fields)))
            (export "[constructor]fields" (func (result (own $fields))))
            (export "send" (func (param "headers" (own $headers)) (param "again" (own $fields))))))
        (import "log" (func (param "text" u32)))
        (core module $m
            (memory (export "m") 1)
            (func (export "order") (param i32 i32) (result i32) i32.const 0))
        (core instance $m (instantiate $m))
        (type $line (record (field "id" u32) (field "count" u32)))
        (export $line' "line" (type $line))
        (func $order (param "line" $line') (result u32) (canon lift (core func $m "order")))
        (export "order" (func $order)))"#;

    fn stock(version: &str, ty: &str) -> Vec<u8> {
        let text = format!(
            r#"(component
                (import "wasi:io/poll@0.2.0" (instance (export "pollable" (type (sub resource)))))
                (import "log" (func (param "text" u32)))
                (core module $m (func (export "left") (param i32) (result i32) i32.const 3))
                (core instance $m (instantiate $m))
                (func $left (param "id" u32) (result {ty}) (canon lift (core func $m "left")))
                (instance $stock (export "left" (func $left)))
                (export "a:b/stock@{version}" (instance $stock)))"#
        );
        wat::parse_str(text).expect("the text is a component")
    }

    fn composed(provider: &[u8]) -> Result<Composition, ComposeError> {
        let component = wat::parse_str(COMPONENT).expect("the text is a component");
        compose(&component, &[Plug { import: "a:b/stock@1.0.0", bytes: provider }])
    }

    fn names(list: &[(String, wasmparser::component_types::ComponentItem)]) -> Vec<&str> {
        list.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn what_nobody_provides_stays_imported() {
        let composition = composed(&stock("1.2.0", "u32")).expect("it fits");
        let part = Part::read(&composition.bytes).expect("it is valid");
        assert_eq!(names(&part.imports), ["a:b/types", "log", "wasi:io/poll@0.2.0"]);
        assert_eq!(names(&part.exports), ["line", "order"]);
    }

    #[test]
    fn each_byte_has_its_origin() {
        let provider = stock("1.0.0", "u32");
        let composition = composed(&provider).expect("it fits");
        let find = |part: &[u8]| {
            let at = composition.bytes.windows(part.len()).position(|it| it == part);
            at.expect("it is a part") as u64
        };
        let component = wat::parse_str(COMPONENT).expect("the text is a component");
        assert_eq!(composition.origin(find(&component) + 9), Origin::Component(9));
        assert_eq!(composition.origin(find(&provider)), Origin::Plugged("a:b/stock@1.0.0"));
        assert_eq!(composition.origin(0), Origin::Elsewhere);
        assert_eq!(composition.origin(u64::MAX), Origin::Elsewhere);
    }

    #[test]
    fn misfits_are_explained() {
        let message = |provider: &[u8]| {
            let error = composed(provider).expect_err("it does not fit");
            format!("{error} | {}", error.help)
        };
        for (provider, words) in [
            (
                stock("2.0.0", "u32"),
                "what is plugged in for `a:b/stock@1.0.0` does not export `a:b/stock@1.0.0` | it exports \
                 a:b/stock@2.0.0",
            ),
            (
                stock("1.0.0", "s32"),
                "what is plugged in for `a:b/stock@1.0.0` exports `a:b/stock@1.0.0` with another type than the \
                 component imports | type mismatch in instance export `left`: type mismatch with result type: \
                 expected primitive `u32` found primitive `s32`",
            ),
            (
                b"\0asm\x01\0\0\0".to_vec(),
                "what is plugged in for `a:b/stock@1.0.0` is no component that can be read: it is a core module | ",
            ),
        ] {
            assert_eq!(message(&provider), words);
        }
    }

    #[test]
    fn a_resource_of_a_provider_is_not_shared_with_the_host() {
        let component = r#"(component
            (import "a:b/types" (instance $types (export "fields" (type (sub resource)))))
            (alias export $types "fields" (type $fields))
            (import "a:b/sender" (instance
                (alias outer 1 $fields (type $fields'))
                (export "fields" (type $fields (eq $fields')))
                (export "send" (func (param "it" (own $fields)))))))"#;
        let provider = r#"(component
            (type $fields (resource (rep i32)))
            (component $types (import "fields" (type $it (sub resource))) (export "fields" (type $it)))
            (instance $types (instantiate $types (with "fields" (type $fields))))
            (export "a:b/types" (instance $types)))"#;
        let [component, provider] = [component, provider]
            .map(|text| wat::parse_str(text).expect("the text is a component"));
        let plugs = [Plug { import: "a:b/types", bytes: &provider }];
        let error = compose(&component, &plugs).expect_err("the host cannot make such a resource");
        let words =
            "provides the resource `fields` of `a:b/types`, which `a:b/sender` uses as well";
        assert_eq!(error.message, words);
    }

    #[test]
    fn mutual_needs_are_an_error() {
        let mutual = |own: &str, other: &str| {
            let text = format!(
                r#"(component (import "{other}" (instance (export "f" (func))))
                    (core module $m (func (export "f")))
                    (core instance $m (instantiate $m))
                    (func $f (canon lift (core func $m "f")))
                    (instance $i (export "f" (func $f)))
                    (export "{own}" (instance $i)))"#
            );
            wat::parse_str(text).expect("the text is a component")
        };
        let component = r#"(component
            (import "a:b/c" (instance (export "f" (func))))
            (import "a:b/d" (instance (export "f" (func)))))"#;
        let component = wat::parse_str(component).expect("the text is a component");
        let (c, d) = (mutual("a:b/c", "a:b/d"), mutual("a:b/d", "a:b/c"));
        let both = [Plug { import: "a:b/c", bytes: &c }, Plug { import: "a:b/d", bytes: &d }];
        let error = compose(&component, &both).expect_err("neither can be first");
        assert_eq!(
            error.to_string(),
            "what is plugged in and another plugged-in component need each other"
        );
        // What provides an interface may import it: that stays imported.
        let (around, alone) = (mutual("a:b/c", "a:b/c"), mutual("a:b/d", "x:y/z"));
        let both =
            [Plug { import: "a:b/c", bytes: &around }, Plug { import: "a:b/d", bytes: &alone }];
        let composition = compose(&component, &both).expect("all fits");
        let part = Part::read(&composition.bytes).expect("it is valid");
        assert_eq!(names(&part.imports), ["a:b/c", "x:y/z"]);
    }

    #[test]
    fn damaged_providers_do_no_harm() {
        let provider = stock("1.0.0", "u32");
        for at in 0..provider.len() {
            for byte in [0, 1, 0x7f, 0xff] {
                let mut damaged = provider.clone();
                damaged[at] = byte;
                let _any_answer = composed(&damaged);
            }
            let _any_answer = composed(&provider[..at]);
        }
    }
}
