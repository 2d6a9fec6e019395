//! Dates in the one form that files and options take, `2027-03-01`, and times, `2027-03-01T12:00:00Z`.

use std::time::SystemTime;

pub(crate) use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

/// Parses `YYYY-MM-DD`. No other form of ISO 8601 is accepted.
///
/// # Errors
/// If the text has another form, or names no day of the calendar.
pub(crate) fn parse(text: &str) -> Result<Date, String> {
    let date = text.parse::<Date>().ok().filter(|date| date.to_string() == text);
    // A year with a sign has six digits.
    date.filter(|date| date.year() >= 0).ok_or_else(|| "write a day such as 2027-03-01".to_owned())
}

/// Parses a time in UTC, in whole seconds, and returns it as it was written.
///
/// # Errors
/// If the text has another form, or names no moment.
pub(crate) fn time(text: &str) -> Result<String, String> {
    match text.parse::<Timestamp>() {
        Ok(moment) if moment.to_string() == text && moment.subsec_nanosecond() == 0 => {
            Ok(text.to_owned())
        }
        _ => Err("write a time in UTC such as 2027-03-01T12:00:00Z".to_owned()),
    }
}

/// How many seconds passed from one time to another, as [`time`] takes them; negative if the other is earlier. `None` if
/// one is no time.
pub(crate) fn seconds_between(from: &str, to: &str) -> Option<i64> {
    let second = |text: &str| Some(text.parse::<Timestamp>().ok()?.as_second());
    second(to)?.checked_sub(second(from)?)
}

/// This moment, in whole seconds.
pub(crate) fn at(moment: SystemTime) -> String {
    let moment = Timestamp::try_from(moment).unwrap_or(Timestamp::MAX);
    Timestamp::from_second(moment.as_second()).unwrap_or(Timestamp::MIN).to_string()
}

/// The date of a moment in UTC.
pub(crate) fn of(moment: SystemTime) -> Date {
    let moment = Timestamp::try_from(moment).unwrap_or(Timestamp::MAX);
    TimeZone::UTC.to_datetime(moment).date()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn one_form_is_accepted() {
        for (text, expected) in [
            ("2027-03-01", true),
            ("2028-02-29", true),
            ("2000-02-29", true),
            ("0000-01-01", true),
            ("2027-02-29", false),
            ("1900-02-29", false),
            ("2027-13-01", false),
            ("2027-3-1", false),
            ("2027-03", false),
            ("20270301", false),
            ("2027-03-01T10:00", false),
            ("+002027-03-01", false),
            ("-002027-03-01", false),
            ("soon", false),
            ("2027-03-0é", false),
        ] {
            assert_eq!(parse(text).is_ok(), expected, "{text}");
        }
    }

    #[test]
    fn a_time_is_in_utc() {
        for (text, expected) in [
            ("2027-03-01T12:00:00Z", true),
            ("2027-03-01T12:00:00+00:00", false),
            ("2027-03-01T12:00:00.5Z", false),
            ("2027-03-01 12:00:00Z", false),
            ("2027-02-29T12:00:00Z", false),
            ("2027-03-01", false),
        ] {
            assert_eq!(time(text).is_ok(), expected, "{text}");
        }
        let day = seconds_between("2027-03-01T12:00:00Z", "2027-03-02T12:00:01Z");
        assert_eq!(day, Some(86_401));
        assert_eq!(
            at(SystemTime::UNIX_EPOCH + Duration::from_millis(1_500)),
            "1970-01-01T00:00:01Z"
        );
    }

    #[test]
    fn moments_have_a_date_in_utc() {
        let of_day = |day: u64| of(SystemTime::UNIX_EPOCH + Duration::from_secs(day * 86_400));
        for (day, text) in [(0, "1970-01-01"), (11_016, "2000-02-29"), (3_000_000, "9999-12-30")] {
            assert_eq!(of_day(day).to_string(), text);
        }
    }
}
