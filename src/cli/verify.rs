//! `secondcall verify`: checks a certificate against a component's bytes, keys and a policy. Executes nothing.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::{Args, ValueEnum};

use super::envelope::{self, Opened, Unopened};
use super::exit_code::ExitCode;
use super::failure::{self, unwritten};
use super::fetch_options::FetchOptions;
use super::keys::{Trusted, keyid};
use super::small_file;
use crate::check::error::{CheckError, Message};
use crate::check::inputs;
use crate::config::date;
use crate::digest::sha256;
use crate::report::certificate::policy::{Policy, Refusal};
use crate::report::certificate::verification::{Verification, Verified};
use crate::report::certificate::{Statement, Subject};
use crate::report::json;
use crate::report::style::{LINE_LIMIT, Style, Tone};
use crate::report::wording::listed;

/// The largest certificate, in MiB.
const MOST: u64 = 16;
/// The largest policy, in MiB.
const MOST_OF_POLICY: u64 = 1;
/// The most keys or digests in a message.
const NAMED: usize = 3;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Component that the certificate is about, or - for standard input
    #[arg(value_name = "FILE")]
    path: PathBuf,
    /// Certificate, as `secondcall certify` writes it
    ///
    /// Without it, one that is attached to the component in its registry.
    #[arg(short, long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// Public ed25519 key in PEM; may be repeated
    ///
    /// One of them must have signed the certificate.
    #[arg(short, long = "key", value_name = "FILE", required = true)]
    keys: Vec<PathBuf>,
    /// What the certificate must say, in TOML
    ///
    /// Hosts, verdicts, evidence, age, and more: docs/certificates.md in secondcall's sources.
    #[arg(short, long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Format of the answer
    #[arg(short, long, value_enum, default_value_t = Format::Human)]
    format: Format,
    #[command(flatten)]
    fetch: FetchOptions,
    /// The present time
    #[arg(long, value_name = "TIME", value_parser = date::time, hide = true)]
    now: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// What is certified, or a line for each refusal
    Human,
    /// JSON as in schemas/verify-v1.json
    Json,
}

pub(super) fn run(arguments: &Arguments, style: Style, out: &mut dyn Write) -> failure::Result {
    let keys: Result<Vec<_>, _> = arguments.keys.iter().map(|path| Trusted::read(path)).collect();
    let verification = verified(arguments, &keys?)?;
    match arguments.format {
        Format::Human => write(&verification, style, out),
        Format::Json => json::indented(&verification, out),
    }
    .map_err(unwritten)?;
    Ok(if verification.holds { ExitCode::Clean } else { ExitCode::Findings })
}

fn verified(arguments: &Arguments, keys: &[Trusted]) -> Result<Verification, CheckError> {
    let shown = |path: &Path| path.display().to_string();
    let policy = arguments.policy.as_deref().map(policy).transpose()?;
    let input = inputs::argument(&arguments.path, arguments.fetch.access());
    let unread = |path: &str, message: String| CheckError::unreadable(format!("{path}: {message}"));
    let path = input.shown_path();
    let bytes = input.bytes().map_err(|failure| unread(&path, failure.sentence()))?;
    let component = Verified { path, sha256: sha256(bytes) };
    let is_attached = arguments.certificate.is_none();
    let certificates = match &arguments.certificate {
        Some(file) => {
            let path = shown(file);
            let bytes = small_file::read(file, MOST);
            vec![(path.clone(), bytes.map_err(|error| unread(&path, error.to_string()))?)]
        }
        None => match input.statements() {
            Some(Ok(found)) => found,
            Some(Err(failure)) => return Err(unread(&component.path, failure.sentence())),
            None => {
                let message =
                    "name the certificate with --certificate; only an image has some attached";
                return Err(CheckError::usage(format!("{}: {message}", component.path)));
            }
        },
    };
    let mut all = Vec::new();
    let mut malformed = "no certificate is attached to it: name one with --certificate".to_owned();
    for (name, bytes) in certificates {
        let named = arguments.policy.as_deref().map(shown);
        let verification = Verification::new(component.clone(), name, named);
        match checked(verification, &bytes, keys, policy.as_ref(), arguments) {
            Ok(verification) => all.push(verification),
            // Others may attach what they like.
            Err(message) if is_attached => malformed = format!("attached to it: {message}"),
            Err(message) => return Err(unread(&path_of(arguments), message)),
        }
    }
    // One that holds; or else one that a given key has signed.
    all.sort_by_key(|it| (!it.holds, it.signed_by.is_none()));
    match all.into_iter().next() {
        Some(best) => Ok(best),
        None => Err(unread(&component.path, malformed)),
    }
}

