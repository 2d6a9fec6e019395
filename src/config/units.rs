//! Times and sizes with their units.

use std::fmt;
use std::str::FromStr;

/// A time: `5s`, `500ms`, `2m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time {
    pub(crate) milliseconds: u64,
}

/// A size of linear memory, of at least a page: `1GiB`, `64MiB`, `65536`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub(crate) bytes: u64,
}

/// The least size, in bytes: linear memory has pages of 64 KiB.
const PAGE: u64 = 1 << 16;

const TIMES: [(&str, u64); 3] = [("ms", 1), ("s", 1000), ("m", 60_000)];
const SIZES: [(&str, u64); 4] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("", 1)];

impl FromStr for Time {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let milliseconds = with_unit(text, &TIMES).filter(|it| (1..=3_600_000).contains(it));
        let milliseconds = milliseconds.ok_or("write a time such as 5s, 500ms or 2m")?;
        Ok(Time { milliseconds })
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bytes = with_unit(text, &SIZES).ok_or("write a size such as 64MiB, 1GiB or 65536")?;
        match bytes < PAGE {
            true => Err("write at least 64KiB, which is one page of linear memory")?,
            false => Ok(Size { bytes }),
        }
    }
}

/// Parses a whole number with the first unit that is a suffix of the text.
fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let (number, factor) =
        units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    number.trim().parse::<u64>().ok()?.checked_mul(*factor)
}

/// Parses a number, decimal or hexadecimal with `0x`.
///
/// # Errors
/// If it is neither.
pub(crate) fn number(text: &str) -> Result<u64, String> {
    let parsed = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    parsed.map_err(|_| "write a number such as 7 or 0x5eed".to_owned())
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.milliseconds {
            whole if whole.is_multiple_of(1000) => write!(f, "{}s", whole / 1000),
            other => write!(f, "{other}ms"),
        }
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_whole =
            |(_, factor): &&(&str, u64)| self.bytes > 0 && self.bytes.is_multiple_of(*factor);
        match SIZES[..3].iter().rev().find(is_whole) {
            Some((unit, factor)) => write!(f, "{}{unit}", self.bytes / factor),
            None => write!(f, "{}", self.bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_and_printed() {
        for (text, milliseconds) in [("5s", Some(5000)), ("1500ms", Some(1500)), ("5", None)] {
            let time = text.parse::<Time>().ok();
            assert_eq!(time.map(|it| it.milliseconds), milliseconds);
            assert!(time.is_none_or(|it| it.to_string() == text), "{text}");
        }
        for (text, bytes) in [
            ("1GiB", Some(1 << 30)),
            ("1536MiB", Some(3 << 29)),
            ("64KiB", Some(1 << 16)),
            ("65537", Some(65537)),
            ("65535", None),
            ("63KiB", None),
            ("0", None),
            ("much", None),
        ] {
            let size = text.parse::<Size>().ok();
            assert_eq!(size.map(|it| it.bytes), bytes);
            assert!(size.is_none_or(|it| it.to_string() == text), "{text}");
        }
        assert_eq!(number("0x5eed"), Ok(24301));
    }
}
