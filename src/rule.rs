//! A rule, as its page declares it. The page (`rules/<id>/rule.md`) is the one source of every
//! description; this file only reads it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kind of harm a rule speaks of. What it means for a deployment is decided by the host profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hazard {
    /// The first call may succeed, the second cannot.
    SingleShot,
    /// No call succeeds as the component is built.
    FailsFirst,
    /// Something grows with every call.
    Leak,
    /// Each call uses something up, until one fails.
    Exhaustion,
    /// State of one call is seen, reset or damaged by another.
    StateBleed,
    /// One failed call makes all later ones fail.
    Poisoning,
    /// Calls that overlap in time disturb each other.
    Race,
}

impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Hazard::SingleShot => "single_shot",
            Hazard::FailsFirst => "fails_first",
            Hazard::Leak => "leak",
            Hazard::Exhaustion => "exhaustion",
            Hazard::StateBleed => "state_bleed",
            Hazard::Poisoning => "poisoning",
            Hazard::Race => "race",
        })
    }
}

/// How often a rule's finding is right. SARIF's `precision`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Precision {
    /// Proven, under the assumption that the page states.
    VeryHigh,
    /// Strong structural evidence.
    High,
    /// Worth a look.
    Medium,
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Precision::VeryHigh => "very-high",
            Precision::High => "high",
            Precision::Medium => "medium",
        })
    }
}

/// The `toml` fence that opens a page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// The harm the rule speaks of.
    pub hazard: Hazard,
    /// How often it is right.
    pub precision: Precision,
    /// The release that brought it.
    pub since: String,
    /// Where to read more.
    #[serde(default)]
    pub references: Vec<String>,
}

/// A rule: its id and what its page says.
#[derive(Debug)]
pub struct Rule {
    /// The folder, the module, the configuration key: one spelling.
    pub id: &'static str,
    /// The page's `toml` fence.
    pub metadata: Metadata,
    /// The page's first heading.
    pub title: &'static str,
    /// The paragraph under it.
    pub summary: &'static str,
    /// Everything after the `toml` fence, as Markdown.
    pub body: &'static str,
}

impl Rule {
    /// Reads a page. `page` is the text of `rules/<id>/rule.md`, compiled in.
    ///
    /// # Panics
    /// If the page is not a `toml` fence followed by a heading and a paragraph; a test reads every page.
    pub fn from_page(id: &'static str, page: &'static str) -> Self {
        let rest = page
            .strip_prefix("```toml\n")
            .unwrap_or_else(|| panic!("rules/{id}/rule.md opens with a toml fence"));
        let (fence, body) = rest
            .split_once("\n```\n")
            .unwrap_or_else(|| panic!("rules/{id}/rule.md closes its toml fence"));
        let metadata = toml::from_str(fence)
            .unwrap_or_else(|error| panic!("the fence of rules/{id}/rule.md: {error}"));
        let body = body.trim_start();
        let (title, text) = body
            .strip_prefix("# ")
            .and_then(|heading| heading.split_once('\n'))
            .unwrap_or_else(|| panic!("rules/{id}/rule.md has a heading"));
        let summary = text.trim_start().split("\n\n").next().unwrap_or("");
        Rule { id, metadata, title: title.trim(), summary, body }
    }

    /// The text of the section under the heading `## heading`.
    pub fn section(&self, heading: &str) -> Option<&'static str> {
        let mark = format!("\n## {heading}\n");
        let start = self.body.find(&mark)? + mark.len();
        let rest = &self.body[start..];
        Some(rest.find("\n## ").map_or(rest, |end| &rest[..end]).trim())
    }
}
