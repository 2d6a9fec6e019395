//! `[[call]]`, `[lifecycle]`, `[[answer]]` and `[with]`.

use std::ops::Range;

use serde_json::Value as Json;
use toml::de::{DeTable, DeValue};

use super::reader::{Reader, Value, entries};
use crate::config::diagnostic::Code;
use crate::config::given::{self, Answer, Arguments, Call, Provider, Scenario};
use crate::config::text::SpannedText;

/// The keys of a `[[call]]`, in the order of the documentation.
pub const CALL_KEYS: [&str; 5] = ["export", "arguments", "json", "steps", "component"];
/// The keys of a step.
pub const STEP_KEYS: [&str; 3] = ["export", "arguments", "json"];
/// The keys of `[lifecycle]`.
pub const LIFECYCLE_KEYS: [&str; 2] = ["init", "cleanup"];
/// The keys of an `[[answer]]`.
pub const ANSWER_KEYS: [&str; 4] = ["import", "value", "values", "component"];

const NAME_EXPORT: &str = "name one export, such as \"ns:pkg/iface#func\"";
const NAME_IMPORT: &str = "name one imported function, such as \"ns:pkg/iface#func\"";

pub(super) fn scenarios<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<Vec<Scenario>> {
    reader.list(value, "`[[call]]` tables", scenario)
}

fn scenario<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<Scenario> {
    let table = reader.table(value, "a table")?;
    reader.check_keys(table, &CALL_KEYS);
    let component = reader.get(table, "component", Reader::string);
    let calls = match table.get("steps") {
        Some(steps) => {
            for (key, _) in entries(table) {
                let name = key.get_ref();
                if STEP_KEYS.contains(&name.as_ref()) {
                    let message = format!("`{name}` and `steps` exclude each other");
                    let help = "each step names its own export";
                    reader.report(Code::WrongValue, key.span(), message, help);
                }
            }
            let form = "an array of tables, such as [{ export = \"tick\" }]";
            let calls = reader.list(steps, form, step)?;
            if matches!(steps.get_ref(), DeValue::Array(list) if list.is_empty()) {
                let message = "this call has no steps";
                reader.report(Code::WrongValue, steps.span(), message, "add one for each call");
            }
            calls
        }
        None => vec![call(reader, table, value.span())?],
    };
    Some(Scenario { span: reader.span(value.span()), component, calls })
}

fn step<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<Call> {
    let table = reader.table(value, "a table")?;
    reader.check_keys(table, &STEP_KEYS);
    call(reader, table, value.span())
}

fn call<'a>(reader: &mut Reader<'a>, table: &DeTable<'a>, range: Range<usize>) -> Option<Call> {
    let export = reader.required(table, ("call", range), "export", NAME_EXPORT)?;
    let export = function_name(reader, export, NAME_EXPORT);
    let arguments = match (table.get("arguments"), table.get("json")) {
        (Some(_), Some(json)) => {
            let message = "`arguments` and `json` exclude each other";
            reader.report(Code::WrongValue, json.span(), message, "keep one of them");
            None
        }
        (Some(wave), None) => {
            reader.text(wave).and_then(|wave| reader.accept(given::wave_arguments(wave)))
        }
        (None, Some(json)) => json_arguments(reader, json),
        (None, None) => Some(Arguments::MadeUp),
    };
    Some(Call { export: export?, arguments: arguments? })
}

fn json_arguments<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<Arguments> {
    let span = reader.span(value.span());
    let arguments = match value.get_ref() {
        DeValue::String(text) => match serde_json::from_str::<Vec<Json>>(text) {
            Ok(list) => list.into_iter().map(|it| (it, span.clone())).collect(),
            Err(error) => {
                let message = format!("this is not a JSON array: {error}");
                let help = "write one value for each parameter: '[1, {\"field\": 2}]'";
                reader.report(Code::WrongValue, value.span(), message, help);
                return None;
            }
        },
        DeValue::Array(list) => {
            let list = list.iter();
            list.map(|it| Some((json(reader, it)?, reader.span(it.span()))))
                .collect::<Option<_>>()?
        }
        _ => return reader.wrong_type(value, "an array, or JSON in a string"),
    };
    Some(Arguments::Json(arguments, span))
}

