//! Arguments and results, checked against the types of a function.

use std::ops::Range;

use wasm_wave::wasm::{WasmType, WasmTypeKind};

use crate::component::value_types::{Parameter, ValueType};
use crate::component::world::WorldFunction;
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::given::{Arguments, Call};
use crate::config::text::{SpannedText, TextSpan};
use crate::script::{Argument, json, wave};

type Refused = Box<Diagnostic>;

/// One argument for each parameter. Options at the end may be left out.
pub(super) fn arguments(call: &Call, function: &WorldFunction) -> Result<Vec<Argument>, Refused> {
    let name = call.export.text.as_str();
    let parameters = &function.parameters;
    let mut list = match &call.arguments {
        Arguments::MadeUp => return Ok(vec![Argument::MadeUp; parameters.len()]),
        Arguments::Wave(written) => {
            let ranges = wave::arguments(&written.text).map_err(|fault| {
                let span = written.at(fault.range);
                refused(Code::WrongValue, span, fault.message, fault.help)
            })?;
            count(ranges.len(), &written.span, name, function)?;
            let list = ranges.into_iter().zip(parameters).zip(1..);
            let list = list.map(|((range, parameter), number)| {
                of_wave(written, range, parameter, number, name, function)
            });
            list.collect::<Result<Vec<_>, _>>()?
        }
        Arguments::Json(values, span) => {
            count(values.len(), span, name, function)?;
            let list = values.iter().zip(parameters).zip(1..).map(
                |(((json, span), parameter), number)| {
                    let position = format!("{} argument", ordinal(number));
                    let ty = typed(&parameter.ty, span, name, "wants", &position)?;
                    let wave = json::to_wave(json, ty).map_err(|mismatch| {
                        let message = mismatch.sentence(name, "wants", &position);
                        refused(Code::WrongType, span.clone(), message, signature(name, function))
                    })?;
                    Ok(Argument::Wave(wave))
                },
            );
            list.collect::<Result<Vec<_>, Refused>>()?
        }
    };
    list.resize(parameters.len(), Argument::Wave("none".to_owned()));
    Ok(list)
}

fn of_wave(
    written: &SpannedText,
    range: Range<usize>,
    parameter: &Parameter,
    number: usize,
    name: &str,
    function: &WorldFunction,
) -> Result<Argument, Refused> {
    let text = &written.text[range.clone()];
    if wave::is_made_up(text) {
        return Ok(Argument::MadeUp);
    }
    let position = format!("{} argument", ordinal(number));
    let ty = typed(&parameter.ty, &written.at(range.clone()), name, "wants", &position)?;
    let value = wave::check(text, ty).map_err(|mismatch| {
        let part = mismatch.range.clone().unwrap_or(0..text.len());
        let span = written.at(range.start + part.start..range.start + part.end);
        let message = mismatch.sentence(name, "wants", &position);
        refused(Code::WrongType, span, message, signature(name, function))
    })?;
    Ok(Argument::Wave(value))
}

/// Results of an imported function.
pub(super) fn results(
    values: &[SpannedText],
    name: &str,
    function: &WorldFunction,
) -> Result<Vec<String>, Refused> {
    let check = |written: &SpannedText| {
        let Some(result) = &function.result else {
            let message = format!("`{name}` returns nothing");
            let help = signature(name, function);
            return Err(refused(Code::WrongType, written.span.clone(), message, help));
        };
        let ty = typed(result, &written.span, name, "returns", "result")?;
        wave::check(&written.text, ty).map_err(|mismatch| {
            let part = mismatch.range.clone().unwrap_or(0..written.text.len());
            let message = mismatch.sentence(name, "returns", "result");
            refused(Code::WrongType, written.at(part), message, signature(name, function))
        })
    };
    values.iter().map(check).collect()
}

/// The type in which a value can be written.
fn typed<'t>(
    ty: &'t ValueType,
    span: &TextSpan,
    name: &str,
    verb: &str,
    position: &str,
) -> Result<&'t wasm_wave::value::Type, Refused> {
    ty.wave.as_ref().ok_or_else(|| {
        let text = &ty.text;
        let message = format!("`{name}` {verb} {text} as its {position}, which has no text form");
        let help = match verb {
            "wants" => "write `_`: it is made up",
            _ => "leave this answer out: it is made up",
        };
        refused(Code::WrongType, span.clone(), message, help.to_owned())
    })
}

fn count(
    given: usize,
    span: &TextSpan,
    name: &str,
    function: &WorldFunction,
) -> Result<(), Refused> {
    let all = function.parameters.len();
    let is_option = |parameter: &&Parameter| {
        parameter.ty.wave.as_ref().is_some_and(|ty| ty.kind() == WasmTypeKind::Option)
    };
    let least = all - function.parameters.iter().rev().take_while(is_option).count();
    if (least..=all).contains(&given) {
        return Ok(());
    }
    let wanted = match all {
        0 => "no argument".to_owned(),
        1 => "1 argument".to_owned(),
        all => format!("{all} arguments"),
    };
    let message = format!("`{name}` wants {wanted}, not {given}");
    Err(refused(Code::WrongType, span.clone(), message, signature(name, function)))
}

fn signature(name: &str, function: &WorldFunction) -> String {
    format!("`{name}` is {}", function.signature)
}

fn refused(code: Code, span: TextSpan, message: String, help: String) -> Refused {
    Box::new(Diagnostic { code, span, message, help })
}

/// `1st`, `2nd`, `11th`.
fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (1, it) if it != 11 => "st",
        (2, it) if it != 12 => "nd",
        (3, it) if it != 13 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
