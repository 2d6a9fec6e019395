//! `[[accept]]`.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::{Reader, Value, entries};
use crate::config::accept::Acceptance;
use crate::config::date::Date;
use crate::config::diagnostic::Code;

/// The keys of an acceptance, in the order of their description.
pub const KEYS: [&str; 6] = ["rule", "export", "component", "id", "reason", "until"];

impl<'a> Reader<'a> {
    pub(super) fn acceptances(&mut self, value: &Value<'a>) -> Vec<Acceptance> {
        let DeValue::Array(values) = value.get_ref() else {
            self.wrong_type::<()>(value, "an array of tables: [[accept]]");
            return Vec::new();
        };
        let mut list = Vec::new();
        for value in values.iter() {
            match value.get_ref() {
                DeValue::Table(table) => list.extend(self.acceptance(table, value.span())),
                _ => {
                    self.wrong_type::<()>(value, "a table");
                }
            }
        }
        list
    }

    fn acceptance(&mut self, table: &DeTable<'a>, range: Range<usize>) -> Option<Acceptance> {
        let complaints = self.diagnostics.len();
        let (mut rule, mut export, mut reason) = (None, None, None);
        let (mut component, mut id, mut until) = (None, None, None);
        let mut until_span = None;
        for (key, value) in entries(table) {
            match key.get_ref().as_ref() {
                "rule" => {
                    rule = self.string(value);
                    if let Some(rule) = &rule {
                        self.rule(rule, value.span());
                    }
                }
                "export" => export = self.string(value),
                "component" => component = self.string(value),
                "id" => id = self.id(value),
                "reason" => reason = self.reason(value),
                "until" => {
                    until = self.date(value);
                    until_span = Some(self.span(value.span()));
                }
                other => self.unknown_key(key.span(), other, &KEYS),
            }
        }
        for (name, help) in [
            ("rule", "name the rule that is accepted"),
            ("export", "name the export, such as \"wasi:cli/run\", or \"*\" for any"),
            ("reason", "say why; whoever reads it next will ask"),
        ] {
            if !table.iter().any(|(key, _)| key.get_ref() == name) {
                let message = format!("this acceptance has no `{name}`");
                self.complain(Code::MissingKey, range.clone(), message, help);
            }
        }
        let span = self.span(range);
        let acceptance = Acceptance {
            rule: rule?,
            export: export?,
            component,
            id,
            reason: reason?,
            until,
            until_span: until_span.unwrap_or_else(|| span.clone()),
            span,
        };
        (self.diagnostics.len() == complaints).then_some(acceptance)
    }

    fn id(&mut self, value: &Value<'_>) -> Option<String> {
        let id = self.string(value)?;
        if id.len() == 8 && id.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f')) {
            return Some(id);
        }
        self.wrong_value(
            value,
            "write the eight digits that the report prints, such as \"5b1f2c9e\"",
        )
    }

    fn reason(&mut self, value: &Value<'_>) -> Option<String> {
        let reason = self.string(value)?;
        if reason.trim().is_empty() {
            let message = "this acceptance has an empty `reason`".to_owned();
            let help = "say why; whoever reads it next will ask";
            self.complain(Code::MissingKey, value.span(), message, help);
        }
        Some(reason)
    }

    fn date(&mut self, value: &Value<'_>) -> Option<Date> {
        let day = match value.get_ref() {
            DeValue::Datetime(it) if it.time.is_none() && it.offset.is_none() => it.date,
            _ => None,
        };
        match day {
            Some(day) => Date::new(day.year as i16, day.month as i8, day.day as i8).ok(),
            None => self.wrong_type(value, "a day without quotes, such as 2027-03-01,"),
        }
    }
}
