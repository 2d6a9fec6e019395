//! `[[call]]`, `[lifecycle]`, `[[answer]]` and `[with]`.

use std::ops::Range;

use serde_json::Value as Json;
use toml::de::{DeTable, DeValue};

use super::{Reader, Value, entries};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::given::{self, Answer, Arguments, Call, FilePath, Given, Provider, Scenario};
use crate::config::text::SpannedText;

/// The keys of a `[[call]]`, in the order of their description.
pub const CALL_KEYS: [&str; 5] = ["export", "arguments", "json", "steps", "component"];
/// The keys of a step.
pub const STEP_KEYS: [&str; 3] = ["export", "arguments", "json"];
/// The keys of `[lifecycle]`.
pub const LIFECYCLE_KEYS: [&str; 2] = ["init", "cleanup"];
/// The keys of an `[[answer]]`.
pub const ANSWER_KEYS: [&str; 4] = ["import", "value", "values", "component"];

impl<'a> Reader<'a> {
    pub(super) fn scenarios(&mut self, value: &Value<'a>) -> Vec<Scenario> {
        let tables = self.tables(value, "an array of tables: [[call]]");
        tables.into_iter().filter_map(|(table, range)| self.scenario(table, range)).collect()
    }

    fn scenario(&mut self, table: &DeTable<'a>, range: Range<usize>) -> Option<Scenario> {
        let complaints = self.diagnostics.len();
        for (key, _) in entries(table) {
            let name = key.get_ref().as_ref();
            if !CALL_KEYS.contains(&name) {
                self.unknown_key(key.span(), name, &CALL_KEYS);
            }
        }
        let component = table.get("component").and_then(|it| self.string(it));
        let calls = match table.get("steps") {
            Some(steps) => {
                for (key, _) in entries(table) {
                    if STEP_KEYS.contains(&key.get_ref().as_ref()) {
                        let message = format!("`{}` and `steps` exclude each other", key.get_ref());
                        let help = "each of the steps names an export of its own";
                        self.complain(Code::WrongValue, key.span(), message, help);
                    }
                }
                self.steps(steps)
            }
            None => self.call(table, range.clone()).into_iter().collect(),
        };
        let scenario = Scenario { span: self.span(range), component, calls };
        (self.diagnostics.len() == complaints).then_some(scenario)
    }

    fn steps(&mut self, value: &Value<'a>) -> Vec<Call> {
        let mut calls = Vec::new();
        let tables = self.tables(value, "an array of tables: [{ export = \"tick\" }, …]");
        if matches!(value.get_ref(), DeValue::Array(values) if values.is_empty()) {
            let message = "this call has no steps".to_owned();
            self.complain(Code::WrongValue, value.span(), message, "write a step for each call");
        }
        for (table, range) in tables {
            for (key, _) in entries(table) {
                let name = key.get_ref().as_ref();
                if !STEP_KEYS.contains(&name) {
                    self.unknown_key(key.span(), name, &STEP_KEYS);
                }
            }
            calls.extend(self.call(table, range));
        }
        calls
    }

    fn call(&mut self, table: &DeTable<'a>, range: Range<usize>) -> Option<Call> {
        let Some(export) = table.get("export") else {
            let help = "name the export, such as \"ns:pkg/iface#func\"";
            self.complain(Code::MissingKey, range, "this call has no `export`".to_owned(), help);
            return None;
        };
        let export = self.name(export, "name one export, such as \"ns:pkg/iface#func\"");
        let arguments = match (table.get("arguments"), table.get("json")) {
            (Some(_), Some(json)) => {
                let message = "`arguments` and `json` exclude each other".to_owned();
                self.complain(Code::WrongValue, json.span(), message, "keep one of them");
                None
            }
            (Some(wave), None) => self.written(wave).and_then(|wave| {
                let read = given::wave_arguments(wave);
                self.taken(read)
            }),
            (None, Some(json)) => self.json(json),
            (None, None) => Some(Arguments::MadeUp),
        };
        Some(Call { export: export?, arguments: arguments? })
    }

    fn json(&mut self, value: &Value<'a>) -> Option<Arguments> {
        let span = self.span(value.span());
        let arguments = match value.get_ref() {
            DeValue::String(text) => match serde_json::from_str::<Vec<Json>>(text) {
                Ok(list) => list.into_iter().map(|it| (it, span.clone())).collect(),
                Err(error) => {
                    let message = format!("this is no array in JSON: {error}");
                    let help = "write one value for each parameter: '[1, {\"field\": 2}]'";
                    self.complain(Code::WrongValue, value.span(), message, help);
                    return None;
                }
            },
            DeValue::Array(values) => {
                let mut list = Vec::new();
                for value in values.iter() {
                    list.push((self.as_json(value)?, self.span(value.span())));
                }
                list
            }
            _ => return self.wrong_type(value, "an array, or JSON in a string,"),
        };
        Some(Arguments::Json(arguments, span))
    }

