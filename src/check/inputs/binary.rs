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
        [0, b'a', b's', b'm', 1, 0, 0, 0] => Some(Binary::CoreModule),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_version_makes_no_core_module() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("a.wasm");
        for (bytes, kind) in [
            (&b"\0asm\x0d\0\x01\0"[..], Some(Binary::Component)),
            (b"\0asm\x01\0\0\0", Some(Binary::CoreModule)),
            (b"\0asm\x0dork", None),
            (b"\0asm\0\x01\0\x01", None),
            (b"\0asm", None),
        ] {
            std::fs::write(&path, bytes).expect("a file can be written");
            assert_eq!(binary(&path), kind, "{bytes:?}");
        }
    }
}
