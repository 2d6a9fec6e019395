//! Messages between this program and its worker processes: a JSON value with bytes behind it.

use std::io::{self, ErrorKind, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What is reserved for the bytes of a message before they come.
const RESERVED: u64 = 16 << 20;

/// Writes a message: the lengths of its two parts, 64 bits each, little-endian, then both.
///
/// # Errors
/// When the other end is gone.
pub(crate) fn write(to: &mut dyn Write, value: &impl Serialize, bytes: &[u8]) -> io::Result<()> {
    let value = serde_json::to_vec(value)?;
    to.write_all(&(value.len() as u64).to_le_bytes())?;
    to.write_all(&(bytes.len() as u64).to_le_bytes())?;
    to.write_all(&value)?;
    to.write_all(bytes)?;
    to.flush()
}

/// Reads a message whose parts have at most `longest` bytes each.
///
/// # Errors
/// When the other end is gone, or sends something else.
pub(crate) fn read<V: DeserializeOwned>(
    from: &mut dyn Read,
    longest: u64,
) -> io::Result<(V, Vec<u8>)> {
    let mut lengths = [[0; 8]; 2];
    for length in &mut lengths {
        from.read_exact(length)?;
    }
    let [value, bytes] = lengths.map(u64::from_le_bytes);
    let value = serde_json::from_slice(&part(from, value, longest)?)?;
    Ok((value, part(from, bytes, longest)?))
}

fn part(from: &mut dyn Read, length: u64, longest: u64) -> io::Result<Vec<u8>> {
    if length > longest {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut part = Vec::with_capacity(length.min(RESERVED) as usize);
    from.take(length).read_to_end(&mut part)?;
    if part.len() as u64 == length { Ok(part) } else { Err(ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_it_was_written() {
        let mut sent = Vec::new();
        write(&mut sent, &("text", 7), b"bytes").unwrap();
        let whole: (String, u32) = ("text".to_owned(), 7);
        assert_eq!(read(&mut &*sent, 100).unwrap(), (whole, b"bytes".to_vec()));
        for cut in 0..sent.len() {
            assert!(read::<(String, u32)>(&mut &sent[..cut], 100).is_err(), "cut at {cut}");
        }
        assert!(read::<(String, u32)>(&mut &*sent, 4).is_err());
    }
}
