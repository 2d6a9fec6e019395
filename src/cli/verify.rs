//! `secondcall verify`: checks a certificate against a component's bytes, keys and a policy. Executes nothing.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::Args;

use super::envelope::{self, Unopened};
use super::exit_code::ExitCode;
use super::failure::{self, unwritten};
use crate::check::error::{CheckError, Message};
use crate::config::date;
use crate::digest::sha256;
use crate::report::certificate::Statement;
use crate::report::certificate::policy::{Policy, Refusal};
use crate::report::style::{LINE_LIMIT, Style, Tone};

/// The largest certificate that is read, in bytes.
const LARGEST: u64 = 16 << 20;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Component that the certificate is about
    #[arg(value_name = "FILE")]
    path: PathBuf,
    /// Certificate, as `secondcall certify` writes it
    #[arg(short, long, value_name = "FILE")]
    certificate: PathBuf,
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
    /// The present time
    #[arg(long, value_name = "TIME", value_parser = date::time, hide = true)]
    now: Option<String>,
}

pub(super) fn run(arguments: &Arguments, style: Style, out: &mut dyn Write) -> failure::Result {
    let keys: Result<Vec<_>, _> = arguments
        .keys
        .iter()
        .map(|path| {
            let text = text_of(path, "key")?;
            envelope::public_key(&text).map_err(|message| usage(path, &message))
        })
        .collect();
    let keys = keys?;
    let policy = arguments.policy.as_deref().map(policy).transpose()?.unwrap_or_default();
    let unread =
        |path: &Path, error: String| CheckError::unreadable(format!("{}: {error}", path.display()));
    let path = &arguments.path;
    let bytes = fs::read(path).map_err(|error| unread(path, error.to_string()))?;
    let path = &arguments.certificate;
    let certificate = limited(path).map_err(|error| unread(path, error.to_string()))?;
    let refusals = match envelope::opened(&certificate, &keys) {
        Err(Unopened::Malformed(message)) => return Err(unread(path, message)),
        Err(Unopened::Foreign) => {
            vec![Refusal::new("signature", "none of the given keys has signed it")]
        }
        Ok(payload) => match Statement::read(&payload) {
            Err(message) => vec![Refusal::new("type", message)],
            Ok(statement) => {
                let now = arguments.now.clone().unwrap_or_else(|| date::at(SystemTime::now()));
                let mut refusals: Vec<_> = of_digest(&statement, &bytes).into_iter().collect();
                refusals.extend(policy.refusals(&statement, &now));
                if refusals.is_empty() {
                    accepted(&statement, style, out).map_err(unwritten)?;
                }
                refusals
            }
        },
    };
    for Refusal { reason, text } in &refusals {
        let head = style.paint(Tone::Bad, format!("refused[{reason}]"));
        let text = style.printable(text, LINE_LIMIT);
        style.paragraph((0, 2), &format!("{head}: {text}"), out).map_err(unwritten)?;
    }
    Ok(if refusals.is_empty() { ExitCode::Clean } else { ExitCode::Findings })
}

/// A refusal if the statement is about other bytes.
fn of_digest(statement: &Statement, bytes: &[u8]) -> Option<Refusal> {
    let digest = sha256(bytes);
    let mut subjects = statement.subject.iter().map(|it| it.digest.sha256.as_str());
    if subjects.clone().any(|it| it == digest) {
        return None;
    }
    let about = subjects.next().unwrap_or("nothing");
    Some(Refusal::new(
        "digest",
        format!("it is about {about}, and the component's digest is {digest}"),
    ))
}

/// Says what is certified.
fn accepted(statement: &Statement, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let predicate = &statement.predicate;
    let made = predicate.time.as_ref().map(|time| format!(" at {time}"));
    let (name, version) = (&predicate.tool.name, &predicate.tool.version);
    let by = format!("by {name} {version}{}", made.unwrap_or_default());
    let head = style.paint(Tone::Good, "certified");
    style.paragraph((0, 2), &format!("{head} {}", style.printable(&by, LINE_LIMIT)), out)?;
    for answer in &predicate.hosts {
        let text = style.printable(&format!("{}: {}", answer.host, answer.text), LINE_LIMIT);
        style.paragraph((2, 4), &text, out)?;
    }
    Ok(())
}

fn policy(path: &Path) -> Result<Policy, CheckError> {
    Policy::read(&text_of(path, "policy")?).map_err(|message| usage(path, &message))
}

fn text_of(path: &Path, what: &str) -> Result<String, CheckError> {
    fs::read_to_string(path)
        .map_err(|error| usage(path, &format!("the {what} cannot be read: {error}")))
}

/// An error about a file, whose message may have several lines.
fn usage(path: &Path, message: &str) -> CheckError {
    let mut lines = message.trim_end().lines();
    let first = format!("{}: {}", path.display(), lines.next().unwrap_or_default());
    let rest = lines.map(str::to_owned);
    CheckError::Usage(Message::of_lines([first].into_iter().chain(rest)))
}

/// The bytes of a file that is not too large.
fn limited(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > LARGEST {
        true => Err(io::Error::other("it is larger than 16 MiB, so it is no certificate")),
        false => Ok(bytes),
    }
}
