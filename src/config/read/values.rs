//! Values of TOML as values of ours, with a complaint where one is of another type.

use std::fmt::Display;
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeInteger, DeValue};

use super::{Reader, Value};
use crate::config::diagnostic::Code;
use crate::config::nearest::did_you_mean;

impl Reader<'_> {
    pub(super) fn flag(&mut self, value: &Value<'_>) -> Option<bool> {
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.wrong_type(value, "true or false"),
        }
    }

    pub(super) fn whole(&mut self, value: &Value<'_>) -> Option<u64> {
        match value.get_ref() {
            DeValue::Integer(number) => match whole(number) {
                Some(number) => Some(number),
                None => self.wrong_value(value, "write a whole number that is not negative"),
            },
            _ => self.wrong_type(value, "a whole number"),
        }
    }

    pub(super) fn string(&mut self, value: &Value<'_>) -> Option<String> {
        match value.get_ref() {
            DeValue::String(text) => Some(text.clone().into_owned()),
            _ => self.wrong_type(value, "a string"),
        }
    }

    pub(super) fn strings(&mut self, value: &Value<'_>) -> Option<Vec<String>> {
        let strings = self.spanned_strings(value)?;
        Some(strings.into_iter().map(Spanned::into_inner).collect())
    }

    pub(super) fn spanned_strings(&mut self, value: &Value<'_>) -> Option<Vec<Spanned<String>>> {
        let DeValue::Array(values) = value.get_ref() else {
            return self.wrong_type(value, "an array of strings");
        };
        let strings: Vec<_> = values
            .iter()
            .filter_map(|it| Some(Spanned::new(it.span(), self.string(it)?)))
            .collect();
        (strings.len() == values.len()).then_some(strings)
    }

    /// A string that is read further.
    pub(super) fn parsed<T: FromStr<Err: Display>>(&mut self, value: &Value<'_>) -> Option<T> {
        match self.string(value)?.parse() {
            Ok(parsed) => Some(parsed),
            Err(error) => self.wrong_value(value, &error.to_string()),
        }
    }

    /// One of several words.
    pub(super) fn word<T: Copy>(&mut self, value: &Value<'_>, words: &[(&str, T)]) -> Option<T> {
        let text = self.string(value)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            let meant = did_you_mean(&text, known.iter().copied());
            let help = super::help(&meant, &format!("write one of {}", known.join(", ")));
            return self.wrong_value(value, &help);
        }
        found
    }

    pub(super) fn wrong_value<T>(&mut self, value: &Value<'_>, help: &str) -> Option<T> {
        let written = &self.source.text[value.span()];
        let message = format!("{written} means nothing here");
        self.complain(Code::WrongValue, value.span(), message, help);
        None
    }

    pub(super) fn wrong_type<T>(&mut self, value: &Value<'_>, wanted: &str) -> Option<T> {
        let got = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number with a fraction",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        let message = format!("this is {got}, and {wanted} belongs here");
        self.complain(Code::WrongType, value.span(), message, "");
        None
    }
}

fn whole(number: &DeInteger<'_>) -> Option<u64> {
    u64::from_str_radix(number.as_str().trim_start_matches('+'), number.radix()).ok()
}
