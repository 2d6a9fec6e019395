//! Reads `secondcall.toml`, and the same keys in a table of a manifest. Opens no file.

mod acceptance;
mod calls;
mod guest;
mod reader;

use toml::de::DeTable;

pub(super) use self::reader::Reader;
use self::reader::{Read, Value, entries, help};
use crate::config::diagnostic::{Code, Diagnostic};
use crate::config::given::Given;
use crate::config::text::TextFile;
use crate::config::{Chosen, Config, FAIL_ON, Layer, Level, Origin};
use crate::profile::Profile;

/// The keys of a file, in the order of the documentation. Tables in manifests have all but the first.
pub const KEYS: [&str; 18] = [
    "version",
    "hosts",
    "fail-on",
    "calls",
    "budget",
    "memory",
    "seed",
    "static-only",
    "strict",
    "exclude-exports",
    "call",
    "lifecycle",
    "requests",
    "guest",
    "answer",
    "with",
    "rules",
    "accept",
];

pub use acceptance::KEYS as ACCEPT_KEYS;
pub use calls::{ANSWER_KEYS, CALL_KEYS, LIFECYCLE_KEYS, STEP_KEYS};
pub use guest::{GUEST_KEYS, REQUEST_KEYS};

/// The only version of the format.
const VERSION: u64 = 1;

/// What a file sets, and its mistakes.
#[derive(Debug, Default)]
pub struct Reading {
    /// Incomplete if there are diagnostics.
    pub(crate) layer: Layer,
    /// The mistakes in the order of the text; each makes the file unusable.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a `secondcall.toml`. `path` is used in diagnostics, `rules` are the ids of all rules.
pub fn file(path: &str, text: &str, rules: &[&str]) -> Reading {
    let mut reader = Reader::new(TextFile::new(path, text), rules);
    let table = reader.parse();
    let layer = table.map(|table| layer(&mut reader, &table, &KEYS)).unwrap_or_default();
    Reading { layer, diagnostics: reader.finish() }
}

/// Reads a table in which `keys`, some of [`KEYS`], are allowed.
pub(super) fn layer<'a>(reader: &mut Reader<'a>, table: &DeTable<'a>, keys: &[&str]) -> Layer {
    reader.check_keys(table, keys);
    if keys.contains(&"version") {
        reader.get(table, "version", version);
    }
    let lifecycle = reader.get(table, "lifecycle", calls::lifecycle);
    let (init, cleanup) = lifecycle.unwrap_or_default();
    Layer {
        hosts: chosen(reader, table, "hosts", hosts),
        fail_on: chosen(reader, table, "fail-on", |reader, it| reader.named(it, &FAIL_ON)),
        calls: chosen(reader, table, "calls", calls),
        budget: chosen(reader, table, "budget", Reader::parsed),
        memory: chosen(reader, table, "memory", Reader::parsed),
        seed: chosen(reader, table, "seed", Reader::whole),
        static_only: chosen(reader, table, "static-only", Reader::flag),
        strict: chosen(reader, table, "strict", Reader::flag),
        exclude_exports: chosen(reader, table, "exclude-exports", Reader::strings),
        given: Given {
            scenarios: reader.get(table, "call", calls::scenarios).unwrap_or_default(),
            init,
            cleanup,
            requests: reader.get(table, "requests", guest::requests),
            guest: reader.get(table, "guest", guest::guest).unwrap_or_default(),
            answers: reader.get(table, "answer", calls::answers).unwrap_or_default(),
            providers: reader.get(table, "with", calls::providers).unwrap_or_default(),
        },
        levels: reader.get(table, "rules", levels).unwrap_or_default(),
        accept: reader.get(table, "accept", acceptance::acceptances).unwrap_or_default(),
    }
}

/// The value of a key, with the key's span as its origin.
fn chosen<'a, T>(
    reader: &mut Reader<'a>,
    table: &DeTable<'a>,
    key: &str,
    read: Read<'a, T>,
) -> Option<Chosen<T>> {
    let (key, value) = table.get_key_value(key)?;
    let value = read(reader, value)?;
    Some(Chosen { value, origin: Origin::File(reader.span(key.span())) })
}

fn version<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<()> {
    let version = reader.whole(value)?;
    if version != VERSION {
        let message = format!("version {version} of the format is not supported");
        reader.report(Code::WrongValue, value.span(), message, "write version = 1");
    }
    Some(())
}

fn hosts<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<Vec<String>> {
    fn host<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<String> {
        let id = reader.string(value)?;
        if Profile::by_id(&id).is_none() {
            let ids: Vec<_> = Profile::all().iter().map(|host| host.id.as_str()).collect();
            let help = help(&id, &ids, "`secondcall hosts` lists them");
            let message = format!("there is no host `{id}`");
            reader.report(Code::UnknownHost, value.span(), message, help);
        }
        Some(id)
    }
    let hosts = reader.list(value, "an array of strings", host)?;
    if matches!(value.get_ref().as_array(), Some(list) if list.is_empty()) {
        let help = "name at least one host, such as \"spec\"";
        reader.report(Code::WrongValue, value.span(), "the list of hosts is empty", help);
    }
    Some(hosts)
}

fn calls<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<u32> {
    let number = reader.whole(value)?;
    let calls = u32::try_from(number).ok().filter(|it| Config::CALLS.contains(it));
    if calls.is_none() {
        let message = format!("{number} calls are out of range");
        reader.report(Code::WrongValue, value.span(), message, "write a number from 2 to 1000");
    }
    calls
}

fn levels<'a>(reader: &mut Reader<'a>, value: &Value<'a>) -> Option<Vec<(String, Chosen<Level>)>> {
    let mut levels = Vec::new();
    for (key, value) in entries(reader.table(value, "a `[rules]` table")?) {
        let rule = key.get_ref().as_ref();
        if rule != "all" {
            reader.check_rule(rule, key.span());
        }
        if let Some(level) = reader.named(value, &Level::NAMES) {
            let origin = Origin::File(reader.span(key.span()));
            levels.push((rule.to_owned(), Chosen { value: level, origin }));
        }
    }
    // The keys of a table have no order, and a later entry wins.
    levels.sort_by_key(|(rule, _)| rule != "all");
    Some(levels)
}
