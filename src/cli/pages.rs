//! Addresses of the documentation, for users who have no clone of the repository.

/// What texts of the program write behind the path of a page.
const IN_SOURCES: &str = " in secondcall's sources";

/// The text with the addresses of its pages: `docs/calls.md in secondcall's sources` becomes the address of that page, if
/// the repository that this program was built from is known.
pub(super) fn addressed(text: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    with_addresses(text, env!("CARGO_PKG_REPOSITORY"), version)
}

fn with_addresses(text: &str, repository: &str, version: &str) -> String {
    if repository.is_empty() {
        return text.to_owned();
    }
    let mut parts = text.split(IN_SOURCES).collect::<Vec<_>>();
    let last = parts.pop().unwrap_or_default();
    let mut addressed = String::new();
    for part in parts {
        let path = part.rfind(|it: char| it.is_whitespace() || it == '(').map_or(0, |at| at + 1);
        let (before, path) = part.split_at(path);
        addressed += &format!("{before}{repository}/blob/v{version}/{path}");
    }
    addressed + last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gets_its_address() {
        let text =
            "One (docs/calls.md in secondcall's sources).\n# docs/a.md in secondcall's sources";
        let expected = "One (https://x.org/y/blob/v1.2.3/docs/calls.md).\n# https://x.org/y/blob/v1.2.3/docs/a.md";
        assert_eq!(with_addresses(text, "https://x.org/y", "1.2.3"), expected);
        assert_eq!(with_addresses(text, "", "1.2.3"), text);
    }
}
