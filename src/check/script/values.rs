//! Checks arguments and results against the types of a function.

use std::ops::Range;

use wasm_wave::value::Type;
use wasm_wave::wasm::{WasmType, WasmTypeKind};

use crate::component::value_types::{Parameter, ValueType};
use crate::component::world::WorldFunction;
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::given::{Arguments, Call};
use crate::config::text::{SpannedText, TextSpan};
use crate::script::mismatch::Mismatch;
use crate::script::{Argument, json, wave};

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// A position for values: a parameter or the result of a function.
struct Position<'a> {
    /// The function, and its name as the user wrote it.
    function: &'a WorldFunction,
    name: &'a str,
    /// `wants` or `returns`.
    verb: &'static str,
    /// `1st argument` or `result`.
    position: String,
    ty: &'a ValueType,
}

/// One argument for each parameter. Trailing options may be omitted.
pub(super) fn arguments(call: &Call, function: &WorldFunction) -> Result<Vec<Argument>> {
    let name = call.export.text.as_str();
    let position = |index: usize, parameter| argument(index, parameter, name, function);
    let parameters = function.parameters.iter().enumerate();
    let mut list = match &call.arguments {
        Arguments::MadeUp => return Ok(vec![Argument::MadeUp; function.parameters.len()]),
        Arguments::Wave(written) => {
            let ranges = wave::arguments(&written.text).map_err(|fault| Diagnostic {
                code: Code::WrongValue,
                span: written.at(fault.range),
                message: fault.message,
                help: fault.help,
            })?;
            check_count(ranges.len(), &written.span, name, function)?;
            let list = ranges.into_iter().zip(parameters).map(|(range, (index, parameter))| {
                match wave::is_made_up(&written.text[range.clone()]) {
                    true => Ok(Argument::MadeUp),
                    false => position(index, parameter).wave(written, range).map(Argument::Wave),
                }
            });
            list.collect::<Result<Vec<_>>>()?
        }
        Arguments::Json(values, span) => {
            check_count(values.len(), span, name, function)?;
            let list = values.iter().zip(parameters).map(|((json, span), (index, parameter))| {
                let position = position(index, parameter);
                let wave = json::to_wave(json, position.text_type(span)?);
                wave.map(Argument::Wave).map_err(|it| position.mismatch(&it, span.clone()))
            });
            list.collect::<Result<Vec<_>>>()?
        }
    };
    list.resize(function.parameters.len(), Argument::Wave("none".to_owned()));
    Ok(list)
}

/// Results of an imported function.
pub(super) fn results(
    values: &[SpannedText],
    name: &str,
    function: &WorldFunction,
) -> Result<Vec<String>> {
    let check = |written: &SpannedText| {
        let Some(ty) = &function.result else {
            let message = format!("`{name}` returns nothing");
            return Err(wrong_type(written.span.clone(), message, name, function));
        };
        let position = "result".to_owned();
        let position = Position { function, name, verb: "returns", position, ty };
        position.wave(written, 0..written.text.len())
    };
    values.iter().map(check).collect()
}

fn argument<'a>(
    index: usize,
    parameter: &'a Parameter,
    name: &'a str,
    function: &'a WorldFunction,
) -> Position<'a> {
    let position = format!("{} argument", ordinal(index + 1));
    Position { function, name, verb: "wants", position, ty: &parameter.ty }
}

impl Position<'_> {
    /// The value in `range` of a text, checked.
    fn wave(&self, written: &SpannedText, range: Range<usize>) -> Result<String> {
        let ty = self.text_type(&written.at(range.clone()))?;
        wave::check(&written.text[range.clone()], ty).map_err(|mismatch| {
            let part = mismatch.range.clone().unwrap_or(0..range.len());
            let span = written.at(range.start + part.start..range.start + part.end);
            self.mismatch(&mismatch, span)
        })
    }

    /// The type of values, if they can be written as text.
    fn text_type(&self, span: &TextSpan) -> Result<&Type> {
        self.ty.wave.as_ref().ok_or_else(|| {
            let Position { name, verb, position, ty, .. } = self;
            let message =
                format!("`{name}` {verb} {} as its {position}, which has no text form", ty.text);
            let help = match *verb {
                "wants" => "write `_` for a generated value",
                _ => "remove this answer: the value is generated",
            };
            let (code, span, help) = (Code::WrongType, span.clone(), help.to_owned());
            Box::new(Diagnostic { code, span, message, help })
        })
    }

    fn mismatch(&self, mismatch: &Mismatch, span: TextSpan) -> Box<Diagnostic> {
        let message = mismatch.sentence(self.name, self.verb, &self.position);
        wrong_type(span, message, self.name, self.function)
    }
}

fn check_count(count: usize, span: &TextSpan, name: &str, function: &WorldFunction) -> Result<()> {
    let all = function.parameters.len();
    let is_option = |parameter: &&Parameter| {
        parameter.ty.wave.as_ref().is_some_and(|ty| ty.kind() == WasmTypeKind::Option)
    };
    let least = all - function.parameters.iter().rev().take_while(is_option).count();
    if (least..=all).contains(&count) {
        return Ok(());
    }
    let wanted = match all {
        0 => "no argument".to_owned(),
        1 => "1 argument".to_owned(),
        all => format!("{all} arguments"),
    };
    Err(wrong_type(span.clone(), format!("`{name}` wants {wanted}, not {count}"), name, function))
}

/// A diagnostic whose help is the signature of the function.
fn wrong_type(
    span: TextSpan,
    message: String,
    name: &str,
    function: &WorldFunction,
) -> Box<Diagnostic> {
    let help = format!("`{name}` is {}", function.signature);
    Box::new(Diagnostic { code: Code::WrongType, span, message, help })
}

/// `1st`, `2nd`, `11th`.
fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (1, rest) if rest != 11 => "st",
        (2, rest) if rest != 12 => "nd",
        (3, rest) if rest != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
