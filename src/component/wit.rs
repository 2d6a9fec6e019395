//! The world of a component, printed as WIT. Works from types and from the names of imports and exports, so that
//! stripped binaries have one, too.

use std::panic::{catch_unwind, resume_unwind};

use wit_component::{DecodedWasm, Output, OutputToString, WitPrinter};
use wit_parser::Resolve;

use super::Component;

/// Longest text, in bytes. Anonymous types are written out at each use, so a small file may ask for gigabytes.
const LONGEST: usize = 16 << 20;

/// Why a component has no WIT.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WitError {
    /// WIT has no words for something in its world.
    #[error("WIT cannot express its world: {0}")]
    Inexpressible(String),
    /// The text would be longer than 16 MiB.
    #[error("its world takes more than {} MiB of WIT", LONGEST >> 20)]
    TooLong,
    /// wit-component panicked.
    #[error("the decoder of WIT fails on it, which is a bug of wit-component")]
    Panicked,
}

impl Component<'_> {
    /// Its world as WIT, with every interface it refers to: one text that parses again. A component that encodes a WIT
    /// package gives that package.
    ///
    /// # Errors
    /// When WIT cannot express the world, or the text would be longer than 16 MiB.
    pub fn wit(&self) -> Result<String, WitError> {
        // wit-component asserts what a hostile component need not keep.
        catch_unwind(|| decode_and_print(self.file)).unwrap_or_else(|panic| {
            Err(if panic.is::<TooLong>() { WitError::TooLong } else { WitError::Panicked })
        })
    }
}

fn decode_and_print(file: &[u8]) -> Result<String, WitError> {
    let decoded = wit_component::decode(file).map_err(|error| inexpressible(&error))?;
    let (resolve, main) = match &decoded {
        DecodedWasm::WitPackage(resolve, package) => (resolve, *package),
        DecodedWasm::Component(resolve, _) => (resolve, decoded.package()),
    };
    let others: Vec<_> =
        resolve.packages.iter().map(|(id, _)| id).filter(|id| *id != main).collect();
    let mut printer = WitPrinter::new(Bounded::default());
    printer.print(resolve, main, &others).map_err(|error| inexpressible(&error))?;
    let text = String::from(printer.output.text);
    // A world may refer to a type by no name that WIT has for it.
    let mut parsed = Resolve { all_features: true, ..Resolve::default() };
    parsed.push_str("world.wit", &text).map_err(|error| inexpressible(&error))?;
    Ok(text)
}

/// The error with its causes, without the excerpt of a parser.
fn inexpressible(error: &dyn std::fmt::Display) -> WitError {
    let message = format!("{error:#}");
    WitError::Inexpressible(message.lines().next().unwrap_or_default().to_owned())
}

struct TooLong;

/// A text that ends the printing when it grows too long. Nothing but unwinding stops a [`WitPrinter`].
#[derive(Default)]
struct Bounded {
    text: OutputToString,
    bytes: usize,
}

impl Output for Bounded {
    fn push_str(&mut self, text: &str) {
        self.bytes += text.len();
        if self.bytes > LONGEST {
            resume_unwind(Box::new(TooLong));
        }
        self.text.push_str(text);
    }

    fn indent_if_needed(&mut self) -> bool {
        self.text.indent_if_needed()
    }

    fn indent_start(&mut self) {
        self.text.indent_start();
    }

    fn indent_end(&mut self) {
        self.text.indent_end();
    }

    fn newline(&mut self) {
        self.text.newline();
    }
}
