//! Rules, read from their pages (`rules/<id>/rule.md`), the only source of their descriptions.

use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize, Serializer};

/// The kind of harm that a rule finds. The host profile decides what it means for a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hazard {
    /// The first call may succeed, the second cannot.
    SingleShot,
    /// No call succeeds as the component is built.
    FailsFirst,
    /// Something grows with every call.
    Leak,
    /// Each call uses up a resource, until one fails.
    Exhaustion,
    /// A call sees, resets or damages the state of another.
    StateBleed,
    /// A failed call makes all later ones fail.
    Poisoning,
    /// Calls that overlap in time interfere.
    Race,
}

impl Hazard {
    /// All of them, in the order of this type.
    pub const ALL: [Hazard; 7] = [
        Hazard::SingleShot,
        Hazard::FailsFirst,
        Hazard::Leak,
        Hazard::Exhaustion,
        Hazard::StateBleed,
        Hazard::Poisoning,
        Hazard::Race,
    ];
}

impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// How often a rule's finding is right. SARIF's `precision`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Precision {
    /// Proven under the assumption on its page.
    VeryHigh,
    /// Strong structural evidence.
    High,
    /// Worth a look.
    Medium,
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// What `secondcall fix` has to put back so that the findings of a rule go away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cure {
    /// Memories and globals.
    State,
    /// The same, and handles of the host's resources.
    Handles,
}

/// The `toml` block at the top of a page.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// The kind of harm.
    pub hazard: Hazard,
    /// How often its finding is right.
    pub precision: Precision,
    /// The release that added it.
    pub since: String,
    /// What `secondcall fix` has to put back; `None` if it cannot help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cure: Option<Cure>,
    /// URLs of further reading.
    #[serde(default)]
    pub references: Vec<String>,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// The name of its folder, module and configuration key.
    pub id: &'static str,
    /// The `toml` block of its page, parsed when it is asked for: most checks need few rules' or none.
    pub metadata: LazyLock<Metadata, Box<dyn FnOnce() -> Metadata + Send + Sync>>,
    /// The page's first heading.
    pub title: &'static str,
    /// The paragraph under it.
    pub summary: &'static str,
    /// Everything after the `toml` block, as Markdown.
    pub body: &'static str,
}

impl Serialize for Rule {
    /// Writes its id, by which `crate::rules` finds it again.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.id.serialize(serializer)
    }
}

impl Rule {
    /// Parses `page`, the text of `rules/<id>/rule.md`.
    ///
    /// # Panics
    /// If the page is not a `toml` block, a heading and a paragraph, or as soon as an invalid `toml` block is asked for; a
    /// test reads every page.
    pub fn from_page(id: &'static str, page: &'static str) -> Self {
        let rest = page
            .strip_prefix("```toml\n")
            .unwrap_or_else(|| panic!("rules/{id}/rule.md opens with a toml fence"));
        let (fence, body) = rest
            .split_once("\n```\n")
            .unwrap_or_else(|| panic!("rules/{id}/rule.md closes its toml fence"));
        let metadata = move || -> Metadata {
            toml::from_str(fence)
                .unwrap_or_else(|error| panic!("the fence of rules/{id}/rule.md: {error}"))
        };
        let body = body.trim_start();
        let (title, text) = body
            .strip_prefix("# ")
            .and_then(|heading| heading.split_once('\n'))
            .unwrap_or_else(|| panic!("rules/{id}/rule.md has a heading"));
        let summary = text.trim_start().split("\n\n").next().unwrap_or("");
        let metadata = LazyLock::new(Box::new(metadata) as Box<_>);
        Rule { id, metadata, title: title.trim(), summary, body }
    }

    /// The text under the heading `## heading`.
    pub fn section(&self, heading: &str) -> Option<&'static str> {
        let mark = format!("\n## {heading}\n");
        let start = self.body.find(&mark)? + mark.len();
        let rest = &self.body[start..];
        Some(rest.find("\n## ").map_or(rest, |end| &rest[..end]).trim())
    }
}
