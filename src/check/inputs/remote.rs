//! Inputs that a reference names: asks the registry what it means.

use std::path::Path;

use super::input::{ReadFrom, unfetched};
use crate::registry::{self, Access, Reference};
use crate::report::document::Failure;

/// The argument, if it is a reference and no path.
pub(super) fn reference(path: &Path) -> Option<&str> {
    path.to_str().filter(|text| Reference::is(text))
}

/// The components that a reference of the command line leads to, or why it leads to none.
pub(super) fn found(text: &str, access: Access) -> Vec<ReadFrom> {
    match Reference::parse(text) {
        Ok(reference) => resolved(text, &reference, access),
        Err(message) => vec![failed(text, Failure::new("fetch", message))],
    }
}

/// The same for a reference that was read. `text` is how it is called in reports if it leads to nothing.
pub(super) fn resolved(text: &str, reference: &Reference, access: Access) -> Vec<ReadFrom> {
    match registry::resolve(reference, access) {
        Ok(items) => {
            items.into_iter().map(|item| ReadFrom::Elsewhere(Box::new(item), access)).collect()
        }
        Err(error) => vec![ReadFrom::Failed(text.to_owned(), unfetched(&error))],
    }
}

/// The one component that a reference leads to, or why that is none or several.
pub(super) fn single(text: &str, access: Access) -> ReadFrom {
    let mut found = found(text, access);
    match found.len() {
        1 => found.remove(0),
        count => {
            let names = found.iter().filter_map(|it| match it {
                ReadFrom::Elsewhere(item, _) => item.fetched.component.clone(),
                _ => None,
            });
            let names = names.take(8).collect::<Vec<_>>().join(", ");
            let message = format!("it has {count} components: name one with `#` ({names})");
            failed(text, Failure::new("fetch", message))
        }
    }
}

fn failed(text: &str, failure: Failure) -> ReadFrom {
    ReadFrom::Failed(text.to_owned(), Box::new(failure))
}
