//! Functions of a binary as text, each line with the offset of its instruction. To print a function of a large component
//! quickly, a small module that holds only that function is made and printed.

mod error;
mod sections;
mod stub;
mod target;

use std::io;

use crate::location::{ItemKind, Location};

pub use self::error::ListingError;
pub use self::target::{Target, functions, locate};

/// One function of one core module, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The number of the core module, in file order over the whole file.
    pub core_module: u32,
    /// The function, in the module's function index space.
    pub function: u32,
    /// Its lines, from `(func …` to the closing parenthesis.
    pub lines: Vec<Line>,
}

/// A line of a [`Listing`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The byte of the file at which the instruction or item of this line begins, 0-based;
    /// `None` for a line without an instruction or item.
    pub offset: Option<u64>,
    /// The text, indented as in the text format; without a line break.
    pub text: String,
}

impl Listing {
    /// Prints the function that contains `location`. `file` is the whole binary, a component or a
    /// core module; a location without a core module means the first.
    ///
    /// # Errors
    /// If the location names no function with a body in this file, or the bytes cannot be decoded.
    pub fn of_function(file: &[u8], location: &Location) -> Result<Listing, ListingError> {
        let core_module = location.step(ItemKind::CoreModule).map_or(0, |step| step.index);
        let function = location.step(ItemKind::Func).ok_or(ListingError::NotAFunction)?.index;
        let range = sections::module_range(file, core_module)?;
        let module = sections::Sections::read(file, range)?;
        let body = module.body(core_module, function)?;
        let stub = stub::Stub::of(&module, function, &body)?;
        let mut sink = Sink {
            stub_body: stub.body.clone(),
            file_body: body.range().start,
            within: false,
            lines: Vec::new(),
        };
        wasmprinter::Config::new().print(&stub.bytes, &mut sink).map_err(|error| {
            ListingError::Malformed {
                offset: sink.file_body,
                message: error.root_cause().to_string(),
            }
        })?;
        let mut lines = sink.lines;
        for line in &mut lines {
            let end = line.text.trim_end().len();
            line.text.truncate(end);
            if line.text.starts_with("  ") {
                line.text.drain(..2);
            }
        }
        Ok(Listing { core_module, function, lines })
    }

    /// The line that shows the byte at `offset` of the file, as an index into [`Listing::lines`];
    /// `None` if the byte is not one of this function.
    pub fn line_at(&self, offset: u64) -> Option<usize> {
        let last = self.lines.iter().filter_map(|line| line.offset).next_back()?;
        if offset > last {
            return None;
        }
        self.lines.iter().rposition(|line| line.offset.is_some_and(|start| start <= offset))
    }
}

/// Keeps the lines of the wanted body and drops all others.
struct Sink {
    stub_body: std::ops::Range<u64>,
    file_body: u64,
    within: bool,
    lines: Vec<Line>,
}

impl wasmprinter::Print for Sink {
    fn write_str(&mut self, text: &str) -> io::Result<()> {
        if let Some(line) = self.lines.last_mut().filter(|_| self.within) {
            line.text.push_str(text);
        }
        Ok(())
    }

    fn start_line(&mut self, offset: Option<u64>) {
        match offset {
            Some(offset) => self.within = self.stub_body.contains(&offset),
            // The only lines without an offset after the body close the module.
            None => self.within &= self.lines.last().is_none_or(|line| line.text.trim() != ")"),
        }
        if self.within {
            let offset = offset.map(|it| it - self.stub_body.start + self.file_body);
            self.lines.push(Line { offset, text: String::new() });
        }
    }
}
