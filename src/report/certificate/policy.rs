//! What a certificate must say to be believed: a policy in TOML, and why a statement does not meet it.

use serde::{Deserialize, Serialize};

use crate::config::date::seconds_between;
use crate::config::glob::matches_export;
use crate::finding::Evidence;
use crate::report::answer::Outlook;
use crate::report::certificate::{Certified, Statement};
use crate::report::wording::{self, listed};
use crate::verdict::Severity;

/// The version of the format.
const VERSION: u32 = 1;
/// The words for verdicts.
const VERDICTS: [&str; 6] =
    ["single_shot", "breaks_after", "stateful", "reusable_observed", "stateless_proven", "unknown"];
/// How far a clock may be behind that of the signer, in seconds.
const SKEW: i64 = 300;
/// The most names in a sentence.
const NAMED: usize = 5;

/// Conditions for a certificate, as `schemas/certificate-policy-v1.json` has it. What is not named is not asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Policy {
    version: u32,
    /// Ids of the hosts for which it must have been judged.
    hosts: Vec<String>,
    /// How the component may fare under each of them.
    outlooks: Option<Vec<Outlook>>,
    /// The verdicts that an export may have.
    verdicts: Option<Vec<String>>,
    /// How a verdict may be known.
    evidence: Option<Vec<Evidence>>,
    /// Exports to which `verdicts`, `evidence` and `least-calls` do not apply, as patterns.
    except: Vec<String>,
    /// The fewest calls on one instance that an observation must rest on.
    least_calls: Option<u32>,
    /// The severity that no finding may have or exceed.
    no_finding: Option<Severity>,
    /// Whether findings may have been accepted, and so be left out.
    no_accepted: bool,
    /// How old it may be: `90d`, `12h`.
    max_age: Option<Age>,
}

/// A time in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Age(i64);

impl TryFrom<String> for Age {
    type Error = String;

    fn try_from(text: String) -> Result<Age, String> {
        let units = [("d", 86_400), ("h", 3600)];
        let parsed = units.iter().find_map(|(unit, seconds)| {
            text.strip_suffix(unit)?.parse::<u32>().ok().map(|it| Age(i64::from(it) * seconds))
        });
        parsed.ok_or_else(|| "write an age such as 90d or 12h".to_owned())
    }
}

/// Why a certificate is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Refusal {
    /// `signature`, `type`, `digest`, `host`, `verdict`, `evidence`, `calls`, `finding`, `accepted` or `age`.
    pub(crate) reason: &'static str,
    /// One sentence.
    #[serde(rename = "message")]
    pub(crate) text: String,
}

impl Refusal {
    pub(crate) fn new(reason: &'static str, text: impl Into<String>) -> Self {
        Refusal { reason, text: text.into() }
    }
}

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// If it is not TOML, has an unknown key or a wrong value, or another version, or says how to fare under no host.
    pub(crate) fn read(text: &str) -> Result<Policy, String> {
        let policy: Policy = toml::from_str(text).map_err(|error| error.to_string())?;
        if policy.version != VERSION {
            return Err(format!("it does not say `version = {VERSION}`"));
        }
        if policy.outlooks.is_some() && policy.hosts.is_empty() {
            return Err("`outlooks` is about `hosts`: name at least one".to_owned());
        }
        let unknown = policy.verdicts.iter().flatten().find(|it| !VERDICTS.contains(&it.as_str()));
        match unknown {
            Some(word) => {
                Err(format!("`{word}` is no verdict; verdicts are {}", VERDICTS.join(", ")))
            }
            None => Ok(policy),
        }
    }

    /// Why `statement` does not meet it, at the time `now`; empty if it does.
    pub(crate) fn refusals(&self, statement: &Statement, now: &str) -> Vec<Refusal> {
        let mut refusals = self.of_hosts(statement);
        refusals.extend(self.of_exports(statement));
        refusals.extend(self.of_findings(statement));
        refusals.extend(self.of_age(statement.predicate.time.as_deref(), now));
        refusals
    }

    fn of_hosts(&self, statement: &Statement) -> Vec<Refusal> {
        let answers = &statement.predicate.hosts;
        let usual = [Outlook::NothingFailed, Outlook::NotCalled];
        let allowed = self.outlooks.as_deref().unwrap_or(&usual);
        let refused = self.hosts.iter().filter_map(|host| {
            let text = match answers.iter().find(|it| it.host == *host) {
                Some(answer) if allowed.contains(&answer.outlook) => return None,
                Some(answer) => format!("under {host}: {}", answer.text),
                None => {
                    let judged: Vec<_> = answers.iter().map(|it| it.host.as_str()).collect();
                    format!("it says nothing of {host}, only of {}", listed(&judged, NAMED))
                }
            };
            Some(Refusal::new("host", text))
        });
        refused.collect()
    }

    fn of_exports(&self, statement: &Statement) -> Vec<Refusal> {
        let is_excepted =
            |export: &Certified| self.except.iter().any(|it| matches_export(it, &export.name));
        let mut refusals = Vec::new();
        for export in statement.predicate.exports.iter().filter(|it| !is_excepted(it)) {
            let verdict = wording::verdict(&export.verdict);
            let mut refuse = |reason, text: String| {
                refusals.push(Refusal::new(reason, format!("`{}` {text}", export.name)));
            };
            if let Some(allowed) = &self.verdicts
                && !allowed.iter().any(|it| it == verdict)
            {
                let why = export.obstacle.as_ref().map(|it| format!(" ({it})"));
                refuse("verdict", format!("is {verdict}{}", why.unwrap_or_default()));
            }
            if let Some(allowed) = &self.evidence
                && !export.evidence.is_some_and(|it| allowed.contains(&it))
            {
                let known = export.evidence.map_or("unknown", wording::evidence);
                refuse("evidence", format!("is {verdict}, and how that is known is {known}"));
            }
            let made = wording::verdict_calls(&export.verdict).unwrap_or(export.calls);
            if let Some(least) = self.least_calls
                && export.evidence == Some(Evidence::Observed)
                && made < least
            {
                refuse("calls", format!("is {verdict} by {made} calls, of {least} asked for"));
            }
        }
        refusals
    }

    fn of_findings(&self, statement: &Statement) -> Vec<Refusal> {
        let least = self.no_finding;
        let findings = statement.predicate.findings.iter();
        let findings = findings.filter(|it| least.is_some_and(|least| it.severity >= least));
        let mut refusals: Vec<_> = findings
            .map(|it| {
                let level = wording::severity(it.severity);
                Refusal::new("finding", format!("{level}[{}] {}: {}", it.rule, it.id, it.message))
            })
            .collect();
        let accepted = statement.predicate.accepted;
        if self.no_accepted && accepted > 0 {
            let findings = wording::counted(accepted, "finding");
            refusals
                .push(Refusal::new("accepted", format!("{findings} are accepted and left out")));
        }
        refusals
    }

    fn of_age(&self, time: Option<&str>, now: &str) -> Option<Refusal> {
        let Age(most) = self.max_age?;
        let refuse = |text: String| Some(Refusal::new("age", text));
        let Some(time) = time else { return refuse("it does not say when it was made".to_owned()) };
        match seconds_between(time, now) {
            None => refuse(format!("`{time}` is no time")),
            Some(age) if age < -SKEW => refuse(format!("it was made at {time}, which is not yet")),
            Some(age) if age > most => {
                refuse(format!("it was made at {time}, which is too long ago"))
            }
            Some(_) => None,
        }
    }
}
