//! What `secondcall verify` found, for programs: `schemas/verify-v1.json`.

use serde::Serialize;

use crate::report::certificate::Statement;
use crate::report::certificate::policy::Refusal;
use crate::report::document::Tool;

/// The name of the format.
const FORMAT: &str = "secondcall-verify";
/// Its version. Within it, members are only added.
const VERSION: u32 = 1;

/// Whether a certificate holds, and for what.
#[derive(Debug, Serialize)]
pub(crate) struct Verification {
    format: &'static str,
    version: u32,
    tool: Tool,
    pub(crate) component: Verified,
    /// Its path, as given, or the reference of the manifest that attaches it; the policy's path.
    pub(crate) certificate: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) policy: Option<String>,
    /// The file of the key that signed it; `None` if none did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) signed_by: Option<String>,
    /// Whether there are no refusals.
    pub(crate) holds: bool,
    pub(crate) refusals: Vec<Refusal>,
    /// What is signed; `None` if no key signed it, or if it is no certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) statement: Option<Statement>,
}

/// The component at hand.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Verified {
    pub(crate) path: String,
    pub(crate) sha256: String,
}

impl Verification {
    /// One that refuses nothing yet.
    pub(crate) fn new(component: Verified, certificate: String, policy: Option<String>) -> Self {
        Verification {
            format: FORMAT,
            version: VERSION,
            tool: Tool::this(),
            component,
            certificate,
            policy,
            signed_by: None,
            holds: true,
            refusals: Vec::new(),
            statement: None,
        }
    }

    /// Adds reasons.
    pub(crate) fn refuse(&mut self, refusals: impl IntoIterator<Item = Refusal>) {
        self.refusals.extend(refusals);
        self.holds = self.refusals.is_empty();
    }
}
