//! The errors of the library as miette's diagnostics: a code each, the help and the span where there is one.

use std::fmt::Display;

use miette::{Diagnostic, LabeledSpan};

use crate::CheckError;
use crate::component::ReadError;
use crate::component::wit::WitError;
use crate::composition::ComposeError;
use crate::manifest;
use crate::report::document::Unreadable;
use crate::report::listing::ListingError;

type Text<'a> = Option<Box<dyn Display + 'a>>;

fn text<'a>(text: &'a str) -> Text<'a> {
    (!text.is_empty()).then(|| Box::new(text) as Box<dyn Display + 'a>)
}

macro_rules! diagnostic {
    ($($error:ty: $code:literal)*) => {$(
        impl Diagnostic for $error {
            fn code<'a>(&'a self) -> Text<'a> {
                text($code)
            }
        }
    )*};
}

diagnostic! {
    ReadError: "secondcall::component"
    WitError: "secondcall::wit"
    ListingError: "secondcall::listing"
    Unreadable: "secondcall::report"
}

impl Diagnostic for CheckError {
    fn code<'a>(&'a self) -> Text<'a> {
        match self {
            CheckError::Read(error) => error.code(),
            CheckError::Program { .. } => text("secondcall::program"),
        }
    }

    fn help<'a>(&'a self) -> Text<'a> {
        match self {
            CheckError::Read(error) => error.help(),
            CheckError::Program { .. } => text("name the program `secondcall` in `Observer::new`"),
        }
    }
}

impl Diagnostic for ComposeError {
    fn code<'a>(&'a self) -> Text<'a> {
        text("secondcall::composition")
    }

    fn help<'a>(&'a self) -> Text<'a> {
        text(&self.help)
    }
}

impl Diagnostic for manifest::ReadError {
    fn code<'a>(&'a self) -> Text<'a> {
        text("secondcall::manifest")
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(LabeledSpan::underline(self.span.clone()))))
    }
}