    fn as_json(&mut self, value: &Value<'a>) -> Option<Json> {
        Some(match value.get_ref() {
            DeValue::String(text) => Json::from(text.as_ref()),
            DeValue::Boolean(flag) => Json::from(*flag),
            DeValue::Integer(number) => {
                match i128::from_str_radix(number.as_str(), number.radix()) {
                    Ok(number) => Json::Number(serde_json::Number::from_i128(number)?),
                    Err(_) => return self.wrong_value(value, "write a whole number"),
                }
            }
            DeValue::Float(number) => {
                let words = number.as_str().trim_start_matches('+');
                match words.parse::<f64>().ok().and_then(serde_json::Number::from_f64) {
                    Some(number) => Json::Number(number),
                    // JSON has no such numbers; they go by their names.
                    None => Json::from(words.trim_start_matches('-').replace("inf", words)),
                }
            }
            DeValue::Datetime(_) => return self.wrong_type(value, "a value of JSON"),
            DeValue::Array(values) => {
                values.iter().map(|it| self.as_json(it)).collect::<Option<Vec<_>>>()?.into()
            }
            DeValue::Table(table) => {
                let members = entries(table).into_iter();
                let members =
                    members.map(|(key, it)| Some((key.get_ref().to_string(), self.as_json(it)?)));
                Json::Object(members.collect::<Option<_>>()?)
            }
        })
    }

    pub(super) fn lifecycle(&mut self, value: &Value<'a>, given: &mut Given) {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type::<()>(value, "a table: [lifecycle]");
            return;
        };
        for (key, value) in entries(table) {
            match key.get_ref().as_ref() {
                "init" => given.init = self.one_call(value),
                "cleanup" => given.cleanup = self.one_call(value),
                other => self.unknown_key(key.span(), other, &LIFECYCLE_KEYS),
            }
        }
    }

    fn one_call(&mut self, value: &Value<'a>) -> Option<Call> {
        let call = given::one_call(&self.written(value)?);
        self.taken(call)
    }

    pub(super) fn answers(&mut self, value: &Value<'a>) -> Vec<Answer> {
        let tables = self.tables(value, "an array of tables: [[answer]]");
        tables.into_iter().filter_map(|(table, range)| self.answer(table, range)).collect()
    }

    fn answer(&mut self, table: &DeTable<'a>, range: Range<usize>) -> Option<Answer> {
        let complaints = self.diagnostics.len();
        let (mut import, mut component, mut values) = (None, None, Vec::new());
        for (key, value) in entries(table) {
            match key.get_ref().as_ref() {
                "import" => {
                    import = self.name(value, "name one function, such as \"ns:pkg/iface#func\"");
                }
                "component" => component = self.string(value),
                "value" => values.extend(self.written(value)),
                "values" => match value.get_ref() {
                    DeValue::Array(list) => {
                        let list: Vec<_> = list.iter().collect();
                        values.extend(list.into_iter().filter_map(|it| self.written(it)));
                    }
                    _ => {
                        self.wrong_type::<()>(value, "an array of strings");
                    }
                },
                other => self.unknown_key(key.span(), other, &ANSWER_KEYS),
            }
        }
        for written in &values {
            let read = given::value(written);
            self.taken(read);
        }
        let is_there = |key: &str| table.contains_key(key);
        if !is_there("import") {
            let help = "name the imported function, such as \"ns:pkg/iface#func\"";
            let message = "this answer has no `import`".to_owned();
            self.complain(Code::MissingKey, range.clone(), message, help);
        }
        if is_there("value") == is_there("values") || is_there("values") && values.is_empty() {
            let message = "this answer has not one of `value` and `values`".to_owned();
            let help = "write value = '1', or values = ['1', '2'] for one call after the other";
            self.complain(Code::MissingKey, range, message, help);
        }
        let answer = Answer { import: import?, values, component };
        (self.diagnostics.len() == complaints).then_some(answer)
    }

    pub(super) fn providers(&mut self, value: &Value<'a>) -> Vec<Provider> {
        let DeValue::Table(table) = value.get_ref() else {
            self.wrong_type::<()>(value, "a table: [with]");
            return Vec::new();
        };
        let mut providers = Vec::new();
        for (key, value) in entries(table) {
            let import = SpannedText::new(self.source, key.span(), key.get_ref().to_string());
            let file = self.written(value).map(FilePath::new);
            providers.extend(file.map(|file| Provider { import, file }));
        }
        providers
    }

    /// The name of one function: no glob.
    fn name(&mut self, value: &Value<'_>, help: &str) -> Option<SpannedText> {
        let name = self.written(value)?;
        if name.text.trim().is_empty() || name.text.contains(['*', '(']) {
            return self.wrong_value(value, help);
        }
        Some(name)
    }

    pub(super) fn written(&mut self, value: &Value<'_>) -> Option<SpannedText> {
        let text = self.string(value)?;
        Some(SpannedText::new(self.source, value.span(), text))
    }

    /// What was read, or a complaint.
    pub(super) fn taken<T>(&mut self, read: Result<T, Diagnostic>) -> Option<T> {
        read.map_err(|diagnostic| self.diagnostics.push(diagnostic)).ok()
    }

    /// The tables of an array, each with its span.
    pub(super) fn tables<'t>(
        &mut self,
        value: &'t Value<'a>,
        wanted: &str,
    ) -> Vec<(&'t DeTable<'a>, Range<usize>)> {
        let DeValue::Array(values) = value.get_ref() else {
            self.wrong_type::<()>(value, wanted);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for value in values.iter() {
            match value.get_ref() {
                DeValue::Table(table) => tables.push((table, value.span())),
                _ => {
                    self.wrong_type::<()>(value, "a table");
                }
            }
        }
        tables
    }
}
