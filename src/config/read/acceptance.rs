//! `[[accept]]`.

use super::reader::{Reader, Value};
use crate::config::accept::{Acceptance, Entry, is_id};
use crate::config::diagnostic::Code;

/// The keys, in the order of the documentation.
pub const KEYS: [&str; 6] = ["rule", "export", "component", "id", "reason", "until"];

const GIVE_A_REASON: &str = "say why the finding needs no fix, for whoever reads this next";

pub(super) fn acceptances<'a>(
    reader: &mut Reader<'a>,
    value: &Value<'a>,
) -> Option<Vec<Acceptance>> {
    reader.list(value, "`[[accept]]` tables", acceptance)
}

fn acceptance<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<Acceptance> {
    let table = reader.table(value, "a table")?;
    reader.check_keys(table, &KEYS);
    let place = || ("acceptance", value.span());
    let rule = reader
        .required(table, place(), "rule", "name the rule that is accepted")
        .and_then(|value| rule(reader, value));
    let help = "name the export, such as \"wasi:cli/run\", or \"*\" for any";
    let export =
        reader.required(table, place(), "export", help).and_then(|value| reader.string(value));
    let reason = reader
        .required(table, place(), "reason", GIVE_A_REASON)
        .and_then(|value| reason(reader, value));
    let span = reader.span(value.span());
    let until_span = table.get("until").map(|until| reader.span(until.span()));
    let component = reader.get(table, "component", Reader::string);
    let id = reader.get(table, "id", id);
    let until = reader.get(table, "until", Reader::date);
    let entry = Entry { rule: rule?, export: export?, component, id, reason: reason?, until };
    Some(Acceptance { entry, until_span: until_span.unwrap_or_else(|| span.clone()), span })
}

fn rule<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<String> {
    let rule = reader.string(value)?;
    reader.check_rule(&rule, value.span());
    Some(rule)
}

fn id<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<String> {
    let id = reader.string(value)?;
    if is_id(&id) {
        return Some(id);
    }
    reader.wrong_value(value, "write the eight digits that the report prints, such as \"5b1f2c9e\"")
}

fn reason<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<String> {
    let reason = reader.string(value)?;
    if reason.trim().is_empty() {
        reader.report(
            Code::EmptyValue,
            value.span(),
            "this acceptance has an empty `reason`",
            GIVE_A_REASON,
        );
    }
    Some(reason)
}
