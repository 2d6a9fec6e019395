//! Times and sizes, as they are written.

use std::fmt;
use std::str::FromStr;

/// A time: `5s`, `500ms`, `2m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time {
    /// In milliseconds.
    pub milliseconds: u64,
}

/// A size: `1GiB`, `64MiB`, `65536`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// In bytes.
    pub bytes: u64,
}

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
        Ok(Size { bytes })
    }
}

/// A whole number with the first unit that fits.
fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let (number, factor) =
        units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    number.trim().parse::<u64>().ok()?.checked_mul(*factor)
}

/// A number, decimal or with `0x` before it.
///
/// # Errors
/// When it is neither.
pub fn number(text: &str) -> Result<u64, String> {
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
        let fits =
            |(_, factor): &&(&str, u64)| self.bytes > 0 && self.bytes.is_multiple_of(*factor);
        match SIZES[..3].iter().rev().find(fits) {
            Some((unit, factor)) => write!(f, "{}{unit}", self.bytes / factor),
            None => write!(f, "{}", self.bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        assert_eq!("5s".parse(), Ok(Time { milliseconds: 5000 }));
        assert_eq!("500ms".parse(), Ok(Time { milliseconds: 500 }));
        assert_eq!("1GiB".parse(), Ok(Size { bytes: 1 << 30 }));
        assert_eq!("65536".parse(), Ok(Size { bytes: 65536 }));
        assert!("5".parse::<Time>().is_err() && "much".parse::<Size>().is_err());
        assert_eq!(number("0x5eed"), Ok(24301));
    }

    #[test]
    fn what_is_printed_can_be_read() {
        for text in ["5s", "1500ms"] {
            assert_eq!(text.parse::<Time>().unwrap().to_string(), text);
        }
        for text in ["1GiB", "1536MiB", "64KiB", "1000", "0"] {
            assert_eq!(text.parse::<Size>().unwrap().to_string(), text);
        }
    }
}
