//! A place in an input.

use serde::Serialize;

use crate::location::ItemKind;
use crate::location::Location;

#[derive(Serialize)]
pub(super) struct Place<'a> {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    core_module: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    offset: u64,
    length: u64,
}

impl<'a> Place<'a> {
    pub(super) fn of(location: &'a Location) -> Self {
        let function = location.step(ItemKind::Func);
        Place {
            path: location.to_string(),
            core_module: location.step(ItemKind::CoreModule).map(|step| step.index),
            function: function.map(|step| step.index),
            name: location.path.last().and_then(|step| step.name.as_deref()),
            offset: location.span.start,
            length: location.span.len(),
        }
    }
}
