//! Which export matches the name of an import: the same name, or that of the same interface in a compatible version.

use semver::Version;

/// Whether two names are equal, or are those of one interface in compatible versions.
pub(super) fn compatible(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    match (split(one), split(other)) {
        (Some((one, version)), Some((other, wanted))) => {
            one == other && track(&version).is_some() && track(&version) == track(&wanted)
        }
        _ => false,
    }
}

/// The name of the newer version; the first of two that are equal.
pub(super) fn newer<'n>(one: &'n str, other: &'n str) -> &'n str {
    match (split(one), split(other)) {
        (Some((_, version)), Some((_, than))) if than > version => other,
        _ => one,
    }
}

/// The index of the name that matches `wanted`: the equal one, or else the newest compatible one.
pub(super) fn best<'n>(wanted: &str, names: impl IntoIterator<Item = &'n str>) -> Option<usize> {
    let mut best: Option<(usize, &str)> = None;
    for (at, name) in names.into_iter().enumerate() {
        if name == wanted {
            return Some(at);
        }
        if compatible(name, wanted) && best.is_none_or(|(_, it)| newer(it, name) != it) {
            best = Some((at, name));
        }
    }
    best.map(|(at, _)| at)
}

fn split(name: &str) -> Option<(&str, Version)> {
    let (name, version) = name.split_once('@')?;
    Some((name, Version::parse(version).ok()?))
}

/// What compatible versions have in common; `None` for a pre-release, which is compatible with itself alone.
fn track(version: &Version) -> Option<(u64, u64, u64)> {
    match (version.major, version.minor, version.patch) {
        _ if !version.pre.is_empty() => None,
        (0, 0, patch) => Some((0, 0, patch)),
        (0, minor, _) => Some((0, minor, 0)),
        (major, ..) => Some((major, 0, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compatible_as_in_semver() {
        for (one, other) in [
            ("a:b/c@0.2.0", "a:b/c@0.2.1"),
            ("a:b/c@1.4.0", "a:b/c@1.0.2"),
            ("a:b/c@0.2.0-rc", "a:b/c@0.2.0-rc"),
            ("log", "log"),
        ] {
            assert!(compatible(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("a:b/c@0.2.0", "a:b/c@0.3.0"),
            ("a:b/c@0.0.1", "a:b/c@0.0.2"),
            ("a:b/c@1.0.0", "a:b/c@2.0.0"),
            ("a:b/c@0.2.0", "a:b/c@0.2.0-rc"),
            ("a:b/c@0.2.0", "a:b/d@0.2.0"),
            ("a:b/c", "a:b/c@0.2.0"),
            ("log", "logs"),
        ] {
            assert!(!compatible(one, other), "{one} {other}");
        }
    }

    #[test]
    fn an_equal_name_goes_before_the_newest() {
        let names = ["a:b/c@0.2.1", "a:b/c@0.2.9", "a:b/c@0.2.3", "a:b/c@0.3.0"];
        assert_eq!(best("a:b/c@0.2.3", names), Some(2));
        assert_eq!(best("a:b/c@0.2.0", names), Some(1));
        assert_eq!(best("a:b/c@0.4.0", names), None);
    }
}