/// The path of the certificate, as given.
fn path_of(arguments: &Arguments) -> String {
    arguments.certificate.as_deref().map_or(String::new(), |it| it.display().to_string())
}

/// Adds what a certificate says, or why it is refused.
///
/// # Errors
/// If it is none: a part of a sentence.
fn checked(
    mut verification: Verification,
    certificate: &[u8],
    keys: &[Trusted],
    policy: Option<&Policy>,
    arguments: &Arguments,
) -> Result<Verification, String> {
    let shown = |path: &Path| path.display().to_string();
    let Opened { statement, key } = match envelope::opened(certificate, keys) {
        Ok(opened) => opened,
        Err(Unopened::Malformed(message)) => return Err(message),
        Err(Unopened::Foreign(named)) => {
            verification.refuse([Refusal::new("signature", foreign(&named, keys))]);
            return Ok(verification);
        }
    };
    verification.signed_by = Some(shown(&keys[key].path));
    match Statement::read(&statement) {
        Err(message) => verification.refuse([Refusal::new("type", message)]),
        Ok(statement) => {
            let now = arguments.now.clone().unwrap_or_else(|| date::at(SystemTime::now()));
            verification.refuse(of_digest(&statement, &verification.component));
            let refusals = match policy {
                Some(policy) => policy.refusals(&statement, &now),
                None => Policy::default().refusals(&statement, &now),
            };
            verification.refuse(refusals);
            verification.statement = Some(statement);
        }
    }
    Ok(verification)
}

/// Why no key fits, by the ids that the signatures name.
fn foreign(named: &[String], keys: &[Trusted]) -> String {
    let own: Vec<_> = keys.iter().map(|it| keyid(&it.key)).collect();
    match named {
        [] => "none of the given keys has signed it".to_owned(),
        named if named.iter().any(|it| own.contains(it)) => {
            "it names a given key, which has not signed this: it was changed, or is forged"
                .to_owned()
        }
        named => format!(
            "none of the given keys has signed it: they are {}, and it names {}",
            listed(&own, NAMED),
            listed(named, NAMED)
        ),
    }
}

/// A refusal if the statement is about other bytes.
fn of_digest(statement: &Statement, component: &Verified) -> Option<Refusal> {
    let subjects = &statement.subject;
    if subjects.iter().any(|it| it.digest.sha256 == component.sha256) {
        return None;
    }
    let about = |it: &Subject| format!("`{}` with sha256 {}", it.name, it.digest.sha256);
    let about = match &subjects.iter().map(about).collect::<Vec<_>>()[..] {
        [] => "nothing".to_owned(),
        about => listed(about, NAMED),
    };
    let Verified { path, sha256 } = component;
    Some(Refusal::new("digest", format!("it is about {about}; {path} has {sha256}")))
}

fn write(verification: &Verification, style: Style, out: &mut dyn Write) -> io::Result<()> {
    for Refusal { reason, text } in &verification.refusals {
        let head = style.paint(Tone::Bad, format!("refused[{reason}]"));
        let text = style.printable(text, LINE_LIMIT);
        style.paragraph((0, 2), &format!("{head}: {text}"), out)?;
    }
    let (Some(statement), true) = (&verification.statement, verification.holds) else {
        return Ok(());
    };
    let predicate = &statement.predicate;
    let made = predicate.time.as_ref().map(|time| format!(" at {time}")).unwrap_or_default();
    let (name, version) = (&predicate.tool.name, &predicate.tool.version);
    let signed = verification.signed_by.as_deref().unwrap_or_default();
    let by = style.printable(&format!("by {name} {version}{made}, signed by {signed}"), LINE_LIMIT);
    let head = style.paint(Tone::Good, "certified");
    style.paragraph((0, 2), &format!("{head} {by}"), out)?;
    for answer in &predicate.hosts {
        let text = style.printable(&format!("{}: {}", answer.host, answer.text), LINE_LIMIT);
        style.paragraph((2, 4), &text, out)?;
    }
    if verification.policy.is_none() {
        let text = "without --policy: what it says is not judged, and it may be old";
        style.paragraph((2, 4), text, out)?;
    }
    Ok(())
}

/// Reads a policy, whose errors have several lines.
fn policy(path: &Path) -> Result<Policy, CheckError> {
    let read = small_file::read_text(path, MOST_OF_POLICY)
        .map_err(|error| format!("the policy cannot be read: {error}"))
        .and_then(|text| Policy::read(&text));
    read.map_err(|message| {
        let mut lines = message.trim_end().lines();
        let first = format!("{}: {}", path.display(), lines.next().unwrap_or_default());
        let rest = lines.map(str::to_owned);
        CheckError::Usage(Message::of_lines([first].into_iter().chain(rest)))
    })
}
