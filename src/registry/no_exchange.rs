//! Takes the place of `exchange.rs` in a build that cannot reach a network.

use crate::registry::error::FetchError;
use crate::registry::request::{Answer, Request};
use crate::registry::settings::Settings;

/// Answers nothing.
#[derive(Debug, Default)]
pub(super) struct Exchange;

impl Exchange {
    /// # Errors
    /// Always.
    pub(super) fn ask(&self, request: &Request<'_>, _: &Settings) -> Result<Answer, FetchError> {
        let who = request.whom();
        Err(FetchError::new(format!(
            "cannot ask {who}: this program was built without the feature `registry`"
        )))
    }
}
