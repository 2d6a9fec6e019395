//! What a file is, by its first eight bytes.

use std::fs::File;
use std::io::Read;
use std::path::Path;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    Component,
    CoreModule,
}

/// The kind of a binary; `None` if the file is none or cannot be read.
pub(super) fn binary(path: &Path) -> Option<Binary> {
    let mut bytes = [0; 8];
    File::open(path).ok()?.read_exact(&mut bytes).ok()?;
    match bytes {
        [0, b'a', b's', b'm', _, _, 1, 0] => Some(Binary::Component),
        [0, b'a', b's', b'm', ..] => Some(Binary::CoreModule),
        _ => None,
    }
}
