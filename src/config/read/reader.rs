//! Reads TOML tables key by key and values by type. A mistake becomes a diagnostic with the span of the
//! key or value, and reading goes on, so that all mistakes of a file are reported together.

use std::fmt::Display;
use std::ops::Range;
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::config::date::Date;
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::given::FilePath;
use crate::config::nearest::did_you_mean;
use crate::config::text::{SpannedText, TextFile, TextSpan};

pub(super) type Key<'a> = Spanned<DeString<'a>>;
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// Reads a value; returns `None` after a diagnostic.
pub(super) type Read<'a, T> = fn(&mut Reader<'a>, &Value<'a>) -> Option<T>;

/// Collects the diagnostics of one file.
pub(in crate::config) struct Reader<'a> {
    file: TextFile<'a>,
    rules: &'a [&'a str],
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    pub(in crate::config) fn new(file: TextFile<'a>, rules: &'a [&'a str]) -> Self {
        Reader { file, rules, diagnostics: Vec::new() }
    }

    /// Parses the file; `None` if it is not TOML.
    pub(in crate::config) fn parse(&mut self) -> Option<DeTable<'a>> {
        match DeTable::parse(self.file.text()) {
            Ok(table) => Some(table.into_inner()),
            Err(error) => {
                self.report(Code::Syntax, error.span().unwrap_or(0..0), error.message(), "");
                None
            }
        }
    }

    /// The diagnostics in the order of the text.
    pub(in crate::config) fn finish(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by(|one, other| one.span.cmp(&other.span));
        self.diagnostics
    }

    pub(super) fn span(&self, range: Range<usize>) -> TextSpan {
        self.file.span(range)
    }

    pub(super) fn key_text(&self, key: &Key<'a>) -> SpannedText {
        SpannedText::new(&self.file, key.span(), key.get_ref().to_string())
    }

    pub(super) fn report(
        &mut self,
        code: Code,
        range: Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (span, message, help) = (self.span(range), message.into(), help.into());
        self.diagnostics.push(Diagnostic { code, span, message, help });
    }

    /// The value, or `None` after reporting the error.
    pub(super) fn accept<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.diagnostics.push(diagnostic)).ok()
    }

    pub(super) fn wrong_value<T>(&mut self, value: &Value<'a>, help: &str) -> Option<T> {
        let message = format!("invalid value {}", &self.file.text()[value.span()]);
        self.report(Code::WrongValue, value.span(), message, help);
        None
    }

    pub(super) fn wrong_type<T>(&mut self, value: &Value<'a>, expected: &str) -> Option<T> {
        let found = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number with a fraction",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        let message = format!("expected {expected}, found {found}");
        self.report(Code::WrongType, value.span(), message, "");
        None
    }

    /// The table that a value is.
    pub(super) fn table<'t>(
        &mut self,
        value: &'t Value<'a>,
        form: &str,
    ) -> Option<&'t DeTable<'a>> {
        match value.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => self.wrong_type(value, form),
        }
    }

    /// Reports keys of a table other than `keys`.
    pub(super) fn check_keys(&mut self, table: &DeTable<'a>, keys: &[&str]) {
        for (key, _) in table.iter().filter(|(key, _)| !keys.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref();
            let help = help(name, keys, &format!("the keys here are {}", keys.join(", ")));
            self.report(Code::UnknownKey, key.span(), format!("unknown key `{name}`"), help);
        }
    }

    /// The value of a key; `None` if the key is missing, too.
    pub(super) fn get<T>(
        &mut self,
        table: &DeTable<'a>,
        key: &str,
        read: Read<'a, T>,
    ) -> Option<T> {
        read(self, table.get(key)?)
    }

    /// The elements of an array that could be read.
    pub(super) fn list<T>(
        &mut self,
        value: &Value<'a>,
        form: &str,
        read: Read<'a, T>,
    ) -> Option<Vec<T>> {
        match value.get_ref() {
            DeValue::Array(list) => Some(list.iter().filter_map(|it| read(self, it)).collect()),
            _ => self.wrong_type(value, form),
        }
    }

    pub(super) fn flag(&mut self, value: &Value<'a>) -> Option<bool> {
        value.get_ref().as_bool().or_else(|| self.wrong_type(value, "true or false"))
    }

    pub(super) fn whole(&mut self, value: &Value<'a>) -> Option<u64> {
        let DeValue::Integer(number) = value.get_ref() else {
            return self.wrong_type(value, "a whole number");
        };
        let digits = number.as_str().trim_start_matches('+');
        let number = u64::from_str_radix(digits, number.radix()).ok();
        number.or_else(|| self.wrong_value(value, "write a whole number that is not negative"))
    }

    pub(super) fn string(&mut self, value: &Value<'a>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        text.or_else(|| self.wrong_type(value, "a string"))
    }

    pub(super) fn strings(&mut self, value: &Value<'a>) -> Option<Vec<String>> {
        self.list(value, "an array of strings", Self::string)
    }

    pub(super) fn text(&mut self, value: &Value<'a>) -> Option<SpannedText> {
        let text = self.string(value)?;
        Some(SpannedText::new(&self.file, value.span(), text))
    }

    pub(super) fn path(&mut self, value: &Value<'a>) -> Option<FilePath> {
        self.text(value).map(FilePath::new)
    }

    pub(super) fn date(&mut self, value: &Value<'a>) -> Option<Date> {
        let day = match value.get_ref() {
            DeValue::Datetime(it) if it.time.is_none() && it.offset.is_none() => it.date,
            _ => None,
        };
        match day {
            Some(day) => Date::new(day.year as i16, day.month as i8, day.day as i8).ok(),
            None => self.wrong_type(value, "a day without quotes, such as 2027-03-01"),
        }
    }

    /// The value of a key that the table must have. `entry` says what the table, which is at `range`, is.
    pub(super) fn required<'t>(
        &mut self,
        table: &'t DeTable<'a>,
        (entry, range): (&str, Range<usize>),
        key: &str,
        help: &str,
    ) -> Option<&'t Value<'a>> {
        let value = table.get(key);
        if value.is_none() {
            self.report(Code::MissingKey, range, format!("this {entry} has no `{key}`"), help);
        }
        value
    }

    /// Parses a string; the error is the help.
    pub(super) fn parsed<T: FromStr<Err: Display>>(&mut self, value: &Value<'a>) -> Option<T> {
        match self.string(value)?.parse() {
            Ok(parsed) => Some(parsed),
            Err(error) => self.wrong_value(value, &error.to_string()),
        }
    }

    /// The value with this name.
    pub(super) fn named<T: Copy>(&mut self, value: &Value<'a>, values: &[(&str, T)]) -> Option<T> {
        let name = self.string(value)?;
        let found = values.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<_> = values.iter().map(|(name, _)| *name).collect();
            let help = help(&name, &names, &format!("write one of {}", names.join(", ")));
            return self.wrong_value(value, &help);
        }
        found
    }

    /// Reports a rule id that does not exist.
    pub(super) fn check_rule(&mut self, rule: &str, range: Range<usize>) {
        if !self.rules.contains(&rule) {
            let help = help(rule, self.rules, "`secondcall rules` lists them");
            self.report(Code::UnknownRule, range, format!("there is no rule `{rule}`"), help);
        }
    }
}

/// A suggestion, or `otherwise` if nothing is close to `word`.
pub(super) fn help(word: &str, candidates: &[&str], otherwise: &str) -> String {
    let suggestion = did_you_mean(word, candidates.iter().copied());
    if suggestion.is_empty() { otherwise.to_owned() } else { suggestion }
}

/// The entries of a table in the order of the text.
pub(super) fn entries<'t, 'a>(table: &'t DeTable<'a>) -> Vec<(&'t Key<'a>, &'t Value<'a>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}
