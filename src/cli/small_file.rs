//! Files that are small if they are what they should be: keys, policies, certificates, image manifests.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Reads a file of at most `most` MiB.
///
/// # Errors
/// If it cannot be read, or is larger.
pub(super) fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = most << 20;
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > limit {
        true => Err(io::Error::other(format!("it is larger than {most} MiB"))),
        false => Ok(bytes),
    }
}

/// The same for text in UTF-8.
///
/// # Errors
/// Also if it is not UTF-8.
pub(super) fn read_text(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(read(path, most)?).map_err(|_| io::Error::other("it is not UTF-8 text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_larger_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        let of = |size: usize| {
            std::fs::write(&path, vec![b'a'; size]).unwrap();
            read_text(&path, 1).map(|it| it.len()).map_err(|error| error.to_string())
        };
        assert_eq!(of(1 << 20), Ok(1 << 20));
        assert_eq!(of((1 << 20) + 1), Err("it is larger than 1 MiB".to_owned()));
        std::fs::write(&path, [0xff]).unwrap();
        assert_eq!(read_text(&path, 1).unwrap_err().to_string(), "it is not UTF-8 text");
    }
}
