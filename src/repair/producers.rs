//! The producers section of a repaired component: it names secondcall.

use wasm_encoder::{ProducersField, ProducersSection};
use wasmparser::{BinaryReader, ProducersSectionReader};

/// The name of the entry.
pub(super) const NAME: &str = "secondcall fix";
/// The name of the entry of a component with another adapter.
pub(super) const ADAPTER: &str = "secondcall fix --adapter";
/// The field of the entry.
const FIELD: &str = "processed-by";

/// The fields of a section, and the entry of a repair.
pub(super) fn with_entry(section: Option<&[u8]>, verified: bool) -> ProducersSection {
    with(section, NAME, verified)
}

/// The fields of a section, and an entry.
pub(super) fn with(section: Option<&[u8]>, entry: &str, verified: bool) -> ProducersSection {
    let mut fields = Vec::new();
    let reader =
        section.and_then(|data| ProducersSectionReader::new(BinaryReader::new(data, 0)).ok());
    for field in reader.into_iter().flatten().map_while(Result::ok) {
        let values = field.values.into_iter().map_while(Result::ok);
        let values: Vec<_> = values.map(|value| (value.name, value.version)).collect();
        fields.push((field.name, values));
    }
    if fields.iter().all(|(name, _)| *name != FIELD) {
        fields.push((FIELD, Vec::new()));
    }
    let version = env!("CARGO_PKG_VERSION");
    let version = if verified { version.to_owned() } else { format!("{version} unverified") };
    let mut producers = ProducersSection::new();
    for (name, values) in &fields {
        let mut field = ProducersField::new();
        for (name, version) in values {
            field.value(name, version);
        }
        if *name == FIELD {
            field.value(entry, &version);
        }
        producers.field(name, &field);
    }
    producers
}
