//! Requests over HTTP, with limits of size and time. Follows the demands of registries for credentials.

use std::collections::BTreeMap;
use std::fmt::{self, Debug, Formatter};
use std::io::{self, ErrorKind, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ct_codecs::{Base64, Encoder};
use serde::Deserialize;
use ureq::http::{Method as Verb, Request as HttpRequest, Response, StatusCode, header};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, AsSendBody, Body, ResponseExt, Timeout};

use crate::registry::challenge::Challenge;
use crate::registry::credentials::Credentials;
use crate::registry::error::FetchError;
use crate::registry::request::{Answer, Method, Request, Server};
use crate::registry::settings::Settings;

/// Time until a connection stands, TLS included.
const CONNECT: Duration = Duration::from_secs(10);
/// Time in which nothing arrives.
const STALL: Duration = Duration::from_secs(15);
/// Time for an answer, from its first to its last byte.
const WHOLE: Duration = Duration::from_secs(600);
/// Most redirects that are followed.
const REDIRECTS: u32 = 5;
/// The largest answer of a server of tokens, and the largest error that is read, in bytes.
const LARGEST_TOKEN: u64 = 1 << 20;

/// Connections, and what registries gave for credentials.
pub(super) struct Exchange {
    secure: Agent,
    plain: Agent,
    /// The header `Authorization` for a host, a repository, and whether it is written.
    authorizations: Mutex<BTreeMap<(String, String, bool), String>>,
    /// Whether hosts of this machine speak TLS.
    speaks_tls: Mutex<BTreeMap<String, bool>>,
}

impl Debug for Exchange {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Exchange")
    }
}

impl Default for Exchange {
    fn default() -> Self {
        Exchange {
            secure: agent(true),
            plain: agent(false),
            authorizations: Mutex::default(),
            speaks_tls: Mutex::default(),
        }
    }
}

/// One that refuses anything but TLS, to where a redirect leads, too; or one that follows no redirect.
fn agent(is_secure: bool) -> Agent {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(provider)
        .build();
    Agent::config_builder()
        .https_only(is_secure)
        .http_status_as_error(false)
        .tls_config(tls)
        .max_redirects(if is_secure { REDIRECTS } else { 0 })
        .max_redirects_will_error(is_secure)
        .max_response_header_size(64 << 10)
        .timeout_resolve(Some(CONNECT))
        .timeout_connect(Some(CONNECT))
        .timeout_per_read(Some(STALL))
        .timeout_per_write(Some(STALL))
        .timeout_recv_response(Some(STALL))
        .timeout_global(Some(WHOLE))
        .user_agent(concat!("secondcall/", env!("CARGO_PKG_VERSION")))
        .build()
        .new_agent()
}

