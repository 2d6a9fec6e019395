//! A policy in a custom section of a component.

use wasm_encoder::{ComponentSection, CustomSection};

use crate::component::Component;

/// The name of the section. Hosts ignore custom sections that they do not know.
pub(super) const NAME: &str = "secondcall-policy";

/// The component with `text` in a section of ours, behind all others. The output is read back.
///
/// # Errors
/// If the component has such a section, or the output is no valid component with it.
pub(super) fn with(component: &Component<'_>, text: &[u8]) -> Result<Vec<u8>, String> {
    let count = |component: &Component<'_>| {
        component.root().custom_sections.iter().filter(|it| **it == NAME).count()
    };
    if count(component) > 0 {
        return Err(format!(
            "it has a section `{NAME}`: name the component as it was before that was added"
        ));
    }
    let mut bytes = component.file.to_vec();
    CustomSection { name: NAME.into(), data: text.into() }.append_to_component(&mut bytes);
    match Component::read(&bytes) {
        Ok(read) if count(&read) == 1 && read.exports.len() == component.exports.len() => {}
        Ok(_) => return Err("the output does not hold the section".to_owned()),
        Err(error) => return Err(format!("the output is no valid component: {error}")),
    }
    Ok(bytes)
}
