//! Numbers of items that a section claims to have. wasmparser reserves room for that many before it reads the first, so
//! that a few bytes take hundreds of megabytes.

use wasmparser::{FromReader, Parser, Payload, Result, SectionLimited};

/// Refuses a section that claims more items than it has bytes. Each item takes one byte at least.
///
/// # Errors
/// The error of reading the items to the end of the section.
pub(super) fn check(payload: &Payload<'_>) -> Result<()> {
    use Payload as P;
    match payload {
        P::TypeSection(section) => section_of(section),
        P::ImportSection(section) => section_of(section),
        P::FunctionSection(section) => section_of(section),
        P::TableSection(section) => section_of(section),
        P::MemorySection(section) => section_of(section),
        P::TagSection(section) => section_of(section),
        P::GlobalSection(section) => section_of(section),
        P::ExportSection(section) => section_of(section),
        P::ElementSection(section) => section_of(section),
        P::DataSection(section) => section_of(section),
        P::InstanceSection(section) => section_of(section),
        P::CoreTypeSection(section) => section_of(section),
        P::ComponentInstanceSection(section) => section_of(section),
        P::ComponentAliasSection(section) => section_of(section),
        P::ComponentTypeSection(section) => section_of(section),
        P::ComponentCanonicalSection(section) => section_of(section),
        P::ComponentImportSection(section) => section_of(section),
        P::ComponentExportSection(section) => section_of(section),
        _ => Ok(()),
    }
}

/// Whether no section of a file claims more items than it has bytes.
pub(super) fn are_plausible(file: &[u8]) -> bool {
    let mut payloads = Parser::new(0).parse_all(file);
    payloads.all(|payload| payload.is_ok_and(|payload| check(&payload).is_ok()))
}

fn section_of<'a, T: FromReader<'a>>(section: &SectionLimited<'a, T>) -> Result<()> {
    let range = section.range();
    match u64::from(section.count()) > range.end - range.start {
        true => section.clone().into_iter().try_for_each(|item| item.map(drop)),
        false => Ok(()),
    }
}