impl Exchange {
    /// Asks, with credentials if the server asks for them. An answer that is an error is an answer, too. A token to write is
    /// asked for only if the request writes.
    ///
    /// # Errors
    /// If there is no answer, if it is larger than the request allows, or if the credentials are refused.
    pub(super) fn ask(
        &self,
        request: &Request<'_>,
        settings: &Settings,
    ) -> Result<Answer, FetchError> {
        let Server::Registry { host, name, repository, .. } = request.server else {
            return read(self.send(request, settings, None)?, request);
        };
        let key = (host.to_owned(), repository.to_owned(), request.writes());
        let known = lock(&self.authorizations).get(&key).cloned();
        let response = self.send(request, settings, known.as_deref())?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return read(response, request);
        }
        let headers = response.headers().get_all(header::WWW_AUTHENTICATE);
        let challenge = Challenge::of(headers.iter().filter_map(|it| it.to_str().ok()));
        let credentials = Credentials::of(host, name, settings);
        let authorization = match (&challenge, &credentials) {
            (_, Credentials::Token(token)) => format!("Bearer {token}"),
            (Some(Challenge::Password), Credentials::Password { name, password }) => {
                basic(name, password)
            }
            (Some(Challenge::Token { realm, service, scope }), _) => {
                let scope = match scope {
                    _ if request.writes() => format!("repository:{repository}:pull,push"),
                    Some(scope) => scope.clone(),
                    None => format!("repository:{repository}:pull"),
                };
                let token = self.token(request, realm, service.as_deref(), &scope, &credentials)?;
                format!("Bearer {token}")
            }
            (Some(Challenge::Password) | None, _) => {
                return Err(refused(request, &credentials, &read(response, request)?));
            }
        };
        let response = self.send(request, settings, Some(&authorization))?;
        if response.status() == StatusCode::UNAUTHORIZED {
            return Err(refused(request, &credentials, &read(response, request)?));
        }
        lock(&self.authorizations).insert(key, authorization);
        read(response, request)
    }

    /// Asks a server of tokens for one.
    fn token(
        &self,
        request: &Request<'_>,
        realm: &str,
        service: Option<&str>,
        scope: &str,
        credentials: &Credentials,
    ) -> Result<String, FetchError> {
        #[derive(Deserialize)]
        struct Given {
            token: Option<String>,
            access_token: Option<String>,
        }
        let host = realm.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
        // A registry elsewhere has no business with what listens on this machine.
        let is_asked_here =
            matches!(request.server, Server::Registry { host, .. } if is_of_this_machine(host));
        let is_plain =
            is_asked_here && realm.starts_with("http://") && host.is_some_and(is_of_this_machine);
        if !realm.starts_with("https://") && !is_plain {
            return Err(
                request.failed(&format!("it sends for a token to `{realm}`, which is not secure"))
            );
        }
        let server = Server::Url(realm);
        let asked = Request { method: Method::Get, server, accept: &[], most: LARGEST_TOKEN };
        let agent = if is_plain { &self.plain } else { &self.secure };
        let mut call = agent.get(realm).query("scope", scope);
        if let Some(service) = service {
            call = call.query("service", service);
        }
        if let Credentials::Password { name, password } = credentials {
            call = call.header(header::AUTHORIZATION, basic(name, password));
        }
        let response = call.call().map_err(|error| asked.failed(&why(&error)))?;
        if matches!(response.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return Err(refused(request, credentials, &read(response, &asked)?));
        }
        let answer = read(response, &asked)?;
        let given: Option<Given> =
            serde_json::from_slice(&answer.body).ok().filter(|_| answer.status == 200);
        let token = given.and_then(|it| it.token.or(it.access_token));
        // What is no token must not end in a header.
        let token = token.filter(|it| it.bytes().all(|it| it.is_ascii_graphic()));
        token.ok_or_else(|| asked.failed(&format!("{} instead of a token", answer.error())))
    }

    /// Sends a request: with TLS, or without it if that is allowed.
    fn send(
        &self,
        request: &Request<'_>,
        settings: &Settings,
        authorization: Option<&str>,
    ) -> Result<Response<Body>, FetchError> {
        let (host, name, path) = match request.server {
            Server::Url(url) => {
                let host =
                    url.strip_prefix("http://").and_then(|rest| rest.split(['/', '?', '#']).next());
                return match host {
                    Some(host) if is_of_this_machine(host) => call(&self.plain, url, request, None)
                        .map_err(|error| request.failed(&why(&error))),
                    Some(_) => Err(request.failed("it is not fetched without TLS: write https://")),
                    None => call(&self.secure, url, request, None)
                        .map_err(|error| request.failed(&why(&error))),
                };
            }
            Server::Registry { host, name, path, .. } | Server::Host { host, name, path } => {
                (host, name, path)
            }
        };
        // Where docker's registry answers.
        let server = if host == "docker.io" { "registry-1.docker.io" } else { host };
        let is_allowed_plain = settings.is_plain(name) || settings.is_plain(host);
        let known = lock(&self.speaks_tls).get(host).copied();
        let with_tls = known.unwrap_or(!is_allowed_plain);
        let ask = |with_tls: bool| {
            let (agent, scheme) =
                if with_tls { (&self.secure, "https") } else { (&self.plain, "http") };
            call(agent, &format!("{scheme}://{server}{path}"), request, authorization)
        };
        let answer = match ask(with_tls) {
            // As docker does: a server of this machine that does not understand TLS is asked without it.
            Err(error)
                if with_tls && known.is_none() && is_of_this_machine(host) && is_no_tls(&error) =>
            {
                let answer = ask(false);
                if answer.is_ok() {
                    lock(&self.speaks_tls).insert(host.to_owned(), false);
                }
                answer
            }
            answer => answer,
        };
        if answer.is_ok() && with_tls {
            lock(&self.speaks_tls).entry(host.to_owned()).or_insert(true);
        }
        answer.map_err(|error| request.failed(&why(&error)))
    }
}

fn call(
    agent: &Agent,
    url: &str,
    request: &Request<'_>,
    authorization: Option<&str>,
) -> Result<Response<Body>, ureq::Error> {
    let verb = match request.method {
        Method::Get => Verb::GET,
        Method::Head => Verb::HEAD,
        Method::Post => Verb::POST,
        Method::Put { .. } => Verb::PUT,
    };
    let mut call = HttpRequest::builder().method(verb).uri(url);
    if !request.accept.is_empty() {
        call = call.header(header::ACCEPT, request.accept.join(", "));
    }
    if let Some(authorization) = authorization {
        call = call.header(header::AUTHORIZATION, authorization);
    }
    match request.method {
        Method::Get => agent.run(call.body(())?),
        Method::Head => direct(agent, call.body(())?),
        Method::Post => direct(agent, call.body(&[][..])?),
        Method::Put { media_type, body } => {
            direct(agent, call.header(header::CONTENT_TYPE, media_type).body(body)?)
        }
    }
}

/// Sends a request to its server, and to no other one.
fn direct(
    agent: &Agent,
    request: HttpRequest<impl AsSendBody>,
) -> Result<Response<Body>, ureq::Error> {
    agent.run(agent.configure_request(request).max_redirects(0).build())
}

