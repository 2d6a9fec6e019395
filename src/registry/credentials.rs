//! Who the user is to a registry, as the tools for components find it. Never printed.
//!
//! Source: wasm-pkg-client 0.16.1, `src/oci/mod.rs`, `get_credentials`. Spin and wasmCloud ask docker's configuration in the
//! same way.

use std::fmt::{self, Debug, Formatter};
use std::sync::mpsc::channel;
use std::time::Duration;
use std::{env, thread};

use docker_credential::{CredentialRetrievalError, DockerCredential, get_credential};

use crate::registry::settings::Settings;

/// Time in which a program that docker's configuration names has to answer; it may ask the user.
const HELPER: Duration = Duration::from_secs(60);

/// The credentials that a request carries.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Credentials {
    /// Nothing; and why that is not intended, if it is not.
    None(Option<&'static str>),
    Password {
        name: String,
        password: String,
    },
    Token(String),
}

impl Debug for Credentials {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Credentials::None(_) => "None",
            Credentials::Password { .. } => "Password",
            Credentials::Token(_) => "Token",
        })
    }
}

impl Credentials {
    /// Those for `host`: a variable of `wkg`, its configuration (under `name`, if that is another one), or else docker's
    /// configuration and the programs that it names.
    pub(super) fn of(host: &str, name: &str, settings: &Settings) -> Credentials {
        if let Some(token) = env::var(variable(host)).ok().filter(|it| !it.is_empty()) {
            return Credentials::Token(token);
        }
        if let Some((name, password)) = settings.login(name).or_else(|| settings.login(host)) {
            return Credentials::Password { name, password };
        }
        // Docker keeps those of its own registry under an older address.
        let servers = match host {
            "docker.io" => {
                vec!["https://index.docker.io/v1/".to_owned(), "index.docker.io".to_owned()]
            }
            _ => vec![host.to_owned(), format!("https://{host}")],
        };
        let mut flaw = None;
        for server in servers {
            match of_docker(server) {
                Ok(DockerCredential::UsernamePassword(name, password)) => {
                    return Credentials::Password { name, password };
                }
                Ok(DockerCredential::IdentityToken(_)) => {
                    flaw = flaw.or(Some(
                        "docker's configuration has an identity token, which is not supported",
                    ));
                }
                Err(error) => flaw = flaw.or(why(&error)),
            }
        }
        Credentials::None(flaw)
    }
}

/// What docker's configuration has for a server. A program that it names may never answer.
fn of_docker(server: String) -> Result<DockerCredential, CredentialRetrievalError> {
    let (sender, answer) = channel();
    // Nobody may wait for it any more.
    thread::spawn(move || _ = sender.send(get_credential(&server)));
    let late = CredentialRetrievalError::HelperCommunicationError;
    answer.recv_timeout(HELPER).unwrap_or(Err(late))
}

/// Why docker's configuration gives no credentials although it should. What the program said that it names may hold some.
fn why(error: &CredentialRetrievalError) -> Option<&'static str> {
    match error {
        CredentialRetrievalError::ConfigNotFound
        | CredentialRetrievalError::ConfigReadError
        | CredentialRetrievalError::NoCredentialConfigured => None,
        // It also fails if it knows nothing of this registry.
        CredentialRetrievalError::HelperFailure { .. } => {
            Some("the credential helper of docker has none")
        }
        CredentialRetrievalError::HelperCommunicationError => {
            Some("the credential helper that docker's configuration names cannot be run")
        }
        CredentialRetrievalError::MalformedHelperResponse => {
            Some("the credential helper that docker's configuration names gives a malformed answer")
        }
        CredentialRetrievalError::CredentialDecodingError
        | CredentialRetrievalError::CredentialMismatchError => {
            Some("docker's configuration is malformed")
        }
    }
}

/// The variable in which `wkg` finds a token.
fn variable(host: &str) -> String {
    let words = host
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_uppercase() } else { '_' });
    format!("WKG_REGISTRY_{}_AUTH_BEARER", words.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_those_of_wkg() {
        for (host, name) in [
            ("ghcr.io", "WKG_REGISTRY_GHCR_IO_AUTH_BEARER"),
            ("localhost:1234", "WKG_REGISTRY_LOCALHOST_1234_AUTH_BEARER"),
        ] {
            assert_eq!(variable(host), name);
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let password =
            Credentials::Password { name: "a".to_owned(), password: "sesame".to_owned() };
        assert_eq!(
            format!("{password:?} {:?}", Credentials::Token("sesame".to_owned())),
            "Password Token"
        );
    }
}
