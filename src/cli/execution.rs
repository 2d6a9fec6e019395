//! The options of the execution check, and what it adds to a report.

use std::fmt;
use std::str::FromStr;

use clap::Args;

#[cfg(feature = "exec")]
use crate::exec::Cache;
#[cfg(feature = "exec")]
use crate::exec::Observer;
#[cfg(feature = "exec")]
use crate::exec::Settings;

/// How to call the exports.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// How many calls an export gets on one instance, and as many on fresh ones
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub calls: u32,
    /// What the calls of one export may use, as time on a machine of moderate speed
    #[arg(long, value_name = "TIME", default_value = "5s")]
    pub budget: Time,
    /// Linear memory of one instance
    #[arg(long, value_name = "SIZE", default_value = "1GiB")]
    pub memory: Size,
    /// From which arguments and random numbers are made
    #[arg(long, value_name = "NUMBER", default_value = "0x5eed", value_parser = number)]
    pub seed: u64,
    /// Call only exports whose name fits, such as `wasi:http/*` or `tick`; may be repeated
    #[arg(long = "export", value_name = "GLOB")]
    pub exports: Vec<String>,
    /// Call all exports again, whatever is known from an earlier run
    #[arg(long)]
    pub no_cache: bool,
}

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

impl FromStr for Time {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let units = [("ms", 1), ("s", 1000), ("m", 60_000)];
        let milliseconds = with_unit(text, &units).filter(|it| (1..=3_600_000).contains(it));
        let milliseconds = milliseconds.ok_or("write a time such as 5s, 500ms or 2m")?;
        Ok(Time { milliseconds })
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("", 1)];
        let bytes = with_unit(text, &units).ok_or("write a size such as 64MiB, 1GiB or 65536")?;
        Ok(Size { bytes })
    }
}

/// A whole number with the first unit that fits.
fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let (number, factor) =
        units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    number.trim().parse::<u64>().ok()?.checked_mul(*factor)
}

fn number(text: &str) -> Result<u64, String> {
    let parsed = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    parsed.map_err(|_| "write a number such as 7 or 0x5eed".to_owned())
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}ms", self.milliseconds)
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.bytes)
    }
}

impl Options {
    /// Who executes as these options say.
    ///
    /// # Errors
    /// When this program does not know where it is, so that it cannot start itself.
    #[cfg(feature = "exec")]
    pub(crate) fn observer(&self) -> std::io::Result<Observer> {
        Ok(Observer {
            program: std::env::current_exe()?,
            settings: Settings {
                calls: self.calls,
                seed: self.seed,
                budget: self.budget.milliseconds,
                memory: self.memory.bytes,
            },
            cache: if self.no_cache { None } else { Cache::of_user() },
        })
    }

    /// Whether an export of this name is to be called. `*` stands for any characters.
    pub fn wants(&self, export: &str) -> bool {
        self.exports.is_empty() || self.exports.iter().any(|glob| fits(glob, export))
    }
}

fn fits(glob: &str, name: &str) -> bool {
    let Some((start, rest)) = glob.split_once('*') else { return glob == name };
    let Some(name) = name.strip_prefix(start) else { return false };
    let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
    ends.rev().any(|at| fits(rest, &name[at..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (glob, name, expected) in [
            ("tick", "tick", true),
            ("tick", "tickle", false),
            ("wasi:http/*", "wasi:http/handler@0.3.0#handle", true),
            ("*#run", "wasi:cli/run@0.2.6#run", true),
            ("*#run", "wasi:cli/run@0.2.6#runs", false),
            ("*", "", true),
        ] {
            assert_eq!(fits(glob, name), expected, "{glob} {name}");
        }
    }

    #[test]
    fn units() {
        assert_eq!("5s".parse(), Ok(Time { milliseconds: 5000 }));
        assert_eq!("500ms".parse(), Ok(Time { milliseconds: 500 }));
        assert_eq!("1GiB".parse(), Ok(Size { bytes: 1 << 30 }));
        assert_eq!("65536".parse(), Ok(Size { bytes: 65536 }));
        assert!("5".parse::<Time>().is_err() && "much".parse::<Size>().is_err());
        assert_eq!(number("0x5eed"), Ok(24301));
    }
}