/// Reads an answer to its end. Of an error, only the first part is read.
fn read(response: Response<Body>, request: &Request<'_>) -> Result<Answer, FetchError> {
    let url = response.get_uri().to_string();
    let (head, mut body) = response.into_parts();
    let header = |name: &str| Some(head.headers.get(name)?.to_str().ok()?.to_owned());
    let answer = Answer {
        status: head.status.as_u16(),
        url,
        link: header("link"),
        location: header("location"),
        subject: header("oci-subject"),
        body: Vec::new(),
    };
    // Its length is that of a body which is not sent.
    if request.method == Method::Head {
        return Ok(answer);
    }
    let is_error = !head.status.is_success();
    let most = if is_error { request.most.min(LARGEST_TOKEN) } else { request.most };
    let too_large = || request.failed(&format!("it sends more than {most} bytes"));
    let size = body.content_length();
    if size.is_some_and(|size| size > most) && !is_error {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(size.unwrap_or(0).min(most) as usize + 1);
    let mut reader = body.as_reader().take(most + 1);
    match reader.read_to_end(&mut bytes) {
        Ok(_) => {}
        Err(_) if is_error => bytes.clear(),
        Err(error) => return Err(request.failed(&why(&ureq::Error::from(error)))),
    }
    if bytes.len() as u64 > most {
        if !is_error {
            return Err(too_large());
        }
        bytes.clear();
    }
    Ok(Answer { body: bytes, ..answer })
}

fn basic(name: &str, password: &str) -> String {
    let encoded = Base64::encode_to_string(format!("{name}:{password}")).unwrap_or_default();
    format!("Basic {encoded}")
}

/// Whether a host is this machine, by its name: `localhost`, or an address of its own.
fn is_of_this_machine(host: &str) -> bool {
    let bare = match host.rsplit_once(':') {
        Some((bare, port)) if !port.ends_with(']') => bare,
        _ => host,
    };
    let bare = bare.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|it| it.is_loopback())
}

/// The error for credentials that are missing or not accepted, which the answer says.
fn refused(request: &Request<'_>, credentials: &Credentials, answer: &Answer) -> FetchError {
    let failed = |what: &str| request.failed(&format!("{what}: {}", answer.error()));
    match credentials {
        Credentials::None(None) => failed("it asks for credentials").with_advice(
            "docker's configuration and that of wkg have none for it (`docker login`)",
        ),
        Credentials::None(Some(flaw)) => failed("it asks for credentials").with_advice(flaw),
        Credentials::Password { .. } | Credentials::Token(_) => {
            failed("it refuses the credentials")
        }
    }
}

/// Whether the other side does not understand TLS. A certificate that is not trusted is another matter.
fn is_no_tls(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::Io(error) => match of_rustls(error) {
            Some(error) => !matches!(error, rustls::Error::InvalidCertificate(_)),
            None => matches!(
                error.kind(),
                ErrorKind::InvalidData
                    | ErrorKind::UnexpectedEof
                    | ErrorKind::ConnectionReset
                    | ErrorKind::ConnectionAborted
            ),
        },
        ureq::Error::Rustls(error) => !matches!(error, rustls::Error::InvalidCertificate(_)),
        _ => false,
    }
}

fn of_rustls(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

/// What happened, as a part of a sentence.
fn why(error: &ureq::Error) -> String {
    let untrusted = |error: &rustls::Error| match error {
        rustls::Error::InvalidCertificate(why) => {
            format!(
                "its certificate is not trusted ({why}); SSL_CERT_FILE can name the authority that signed it"
            )
        }
        other => format!("TLS fails ({other})"),
    };
    match error {
        ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
            format!("there is no connection after {} s", CONNECT.as_secs())
        }
        ureq::Error::Timeout(Timeout::Global | Timeout::PerCall | Timeout::RecvBody) => {
            format!("its answer was not complete after {} s", WHOLE.as_secs())
        }
        ureq::Error::Timeout(_) => format!("it sent nothing for {} s", STALL.as_secs()),
        ureq::Error::HostNotFound => "there is no such host".to_owned(),
        ureq::Error::TooManyRedirects => format!("it redirects more than {REDIRECTS} times"),
        ureq::Error::RequireHttpsOnly(_) => "it redirects to a place without TLS".to_owned(),
        ureq::Error::Rustls(error) => untrusted(error),
        ureq::Error::Io(error) => match of_rustls(error) {
            Some(error) => untrusted(error),
            None if error.kind() == ErrorKind::UnexpectedEof => {
                "its answer ends too early".to_owned()
            }
            None => error.to_string(),
        },
        other => other.to_string(),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_this_machine() {
        for (host, expected) in [
            ("localhost", true),
            ("localhost:5000", true),
            ("127.0.0.1:5000", true),
            ("127.8.9.1", true),
            ("[::1]:5000", true),
            ("[::1]", true),
            ("localhost.example", false),
            ("127.0.0.1.example:80", false),
            ("10.0.0.1", false),
            ("0.0.0.0", false),
            ("", false),
        ] {
            assert_eq!(is_of_this_machine(host), expected, "{host}");
        }
    }
}
