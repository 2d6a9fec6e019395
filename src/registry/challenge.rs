//! What a registry asks for before it answers, in the header `WWW-Authenticate`.
//!
//! Source: distribution 2.8, `docs/spec/auth/token.md`.

use http_auth::ChallengeRef;
use http_auth::parser::ChallengeParser;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Challenge {
    /// Name and password.
    Password,
    /// A token that `realm` gives.
    Token { realm: String, service: Option<String>, scope: Option<String> },
}

impl Challenge {
    /// What one of these headers asks for; a token if there is a choice. `None` if they ask for something else.
    pub(super) fn of<'h>(headers: impl Iterator<Item = &'h str>) -> Option<Challenge> {
        let mut found = None;
        for header in headers {
            for challenge in ChallengeParser::new(header).map_while(Result::ok) {
                if challenge.scheme.eq_ignore_ascii_case("Bearer") {
                    if let Some(realm) = parameter(&challenge, "realm") {
                        let (service, scope) =
                            (parameter(&challenge, "service"), parameter(&challenge, "scope"));
                        return Some(Challenge::Token { realm, service, scope });
                    }
                } else if challenge.scheme.eq_ignore_ascii_case("Basic") {
                    found = Some(Challenge::Password);
                }
            }
        }
        found
    }
}

fn parameter(challenge: &ChallengeRef<'_>, wanted: &str) -> Option<String> {
    let mut all = challenge.params.iter();
    all.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.to_unescaped())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> Option<Challenge> {
        Challenge::of([header].into_iter())
    }

    #[test]
    fn a_token_is_preferred() {
        let token = |service: Option<&str>, scope: Option<&str>| {
            let [service, scope] = [service, scope].map(|it| it.map(str::to_owned));
            Some(Challenge::Token { realm: "https://a/token".to_owned(), service, scope })
        };
        let header = r#"Bearer realm="https://a/token",service="a",scope="repository:b/c:pull""#;
        assert_eq!(of(header), token(Some("a"), Some("repository:b/c:pull")));
        assert_eq!(of(r#"Basic realm="b", bearer Realm="https://a/token""#), token(None, None));
        assert_eq!(of(r#"Basic realm="b""#), Some(Challenge::Password));
        for header in ["", "Digest realm=\"b\"", "Bearer", "Bearer service=\"a\"", "\u{e9}"] {
            assert_eq!(of(header), None, "{header}");
        }
    }
}