fn json<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<Json> {
    Some(match value.get_ref() {
        DeValue::String(text) => Json::from(text.as_ref()),
        DeValue::Boolean(flag) => Json::from(*flag),
        DeValue::Integer(number) => match i128::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Json::Number(serde_json::Number::from_i128(number)?),
            Err(_) => return reader.wrong_value(value, "write a smaller whole number"),
        },
        DeValue::Float(number) => {
            let text = number.as_str().trim_start_matches('+');
            match text.parse::<f64>().ok().and_then(serde_json::Number::from_f64) {
                Some(number) => Json::Number(number),
                // JSON has no number for them.
                None if text.ends_with("nan") => Json::from("nan"),
                None => Json::from(text),
            }
        }
        DeValue::Datetime(_) => return reader.wrong_type(value, "a JSON value"),
        DeValue::Array(list) => {
            list.iter().map(|it| json(reader, it)).collect::<Option<Vec<_>>>()?.into()
        }
        DeValue::Table(table) => {
            let members = entries(table).into_iter();
            let members =
                members.map(|(key, it)| Some((key.get_ref().to_string(), json(reader, it)?)));
            Json::Object(members.collect::<Option<_>>()?)
        }
    })
}

/// Reads `[lifecycle]`: the calls `init` and `cleanup`.
pub(super) fn lifecycle<'a>(
    reader: &mut Reader<'a>,
    value: &Value<'a>,
) -> Option<(Option<Call>, Option<Call>)> {
    fn one_call<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<Call> {
        let text = reader.text(value)?;
        reader.accept(given::one_call(&text))
    }
    let table = reader.table(value, "a `[lifecycle]` table")?;
    reader.check_keys(table, &LIFECYCLE_KEYS);
    Some((reader.get(table, "init", one_call), reader.get(table, "cleanup", one_call)))
}

pub(super) fn answers<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<Vec<Answer>> {
    reader.list(value, "`[[answer]]` tables", answer)
}

fn answer<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<Answer> {
    let table = reader.table(value, "a table")?;
    reader.check_keys(table, &ANSWER_KEYS);
    let import = reader
        .required(table, ("answer", value.span()), "import", NAME_IMPORT)
        .and_then(|value| function_name(reader, value, NAME_IMPORT));
    let component = reader.get(table, "component", Reader::string);
    let mut values: Vec<_> = reader.get(table, "value", Reader::text).into_iter().collect();
    if let Some(list) = table.get("values") {
        values.extend(reader.list(list, "an array of strings", Reader::text).unwrap_or_default());
    }
    for value in &values {
        reader.accept(given::value(value));
    }
    let has = |key: &str| table.contains_key(key);
    let help = "write value = '1', or values = ['1', '2'] for one call after the other";
    let wrong = match (has("value"), has("values")) {
        (true, true) => {
            Some((Code::WrongValue, "`value` and `values` exclude each other", "keep one of them"))
        }
        (false, false) => {
            Some((Code::MissingKey, "this answer has neither `value` nor `values`", help))
        }
        (false, true) if values.is_empty() => {
            Some((Code::EmptyValue, "this answer has no values", help))
        }
        _ => None,
    };
    if let Some((code, message, help)) = wrong {
        reader.report(code, value.span(), message, help);
    }
    Some(Answer { import: import?, values, component })
}

/// Reads `[with]`.
pub(super) fn providers<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<Vec<Provider>> {
    let entries = entries(reader.table(value, "a `[with]` table")?).into_iter();
    let read = entries.filter_map(|(key, value)| {
        Some(Provider { file: reader.path(value)?, import: reader.key_text(key) })
    });
    Some(read.collect())
}

/// The name of one function, and no glob.
fn function_name<'a>(
    reader: &mut Reader<'a>,
    value: &Value<'a>,
    help: &str,
) -> Option<SpannedText> {
    let name = reader.text(value)?;
    if name.text.trim().is_empty() || name.text.contains(['*', '(']) {
        return reader.wrong_value(value, help);
    }
    Some(name)
}
